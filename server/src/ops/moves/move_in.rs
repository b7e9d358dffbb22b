//! Moving in: a tenancy for a vacant room, and a fresh credit epoch in the meter that serves it.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{ResidentId, RoomId, TenancyId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::Db;
use crate::store::meters::households;
use crate::store::moves::departures;
use crate::store::people::residents;
use crate::store::places::rooms;

/// The most residents that share a room.
pub const MAX_RESIDENTS: usize = 12;
/// The most characters of a resident's number.
pub const MAX_NUMBER: usize = 40;
/// The most characters of a name.
pub const MAX_NAME: usize = 80;

/// A person who moves in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewResident {
    /// The number the property knows them by; an existing number is the same person.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// Who moves in where.
#[derive(Clone, Debug, Serialize)]
pub struct MoveIn {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// One to [`MAX_RESIDENTS`] people.
    pub residents: Vec<NewResident>,
}

/// Opens the tenancy and, where a meter serves the room, its next epoch with no credit.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::Occupied`], [`OpError::ClosingUnknown`], [`OpError::KeyReused`],
/// [`OpError::Invalid`] with field `residents`, `number` or `name`.
pub async fn move_in(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: MoveIn,
) -> Result<Outcome, OpError> {
    require(actor, Action::MoveIn)?;
    tidy(&mut request)?;
    let operation =
        Operation::new(clock, actor, "move-in", &request.key, request.room_id.as_str(), &request)?;
    let tenancy = residents::Tenancy {
        id: TenancyId::new(clock),
        room_id: request.room_id.clone(),
        opened_ms: operation.at_ms,
    };
    let residents: Vec<_> = request
        .residents
        .iter()
        .map(|new| residents::Resident {
            id: ResidentId::new(clock),
            number: new.number.clone(),
            name: new.name.clone(),
        })
        .collect();
    operation
        .run(db, (tenancy, residents), |_, (tenancy, residents), conn| {
            async move {
                open(conn, tenancy, residents).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

pub(crate) fn tidy(request: &mut MoveIn) -> Result<(), OpError> {
    let problem = match request.residents.len() {
        0 => Some(Problem::Missing),
        1..=MAX_RESIDENTS => None,
        _ => Some(Problem::TooLong),
    };
    if let Some(problem) = problem {
        return Err(OpError::Invalid { field: "residents", problem });
    }
    for resident in &mut request.residents {
        resident.number = OpError::text("number", &resident.number, MAX_NUMBER)?;
        resident.name = OpError::text("name", &resident.name, MAX_NAME)?;
    }
    let mut numbers: Vec<_> = request.residents.iter().map(|resident| &resident.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(OpError::Exists("resident"));
    }
    Ok(())
}

pub(crate) async fn open(
    conn: &mut AnyConnection,
    tenancy: &residents::Tenancy,
    residents: &[residents::Resident],
) -> Result<(), OpError> {
    rooms::room(conn, &tenancy.room_id).await?.ok_or(OpError::NotFound("room"))?;
    if residents::open_tenancy(conn, &tenancy.room_id).await?.is_some() {
        return Err(OpError::Occupied);
    }
    // What newcomers use would be counted on the former residents' epoch while the meter has not closed that.
    if departures::unclosed(conn, &tenancy.room_id).await? {
        return Err(OpError::ClosingUnknown);
    }
    residents::open(conn, tenancy).await.map_err(|error| match OpError::exists("tenancy")(error) {
        OpError::Exists(_) => OpError::Occupied,
        other => other,
    })?;
    for resident in residents {
        let id = residents::put_resident(conn, resident, tenancy.opened_ms).await?;
        residents::join(conn, &tenancy.id, &id, tenancy.opened_ms).await?;
    }
    households::open_epoch(conn, &tenancy.room_id, &tenancy.id).await?;
    Ok(())
}
