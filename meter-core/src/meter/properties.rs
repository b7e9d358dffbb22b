//! General rules of the meter, over random histories of commands, consumption and power cuts.

use super::*;
use crate::protection::Flow;
use crate::protection::recovery::Phase;
use crate::protection::vicious::{Cause, Evidence, Verdict};
use crate::protection::voltage::Fault;
use crate::relay::Reasons;
use crate::relay::SupplyMode;
use crate::settings::{
    CapSettings, CreditSettings, DayTable, DayType, FriendlyTimes, HouseholdBlock, LoopId, MeterBlock,
    OverCurrentSettings, Rule, SiteSettings, ViciousSettings, VoltageSettings, Window,
};
use crate::testing::{
    acknowledge, clock, credit, drawing, meter, meter_settings, open, release, restarted, settings, supply,
};
use crate::units::{MilliAmps, MilliVolts};
use proptest::prelude::*;
use std::vec::Vec;

/// Something that happens to a meter.
#[derive(Clone, Debug)]
enum Event {
    Envelope(Vec<u8>),
    Draw {
        power_mw: i32,
        elapsed_ms: u32,
    },
    /// A second of cycles, the same in all households and loops.
    Cycles {
        current_ma: u32,
        voltage_mv: u32,
    },
    Heater {
        household: u8,
        id: LoopId,
    },
    Button {
        household: u8,
    },
    PowerCut,
}

/// Few households, epochs and generations, so that histories meet each other.
fn envelopes() -> impl Strategy<Value = Vec<u8>> {
    let modes = prop_oneof![Just(SupplyMode::Auto), Just(SupplyMode::ForcedOff), Just(SupplyMode::ForcedOn)];
    prop_oneof![
        (0u8..3, 1u32..4, 0u32..3000).prop_map(|(household, epoch, wh)| credit(household, epoch, wh)),
        (0u8..3, 1u32..4, 0u32..3000).prop_map(|(household, epoch, wh)| open(household, epoch, wh)),
        (0u8..3, modes, 0u32..5000, 1u32..5)
            .prop_map(|(household, mode, until, generation)| supply(household, mode, until, generation)),
        (1u32..5, 1u32..5000).prop_map(|(generation, now)| clock(generation, now)),
        (0u8..3, 1u32..4).prop_map(|(household, reminder)| acknowledge(household, reminder)),
        (0u8..3, 1u32..6).prop_map(|(household, lockout)| release(household, lockout)),
        (0u8..3, 1u32..5, blocks())
            .prop_map(|(household, generation, block)| settings(household, generation, block)),
        (1u32..5, 0u16..8).prop_map(|(generation, second_loops)| {
            let site = SiteSettings { second_loops, ..SiteSettings::FACTORY };
            meter_settings(generation, MeterBlock::Site(site))
        }),
    ]
}

fn loops() -> impl Strategy<Value = LoopId> + Clone {
    prop_oneof![Just(LoopId::Main), Just(LoopId::Second)]
}

fn protections() -> impl Strategy<Value = HouseholdBlock> {
    prop_oneof![
        (loops(), 1u16..3000, 0u16..2, 1u16..3, 0u16..2).prop_map(
            |(id, delay_ms, curve, trips, resident_release)| {
                let factory = OverCurrentSettings::FACTORY;
                let set = OverCurrentSettings { limit_ca: 1000, delay_ms, curve, trips, ..factory };
                HouseholdBlock::OverCurrent(id, OverCurrentSettings { resident_release, ..set })
            }
        ),
        (loops(), 0u16..3, 1u16..100, 1u16..3, 0u16..2).prop_map(
            |(id, mode, wait_s, trips, resident_release)| {
                let factory = ViciousSettings::FACTORY;
                let set = ViciousSettings { mode, wait_s, trips, resident_release, ..factory };
                HouseholdBlock::Vicious(id, set)
            }
        ),
        (0u16..2000, 2500u16..2700).prop_map(|(under_dv, over_dv)| {
            HouseholdBlock::Voltage(VoltageSettings { under_dv, over_dv, ..VoltageSettings::FACTORY })
        }),
    ]
}

fn blocks() -> impl Strategy<Value = HouseholdBlock> {
    let credit = (0u32..1000, 0u32..500, 0u32..500, prop_oneof![Just(0u32), 1000u32..3000], 0u16..3)
        .prop_map(|(alarm_wh, cut_off_wh, overdraft_wh, hoarding_wh, drop_out_s)| CreditSettings {
            alarm_wh,
            warning_wh: 300,
            cut_off_wh,
            overdraft_wh,
            hoarding_wh,
            drop_out_s,
        });
    let rules = prop_oneof![Just(Rule::Off), Just(Rule::On), (1u16..20_000).prop_map(Rule::Capped)];
    prop_oneof![
        protections(),
        credit.prop_map(HouseholdBlock::Credit),
        (0u16..1440, 0u16..1441).prop_map(|(start_min, end_min)| {
            let mut times = FriendlyTimes::FACTORY;
            times.windows[1] = Window { weekdays: 0x7F, start_min, end_min };
            HouseholdBlock::Friendly(times)
        }),
        (loops(), 0u16..10, 1u16..1000).prop_map(|(id, delay_s, recovery_s)| {
            HouseholdBlock::Cap(id, CapSettings { delay_s, recovery_s })
        }),
        (loops(), 0u16..1440, rules).prop_map(|(id, start_min, rule)| {
            let table = DayTable::new(&[(start_min, rule)]).unwrap();
            HouseholdBlock::Table(id, DayType::Working, table)
        }),
    ]
}

