//! Credit that the server keeps, for a meter without any of its own: what was used by its running meter, and whether its
//! relay shall be closed. Pure.
//!
//! The server stands in for the meter: an epoch is opened, closed and counted here, and reported as a meter would.

use domain::observed::{OpenReason, OpenReasons};
use domain::supply::{Desired, SupplyMode};

use super::observation::{Counts, OutletState, Supply};
use crate::store::meters::closings::Closing;
use crate::store::meters::field::{LastTotals, ServerCount, Wanted};

/// What was counted of an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// The totals of the epoch that is open.
    pub(super) counts: Counts,
    /// How the epoch before ended, if it just did.
    pub(super) closing: Option<Closing>,
    /// Where the counting stands, if that changed.
    pub(super) count: Option<ServerCount>,
    /// The running meter fell: to be read once more before that is taken for true.
    pub(super) fell: bool,
    /// Why the relay shall be open; with no reason, closed.
    pub(super) reasons: OpenReasons,
    /// What the office asked of the relay.
    supply: Supply,
}

/// Counts what was used up to a reading of the running meter. `last` is what was reported before.
pub(super) fn count(
    wanted: &Wanted,
    last: Option<&LastTotals>,
    energy_total_wh: i64,
    read_ms: i64,
) -> Counted {
    let desired = &wanted.desired;
    let known = wanted.counted();
    let last = last.filter(|last| known.is_some_and(|known| known.epoch == last.epoch));
    let used_wh = known.map_or(0, |known| used(&known, last, energy_total_wh));
    let fell = known.is_some_and(|known| used_wh > known.used_wh(energy_total_wh));
    let stands = match known {
        Some(known) if known.epoch >= desired.epoch && !fell => known,
        // Another meter stands there, or it was set back: counting goes on from what is known.
        Some(known) if known.epoch >= desired.epoch => {
            ServerCount { used_before_wh: used_wh, from_energy_wh: energy_total_wh, ..known }
        }
        _ => ServerCount { epoch: desired.epoch, used_before_wh: 0, from_energy_wh: energy_total_wh },
    };
    let ended = known.filter(|known| 0 < known.epoch && known.epoch < stands.epoch);
    let counts = Counts {
        epoch: stands.epoch,
        credited_wh: desired.credited_wh,
        debited_wh: desired.debited_wh,
        used_wh: stands.used_wh(energy_total_wh),
    };
    let remaining_wh = counts.credited_wh - counts.debited_wh - counts.used_wh;
    Counted {
        counts,
        closing: ended.map(|ended| closing(wanted, &ended, last, (used_wh, energy_total_wh), read_ms)),
        count: (known != Some(stands)).then_some(stands),
        fell,
        reasons: reasons(desired, stands.epoch, remaining_wh, read_ms),
        supply: Supply {
            mode: desired.supply_mode,
            generation: desired.supply_generation,
            until_s: desired.supply_until_s(),
        },
    }
}

/// Used in the epoch that was open, in Wh: never less than was reported.
fn used(known: &ServerCount, last: Option<&LastTotals>, energy_total_wh: i64) -> i64 {
    known.used_wh(energy_total_wh).max(last.map_or(0, |last| last.used_wh))
}

/// Why the relay shall be open at `now_ms`: as a meter would decide.
fn reasons(desired: &Desired, epoch: i64, remaining_wh: i64, now_ms: i64) -> OpenReasons {
    match desired.mode_at(now_ms) {
        SupplyMode::On => OpenReasons::new(),
        SupplyMode::Off => OpenReasons::of([OpenReason::ForcedOff]),
        SupplyMode::Auto if epoch == 0 => OpenReasons::of([OpenReason::Vacant]),
        SupplyMode::Auto if remaining_wh <= 0 => OpenReasons::of([OpenReason::OutOfCredit]),
        SupplyMode::Auto => OpenReasons::new(),
    }
}

fn closing(
    wanted: &Wanted,
    known: &ServerCount,
    last: Option<&LastTotals>,
    (used_wh, energy_total_wh): (i64, i64),
    read_ms: i64,
) -> Closing {
    Closing {
        household_id: wanted.desired.household_id.clone(),
        epoch: known.epoch,
        credited_wh: last.map_or(0, |last| last.credited_wh),
        debited_wh: last.map_or(0, |last| last.debited_wh),
        used_wh,
        energy_total_wh,
        closed_ms: Some(read_ms),
        read_ms,
    }
}

