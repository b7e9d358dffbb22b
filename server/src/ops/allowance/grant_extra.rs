//! Free electricity for one room, on top of what the rules give.

use domain::actor::Actor;
use domain::allowance::MAX_ALLOWANCE_WH;
use domain::ids::{RoomId, TenancyId};
use domain::rights::Action;
use domain::text::{self, TextProblem};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::desk::sell::hoarding_limit_wh;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::allowance::grants;
use crate::store::meters::households;
use crate::store::plans::price_plans;

/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// Free electricity for one room.
#[derive(Clone, Debug, Serialize)]
pub struct ExtraGrant {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy the form was for.
    pub tenancy_id: TenancyId,
    /// In Wh.
    pub energy_wh: i64,
    /// Why.
    pub reason: String,
}

/// Why nothing is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGrant {
    /// Nobody lives there, others do, or no meter serves them.
    #[error("nobody there has a meter")]
    Nobody,
    /// No price has been set: free electricity must be worth something in the books.
    #[error("no price has been set")]
    NoPrice,
    /// The meter would refuse so much.
    #[error("the room may hold at most {limit_wh} Wh")]
    Hoarding {
        /// The most that it may hold, in Wh.
        limit_wh: i64,
    },
    /// Too little or too much.
    #[error("a grant is 1 to {max_wh} Wh")]
    Energy {
        /// The most, in Wh.
        max_wh: i64,
    },
    /// The meter keeps totals in 32 bits, and this one's are used up.
    #[error("the meter can't be credited any more")]
    MeterFull,
    /// Something is wrong with the reason.
    #[error("the reason {0}")]
    Reason(TextProblem),
}

refusals!(NoGrant);

/// Grants it.
impl Verb for ExtraGrant {
    const NAME: &'static str = "grant-extra";
    type Refusal = NoGrant;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoGrant> {
        self.reason = text::required(&self.reason, MAX_REASON).map_err(NoGrant::Reason)?;
        if (1..=MAX_ALLOWANCE_WH).contains(&self.energy_wh) {
            Ok(())
        } else {
            Err(NoGrant::Energy { max_wh: MAX_ALLOWANCE_WH })
        }
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoGrant> {
        grant(operation, self, conn).boxed()
    }
}

async fn grant(
    operation: &Operation,
    request: &ExtraGrant,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoGrant>> {
    let ExtraGrant { room_id, tenancy_id, energy_wh, reason, .. } = request;
    let credited = match households::credit(conn, room_id, tenancy_id, *energy_wh, operation.at_ms).await {
        Ok(credited) => credited.ok_or(NoGrant::Nobody)?,
        // The meter keeps totals in 32 bits; the schema refuses what would not fit.
        Err(DbError::Constraint(_)) => return Err(NoGrant::MeterFull.into()),
        Err(error) => return Err(error.into()),
    };
    let settings = credited.credit_settings.as_deref();
    if let Some(limit_wh) = hoarding_limit_wh(credited.remaining_wh, settings)? {
        return Err(NoGrant::Hoarding { limit_wh }.into());
    }
    let tariff = price_plans::tariff(credited.terms.as_deref().ok_or(NoGrant::NoPrice)?)?;
    let grant = grants::NewGrant {
        room_id,
        operation_id: &operation.id,
        household_id: &credited.id,
        tenancy_id,
        epoch: credited.epoch,
        energy_wh: *energy_wh,
        price_per_kwh: tariff.base().to_string(),
        at_ms: operation.at_ms,
        credited_after_wh: credited.credited_wh,
    };
    grants::insert_extra(conn, &grant, operation.by.id().as_str(), reason).await?;
    Ok(grants::record_transfers(conn, &operation.id).await?)
}