/// Whether no protection speaks against a loop's supply.
fn is_safe(household: &Household, id: LoopId) -> bool {
    let protection = household.protection();
    let guard = protection.guard(id);
    protection.faults() == [Fault::None; 3]
        && [guard.over_current().phase(), guard.vicious().phase()] == [Phase::Closed; 2]
}

/// Whether a household's loops are entitled to supply as far as credit, office and schedule go, worked out
/// from what is visible and not by the arbitration.
fn may_be_supplied(meter: &Meter, household: &Household, id: LoopId) -> bool {
    let moment = meter.moment();
    let credit = household.credit();
    let settings = household.settings();
    let friendly = settings.friendly().hold(moment.local);
    let enough = credit.remaining() > settings.credit().cut_at_wh();
    let quiet = !household.reminder().is_dropping();
    let fitted = if id == LoopId::Main { Some(household.main()) } else { household.second() };
    let by_schedule = fitted.is_some_and(|fitted| match moment.rule(settings.of_loop(id)) {
        Rule::Off => false,
        Rule::On => true,
        Rule::Capped(_) => !fitted.cap().is_open(),
    });
    match household.supply_mode(moment.now) {
        SupplyMode::Auto => !credit.is_vacant() && (friendly || (enough && quiet)) && by_schedule,
        SupplyMode::ForcedOff => false,
        SupplyMode::ForcedOn => true,
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => envelopes().prop_map(Event::Envelope),
        4 => (-1_000_000i32..20_000_000, 0u32..3_600_000)
            .prop_map(|(power_mw, elapsed_ms)| Event::Draw { power_mw, elapsed_ms }),
        3 => (prop_oneof![Just(0u32), 5000u32..40_000], 150_000u32..280_000)
            .prop_map(|(current_ma, voltage_mv)| Event::Cycles { current_ma, voltage_mv }),
        3 => (0u8..3, loops()).prop_map(|(household, id)| Event::Heater { household, id }),
        1 => (0u8..3).prop_map(|household| Event::Button { household }),
        1 => Just(Event::PowerCut),
    ];
    prop::collection::vec(event, 0..60)
}

fn happen(meter: &mut Meter, event: &Event) {
    match event {
        Event::Envelope(envelope) => drop(meter.apply(envelope)),
        Event::Draw { power_mw, elapsed_ms } => {
            let inputs = drawing(meter, *power_mw);
            meter.tick(*elapsed_ms, &inputs);
        }
        Event::Cycles { current_ma, voltage_mv } => {
            let current = [MilliAmps(*current_ma); 2];
            let flow = Flow { voltage: [MilliVolts(*voltage_mv); 3], current };
            for _ in 0..50 {
                meter.cycle(20_000, &[flow; HOUSEHOLDS]);
            }
        }
        Event::Heater { household, id } => {
            let verdict = Verdict { cause: Cause::Resistive, evidence: Evidence::default() };
            meter.accuse(*household, *id, 0, &verdict);
        }
        Event::Button { household } => drop(meter.acknowledge(*household)),
        Event::PowerCut => *meter = restarted(meter),
    }
}

fn after(events: &[Event]) -> Meter {
    let mut meter = meter();
    events.iter().for_each(|event| happen(&mut meter, event));
    meter
}

