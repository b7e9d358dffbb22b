//! What a settlement would come to, for a person to look at before it is made. Writes nothing.

use domain::books::Rest;
use domain::ids::TenancyId;
use domain::money::Currency;

use crate::db::Connection;
use crate::db::DbError;
use crate::store::books::{lots, purses};
use crate::store::moves::departures::Departure;
use crate::store::places::site;

/// An account as it will stand once its last use is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Used in the epoch, in Wh.
    pub used_wh: i64,
    /// Free electricity that lapses, in Wh.
    pub lapses_wh: i64,
    /// What is left of each paid lot.
    pub rests: Vec<Rest>,
    /// Used beyond what was bought, in Wh.
    pub overdraft_wh: i64,
}

impl Preview {
    /// What is left, in Wh.
    #[must_use]
    pub fn returned_wh(&self) -> i64 {
        self.rests.iter().map(|rest| rest.energy_wh).sum()
    }

    /// What that is worth, in minor units.
    #[must_use]
    pub fn lots_minor(&self) -> i64 {
        self.rests.iter().map(|rest| rest.amount_minor).sum()
    }
}

/// What is left on the account of a tenancy once `used_wh` are recognised; `None` when more has been recognised.
///
/// # Errors
/// The database's.
pub async fn at_reading(
    conn: &mut Connection,
    tenancy: &TenancyId,
    used_wh: i64,
) -> Result<Option<Preview>, DbError> {
    let currency: Currency = site::required(conn).await?.currency();
    let mut purse = purses::get(conn, tenancy).await?;
    let (subsidy, paid) = (lots::subsidy(conn, tenancy, &currency).await?, lots::paid(conn, tenancy).await?);
    if purse.recognise(&subsidy, &paid, used_wh).is_err() {
        return Ok(None);
    }
    Ok(Some(Preview {
        used_wh,
        lapses_wh: purse.subsidy_left_wh(&subsidy).max(0),
        overdraft_wh: (-purse.paid_left_wh(&paid)).max(0),
        rests: paid.rests(purse.paid_taken_wh),
    }))
}

/// [`at_reading`] of a departure; `None` also while nobody knows how its epoch ended.
///
/// # Errors
/// The database's.
pub async fn preview(conn: &mut Connection, departure: &Departure) -> Result<Option<Preview>, DbError> {
    match departure.last_reading() {
        Some(last) => at_reading(conn, &departure.tenancy_id, last.used_wh).await,
        None => Ok(None),
    }
}
