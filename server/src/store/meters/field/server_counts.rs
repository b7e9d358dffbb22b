//! Where the server's counting stands, of outlets whose meters keep no credit.

use domain::ids::HouseholdId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql};
use crate::store::meters::closings::{self, Closing};

/// Where the server's counting of an outlet's credit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerCount {
    /// The epoch that is open.
    pub epoch: i64,
    /// Used in it before the running meter was taken up, in Wh.
    pub used_before_wh: i64,
    /// Where the running meter stood then, in Wh.
    pub from_energy_wh: i64,
}

impl ServerCount {
    /// Used in the epoch when the running meter stands there, in Wh.
    #[must_use]
    pub fn used_wh(&self, energy_total_wh: i64) -> i64 {
        self.used_before_wh + (energy_total_wh - self.from_energy_wh).max(0)
    }
}

/// That the counting of an outlet's credit moved on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The household.
    pub household_id: HouseholdId,
    /// Where it stood; `None` before the first time.
    pub before: Option<ServerCount>,
    /// Where it stands now.
    pub now: ServerCount,
    /// How the epoch before ended, if it did.
    pub closing: Option<Closing>,
}

/// Moves the counting on, and keeps how epochs ended. Where another process has moved it on meanwhile, nothing of it is
/// taken: these are the households of which that is so.
pub(super) async fn put(conn: &mut AnyConnection, counts: &[Counting]) -> Result<Vec<HouseholdId>, DbError> {
    let mut overtaken = Vec::new();
    for count in counts {
        if !move_on(conn, count).await? {
            overtaken.push(count.household_id.clone());
            continue;
        }
        closings::know_before(conn, &count.household_id, count.now.epoch).await?;
        if let Some(closing) = &count.closing {
            closings::keep(conn, closing).await?;
        }
    }
    Ok(overtaken)
}

async fn move_on(conn: &mut AnyConnection, count: &Counting) -> Result<bool, DbError> {
    let before = count.before.unwrap_or(ServerCount { epoch: -1, used_before_wh: 0, from_energy_wh: 0 });
    let done = sql!(
        "INSERT INTO server_counts (household_id, epoch, used_before_wh, from_energy_wh) VALUES ($1, $2, $3, $4)
         ON CONFLICT (household_id) DO UPDATE SET epoch = excluded.epoch, used_before_wh = excluded.used_before_wh,
             from_energy_wh = excluded.from_energy_wh
         WHERE server_counts.epoch = $5 AND server_counts.used_before_wh = $6 AND server_counts.from_energy_wh = $7",
        count.household_id.as_str(),
        count.now.epoch,
        count.now.used_before_wh,
        count.now.from_energy_wh,
        before.epoch,
        before.used_before_wh,
        before.from_energy_wh,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