proptest! {
    #[test]
    fn a_relay_is_closed_exactly_when_there_is_no_reason(events in events()) {
        let meter = after(&events);
        for (index, household) in meter.households().iter().enumerate() {
            prop_assert_eq!(meter.relays() >> index & 1 == 1, household.reasons().is_empty());
            let second = household.second().is_some_and(|second| second.reasons().is_empty());
            prop_assert_eq!(meter.second_relays() >> index & 1 == 1, second);
            let entitled = |id| may_be_supplied(&meter, household, id) && is_safe(household, id);
            prop_assert_eq!(household.relay_closed(), entitled(LoopId::Main));
            if household.second().is_some() {
                prop_assert_eq!(second, entitled(LoopId::Second));
            }
            let known = Reasons::ALL.iter().fold(Reasons::default(), |all, (reason, _)| all.with(*reason));
            prop_assert!(known.contains(household.reasons()));
        }
    }

    #[test]
    fn credit_is_never_lifted_above_the_hoarding_limit(events in events()) {
        let mut meter = meter();
        for event in &events {
            let before = meter.clone();
            happen(&mut meter, event);
            for (old, new) in before.households().iter().zip(meter.households()) {
                let lifted = new.credit().remaining() > old.credit().remaining();
                prop_assert!(!lifted || new.settings().credit().may_hold(new.credit().remaining()));
            }
        }
    }

    #[test]
    fn remaining_grows_only_with_a_higher_credited_total_or_a_new_epoch(events in events()) {
        let mut meter = meter();
        for event in &events {
            let before = meter.clone();
            happen(&mut meter, event);
            for (old, new) in before.households().iter().zip(meter.households()) {
                let (old, new) = (old.credit(), new.credit());
                let entitled = new.totals().epoch > old.totals().epoch
                    || new.totals().credited > old.totals().credited;
                prop_assert!(entitled || new.remaining() <= old.remaining());
                prop_assert!(new.totals().epoch >= old.totals().epoch);
            }
        }
    }

    #[test]
    fn a_lock_out_ends_only_by_who_may_end_it(events in events()) {
        let mut meter = meter();
        for event in &events {
            let before = meter.clone();
            happen(&mut meter, event);
            for (index, (old, new)) in (0..).zip(before.households().iter().zip(meter.households())) {
                for id in LoopId::ALL {
                    let ended = old.protection().guard(id).locked_out() && !new.protection().guard(id).locked_out();
                    let number = old.protection().lockouts();
                    let settings = old.settings().of_loop(id);
                    let permitted = settings.over_current().resident_release + settings.vicious().resident_release;
                    let entitled = match event {
                        Event::Envelope(envelope) => *envelope == release(index, number),
                        Event::Button { household } => *household == index && permitted > 0,
                        _ => false,
                    };
                    prop_assert!(!ended || entitled, "household {}, {:?}", index, event);
                }
                prop_assert!(new.protection().lockouts() >= old.protection().lockouts());
            }
        }
    }

    #[test]
    fn replaying_what_was_ever_sent_raises_nothing_and_reopens_nothing(
        events in events(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        cut: bool,
    ) {
        // Only envelopes that the meter took: one that was never delivered is not a replay.
        let mut honest = meter();
        let mut taken = Vec::new();
        for event in &events {
            let accepted = matches!(event, Event::Envelope(envelope) if honest.clone().apply(envelope).is_ok());
            happen(&mut honest, event);
            if let (true, Event::Envelope(envelope)) = (accepted, event) {
                taken.push(envelope.clone());
            }
        }
        if cut {
            honest = restarted(&honest);
        }
        let mut attacked = honest.clone();
        for index in order.iter().filter(|_| !taken.is_empty()) {
            let envelope: &Vec<u8> = index.get(&taken);
            let _ = attacked.apply(envelope);
        }
        prop_assert_eq!(attacked.households(), honest.households());
        prop_assert_eq!(attacked.clock(), honest.clock());
        prop_assert_eq!(attacked.relays(), honest.relays());
    }

    #[test]
    fn a_power_cut_loses_no_credit(events in events()) {
        let before = after(&events);
        let after = restarted(&before);
        for (old, new) in before.households().iter().zip(after.households()) {
            prop_assert_eq!(old.credit(), new.credit());
            prop_assert_eq!(old.energy(), new.energy());
            prop_assert_eq!(old.supply(), new.supply());
            prop_assert_eq!(old.settings(), new.settings());
            prop_assert_eq!(old.protection().saved(), new.protection().saved());
            // A reminder that friendly hours had put off comes at once: without its clock the meter knows of none.
            prop_assert!((0..=1).contains(&(new.reminder().count() - old.reminder().count())));
        }
        prop_assert_eq!(after.boot_count(), before.boot_count() + 1);
        prop_assert_eq!(after.clock().generation(), before.clock().generation());
    }

    #[test]
    fn a_record_of_any_bytes_loads_without_panic(code: u16, bytes in prop::collection::vec(any::<u8>(), 0..MAX_RECORD_LEN)) {
        let mut meter = meter();
        let keys = RecordKey::from_code(code).into_iter().chain([RecordKey::Starts, RecordKey::Energy, RecordKey::Household(3), RecordKey::Protection(3)]);
        for key in keys {
            let _ = meter.load_record(key, &bytes);
        }
        let inputs = drawing(&meter, i32::MAX);
        meter.tick(u32::MAX, &inputs);
    }

    #[test]
    fn any_bytes_as_an_envelope_change_nothing_but_the_counter(bytes: Vec<u8>) {
        let untouched = meter();
        let mut attacked = meter();
        prop_assert!(attacked.apply(&bytes).is_err());
        prop_assert_eq!(attacked.households(), untouched.households());
        prop_assert_eq!(attacked.envelopes().refused, 1);
    }
}
