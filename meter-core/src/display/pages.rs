//! What the pages say, from the state of the meter.

use super::page::{Decimal, Page, kwh};
use crate::household::{Household, Kind};
use crate::local_time::LocalTime;
use crate::loops::Loop;
use crate::meter::Meter;
use crate::relay::{Reasons, SupplyMode};
use crate::schedule::Moment;
use crate::settings::Rule;
use core::fmt;

/// Pages of details of a household: credit, measurement, supply.
pub const DETAIL_PAGES: usize = 3;

/// The meter's own page: serial number, date and time, frequency.
#[must_use]
pub fn meter_page(meter: &Meter) -> Page {
    let mut page = Page::default();
    let local = meter.moment().local;
    page.set(0, format_args!("Meter"), format_args!("{}", meter.serial()));
    match local {
        Some(local) => {
            let (year, month, day) = local.date();
            page.set(1, format_args!("{year}-{month:02}-{day:02}"), format_args!("{}", Clock(Some(local))));
        }
        None => page.set(1, format_args!("Time unknown"), format_args!("{}", Clock(None))),
    }
    let frequency = Decimal { value: i64::from(meter.frequency_chz()), places: 2 };
    page.set(2, format_args!("Mains"), format_args!("{frequency}Hz"));
    let state = if meter.memory_fault() {
        "MEMORY FAULT"
    } else if meter.unproven() != 0 {
        "MEMORY LOST"
    } else if meter.memory_rotted() {
        "MEMORY WORN"
    } else {
        "OK"
    };
    page.set(3, format_args!("State"), format_args!("{state}"));
    page
}

/// What the rotation shows of a household: remaining, used this month, state with its reason, power.
#[must_use]
pub fn overview(index: usize, household: &Household, moment: &Moment) -> Page {
    let mut page = Page::default();
    let month_wh = household.month().used_wh(household.energy().total());
    page.set(0, format_args!("Household {}", Marked(index)), format_args!("{}", Clock(moment.local)));
    page.set(1, format_args!("Left"), format_args!("{}kWh", kwh(household.credit().remaining())));
    page.set(2, format_args!("Month"), format_args!("{}kWh", kwh(i64::from(month_wh))));
    let state = State { household, fitted: household.main(), moment };
    page.set(3, format_args!("{state}"), format_args!(" {}W", household.power().0 / 1000));
    page
}

/// A page of details, 0 to 2, of a household; blank from page 3 on.
#[must_use]
pub fn detail(number: usize, index: usize, household: &Household, moment: &Moment) -> Page {
    let mut page = Page::default();
    match number {
        0 => credit(&mut page, index, household),
        1 => measurement(&mut page, index, household),
        2 => supply(&mut page, index, household, moment),
        _ => {}
    }
    page
}

fn credit(page: &mut Page, index: usize, household: &Household) {
    let totals = household.credit().totals();
    let bought_wh = i64::from(totals.credited.0) - i64::from(totals.debited.0);
    let total_wh = i64::try_from(household.energy().total().0).unwrap_or(i64::MAX);
    page.set(0, format_args!("Household {}", Marked(index)), format_args!("credit"));
    page.set(1, format_args!("Bought"), format_args!("{}kWh", kwh(bought_wh)));
    page.set(2, format_args!("Used"), format_args!("{}kWh", kwh(i64::from(household.credit().used().0))));
    page.set(3, format_args!("Meter"), format_args!("{}kWh", kwh(total_wh)));
}

