//! Noticing that a meter has lost its memory: what only grows has fallen.
//!
//! Credit is not sent to such a meter before a manager has decided: it no longer knows what was used of it.

use domain::ids::new_id;
use meter_core::registers::HouseholdState;

use crate::db::DbError;
use crate::field::bus::Bus;
use crate::field::snapshot::Snapshot;
use crate::field::visit::{End, Met, Visitor};
use crate::store::meters::field::{LastTotals, Remembered, Wanted};
use crate::store::meters::memory_losses::{Fallen, NewLoss};

/// A power cut costs a meter the energy of at most one second, which is 20 Wh for three phases of 100 A.
const LOST_IN_A_CUT_WH: i64 = 50;

impl Visitor<'_> {
    /// Compares what was read with what is remembered, and reads once more before it says that the meter lost its
    /// memory. From then on, in this visit already, it gets no credit.
    pub(in crate::field) async fn notice_loss(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
    ) -> Result<Option<End>, DbError> {
        if self.loss(met).is_none() {
            return Ok(None);
        }
        match self.read(bus).await {
            Ok((snapshot, read_ms)) => (met.snapshot, met.read_ms) = (snapshot, read_ms),
            Err(end) => return Ok(Some(end)),
        }
        met.history.loss = self.loss(met);
        if let Some(loss) = &met.history.loss {
            met.held = true;
            if began_anew(&met.snapshot, &met.remembered, loss) {
                met.remembered.life += 1;
                met.remembered.event_number = 0;
                // At once: with the number of before, the next visit would find the same loss again.
                met.history.reached = Some(met.remembered.reached());
            }
        }
        Ok(None)
    }

    fn loss(&self, met: &Met) -> Option<NewLoss> {
        let header = &met.snapshot.header;
        let Remembered { event_number, boot_count, totals, .. } = &met.remembered;
        let boots_found = i64::from(header.boot_count);
        let began_anew = boot_count.is_some_and(|before| boots_found < before)
            || i64::from(header.latest_event) < *event_number;
        let households: Vec<_> = totals.iter().filter_map(|last| fallen(met, last)).collect();
        (began_anew || !households.is_empty()).then(|| NewLoss {
            id: new_id(&*self.shared.clock),
            boots_before: *boot_count,
            boots_found,
            households,
        })
    }
}

/// Whether it counts its events from 1 again: the number fell, or a household's epoch, which stands in the same memory.
fn began_anew(snapshot: &Snapshot, remembered: &Remembered, loss: &NewLoss) -> bool {
    let epochs = || snapshot.households.iter().map(|state| i64::from(state.epoch)).max().unwrap_or(0);
    let epoch_before = loss.households.iter().map(|had| had.epoch).max().unwrap_or(0);
    loss.boots_before.is_some_and(|before| loss.boots_found < before)
        || i64::from(snapshot.header.latest_event) < remembered.event_number
        || epochs() < epoch_before
}

/// What a household had, if it has less now.
fn fallen(met: &Met, last: &LastTotals) -> Option<Fallen> {
    let index = usize::try_from(last.position).ok()?;
    let state = met.snapshot.households.get(index)?;
    let wanted = met.wanted.iter().find(|wanted| wanted.position == last.position)?;
    let epoch = i64::from(state.epoch);
    let found = if epoch == last.epoch { counted(wanted, state) } else { Counts::default() };
    let energy_total_wh = i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX);
    let fell = epoch < last.epoch
        || energy_total_wh.saturating_add(LOST_IN_A_CUT_WH) < last.energy_total_wh
        || epoch == last.epoch
            && (found.credited_wh < last.credited_wh
                || found.debited_wh < last.debited_wh
                || found.used_wh + LOST_IN_A_CUT_WH < last.used_wh);
    // Of the epoch it had, it counts this still; what it forgot of it before counts for good.
    let found_wh = if epoch == last.epoch { found.used_wh } else { uncounted(wanted, last.epoch) };
    fell.then(|| Fallen {
        household_id: last.household_id.clone(),
        epoch: last.epoch,
        credited_wh: last.credited_wh,
        debited_wh: last.debited_wh,
        used_wh: last.used_wh,
        energy_total_wh: last.energy_total_wh,
        forgotten_wh: if epoch > last.epoch { 0 } else { (last.used_wh - found_wh).max(0) },
    })
}

/// Totals of an epoch as the books count them.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    credited_wh: i64,
    debited_wh: i64,
    used_wh: i64,
}

fn counted(wanted: &Wanted, state: &HouseholdState) -> Counts {
    let uncounted_wh = uncounted(wanted, i64::from(state.epoch));
    Counts {
        credited_wh: state.credited_wh.into(),
        debited_wh: (i64::from(state.debited_wh) - uncounted_wh).max(0),
        used_wh: i64::from(state.used_wh) + uncounted_wh,
    }
}

/// What was used in an epoch before the meter forgot it, in Wh: it was told that as debited.
pub(in crate::field) fn uncounted(wanted: &Wanted, epoch: i64) -> i64 {
    if epoch > 0 && wanted.forgotten_epoch == epoch { wanted.forgotten_wh } else { 0 }
}
