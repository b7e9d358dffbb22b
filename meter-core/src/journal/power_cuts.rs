//! A power cut at every single byte that is ever written or erased: before it, and with that byte torn.

use super::durable::DurableMeter;
use super::mock::{Action, Flash};
use crate::credit::Credit;
use crate::household::Household;
use crate::meter::{Inputs, Meter, RecordKey};
use crate::protection::vicious::{Cause, Evidence, Verdict};
use crate::relay::SupplyMode;
use crate::settings::{
    CreditSettings, DayTable, DayType, HouseholdBlock, HouseholdSettings, LoopId, MeterBlock, MeterSettings,
    Rule, SiteSettings, ViciousSettings,
};
use crate::testing::{
    KEY, acknowledge, clock, credit, drawing, meter_settings, open, release, serial, settings, supply,
};
use std::vec::Vec;

const PAGES: u32 = 14;
const PAGE_LEN: u32 = 512;
const SECOND_MS: u32 = 1000;

/// What is done to the meter, one after the other.
#[derive(Clone)]
pub(super) enum Step {
    Second(i32),
    /// A heater in household 0.
    Heater,
    Command(Vec<u8>),
}

/// Where the memory and the meter stood after a step.
struct Mark {
    actions: usize,
    meter: Meter,
}

pub(super) fn steps() -> Vec<Step> {
    let levels =
        CreditSettings { alarm_wh: 900, drop_out_s: 0, hoarding_wh: 9000, ..CreditSettings::FACTORY };
    let table = DayTable::new(&[(0, Rule::Capped(9000)), (700, Rule::Off)]).unwrap();
    let site = SiteSettings { utc_offset_min: 480, ..SiteSettings::FACTORY };
    // 30 s before a full hour and, at the site, before the first of a month.
    let now = 1_793_462_400 - 30;
    let commands = [
        open(0, 1, 1000),
        clock(1, now),
        settings(0, 1, HouseholdBlock::Credit(levels)),
        open(9, 4, 5000),
        supply(9, SupplyMode::ForcedOff, 0, 1),
        meter_settings(1, MeterBlock::Site(site)),
        credit(0, 1, 1100),
        settings(9, 1, HouseholdBlock::Table(LoopId::Main, DayType::Rest, table)),
        supply(9, SupplyMode::Auto, 0, 2),
        open(0, 2, 950),
        acknowledge(0, 1),
        credit(0, 2, 2000),
        settings(0, 2, HouseholdBlock::Credit(CreditSettings { alarm_wh: 10, ..levels })),
        open(9, 5, 1),
        clock(2, now + 100),
    ];
    let watched = ViciousSettings { mode: 2, trips: 1, ..ViciousSettings::FACTORY };
    let mut steps = Vec::new();
    for command in commands {
        steps.push(Step::Command(command));
        steps.extend([20_000_000, 60_000_000, 0, 60_000_000, 7].map(Step::Second));
    }
    let watched = settings(0, 1, HouseholdBlock::Vicious(LoopId::Main, watched));
    steps.push(Step::Command(watched));
    for lockout in 1..=3 {
        steps.extend([Step::Second(5_000_000), Step::Heater, Step::Second(0)]);
        steps.push(Step::Command(release(0, lockout)));
    }
    steps.push(Step::Heater);
    steps
}

pub(super) fn take<M: super::Memory>(meter: &mut DurableMeter<M>, step: &Step) {
    match step {
        Step::Second(power_mw) => {
            let inputs: Inputs = drawing(meter.meter(), *power_mw);
            meter.tick(SECOND_MS, &inputs);
        }
        Step::Heater => {
            let verdict = Verdict { cause: Cause::Resistive, evidence: Evidence::default() };
            meter.accuse(0, LoopId::Main, 0, &verdict);
        }
        Step::Command(envelope) => drop(meter.apply(envelope)),
    }
}

pub(super) fn started(memory: &Flash) -> DurableMeter<Flash> {
    DurableMeter::start(serial(), KEY, memory.clone()).unwrap()
}

pub(super) fn commissioned(pages: u32, page_len: u32) -> DurableMeter<Flash> {
    DurableMeter::commission(serial(), KEY, Flash::new(pages, page_len)).unwrap()
}

