//! Meters, and which outlet serves which room.

use domain::actor::Actor;
use domain::ids::{CollectorId, HouseholdId, MeterId, RoomId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
use crate::store::meters::{equipment, households, kinds};
use crate::store::people::residents;
use crate::store::places::rooms;

/// A serial number has up to 12 digits.
const MAX_SERIAL: i64 = 999_999_999_999;
/// The highest unit id on a Modbus line.
const MAX_UNIT: i64 = 247;

/// A meter to be added behind a collector.
#[derive(Clone, Debug, Serialize)]
pub struct AddMeter {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Its kind.
    pub kind: String,
    /// Its serial number, as printed on its front.
    pub serial: i64,
    /// Its collector.
    pub collector_id: CollectorId,
    /// Its unit id on the line, 1–247.
    pub unit: i64,
    /// The room each outlet serves, from the first outlet on.
    pub rooms: Vec<Option<RoomId>>,
}

/// A room to be served by an outlet.
#[derive(Clone, Debug, Serialize)]
pub struct Assign {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The meter.
    pub meter_id: MeterId,
    /// The outlet, from 0.
    pub position: i64,
    /// The room.
    pub room_id: RoomId,
}

/// Why a meter is not added, or an outlet serves no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInstalled {
    /// No serial number.
    #[error("a serial number lies between 1 and {max}")]
    Serial {
        /// The highest.
        max: i64,
    },
    /// No unit id.
    #[error("a unit id lies between 1 and {max}")]
    Unit {
        /// The highest.
        max: i64,
    },
    /// No such kind of meter.
    #[error("no such kind of meter")]
    Kind,
    /// More rooms than outlets.
    #[error("the meter has {outlets} outlets")]
    TooManyRooms {
        /// How many it has.
        outlets: usize,
    },
    /// No such collector.
    #[error("no such collector")]
    NoCollector,
    /// A meter of that serial number, or with that unit id on the line, is there.
    #[error("there is such a meter already")]
    Taken,
    /// No such room.
    #[error("no such room")]
    NoRoom,
    /// The outlet is not free, or the room has one.
    #[error("the outlet or the room is taken")]
    OutletTaken,
}

refusals!(NotInstalled);

/// Adds a meter with the outlets of its kind, and lets them serve rooms: all of it or nothing.
impl Verb for AddMeter {
    const NAME: &'static str = "add-meter";
    type Refusal = NotInstalled;

    fn right(&self) -> Action {
        Action::InstallMeters
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NotInstalled> {
        if !(1..=MAX_SERIAL).contains(&self.serial) {
            return Err(NotInstalled::Serial { max: MAX_SERIAL });
        }
        if !(1..=MAX_UNIT).contains(&self.unit) {
            return Err(NotInstalled::Unit { max: MAX_UNIT });
        }
        Ok(())
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NotInstalled> {
        add(operation, self, conn).boxed()
    }
}

async fn add(
    operation: &Operation,
    form: &AddMeter,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotInstalled>> {
    let outlets = kinds::outlets(conn, &form.kind).await?;
    if outlets.is_empty() {
        return Err(NotInstalled::Kind.into());
    }
    if form.rooms.len() > outlets.len() {
        return Err(NotInstalled::TooManyRooms { outlets: outlets.len() }.into());
    }
    let meter = MeterId(operation.new_id());
    let row = equipment::NewMeter {
        id: &meter,
        kind: &form.kind,
        serial: form.serial,
        collector: &form.collector_id,
        unit: form.unit,
    };
    let added = equipment::add_meter(conn, &row, operation.at_ms).await;
    added.map_err(|error| match DbError::from(error) {
        DbError::Unique(_) => Refused::Because(NotInstalled::Taken),
        DbError::Constraint(_) => Refused::Because(NotInstalled::NoCollector),
        other => Refused::Db(other),
    })?;
    for outlet in outlets {
        let id = HouseholdId(operation.new_id());
        households::add(conn, &id, &meter, (outlet.position, outlet.phases)).await?;
    }
    for (position, room) in (0..).zip(&form.rooms) {
        if let Some(room) = room {
            serve(conn, &meter, position, room).await?;
        }
    }
    Ok(())
}

/// Lets a free outlet serve a room that has none.
impl Verb for Assign {
    const NAME: &'static str = "assign-room";
    type Refusal = NotInstalled;

    fn right(&self) -> Action {
        Action::InstallMeters
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotInstalled> {
        serve(conn, &self.meter_id, self.position, &self.room_id).boxed()
    }
}

/// A tenancy that is already there gets its epoch in the new outlet.
async fn serve(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    room: &RoomId,
) -> Result<(), Refused<NotInstalled>> {
    rooms::room(conn, room).await?.ok_or(NotInstalled::NoRoom)?;
    if !households::assign(conn, meter, position, room).await.map_err(taken(NotInstalled::OutletTaken))? {
        return Err(NotInstalled::OutletTaken.into());
    }
    if let Some(tenancy) = residents::open_tenancy(conn, room).await? {
        households::open_epoch(conn, room, &tenancy.id).await?;
    }
    Ok(())
}
