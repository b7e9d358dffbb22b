//! Blocks from the state of a meter.

use super::{
    ClosingState, DetailState, EventState, GuardState, Header, HouseholdState, MAP_VERSION, NO_RESULT,
    ReadingState, Trailer,
};
use crate::envelope::{HOUSEHOLDS, Refusal};
use crate::events::Event;
use crate::household::{Household, Kind};
use crate::journal::Reading;
use crate::loops::Loop;
use crate::measurement::Measurement;
use crate::meter::Meter;
use crate::protection::Guard;
use crate::reminder::ReminderState;
use crate::settings::{DayType, LoopId, OWNERS, whole_digest};
use crate::units::{MilliAmps, MilliVolts, UnixSeconds};

/// Version of the firmware, from the version of this crate.
pub const FIRMWARE_VERSION: u16 =
    (version_byte(env!("CARGO_PKG_VERSION_MAJOR")) << 8) | version_byte(env!("CARGO_PKG_VERSION_MINOR"));

const fn version_byte(text: &str) -> u16 {
    match u8::from_str_radix(text, 10) {
        Ok(number) => number as u16,
        Err(_) => panic!("the crate's version must fit two bytes"),
    }
}

impl Header {
    /// The header of a meter as it is now.
    #[must_use]
    pub fn of(meter: &Meter) -> Self {
        let now = meter.clock().now();
        let log = meter.envelopes();
        let result = |result: Result<(), Refusal>| result.map_or_else(Refusal::code, |()| 0);
        Self {
            map_version: MAP_VERSION,
            serial: meter.serial().get(),
            firmware_version: FIRMWARE_VERSION,
            households: HOUSEHOLDS as u16,
            flags: meter_flags(meter),
            clock_s: seconds(now),
            uptime_s: meter.uptime_s(),
            boot_count: meter.boot_count(),
            clock_generation: meter.clock().generation(),
            frequency_chz: meter.frequency_chz(),
            envelopes_taken: log.taken,
            envelopes_refused: log.refused,
            last_kind: log.last.map_or(0, |last| u16::from(last.kind)),
            last_household: log.last.map_or(0, |last| u16::from(last.household)),
            last_result: log.last.map_or(NO_RESULT, |last| result(last.result)),
            clock_correction_s: meter.clock().drift().map_or(0, |drift| drift.correction_s),
            clock_ran_s: meter.clock().drift().map_or(0, |drift| drift.over_s),
            latest_event: meter.latest_event(),
        }
    }
}

impl Trailer {
    /// What follows the live blocks of a meter as it is now.
    #[must_use]
    pub fn of(meter: &Meter) -> Self {
        Self {
            settings_digest: whole_digest(&settings_digests(meter)),
            nonce: meter.nonce(),
            unproven: meter.unproven(),
        }
    }
}

/// The digest of each household's settings, and after them of the meter's.
pub(super) fn settings_digests(meter: &Meter) -> [u32; OWNERS] {
    let mut digests = [meter.settings().digest(); OWNERS];
    for (digest, household) in digests.iter_mut().zip(meter.households()) {
        *digest = household.settings().digest();
    }
    digests
}

impl HouseholdState {
    /// The live block of a household as it is now.
    #[must_use]
    pub fn of(household: &Household) -> Self {
        let (credit, measured) = (household.credit(), household.measurement());
        let supply = household.supply();
        Self {
            flags: flags(household),
            reasons: household.reasons().bits(),
            epoch: credit.totals().epoch,
            credited_wh: credit.totals().credited.0,
            debited_wh: credit.totals().debited.0,
            used_wh: credit.used().0,
            remaining_wh: saturated(credit.remaining()),
            energy_total_wh: household.energy().total().0,
            power_mw: household.power().0,
            voltage_dv: voltages(measured),
            current_ca: currents(measured),
            power_factor: measured.power_factor.0,
            supply_mode: u16::from(supply.mode.code()),
            supply_generation: supply.generation,
            supply_until_s: seconds(supply.until),
        }
    }
}

impl ClosingState {
    /// The closing snapshot of a household; all zero while there is none.
    #[must_use]
    pub fn of(household: &Household) -> Self {
        household.credit().closing().map_or_else(Self::default, |closing| Self {
            epoch: closing.epoch,
            credited_wh: closing.credited.0,
            debited_wh: closing.debited.0,
            used_wh: closing.used.0,
            energy_total_wh: closing.energy_total.0,
            closed_at_s: seconds(closing.closed_at),
        })
    }
}

