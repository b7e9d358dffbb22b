//! A house to measure in: rooms that are let and served, and cashiers to sell in them.

use std::sync::Arc;

use domain::actor::{Actor, Role, Staff};
use domain::ids::{RoomId, UserId};

use crate::db::{Db, DbError, sql};
use crate::ops::desk::open_shift::OpenShift;
use crate::ops::kit::{Key, NoField, Ops};
use crate::ops::moves::move_in::NewResident;
use crate::process::clock::SystemClock;
use crate::tools::ToolError;
use crate::tools::furnish::Furnisher;

/// Rooms a floor.
const FLOOR: usize = 100;
/// Outlets of a meter of ours.
const OUTLETS: usize = meter_core::envelope::HOUSEHOLDS;
/// Meters behind a collector: as many as an RS485 line carries.
const METERS: usize = 32;

/// A furnished house.
pub(super) struct House {
    pub(super) cashiers: Vec<Actor>,
    pub(super) administrator: Actor,
    pub(super) rooms: Vec<RoomId>,
}

/// Furnishes an empty, migrated database.
pub(super) async fn furnish(db: &Db, rooms: usize, cashiers: usize) -> Result<House, ToolError> {
    let mut hired = Vec::new();
    let ops = Ops::new(db.clone(), Arc::new(SystemClock), Arc::new(NoField));
    for number in 0..cashiers.max(1) {
        let cashier = add_cashier(db, number).await?;
        let shift = OpenShift { key: Key::new(&SystemClock), float_minor: 0 };
        ops.perform(&cashier.clone().into(), shift).await?;
        hired.push(cashier);
    }
    let administrator = Actor::Staff(Staff { role: Role::Administrator, ..hired[0].clone() });
    let furnisher = Furnisher { ops: &ops, administrator: &administrator };
    furnisher.site("Bench Hall", "UTC", 5_000, "0.5469").await?;
    let rooms = build(&furnisher, rooms).await?;
    wire(&furnisher, &rooms).await?;
    for (number, room) in rooms.iter().enumerate() {
        let resident = NewResident { number: number.to_string(), name: "Resident".to_owned() };
        furnisher.move_in(room, vec![resident]).await?;
    }
    Ok(House { cashiers: hired.into_iter().map(Actor::from).collect(), administrator, rooms })
}

async fn build(furnisher: &Furnisher<'_>, rooms: usize) -> Result<Vec<RoomId>, ToolError> {
    let building = furnisher.building("Bench").await?;
    let names: Vec<_> = (0..rooms).map(|number| format!("{number:04}")).collect();
    let mut built = Vec::new();
    for (floor, names) in names.chunks(FLOOR).enumerate() {
        built.extend(furnisher.rooms(&building, &floor.to_string(), names.to_vec()).await?);
    }
    Ok(built)
}

async fn wire(furnisher: &Furnisher<'_>, rooms: &[RoomId]) -> Result<(), ToolError> {
    let mut serial = 700_000;
    for (line, rooms) in rooms.chunks(METERS * OUTLETS).enumerate() {
        let collector = furnisher.collector(&format!("Line {line}"), "127.0.0.1:1".to_owned()).await?;
        for (unit, rooms) in (1..).zip(rooms.chunks(OUTLETS)) {
            serial += 1;
            furnisher.meter(&collector, unit, serial, rooms.iter().cloned().map(Some).collect()).await?;
        }
    }
    Ok(())
}

async fn add_cashier(db: &Db, number: usize) -> Result<Staff, ToolError> {
    let id = UserId::new(&SystemClock);
    let name = format!("cashier {number}");
    db.write((id.clone(), name.clone()), |(id, name), conn| {
        Box::pin(async move {
            // They never sign in: their password hash fits no password.
            sql!(
                "INSERT INTO users (id, name, display_name, password_hash, role, disabled, created_ms)
                 VALUES ($1, $2, $2, '!', 'cashier', 0, 0)",
                id.as_str(),
                name.as_str(),
            )
            .execute(conn)
            .await?;
            Ok::<_, DbError>(())
        })
    })
    .await?;
    Ok(Staff { user_id: id, display_name: name, role: Role::Cashier })
}