/// Plays all steps once; the first mark is after the first start.
fn played(steps: &[Step]) -> (Vec<Action>, Vec<Mark>) {
    let mut meter = commissioned(PAGES, PAGE_LEN);
    let mark = |meter: &DurableMeter<Flash>| Mark {
        actions: meter.memory().actions.len(),
        meter: meter.meter().clone(),
    };
    let mut marks = Vec::from([mark(&meter)]);
    for step in steps {
        take(&mut meter, step);
        marks.push(mark(&meter));
    }
    (meter.memory().actions.clone(), marks)
}

/// Everything of a household that a command sets.
pub(super) fn commanded(household: &Household) -> (Credit, &HouseholdSettings, u32, u32) {
    let credit = household.credit();
    let without_used = Credit::from_parts(credit.totals(), crate::units::WattHours(0), credit.closing());
    (without_used, household.settings(), household.supply().generation, household.reminder().count())
}

fn check(found: &Meter, before: &Meter, after: &Meter, place: &str) {
    let settings = |meter: &Meter| -> MeterSettings { *meter.settings() };
    assert!([settings(before), settings(after)].contains(&settings(found)), "{place}: settings of the meter");
    let generations = [before, after].map(|meter| meter.clock().generation());
    assert!(generations.contains(&found.clock().generation()), "{place}: clock");
    let both = before.households().iter().zip(after.households());
    for (index, (found, (before, after))) in found.households().iter().zip(both).enumerate() {
        let place = std::format!("{place}, household {index}");
        let state = commanded(found);
        assert!([commanded(before), commanded(after)].contains(&state), "{place}: a mixture");
        let locks = [before, after].map(|one| one.protection().saved());
        assert!(locks.contains(&found.protection().saved()), "{place}: a lock-out came or went");
        assert!(!before.energy().is_ahead_of(found.energy()), "{place}: more than a second was lost");
        assert!(!found.energy().is_ahead_of(after.energy()), "{place}: energy from nowhere");
        let same_epoch = [before, after]
            .into_iter()
            .filter(|one| one.credit().totals().epoch == found.credit().totals().epoch);
        for one in same_epoch {
            let used = i64::from(found.credit().used().0) - i64::from(one.credit().used().0);
            let measured = found.energy().total().0 as i64 - one.energy().total().0 as i64;
            assert_eq!(used, measured, "{place}: used and measured disagree");
        }
    }
}

#[test]
fn a_cut_at_any_byte_leaves_the_state_before_or_after() {
    let steps = steps();
    let (actions, marks) = played(&steps);
    let erases = actions.iter().filter(|action| matches!(action, Action::Erase { .. })).count();
    assert!(erases as u32 > 2 * PAGES, "the ring goes round more than twice: {erases}");
    let mut memory = Flash::new(PAGES, PAGE_LEN);
    let mut cuts = 0;
    for (done, action) in actions.iter().enumerate() {
        // The step that this action belongs to; during the first start there is none.
        let step = marks.iter().position(|mark| mark.actions > done).unwrap();
        let (before, after) = (&marks[step.saturating_sub(1)].meter, &marks[step].meter);
        let len = memory.len_of(action);
        // An erase goes through a page bit by bit: a few places stand for all.
        let stride = if matches!(action, Action::Erase { .. }) { 61 } else { 1 };
        for whole in (0..len).step_by(stride) {
            let place = std::format!("step {step}, action {done}, byte {whole}");
            let mut cut = memory.clone();
            let torn = (whole as u8).wrapping_mul(167) ^ done as u8;
            cut.cut(action, whole, torn);
            let mut recovered = started(&cut);
            if step > 0 {
                check(recovered.meter(), before, after, &place);
            }
            cuts += 1;
            if cuts % 40 == 0 {
                resume(&mut recovered, &steps[..step], after, &place);
            }
        }
        memory.cut(action, len, 0);
    }
    assert!(cuts > 10_000, "{cuts}");
    let last = &marks.last().unwrap().meter.households()[0];
    assert_eq!(last.protection().saved(), (4, [2, 0]), "locked out at the end");
    let total = last.energy().total();
    assert!(u64::from(last.month().used_wh(total)) < total.0, "a new month began");
    assert!(started(&memory).reading((1_793_462_400 / 3600 % 960) as u16).is_some(), "a full hour");
}

