//! Settlements of tenancies that ended, and what of them was paid out.

use domain::ids::{BuildingId, RoomId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A settlement.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Refund {
    /// The number of its statement.
    pub number: i64,
    /// When, site time.
    pub at_ms: i64,
    /// The building's name.
    pub building_name: String,
    /// The room.
    pub room_id: RoomId,
    /// The room's name.
    pub room_name: String,
    /// Paid energy given back for money, in Wh.
    pub returned_wh: i64,
    /// What it was worth, in minor units.
    pub lots_minor: i64,
    /// What of that paid other debts, in minor units.
    pub set_off_minor: i64,
    /// To be paid out, in minor units.
    pub refund_minor: i64,
    /// Paid out until now, in minor units.
    pub paid_minor: i64,
}

impl Refund {
    /// What rounding to the smallest coin added, or took when below zero; in minor units.
    #[must_use]
    pub fn rounding_minor(&self) -> i64 {
        self.refund_minor - self.lots_minor + self.set_off_minor
    }

    /// To be paid out still, in minor units.
    #[must_use]
    pub fn open_minor(&self) -> i64 {
        self.refund_minor - self.paid_minor
    }
}

/// Those settled from `from_ms` until before `to_ms`, the first first, at most `limit`; of all rooms or of a building's.
pub async fn settled(
    conn: &mut AnyConnection,
    (from_ms, to_ms): (i64, i64),
    building: Option<&BuildingId>,
    limit: i64,
) -> Result<Vec<Refund>, DbError> {
    let rows = sql_as!(
        Refund,
        "SELECT d.number, d.at_ms, b.name AS building_name, r.id AS room_id, r.name AS room_name, d.returned_wh,
                d.lots_minor, d.set_off_minor, d.refund_minor,
                CAST(COALESCE((SELECT SUM(o.amount_minor) FROM payouts o WHERE o.settlement_id = d.id), 0) AS BIGINT)
                    AS paid_minor
         FROM settlements d JOIN tenancies t ON t.id = d.tenancy_id JOIN rooms r ON r.id = t.room_id
         JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         WHERE d.at_ms >= $1 AND d.at_ms < $2 AND (CAST($3 AS TEXT) IS NULL OR b.id = $3)
         ORDER BY d.number LIMIT $4",
        from_ms,
        to_ms,
        building.map(BuildingId::as_str),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