impl Counted {
    /// Has the outlet say it as a meter with credit of its own would.
    pub(super) fn put_on(&self, outlet: &mut OutletState) {
        outlet.credit = Some(self.counts);
        outlet.supply = Some(self.supply);
        outlet.reasons = self.reasons;
        outlet.relay.commanded = self.reasons.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::HouseholdId;
    use proptest::prelude::*;

    use super::*;

    fn wanted(epoch: i64, credited_wh: i64, count: Option<ServerCount>) -> Wanted {
        let desired = Desired {
            household_id: HouseholdId("h".to_owned()),
            epoch,
            credited_wh,
            debited_wh: 0,
            supply_mode: SupplyMode::Auto,
            supply_until_ms: None,
            supply_generation: 0,
            acknowledged_reminder: 0,
            released_lockout: 0,
        };
        Wanted {
            position: 0,
            closings_known: 0,
            credit_held: None,
            desired,
            forgotten_epoch: 0,
            forgotten_wh: 0,
            count_epoch: count.map(|count| count.epoch),
            count_used_before_wh: count.map(|count| count.used_before_wh),
            count_from_energy_wh: count.map(|count| count.from_energy_wh),
        }
    }

    fn last(epoch: i64, used_wh: i64) -> LastTotals {
        LastTotals {
            household_id: HouseholdId("h".to_owned()),
            position: 0,
            epoch,
            credited_wh: 9_000,
            debited_wh: 0,
            used_wh,
            energy_total_wh: 0,
        }
    }

    const SINCE_5000: ServerCount = ServerCount { epoch: 3, used_before_wh: 0, from_energy_wh: 5_000 };

    #[test]
    fn what_ran_before_the_epoch_is_nobodys() {
        let first = count(&wanted(1, 0, None), None, 77_000, 0);
        let stands = ServerCount { epoch: 1, used_before_wh: 0, from_energy_wh: 77_000 };
        assert_eq!((first.count, first.counts.used_wh, first.closing), (Some(stands), 0, None));
        let vacant = count(&wanted(0, 0, None), None, 77_000, 0);
        assert_eq!(vacant.reasons, OpenReasons::of([OpenReason::Vacant]));
    }

    #[test]
    fn the_relay_opens_with_the_last_watt_hour() {
        let at = |energy_total_wh| count(&wanted(3, 9_000, Some(SINCE_5000)), None, energy_total_wh, 0);
        assert_eq!((at(13_999).counts.used_wh, at(13_999).count), (8_999, None));
        assert!(at(13_999).reasons.is_empty());
        assert_eq!(at(14_000).reasons, OpenReasons::of([OpenReason::OutOfCredit]));
    }

    #[test]
    fn an_epoch_ends_as_the_next_one_opens_and_each_watt_hour_is_of_one_of_them() {
        let next = count(&wanted(4, 0, Some(SINCE_5000)), Some(&last(3, 2_000)), 7_500, 60);
        let closing = next.closing.unwrap();
        assert_eq!((closing.epoch, closing.used_wh, closing.credited_wh), (3, 2_500, 9_000));
        assert_eq!((closing.energy_total_wh, closing.closed_ms), (7_500, Some(60)));
        let stands = ServerCount { epoch: 4, used_before_wh: 0, from_energy_wh: 7_500 };
        assert_eq!((next.count, next.counts.used_wh), (Some(stands), 0));
    }

    #[test]
    fn a_running_meter_that_fell_takes_nothing_back() {
        let fell = count(&wanted(3, 9_000, Some(SINCE_5000)), Some(&last(3, 2_000)), 40, 0);
        let stands = ServerCount { epoch: 3, used_before_wh: 2_000, from_energy_wh: 40 };
        assert!(fell.fell);
        assert_eq!((fell.count, fell.counts.used_wh), (Some(stands), 2_000));
        let later = count(&wanted(3, 9_000, Some(stands)), Some(&last(3, 2_000)), 140, 0);
        assert_eq!((later.counts.used_wh, later.fell, later.count), (2_100, false, None));
        // What was reported of an epoch before says nothing of this one.
        assert_eq!(
            count(&wanted(3, 9_000, Some(SINCE_5000)), Some(&last(2, 2_000)), 5_000, 0).counts.used_wh,
            0
        );
    }

    proptest! {
        /// Whatever is drawn between whichever epochs, each watt-hour is of exactly one of them.
        #[test]
        fn what_is_drawn_is_counted_once(draws in prop::collection::vec((0..5_000i64, any::<bool>()), 1..40)) {
            let (mut energy_wh, mut epoch, mut stands, mut reported) = (1_000, 1, None, None);
            let (mut drawn_wh, mut closed_wh) = (0, 0);
            let first = count(&wanted(epoch, 0, stands), reported.as_ref(), energy_wh, 0);
            stands = first.count;
            for (draw_wh, next) in draws {
                (energy_wh, drawn_wh) = (energy_wh + draw_wh, drawn_wh + draw_wh);
                epoch += i64::from(next);
                let found = count(&wanted(epoch, 0, stands), reported.as_ref(), energy_wh, 0);
                closed_wh += found.closing.as_ref().map_or(0, |closing| closing.used_wh);
                stands = found.count.or(stands);
                reported = Some(last(found.counts.epoch, found.counts.used_wh));
                prop_assert_eq!(found.counts.epoch, epoch);
                prop_assert_eq!(closed_wh + found.counts.used_wh, drawn_wh);
                prop_assert!(!found.fell);
            }
        }
    }

    #[test]
    fn the_office_goes_before_credit_until_its_order_ends() {
        let with = |mode, until_ms| {
            let mut wanted = wanted(3, 0, Some(SINCE_5000));
            (wanted.desired.supply_mode, wanted.desired.supply_until_ms) = (mode, until_ms);
            wanted
        };
        let at = |wanted: &Wanted, now_ms| count(wanted, None, 5_000, now_ms).reasons;
        assert!(at(&with(SupplyMode::On, Some(100)), 99).is_empty());
        assert_eq!(at(&with(SupplyMode::On, Some(100)), 100), OpenReasons::of([OpenReason::OutOfCredit]));
        assert_eq!(at(&with(SupplyMode::Off, None), 0), OpenReasons::of([OpenReason::ForcedOff]));
    }
}