impl DetailState {
    /// The details of a household on a kind of day.
    #[must_use]
    pub fn of(household: &Household, day_type: Option<DayType>) -> Self {
        let reminder = household.reminder();
        let protection = household.protection();
        let (guard, second_guard) = (protection.guard(LoopId::Main), protection.guard(LoopId::Second));
        let main = household.main();
        let second = household.second().copied().unwrap_or_default();
        let (reminder_state, left_ms) = match reminder.state() {
            ReminderState::Spent => (0, 0),
            ReminderState::Armed => (1, 0),
            ReminderState::Dropped { left_ms } => (2, left_ms),
            ReminderState::Awaiting => (3, 0),
        };
        let [second_current_ca, ..] = currents(second.measurement());
        Self {
            reminders: reminder.count(),
            reminder_state,
            drop_out_left_s: held(left_ms.div_ceil(1000)),
            day_type: day_type.map_or(u16::MAX, DayType::code),
            rule: main.rule().code(),
            cap_left_s: held(main.cap().left_s()),
            second_rule: second.rule().code(),
            second_cap_left_s: held(second.cap().left_s()),
            second_reasons: second.reasons().bits(),
            second_power_mw: second.measurement().power.0,
            second_current_ca,
            second_power_factor: second.measurement().power_factor.0,
            month_wh: household.month().used_wh(household.energy().total()),
            lockouts: protection.lockouts(),
            over_current: over_current_state(guard),
            vicious: vicious_state(guard),
            second_over_current: over_current_state(second_guard),
            second_vicious: vicious_state(second_guard),
            resident_release: resident_release(household),
            reverse_wh: u32::try_from(household.reverse().total().0).unwrap_or(u32::MAX),
            reversed: household.reversing().now().into(),
        }
    }
}

impl From<Event> for EventState {
    fn from(event: Event) -> Self {
        Self {
            number: event.number,
            at_s: seconds(event.at),
            kind: u16::from(event.kind.code()),
            household: u16::from(event.household),
            data: event.data,
            value: event.value,
            evidence: event.evidence.unwrap_or_default(),
        }
    }
}

impl From<Reading> for ReadingState {
    fn from(reading: Reading) -> Self {
        Self { at_s: reading.at.0, totals_wh: reading.totals_wh }
    }
}

fn over_current_state(guard: &Guard) -> GuardState {
    let over_current = guard.over_current();
    GuardState { left_s: held(over_current.phase().left_s()), trips: u16::from(over_current.trips()) }
}

fn vicious_state(guard: &Guard) -> GuardState {
    let vicious = guard.vicious();
    GuardState { left_s: held(vicious.phase().left_s()), trips: u16::from(vicious.trips()) }
}

fn resident_release(household: &Household) -> u16 {
    let of_loop = |id: LoopId| {
        let settings = household.settings().of_loop(id);
        (settings.over_current().resident_release | settings.vicious().resident_release << 1)
            << (2 * id.index())
    };
    of_loop(LoopId::Main) | of_loop(LoopId::Second)
}

fn meter_flags(meter: &Meter) -> u16 {
    let known = if meter.clock().now().is_some() { Header::CLOCK_KNOWN } else { 0 };
    let fault = if meter.memory_fault() { Header::MEMORY_FAULT } else { 0 };
    let rotted = if meter.memory_rotted() { Header::MEMORY_ROTTED } else { 0 };
    let unproven = if meter.unproven() != 0 { Header::UNPROVEN } else { 0 };
    known | fault | rotted | unproven
}

fn held(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn seconds(time: Option<UnixSeconds>) -> u32 {
    time.map_or(0, UnixSeconds::get)
}

fn saturated(wh: i64) -> i32 {
    let end = if wh < 0 { i32::MIN } else { i32::MAX };
    i32::try_from(wh).unwrap_or(end)
}

fn flags(household: &Household) -> u16 {
    let second = |is_so: fn(&Loop) -> bool| household.second().is_some_and(is_so);
    let bits = [
        (household.relay_closed(), HouseholdState::RELAY_CLOSED),
        (household.contact_closed(), HouseholdState::CONTACT_CLOSED),
        (household.relay_fault(), HouseholdState::RELAY_FAULT),
        (household.kind() == Kind::ThreePhase, HouseholdState::THREE_PHASE),
        (household.warns(), HouseholdState::LOW_CREDIT_WARNING),
        (household.is_overdrawn(), HouseholdState::OVERDRAWN),
        (household.is_friendly_time(), HouseholdState::FRIENDLY_TIME),
        (household.second().is_some(), HouseholdState::SECOND_LOOP),
        (second(Loop::relay_closed), HouseholdState::SECOND_RELAY_CLOSED),
        (second(Loop::contact_closed), HouseholdState::SECOND_CONTACT_CLOSED),
        (second(Loop::relay_fault), HouseholdState::SECOND_RELAY_FAULT),
        (household.protection().locked_out(), HouseholdState::LOCKED_OUT),
        (household.is_kept_open(), HouseholdState::PROTECTION_OPEN),
        (household.reversing().now() != 0, HouseholdState::REVERSED),
    ];
    bits.iter().filter(|(set, _)| *set).fold(0, |flags, (_, bit)| flags | bit)
}

fn voltages(measured: &Measurement) -> [u16; 3] {
    measured.voltage.map(|MilliVolts(mv)| rounded(mv, 100))
}

fn currents(measured: &Measurement) -> [u16; 3] {
    measured.current.map(|MilliAmps(ma)| rounded(ma, 10))
}

fn rounded(value: u32, unit: u32) -> u16 {
    u16::try_from(value.saturating_add(unit / 2) / unit).unwrap_or(u16::MAX)
}