/// The office sends everything again that it ever sent: nothing doubles, and all arrives.
fn resume(meter: &mut DurableMeter<Flash>, steps: &[Step], expected: &Meter, place: &str) {
    let used: Vec<u32> = meter.meter().households().iter().map(|one| one.credit().used().0).collect();
    let credited = |meter: &Meter| -> u64 {
        meter.households().iter().map(|one| u64::from(one.credit().totals().credited.0)).sum()
    };
    for step in steps.iter().filter(|step| matches!(step, Step::Command(_))) {
        take(meter, step);
    }
    let found = meter.meter();
    assert_eq!(credited(found), credited(expected), "{place}");
    for (index, (found, expected)) in found.households().iter().zip(expected.households()).enumerate() {
        let (found, expected) = (commanded(found), commanded(expected));
        assert_eq!(
            (found.0.totals(), found.1, found.2),
            (expected.0.totals(), expected.1, expected.2),
            "{place}"
        );
        let now = meter.meter().households()[index].credit();
        assert!(now.used().0 >= used[index] || now.totals().epoch > 1, "{place}");
    }
}

#[test]
fn a_second_cut_while_recovering_does_no_more_harm() {
    let steps = steps();
    let (actions, marks) = played(&steps);
    let mut memory = Flash::new(PAGES, PAGE_LEN);
    for (done, action) in actions.iter().enumerate() {
        let step = marks.iter().position(|mark| mark.actions > done).unwrap();
        let len = memory.len_of(action);
        if step > 0 && done % 17 == 3 {
            let mut cut = memory.clone();
            cut.cut(action, len / 2, 0x81);
            let mut base = cut.clone();
            let recovery = started(&cut).memory().actions.clone();
            for (number, action) in recovery.iter().enumerate().skip(base.actions.len()) {
                for whole in (0..base.len_of(action)).step_by(7) {
                    let mut again = base.clone();
                    again.cut(action, whole, 0x3C);
                    let place = std::format!("action {done}, recovery {number}, byte {whole}");
                    check(started(&again).meter(), &marks[step - 1].meter, &marks[step].meter, &place);
                }
                base.cut(action, base.len_of(action), 0);
            }
        }
        memory.cut(action, len, 0);
    }
}

#[test]
fn a_write_that_is_scattered_over_its_bytes_is_no_record() {
    // Flash programs a row at a time, in no order that it tells: what is torn may lie anywhere in it.
    let steps = steps();
    let (actions, marks) = played(&steps);
    let mut memory = Flash::new(PAGES, PAGE_LEN);
    for (done, action) in actions.iter().enumerate() {
        let step = marks.iter().position(|mark| mark.actions > done).unwrap();
        let len = memory.len_of(action);
        if let (Action::Write { address, bytes }, true) = (action, step > 0) {
            for kept in [2, 3, 5] {
                let mut cut = memory.clone();
                for (index, byte) in bytes.iter().enumerate().filter(|(index, _)| index % kept == kept - 1) {
                    cut.bytes[*address as usize + index] = *byte;
                }
                let place = std::format!("action {done}, every {kept}th byte");
                check(started(&cut).meter(), &marks[step - 1].meter, &marks[step].meter, &place);
            }
        }
        memory.cut(action, len, 0);
    }
}

#[test]
fn starts_are_counted_and_numbers_of_events_go_on() {
    let mut meter = commissioned(PAGES, PAGE_LEN);
    take(&mut meter, &Step::Command(open(0, 1, 1000)));
    let latest = meter.meter().latest_event();
    let mut again = started(meter.memory());
    assert_eq!(again.meter().boot_count(), 2);
    assert_eq!(again.meter().latest_event(), latest + 1);
    assert_eq!(again.event((latest % 200) as u16).map(|event| event.number), Some(latest));
    assert!(again.meter().next_change().is_none());
}

#[test]
fn another_meters_memory_is_refused() {
    let memory = commissioned(PAGES, PAGE_LEN).memory().clone();
    let other = crate::serial::Serial::try_from(1).unwrap();
    let error = DurableMeter::start(other, KEY, memory).err().unwrap();
    assert_eq!(error, super::StartError::Record(crate::meter::BadRecord(RecordKey::Starts)));
}
