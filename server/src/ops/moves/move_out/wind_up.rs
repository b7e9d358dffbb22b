//! Winding an account up: the last use recognised, free electricity lapsed, what is left of the paid lots taken out.

use domain::books::Rest;
use sqlx::AnyConnection;

use crate::ops::books::recognise_consumption::{Books, ReadingHeld, Standing, settle_used};
use crate::ops::kit::{Operation, Refused, refusals};
use crate::store::allowance::lapsed;
use crate::store::books::transfers::{Account, Transfer};
use crate::store::books::{purses, quarantines};
use crate::store::moves::departures::{Departure, LastReading};

/// An account that was wound up.
pub(super) struct WoundUp {
    /// How its epoch ended.
    pub(super) last: LastReading,
    /// Free electricity that lapsed, in Wh.
    pub(super) lapsed_wh: i64,
    /// What was left of each paid lot.
    pub(super) rests: Vec<Rest>,
    /// Its lots and where it came to.
    pub(super) standing: Standing,
    /// To be written by whoever wound it up, with where the paid rest goes.
    pub(super) lapse: Transfer,
}

impl WoundUp {
    /// What was left, in Wh.
    pub(super) fn returned_wh(&self) -> i64 {
        self.rests.iter().map(|rest| rest.energy_wh).sum()
    }

    /// What that is worth, in minor units.
    pub(super) fn lots_minor(&self) -> i64 {
        self.rests.iter().map(|rest| rest.amount_minor).sum()
    }
}

/// Why an account is not wound up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotWoundUp {
    /// The meter has not closed the account yet.
    #[error("the closing reading is not known yet")]
    ClosingUnknown,
    /// A reading of the account waits for a person's decision.
    #[error("a reading waits for a decision")]
    ReadingHeld,
}

refusals!(NotWoundUp);

/// Winds up the account of a departure: afterwards its purses are empty, but for overdraft. What becomes of the paid rest
/// is the caller's to book.
///
/// # Errors
/// [`NotWoundUp`]; the database's.
pub(super) async fn wind_up(
    conn: &mut AnyConnection,
    operation: &Operation,
    departure: &Departure,
) -> Result<WoundUp, Refused<NotWoundUp>> {
    let last = departure.last_reading().ok_or(NotWoundUp::ClosingUnknown)?;
    let tenancy = &departure.tenancy_id;
    let mut standing = match &departure.household_id {
        Some(household) => {
            let reading = (last.used_wh, last.at_ms);
            let used = settle_used(conn, operation, household, tenancy, departure.epoch, reading).await;
            let used = used.map_err(|refused| refused.map(|ReadingHeld| NotWoundUp::ReadingHeld))?;
            let standing = used.not_held().map_err(|ReadingHeld| NotWoundUp::ReadingHeld)?;
            // What was held of this account before, the last reading has overtaken: nobody need decide about it any more.
            quarantines::overtake(conn, tenancy, operation.at_ms).await?;
            standing
        }
        None => Books::open(conn, &operation.id, operation.at_ms, 0).await?.standing(conn, tenancy).await?,
    };
    let rests = standing.paid.rests(standing.purse.paid_taken_wh);
    let lapsed = standing.purse.lapse(&standing.subsidy, i64::MAX);
    let lapsed_wh = lapsed.subsidy_wh;
    let withdrawn = standing.purse.withdraw(&standing.paid);
    debug_assert_eq!(withdrawn.paid_minor, rests.iter().map(|rest| rest.amount_minor).sum::<i64>());
    purses::put(conn, tenancy, &standing.purse).await?;
    if lapsed_wh > 0 {
        let figures = (lapsed_wh, lapsed.subsidy_minor);
        lapsed::insert(conn, (&operation.id, None), tenancy, figures, operation.at_ms).await?;
    }
    let lapse = Transfer::new(Account::SubsidyPurse(tenancy.clone()), Account::Lapsed, lapsed_wh);
    Ok(WoundUp { last, lapsed_wh, rests, standing, lapse })
}
