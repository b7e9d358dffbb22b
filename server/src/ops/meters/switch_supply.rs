//! Switching a room's supply: off, on until a time, or back to the meter's own decision.

use domain::actor::Actor;
use domain::ids::RoomId;
use domain::rights::Action;
use domain::supply::SupplyMode;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::meters::{households, supply_changes};

/// The longest that an override lasts: 30 days.
pub const MAX_AHEAD_MS: i64 = 30 * 24 * 3600 * 1000;
/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;

/// What is asked of a room's supply.
#[derive(Clone, Debug, Serialize)]
pub struct SwitchRequest {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// What its relay shall do.
    pub mode: SupplyMode,
    /// Until when, site time, cut to whole seconds as the meter keeps it; `On` needs one, `Auto` takes none.
    pub until_ms: Option<i64>,
    /// Why, for the history.
    pub reason: String,
}

/// Why a supply is not switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSwitched {
    /// No meter serves the room.
    #[error("no meter serves the room")]
    NoMeter,
    /// Something is wrong with the reason.
    #[error("the reason {0}")]
    Reason(TextProblem),
    /// On needs an end.
    #[error("the end is missing")]
    NoEnd,
    /// The meter's own decision has no end.
    #[error("an end has no meaning")]
    EndOfAutomatic,
    /// It would have ended already.
    #[error("the end lies in the past")]
    Past,
    /// It would end more than 30 days from now.
    #[error("the end lies too far ahead")]
    TooFarAhead,
}

refusals!(NotSwitched);

/// Records what is asked; the field layer drives the meter there.
impl Verb for SwitchRequest {
    const NAME: &'static str = "switch-supply";
    type Refusal = NotSwitched;

    fn right(&self) -> Action {
        Action::SwitchSupply
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NotSwitched> {
        self.reason = text::required(&self.reason, MAX_REASON).map_err(NotSwitched::Reason)?;
        self.until_ms = self.until_ms.map(|until_ms| until_ms.div_euclid(1000) * 1000);
        Ok(())
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NotSwitched> {
        switch(operation, self, conn).boxed()
    }
}

async fn switch(
    operation: &Operation,
    request: &SwitchRequest,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotSwitched>> {
    check_until(request, operation.at_ms)?;
    let switched = households::switch(conn, &request.room_id, request.mode, request.until_ms).await?;
    let (household_id, generation) = switched.ok_or(NotSwitched::NoMeter)?;
    let change = supply_changes::NewSupplyChange {
        id: &operation.id,
        household_id: &household_id,
        mode: request.mode,
        until_ms: request.until_ms,
        reason: &request.reason,
        generation,
        actor_id: &operation.by.id(),
        at_ms: operation.at_ms,
    };
    supply_changes::insert(conn, &change).await?;
    Ok(())
}

fn check_until(request: &SwitchRequest, now_ms: i64) -> Result<(), NotSwitched> {
    match (request.mode, request.until_ms) {
        (SupplyMode::On, None) => Err(NotSwitched::NoEnd),
        (SupplyMode::Auto, Some(_)) => Err(NotSwitched::EndOfAutomatic),
        (_, Some(until_ms)) if until_ms <= now_ms => Err(NotSwitched::Past),
        (_, Some(until_ms)) if until_ms > now_ms + MAX_AHEAD_MS => Err(NotSwitched::TooFarAhead),
        _ => Ok(()),
    }
}
