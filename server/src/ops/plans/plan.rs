//! A plan: what a group pays from a moment on; and taking back one that has not begun.

use domain::actor::Actor;
use domain::ids::{GroupId, PriceId};
use domain::money::Price;
use domain::rights::Action;
use domain::tariff::Tariff;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
use crate::store::plans::{price_plans, room_groups};

/// A plan may be announced up to two years ahead.
const MAX_AHEAD_MS: i64 = 2 * 366 * 24 * 3600 * 1000;

/// A plan to be.
#[derive(Clone, Debug, Serialize)]
pub struct SetPlan {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Who pays by it.
    pub group_id: GroupId,
    /// The tariff, as stored.
    pub terms: String,
    /// From when, site time; `None` for now.
    pub from_ms: Option<i64>,
}

impl SetPlan {
    /// What every room pays whose group has no plan of its own, a kWh at one price.
    #[must_use]
    pub fn of_the_site(key: Key, per_kwh: Price, from_ms: Option<i64>) -> Self {
        let group_id = GroupId(price_plans::DEFAULT_GROUP.to_owned());
        Self { key, group_id, terms: Tariff::Flat(per_kwh).to_string(), from_ms }
    }
}

/// Why a group gets no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// There is no such group.
    #[error("no such group")]
    NoGroup,
    /// Another plan of the group begins at the same moment.
    #[error("another plan begins at that moment")]
    Taken,
    /// Not a tariff.
    #[error("not a tariff")]
    Terms,
    /// It would have begun already.
    #[error("it lies in the past")]
    Past,
    /// It would begin more than two years from now.
    #[error("it lies too far ahead")]
    TooFarAhead,
    /// A tariff by the time of use, where a meter keeps the credit of a room of the group.
    #[error("meters keep the credit of these rooms")]
    MeterHeld,
}

/// There is no such plan that has not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such plan, or it has begun")]
pub struct HasBegun;

refusals!(NoPlan, HasBegun);

/// Sets what a group pays from a moment on. Sales already made keep their price.
impl Verb for SetPlan {
    const NAME: &'static str = "set-price-plan";
    const WAKES: bool = false;
    type Refusal = NoPlan;

    fn right(&self) -> Action {
        Action::SetPrice
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.group_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoPlan> {
        set(operation, self, conn).boxed()
    }
}

async fn set(operation: &Operation, form: &SetPlan, conn: &mut AnyConnection) -> Result<(), Refused<NoPlan>> {
    let tariff: Tariff = form.terms.parse().map_err(|_| NoPlan::Terms)?;
    let from_ms = form.from_ms.unwrap_or(operation.at_ms);
    check_from(from_ms, operation.at_ms)?;
    let group = &form.group_id;
    if !room_groups::all(conn).await?.iter().any(|known| known.id == *group) {
        return Err(NoPlan::NoGroup.into());
    }
    check_tariff(conn, group, &tariff).await?;
    let plan = price_plans::Plan {
        id: PriceId(operation.new_id()),
        group_id: Some(group.clone()),
        terms: tariff.to_string(),
        from_ms: Some(from_ms),
    };
    price_plans::add(conn, &plan, &tariff, &operation.by.id()).await.map_err(taken(NoPlan::Taken))
}

/// Whether a plan may begin then.
fn check_from(from_ms: i64, now_ms: i64) -> Result<(), NoPlan> {
    match from_ms.saturating_sub(now_ms) {
        ..0 => Err(NoPlan::Past),
        0..=MAX_AHEAD_MS => Ok(()),
        _ => Err(NoPlan::TooFarAhead),
    }
}

/// A meter that counts down watt-hours knows no prices of hours.
pub(super) async fn check_tariff(
    conn: &mut AnyConnection,
    group: &GroupId,
    tariff: &Tariff,
) -> Result<(), Refused<NoPlan>> {
    let by_hour = matches!(tariff, Tariff::TimeOfUse(_));
    // Rooms of groups without a plan pay by the default group's.
    let default = group.as_str() == price_plans::DEFAULT_GROUP;
    if by_hour && (default || room_groups::rooms_with_meter(conn, group).await? > 0) {
        return Err(NoPlan::MeterHeld.into());
    }
    Ok(())
}

/// A plan to be taken back.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawPlan {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The plan.
    pub id: PriceId,
}

/// Takes back a plan that has not begun.
impl Verb for WithdrawPlan {
    const NAME: &'static str = "withdraw-price-plan";
    const WAKES: bool = false;
    type Refusal = HasBegun;

    fn right(&self) -> Action {
        Action::SetPrice
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, HasBegun> {
        async move {
            let gone = price_plans::withdraw(conn, &self.id, operation.at_ms).await?;
            if gone { Ok(()) } else { Err(HasBegun.into()) }
        }
        .boxed()
    }
}
