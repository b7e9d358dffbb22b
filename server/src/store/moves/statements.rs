//! What a refund statement tells of a tenancy, besides its lots.

use domain::ids::{HouseholdId, OperationId, TenancyId};
use sqlx::AnyConnection;

use super::departures::Departure;
use crate::db::{DbError, sql_as};

/// Where and when a tenancy was.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TenancyFacts {
    /// The building's name.
    pub building: String,
    /// The floor's name.
    pub floor: String,
    /// The room's name.
    pub room: String,
    /// When they moved in.
    pub opened_ms: i64,
    /// The running meter then, as far as it was known, in Wh.
    pub opening_energy_wh: Option<i64>,
    /// The meter's serial number.
    pub serial: Option<i64>,
    /// Which of its outlets, from 0.
    pub position: Option<i64>,
}

/// Where and when the tenancy of a departure was.
pub async fn facts(conn: &mut AnyConnection, departure: &Departure) -> Result<Option<TenancyFacts>, DbError> {
    let row = sql_as!(
        TenancyFacts,
        "SELECT b.name AS building, f.name AS floor, r.name AS room, t.opened_ms, t.opening_energy_wh, m.serial, h.position
         FROM tenancies t JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id
         LEFT JOIN outlets h ON h.id = $2 LEFT JOIN meters m ON m.id = h.meter_id WHERE t.id = $1",
        departure.tenancy_id.as_str(),
        departure.household_id.as_ref().map(HouseholdId::as_str),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GrantRow {
    /// When.
    pub at_ms: i64,
    /// The month it was for.
    pub period: String,
    /// In Wh.
    pub energy_wh: i64,
}

/// A tenancy's grants, in order.
pub async fn grants(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Vec<GrantRow>, DbError> {
    let rows = sql_as!(
        GrantRow,
        "SELECT at_ms, period, energy_wh FROM grants WHERE tenancy_id = $1 ORDER BY at_ms, operation_id, period",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Use that was recognised.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UseRow {
    /// When it was read.
    pub seen_ms: i64,
    /// Of free electricity, in Wh.
    pub subsidy_wh: i64,
    /// Of paid electricity, in Wh.
    pub paid_wh: i64,
    /// What the paid part was worth, in minor units.
    pub paid_minor: i64,
}

/// What a tenancy used, in order.
pub async fn use_of(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Vec<UseRow>, DbError> {
    let rows = sql_as!(
        UseRow,
        "SELECT seen_ms, subsidy_wh, paid_wh, paid_minor FROM consumptions WHERE tenancy_id = $1
         ORDER BY seen_ms, operation_id",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How a sale was paid.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PaymentRow {
    /// The sale.
    pub sale_id: OperationId,
    /// `cash`, or the channel's name.
    pub channel: String,
    /// The channel's reference.
    pub reference: Option<String>,
}

/// How a tenancy's sales were paid.
pub async fn payments(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Vec<PaymentRow>, DbError> {
    let rows = sql_as!(
        PaymentRow,
        "SELECT id AS sale_id, channel, reference FROM sales WHERE tenancy_id = $1",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
