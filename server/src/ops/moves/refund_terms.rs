//! By what the site refunds: the smallest coin, and above which sum a second person approves.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::moves::settlements::{self, Terms};

/// The largest coin, in minor units.
pub const MAX_COIN_MINOR: i64 = 10_000;
/// The highest sum that nobody else has to approve, in minor units.
pub const MAX_APPROVAL_MINOR: i64 = 100_000_000;

/// By what refunds are settled from now on.
#[derive(Clone, Debug, Serialize)]
pub struct SetRefundTerms {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The smallest coin that is paid out, in minor units.
    pub smallest_coin_minor: i64,
    /// Above this a second person approves, in minor units; `None` never.
    pub approval_above_minor: Option<i64>,
}

/// Changes by what the site refunds. What is settled stays as it is.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::OutOfRange`] with field `coin` or `approval` (minor units).
pub async fn set_refund_terms(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: SetRefundTerms,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetUpSite)?;
    if !(1..=MAX_COIN_MINOR).contains(&request.smallest_coin_minor) {
        return Err(OpError::OutOfRange { field: "coin", min: 1, max: MAX_COIN_MINOR });
    }
    if request.approval_above_minor.is_some_and(|above| !(0..=MAX_APPROVAL_MINOR).contains(&above)) {
        return Err(OpError::OutOfRange { field: "approval", min: 0, max: MAX_APPROVAL_MINOR });
    }
    let operation = Operation::new(clock, actor, "refund-terms", &request.key, "site", &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                let terms = Terms {
                    smallest_coin_minor: request.smallest_coin_minor,
                    refund_approval_minor: request.approval_above_minor,
                };
                Ok(settlements::put_terms(conn, &terms).await?)
            }
            .boxed()
        })
        .await
}
