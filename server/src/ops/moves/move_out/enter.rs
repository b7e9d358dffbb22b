//! A dark meter: the reading that a person saw on its display, so that residents need not wait for their refund. When the
//! meter answers again, what it says differs is an adjustment (see `adjust`).

use domain::actor::Actor;
use domain::ids::{HouseholdId, OperationId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::books::purses;
use crate::store::meters::households;
use crate::store::moves::departures::{self, Departure};
use crate::store::moves::statements;

/// What was read off the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Seen {
    /// Used in the period, in Wh.
    Used(i64),
    /// The running total, in Wh.
    Total(i64),
}

/// A reading seen at the meter.
#[derive(Clone, Debug, Serialize)]
pub struct EnterReading {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Whose departure waits for it.
    pub departure_id: OperationId,
    /// What was read.
    pub seen: Seen,
}

/// Between which figures a reading of use can lie, and where the running total stood when the period began, in Wh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What is known to have been used.
    pub least_used_wh: i64,
    /// What the meter can count.
    pub most_used_wh: i64,
    /// The running total at the beginning of the period, where it is known.
    pub opening_total_wh: Option<i64>,
}

/// Why a reading is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEntered {
    /// There is no such departure.
    #[error("no such departure")]
    Unknown,
    /// The account was settled already.
    #[error("the account was settled already")]
    Settled,
    /// The meter has spoken, or none ever served the room.
    #[error("the meter has spoken")]
    NotNeeded,
    /// Where the running total stood when the period began is not known.
    #[error("the total means nothing")]
    NoTotal,
    /// It cannot be.
    #[error("the reading lies between {min_wh} and {max_wh} Wh")]
    Reading {
        /// The least, in Wh of what was entered.
        min_wh: i64,
        /// The most, in Wh of what was entered.
        max_wh: i64,
    },
}

refusals!(NotEntered);

/// Takes a reading seen at the meter for the closing that cannot be had; until the account is settled it can be corrected.
impl Verb for EnterReading {
    const NAME: &'static str = "enter-reading";
    const WAKES: bool = false;
    type Refusal = NotEntered;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotEntered> {
        async move {
            let departure = departures::get(conn, &self.departure_id).await?.ok_or(NotEntered::Unknown)?;
            if departure.done_ms.is_some() {
                return Err(NotEntered::Settled.into());
            }
            let used_wh = used_wh(self.seen, limits(conn, &departure).await?)?;
            let by = operation.by.id();
            if departures::enter(conn, &departure.id, used_wh, (operation.at_ms, &by)).await? {
                Ok(())
            } else {
                Err(NotEntered::Settled.into())
            }
        }
        .boxed()
    }
}

/// What a reading of this departure may be.
///
/// # Errors
/// [`NotEntered::NotNeeded`]; the database's.
pub async fn limits(conn: &mut AnyConnection, departure: &Departure) -> Result<Limits, Refused<NotEntered>> {
    let (Some(household), None) = (&departure.household_id, departure.closed_used_wh) else {
        return Err(NotEntered::NotNeeded.into());
    };
    let recognised_wh = purses::get(conn, &departure.tenancy_id).await?.used_wh;
    let said = last_word(conn, household, departure.epoch).await?;
    let facts = statements::facts(conn, departure).await?;
    Ok(Limits {
        least_used_wh: said.map_or(0, |(used_wh, _)| used_wh).max(recognised_wh),
        most_used_wh: i64::from(u32::MAX),
        opening_total_wh: said
            .map(|(used_wh, total_wh)| total_wh - used_wh)
            .or(facts.and_then(|facts| facts.opening_energy_wh)),
    })
}

/// What the meter said last of the epoch: used and running total, in Wh.
async fn last_word(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    epoch: i64,
) -> Result<Option<(i64, i64)>, DbError> {
    let said = households::reported(conn, household).await?.filter(|said| said.epoch == epoch);
    Ok(said.map(|said| (said.used_wh, said.energy_total_wh)))
}

fn used_wh(seen: Seen, limits: Limits) -> Result<i64, NotEntered> {
    let opening_wh = match seen {
        Seen::Used(_) => 0,
        Seen::Total(_) => limits.opening_total_wh.ok_or(NotEntered::NoTotal)?,
    };
    let (Seen::Used(wh) | Seen::Total(wh)) = seen;
    let used_wh = wh.saturating_sub(opening_wh);
    if (limits.least_used_wh..=limits.most_used_wh).contains(&used_wh) {
        return Ok(used_wh);
    }
    let (min_wh, max_wh) = (limits.least_used_wh + opening_wh, limits.most_used_wh + opening_wh);
    Err(NotEntered::Reading { min_wh, max_wh })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_counts_from_where_the_period_began() {
        let limits =
            Limits { least_used_wh: 4_000, most_used_wh: 10_000_000, opening_total_wh: Some(100_000) };
        assert_eq!(used_wh(Seen::Used(5_000), limits).unwrap(), 5_000);
        assert_eq!(used_wh(Seen::Total(105_000), limits).unwrap(), 5_000);
        let refused = used_wh(Seen::Total(103_999), limits).unwrap_err();
        assert!(matches!(refused, NotEntered::Reading { min_wh: 104_000, .. }), "{refused:?}");
        assert!(
            used_wh(Seen::Used(i64::MAX), limits).is_err() && used_wh(Seen::Total(i64::MIN), limits).is_err()
        );
        let unknown = Limits { opening_total_wh: None, ..limits };
        assert_eq!(used_wh(Seen::Total(1), unknown), Err(NotEntered::NoTotal));
    }
}
