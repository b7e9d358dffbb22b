//! What of a room's credit is free electricity, and what was given.

use domain::ids::TenancyId;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::allowance::grants::{self, Grant};
use crate::store::books::purses;

/// Grants in the history.
const HISTORY: i64 = 20;

/// Free electricity of a tenancy.
#[derive(Default)]
pub struct Free {
    /// Given, the latest first.
    pub grants: Vec<Grant>,
    /// Given and not yet taken by what was recognised, in Wh.
    unrecognised_wh: i64,
    /// The meter's running total up to which use was recognised, in Wh.
    recognised_wh: i64,
}

impl Free {
    pub(super) async fn read(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Self, DbError> {
        let purse = purses::get(conn, tenancy).await?;
        let granted_wh = grants::total_wh(conn, tenancy).await?;
        Ok(Self {
            grants: grants::of_tenancy(conn, tenancy, HISTORY).await?,
            unrecognised_wh: granted_wh - purse.subsidy_taken_wh,
            recognised_wh: purse.used_wh,
        })
    }

    /// What is left of it once the meter's running total of the tenancy stands at `used_wh`: it is used first.
    #[must_use]
    pub fn left_wh(&self, used_wh: i64) -> i64 {
        (self.unrecognised_wh - (used_wh - self.recognised_wh).max(0)).max(0)
    }
}
