//! Noticing that a meter has lost its memory: what only grows has fallen.
//!
//! Credit is not sent to such a meter before a manager has decided: it no longer knows what was used of it.

use domain::ids::new_id;

use super::bus::Bus;
use super::call::Call;
use super::driver::Driver;
use super::met::Met;
use super::observation::{Counts, Observation};
use super::reading::Unread;
use crate::db::DbError;
use crate::store::meters::field::{LastTotals, Remembered, Wanted};
use crate::store::meters::memory_losses::{Fallen, NewLoss};

/// A power cut costs a meter the energy of at most one second, which is 20 Wh for three phases of 100 A.
const LOST_IN_A_CUT_WH: i64 = 50;

impl Call<'_> {
    /// Compares what was read with what is remembered, and reads once more before it says that the meter lost its
    /// memory. From then on, in this visit already, it gets no credit.
    pub(super) async fn notice_loss<D: Driver>(
        &self,
        driver: &D,
        bus: &mut Bus<'_>,
        met: &mut Met<D::Seen>,
    ) -> Result<Option<Unread>, DbError> {
        if self.loss(&driver.observe(&met.seen), &met.remembered, &met.wanted).is_none() {
            return Ok(None);
        }
        match driver.read(self, bus).await {
            Ok(reading) => (met.seen, met.read_ms) = (reading.seen, reading.read_ms),
            Err(unread) => return Ok(Some(unread)),
        }
        let seen = driver.observe(&met.seen);
        met.history.loss = self.loss(&seen, &met.remembered, &met.wanted);
        if let Some(loss) = &met.history.loss {
            met.held = true;
            if began_anew(&seen, &met.remembered, loss) {
                met.remembered.life += 1;
                met.remembered.event_number = 0;
                // At once: with the number of before, the next visit would find the same loss again.
                met.history.reached = Some(met.remembered.reached());
            }
        }
        Ok(None)
    }

    /// What a meter lost that counts its starts, numbers its events or keeps credit.
    fn loss(&self, seen: &Observation, remembered: &Remembered, wanted: &[Wanted]) -> Option<NewLoss> {
        let Remembered { event_number, boot_count, totals, .. } = remembered;
        let boots_found = seen.boot_count.unwrap_or(0);
        let began_anew = boot_count.is_some_and(|before| boots_found < before)
            || seen.latest_event.is_some_and(|latest| latest < *event_number);
        let households: Vec<_> = totals.iter().filter_map(|last| fallen(seen, wanted, last)).collect();
        (began_anew || !households.is_empty()).then(|| NewLoss {
            id: new_id(&*self.shared.clock),
            boots_before: *boot_count,
            boots_found,
            households,
        })
    }
}

/// Whether it counts its events from 1 again: the number fell, or a household's epoch, which stands in the same memory.
fn began_anew(seen: &Observation, remembered: &Remembered, loss: &NewLoss) -> bool {
    let epochs = || {
        seen.outlets.iter().filter_map(|outlet| outlet.credit).map(|credit| credit.epoch).max().unwrap_or(0)
    };
    let epoch_before = loss.households.iter().map(|had| had.epoch).max().unwrap_or(0);
    loss.boots_before.is_some_and(|before| loss.boots_found < before)
        || seen.latest_event.is_some_and(|latest| latest < remembered.event_number)
        || epochs() < epoch_before
}

/// What a household had, if it has less now.
fn fallen(seen: &Observation, wanted: &[Wanted], last: &LastTotals) -> Option<Fallen> {
    let outlet = seen.outlets.get(usize::try_from(last.position).ok()?)?;
    let credit = outlet.credit?;
    let wanted = wanted.iter().find(|wanted| wanted.position == last.position)?;
    let epoch = credit.epoch;
    let found =
        if epoch == last.epoch { credit.as_booked(uncounted(wanted, epoch)) } else { Counts::default() };
    let fell = epoch < last.epoch
        || outlet.energy_total_wh.saturating_add(LOST_IN_A_CUT_WH) < last.energy_total_wh
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

/// What was used in an epoch before the meter forgot it, in Wh: it was told that as debited.
pub(in crate::field) fn uncounted(wanted: &Wanted, epoch: i64) -> i64 {
    if epoch > 0 && wanted.forgotten_epoch == epoch { wanted.forgotten_wh } else { 0 }
}
