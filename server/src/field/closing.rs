//! Closings in a visit: what an outlet's epoch came to when its meter closed it.
//!
//! A meter keeps one snapshot an outlet. So it is read and stored before anything else is sent there: the next opening of
//! an epoch would overwrite it.

use domain::ids::HouseholdId;
use tracing::{info, warn};

use super::bus::Bus;
use super::call::Call;
use super::driver::Driver;
use super::loss::uncounted;
use super::met::Halt;
use super::observation::{self, Closed};
use crate::db::DbError;
use crate::store::meters::closings::{self, Closing};
use crate::store::meters::field::Wanted;

impl Call<'_> {
    /// Stores how the epoch before `open_epoch`, which the meter has open, was closed, unless that is known. `false` while
    /// the meter cannot vouch for it: then no other epoch may be opened.
    pub(super) async fn keep_closing<D: Driver>(
        &self,
        driver: &D,
        bus: &mut Bus<'_>,
        wanted: &mut Wanted,
        open_epoch: i64,
    ) -> Result<bool, Halt> {
        if wanted.closings_known >= open_epoch {
            return Ok(true);
        }
        let closing = match driver.closed(self, bus, wanted.position).await? {
            Closed::NotYet => {
                let household = &wanted.desired.household_id;
                warn!(%household, "a meter's memory does not hold its closing snapshot: it is not taken yet");
                return Ok(false);
            }
            Closed::So(closed) if (1..open_epoch).contains(&closed.counts.epoch) => {
                Some(closing(wanted, &closed, self.now_ms()))
            }
            Closed::So(_) | Closed::Never => None,
        };
        self.store_closing(wanted.desired.household_id.clone(), open_epoch, closing).await?;
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

/// A closing as a row of the database.
pub(super) fn closing(wanted: &Wanted, closed: &observation::Closing, read_ms: i64) -> Closing {
    let counts = closed.counts.as_booked(uncounted(wanted, closed.counts.epoch));
    Closing {
        household_id: wanted.desired.household_id.clone(),
        epoch: counts.epoch,
        credited_wh: counts.credited_wh,
        debited_wh: counts.debited_wh,
        used_wh: counts.used_wh,
        energy_total_wh: closed.energy_total_wh,
        closed_ms: closed.closed_s.map(|closed_s| closed_s * 1000),
        read_ms,
    }
}
