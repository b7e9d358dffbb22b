//! Saying which of a meter's single-phase outlets were built with a second loop.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::ids::MeterId;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
use crate::store::meters::second_loops;

/// How a meter is wired.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeSecondLoops {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The meter.
    pub meter_id: MeterId,
    /// The single-phase outlets that have a second loop, from 0; the others have none.
    pub positions: BTreeSet<i64>,
}

/// There is no such meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such meter")]
pub struct NoSuchMeter;

refusals!(NoSuchMeter);

/// Records it; the field layer tells the meter.
impl Verb for ChangeSecondLoops {
    const NAME: &'static str = "change-second-loops";
    type Refusal = NoSuchMeter;

    fn right(&self) -> Action {
        Action::InstallMeters
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.meter_id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSuchMeter> {
        async move {
            let outlets = second_loops::of_meter(conn, &self.meter_id).await?;
            if outlets.is_empty() {
                return Err(NoSuchMeter.into());
            }
            for outlet in outlets.iter().filter(|outlet| outlet.phases == 1) {
                let has = self.positions.contains(&outlet.position);
                second_loops::set(conn, &self.meter_id, outlet.position, has).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
