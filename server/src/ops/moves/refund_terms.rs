//! By what the site refunds: the smallest coin, and above which sum a second person approves.

use domain::actor::Actor;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// Why the terms are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTerms {
    /// No coin is worth that.
    #[error("a coin is worth 1 to {max_minor} minor units")]
    Coin {
        /// The largest, in minor units.
        max_minor: i64,
    },
    /// A limit beyond every refund.
    #[error("the limit is 0 to {max_minor} minor units")]
    Approval {
        /// The highest, in minor units.
        max_minor: i64,
    },
}

refusals!(NoTerms);

/// Changes by what the site refunds. What is settled stays as it is.
impl Verb for SetRefundTerms {
    const NAME: &'static str = "refund-terms";
    const WAKES: bool = false;
    type Refusal = NoTerms;

    fn right(&self) -> Action {
        Action::SetUpSite
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoTerms> {
        if !(1..=MAX_COIN_MINOR).contains(&self.smallest_coin_minor) {
            return Err(NoTerms::Coin { max_minor: MAX_COIN_MINOR });
        }
        if self.approval_above_minor.is_some_and(|above| !(0..=MAX_APPROVAL_MINOR).contains(&above)) {
            return Err(NoTerms::Approval { max_minor: MAX_APPROVAL_MINOR });
        }
        Ok(())
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoTerms> {
        async move {
            let terms = Terms {
                smallest_coin_minor: self.smallest_coin_minor,
                refund_approval_minor: self.approval_above_minor,
            };
            Ok(settlements::put_terms(conn, &terms).await?)
        }
        .boxed()
    }
}
