//! Collectors, meters, and which outlet serves which room.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{CollectorId, HouseholdId, MeterId, RoomId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::store::meters::{equipment, households, kinds};
use crate::store::people::residents;
use crate::store::places::rooms;

/// A serial number has up to 12 digits.
const MAX_SERIAL: i64 = 999_999_999_999;

/// A collector as an administrator describes it.
#[derive(Clone, Debug, Serialize)]
pub struct CollectorForm {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Its name.
    pub name: String,
    /// `modbus-tcp` or `rtu-over-tcp`.
    pub transport: String,
    /// `host:port`.
    pub address: String,
    /// Whether it is to be driven.
    pub enabled: bool,
}

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

/// Adds a collector.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`], [`OpError::Invalid`] by field.
pub async fn add_collector(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    form: CollectorForm,
) -> Result<Outcome, OpError> {
    put_collector(db, clock, actor, form, None).await
}

/// Changes a collector.
///
/// # Errors
/// Those of [`add_collector`], and [`OpError::NotFound`].
pub async fn change_collector(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    id: &CollectorId,
    form: CollectorForm,
) -> Result<Outcome, OpError> {
    put_collector(db, clock, actor, form, Some(id.clone())).await
}

async fn put_collector(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut form: CollectorForm,
    existing: Option<CollectorId>,
) -> Result<Outcome, OpError> {
    require(actor, Action::InstallMeters)?;
    form.name = OpError::text("name", &form.name, 60)?;
    form.address = address(&form.address)?;
    if !equipment::TRANSPORTS.contains(&form.transport.as_str()) {
        return Err(OpError::Invalid { field: "transport", problem: Problem::Malformed });
    }
    let change = existing.is_some();
    let id = existing.unwrap_or_else(|| CollectorId::new(clock));
    let (verb, subject) = if change { ("change-collector", id.as_str()) } else { ("add-collector", "site") };
    let operation = Operation::new(clock, actor, verb, &form.key, subject, &form)?;
    operation
        .run(db, (form, id, change), |operation, (form, id, change), conn| {
            async move {
                let row = equipment::NewCollector {
                    id,
                    name: &form.name,
                    transport: &form.transport,
                    address: &form.address,
                    enabled: i64::from(form.enabled),
                };
                if !*change {
                    equipment::add_collector(conn, &row, operation.at_ms)
                        .await
                        .map_err(OpError::exists("collector"))?;
                } else if !equipment::change_collector(conn, &row)
                    .await
                    .map_err(OpError::exists("collector"))?
                {
                    return Err(OpError::NotFound("collector"));
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

/// `host:port`; the host is looked up only when the collector is driven.
fn address(text: &str) -> Result<String, OpError> {
    let text = OpError::text("address", text, 120)?;
    let port =
        text.rsplit_once(':').filter(|(host, _)| !host.is_empty() && !host.contains(char::is_whitespace));
    match port.and_then(|(_, port)| port.parse::<u16>().ok()) {
        Some(1..) => Ok(text),
        _ => Err(OpError::Invalid { field: "address", problem: Problem::Malformed }),
    }
}

/// Adds a meter with the outlets of its kind, and lets them serve rooms: all of it or nothing.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`] (`meter`: serial number or unit id;
/// `outlet`: the room has a meter), [`OpError::NotFound`], [`OpError::OutOfRange`] by field.
pub async fn add_meter(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    form: AddMeter,
) -> Result<Outcome, OpError> {
    require(actor, Action::InstallMeters)?;
    for (field, value, max) in [("serial", form.serial, MAX_SERIAL), ("unit", form.unit, 247)] {
        if !(1..=max).contains(&value) {
            return Err(OpError::OutOfRange { field, min: 1, max });
        }
    }
    let operation = Operation::new(clock, actor, "add-meter", &form.key, "site", &form)?;
    let meter = MeterId::new(clock);
    let kind_outlets = kinds::outlets(&mut *db.read().await?, &form.kind).await?;
    if kind_outlets.is_empty() {
        return Err(OpError::Invalid { field: "kind", problem: Problem::Malformed });
    }
    if form.rooms.len() > kind_outlets.len() {
        return Err(OpError::Invalid { field: "rooms", problem: Problem::TooLong });
    }
    let outlets: Vec<_> = kind_outlets.into_iter().map(|outlet| (HouseholdId::new(clock), outlet)).collect();
    operation
        .run(db, (form, meter, outlets), |operation, (form, meter, outlets), conn| {
            async move {
                let row = equipment::NewMeter {
                    id: meter,
                    kind: &form.kind,
                    serial: form.serial,
                    collector: &form.collector_id,
                    unit: form.unit,
                };
                let added = equipment::add_meter(conn, &row, operation.at_ms);
                added.await.map_err(|error| match OpError::exists("meter")(error) {
                    OpError::Db(DbError::Constraint(_)) => OpError::NotFound("collector"),
                    other => other,
                })?;
                for (id, outlet) in outlets {
                    households::add(conn, id, meter, (outlet.position, outlet.phases)).await?;
                }
                for (position, room) in (0..).zip(&form.rooms) {
                    if let Some(room) = room {
                        serve(conn, meter, position, room).await?;
                    }
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Lets a free outlet serve a room that has none.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`], [`OpError::Exists`] (`outlet`).
pub async fn assign_room(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    form: Assign,
) -> Result<Outcome, OpError> {
    require(actor, Action::InstallMeters)?;
    let operation = Operation::new(clock, actor, "assign-room", &form.key, form.room_id.as_str(), &form)?;
    operation
        .run(db, form, |_, form, conn| {
            async move {
                serve(conn, &form.meter_id, form.position, &form.room_id).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// A tenancy that is already there gets its epoch in the new outlet.
async fn serve(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    room: &RoomId,
) -> Result<(), OpError> {
    rooms::room(conn, room).await?.ok_or(OpError::NotFound("room"))?;
    if !households::assign(conn, meter, position, room).await.map_err(OpError::exists("outlet"))? {
        return Err(OpError::NotFound("outlet"));
    }
    if let Some(tenancy) = residents::open_tenancy(conn, room).await? {
        households::open_epoch(conn, room, &tenancy.id).await?;
    }
    Ok(())
}