fn measurement(page: &mut Page, index: usize, household: &Household) {
    let measured = household.measurement();
    let [volts_1, volts_2, volts_3] = measured.voltage.map(|voltage| voltage.0.saturating_add(500) / 1000);
    let tenths = |ma: u32| Decimal { value: i64::from(ma.saturating_add(50) / 100), places: 1 };
    let [amps_1, amps_2, amps_3] = measured.current.map(|current| tenths(current.0));
    let power = Decimal { value: i64::from(household.power().0 / 100), places: 1 };
    let factor = Decimal { value: i64::from(measured.power_factor.0), places: 3 };
    match household.reversing().now() {
        0 => page.set(0, format_args!("Household {}", Marked(index)), format_args!(" PF{factor}")),
        phases => page.set(0, format_args!("{} REVERSED", Marked(index)), format_args!("{}", Phases(phases))),
    }
    match household.kind() {
        Kind::SinglePhase => {
            page.set(1, format_args!("Voltage"), format_args!("{volts_1}V"));
            page.set(2, format_args!("Current"), format_args!("{amps_1}A"));
        }
        Kind::ThreePhase => {
            page.set(1, format_args!("U"), format_args!("{volts_1} {volts_2} {volts_3}V"));
            page.set(2, format_args!("I"), format_args!("{amps_1} {amps_2} {amps_3}A"));
        }
    }
    page.set(3, format_args!("Power"), format_args!("{power}W"));
}

fn supply(page: &mut Page, index: usize, household: &Household, moment: &Moment) {
    page.set(0, format_args!("Household {}", Marked(index)), format_args!("supply"));
    let state = |fitted| State { household, fitted, moment };
    page.set(1, format_args!("1 {}", state(household.main())), format_args!("{}", Cap(household.main())));
    match household.second() {
        Some(second) => page.set(2, format_args!("2 {}", state(second)), format_args!("{}", Cap(second))),
        None => page.set(2, format_args!("2 -"), format_args!("")),
    }
    match household.settings().credit().alarm_wh {
        0 => page.set(3, format_args!("No alarm level"), format_args!("")),
        alarm_wh => {
            page.set(3, format_args!("Alarm at"), format_args!("{}kWh", kwh(i64::from(alarm_wh))));
        }
    }
}

/// A household as it is marked on the meter: counted from 1.
struct Marked(usize);

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0 + 1)
    }
}

/// Where power flows backward.
struct Phases(u8);

impl fmt::Display for Phases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bit, name) in ["L1", "L2", "L3", "2"].iter().enumerate() {
            if self.0 >> bit & 1 == 1 {
                write!(f, " {name}")?;
            }
        }
        Ok(())
    }
}

/// The time of day.
struct Clock(Option<LocalTime>);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(local) => write!(f, "{:02}:{:02}", local.minute / 60, local.minute % 60),
            None => f.write_str("--:--"),
        }
    }
}

/// The cap that holds for a loop, if one does.
struct Cap<'a>(&'a Loop);

impl fmt::Display for Cap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rule() {
            Rule::Capped(watts) => write!(f, " {watts}W"),
            Rule::Off | Rule::On => Ok(()),
        }
    }
}

/// Whether a loop is on and, in a few letters, why or what to know.
struct State<'a> {
    household: &'a Household,
    fitted: &'a Loop,
    moment: &'a Moment,
}

/// What a resident can do least about comes first.
const OFF_BECAUSE: [(Reasons, &str); 12] = [
    (Reasons::LOCKED_OUT, "locked out"),
    (Reasons::UNDER_VOLTAGE, "voltage"),
    (Reasons::OVER_VOLTAGE, "voltage"),
    (Reasons::PHASE_LOSS, "phase lost"),
    (Reasons::FORCED_OFF, "by office"),
    (Reasons::VACANT, "vacant"),
    (Reasons::SCHEDULE, "by schedule"),
    (Reasons::OUT_OF_CREDIT, "no credit"),
    (Reasons::LOW_CREDIT_REMINDER, "low credit"),
    (Reasons::VICIOUS_LOAD, "heater"),
    (Reasons::OVER_CURRENT, "current"),
    (Reasons::POWER_CAP, "overload"),
];

impl fmt::Display for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = self.fitted.reasons();
        if !reasons.is_empty() {
            let because = OFF_BECAUSE.iter().find(|(reason, _)| reasons.contains(*reason));
            return write!(f, "OFF {}", because.map_or("", |(_, words)| *words));
        }
        let by_office = self.household.supply_mode(self.moment.now) == SupplyMode::ForcedOn;
        let note = if by_office {
            " by office"
        } else if self.household.is_overdrawn() {
            " overdraft"
        } else if self.household.warns() {
            " low credit"
        } else {
            ""
        };
        write!(f, "ON{note}")
    }
}
