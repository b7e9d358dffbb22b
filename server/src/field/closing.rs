//! Closing snapshots in a visit: what a household's epoch came to when its meter closed it.
//!
//! A meter keeps one snapshot a household. So it is read and stored before anything else is sent to the household: the
//! next opening of an epoch would overwrite it. It is taken only if two reads agree and the meter's memory holds it.

use domain::ids::HouseholdId;
use line::LinkError;
use meter_core::registers::{
    CLOSING_BLOCK_LEN, ClosingState, HEADER_ADDRESS, Header, LIVE_BLOCK_LEN, closing_address, decode_closing,
};
use tracing::{info, warn};

use super::bus::Bus;
use super::history::uncounted;
use super::snapshot;
use super::trouble;
use super::visit::{Halt, Visitor};
use crate::db::DbError;
use crate::store::meters::closings::{self, Closing};
use crate::store::meters::field::Wanted;

impl Visitor<'_> {
    /// Stores how the epoch before `open`, which the meter has open, was closed, unless that is known. `false` while the
    /// meter cannot vouch for it: then no other epoch may be opened.
    pub(super) async fn keep_closing(
        &self,
        bus: &mut Bus<'_>,
        wanted: &mut Wanted,
        open: u32,
    ) -> Result<bool, Halt> {
        let open_epoch = i64::from(open);
        if wanted.closings_known >= open_epoch {
            return Ok(true);
        }
        let Ok(index) = usize::try_from(wanted.position) else { return Ok(true) };
        let state = read_twice(bus, index).await?;
        let block = bus.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
        let header = snapshot::header(&block).ok_or(trouble::NOT_A_BLOCK)?;
        let household = &wanted.desired.household_id;
        if header.flags & Header::MEMORY_FAULT != 0 {
            // After a power cut it might close that epoch anew, and differently.
            warn!(%household, "a meter's memory does not hold its closing snapshot: it is not taken yet");
            return Ok(false);
        }
        let closed = (1..open).contains(&state.epoch);
        let closing = closed.then(|| closing(wanted, &state, self.shared.clock.now_ms()));
        self.store_closing(household.clone(), open_epoch, closing).await?;
        wanted.closings_known = open_epoch;
        Ok(true)
    }

    async fn store_closing(
        &self,
        household: HouseholdId,
        open_epoch: i64,
        closing: Option<Closing>,
    ) -> Result<(), DbError> {
        let context = (household, open_epoch, closing.clone());
        let write = self.shared.db.write(context, |(household, open_epoch, closing), conn| {
            Box::pin(async move {
                closings::know_before(conn, household, *open_epoch).await?;
                match closing {
                    Some(closing) => closings::keep(conn, closing).await.map(Some),
                    None => Ok::<_, DbError>(None),
                }
            })
        });
        if let (Some(kept), Some(found)) = (write.await?, closing) {
            if (kept.used_wh, kept.energy_total_wh) == (found.used_wh, found.energy_total_wh) {
                info!(household = %kept.household_id, epoch = kept.epoch, used_wh = kept.used_wh, "epoch closed");
            } else {
                warn!(?kept, ?found, "a meter closed an epoch twice: the first snapshot stands");
            }
        }
        Ok(())
    }
}

/// The snapshot, read twice: a refund hangs on each of its bits.
async fn read_twice(bus: &mut Bus<'_>, index: usize) -> Result<ClosingState, LinkError> {
    let address = closing_address(index).ok_or(trouble::NO_SUCH_BLOCK)?;
    let first = bus.read(address, CLOSING_BLOCK_LEN).await?;
    let second = bus.read(address, CLOSING_BLOCK_LEN).await?;
    if first != second {
        return Err(trouble::NOT_A_BLOCK);
    }
    decode_closing(&first).ok_or(trouble::NOT_A_BLOCK)
}

pub(super) fn closing(wanted: &Wanted, state: &ClosingState, read_ms: i64) -> Closing {
    let uncounted_wh = uncounted(wanted, state.epoch.into());
    Closing {
        household_id: wanted.desired.household_id.clone(),
        epoch: state.epoch.into(),
        credited_wh: state.credited_wh.into(),
        debited_wh: (i64::from(state.debited_wh) - uncounted_wh).max(0),
        used_wh: i64::from(state.used_wh) + uncounted_wh,
        energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
        closed_ms: (state.closed_at_s > 0).then(|| i64::from(state.closed_at_s) * 1000),
        read_ms,
    }
}
