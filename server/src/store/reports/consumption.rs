//! What was used, as the books have recognised it: each watt-hour once, at the reading that showed it.

use domain::ids::{BuildingId, RoomId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A period, and the one it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// From then on, site time.
    pub from_ms: i64,
    /// Until before then.
    pub to_ms: i64,
    /// The former period, from then on.
    pub former_from_ms: i64,
    /// Until before then.
    pub former_to_ms: i64,
}

/// What a room used.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoomUse {
    /// The room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// Its floor's name.
    pub floor_name: String,
    /// Its building.
    pub building_id: BuildingId,
    /// The building's name.
    pub building_name: String,
    /// Of paid electricity, in Wh.
    pub paid_wh: i64,
    /// Of free electricity, in Wh.
    pub subsidy_wh: i64,
    /// What the paid electricity was worth, in minor units.
    pub paid_minor: i64,
    /// What the free electricity was worth, in minor units.
    pub subsidy_minor: i64,
    /// Of both in the former period, in Wh.
    pub former_wh: i64,
}

impl RoomUse {
    /// Of both, in Wh.
    #[must_use]
    pub fn used_wh(&self) -> i64 {
        self.paid_wh + self.subsidy_wh
    }
}

/// What each room used, those that used nothing too; in the order of the buildings.
pub async fn by_room(
    conn: &mut AnyConnection,
    periods: &Periods,
    building: Option<&BuildingId>,
) -> Result<Vec<RoomUse>, DbError> {
    let rows = sql_as!(
        RoomUse,
        "SELECT r.id AS room_id, r.name AS room_name, f.name AS floor_name, b.id AS building_id,
                b.name AS building_name, COALESCE(u.paid_wh, 0) AS paid_wh, COALESCE(u.subsidy_wh, 0) AS subsidy_wh,
                COALESCE(u.paid_minor, 0) AS paid_minor, COALESCE(u.subsidy_minor, 0) AS subsidy_minor,
                COALESCE(u.former_wh, 0) AS former_wh
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN (SELECT t.room_id,
                        CAST(SUM(CASE WHEN c.seen_ms >= $1 AND c.seen_ms < $2 THEN c.paid_wh ELSE 0 END) AS BIGINT)
                            AS paid_wh,
                        CAST(SUM(CASE WHEN c.seen_ms >= $1 AND c.seen_ms < $2 THEN c.subsidy_wh ELSE 0 END) AS BIGINT)
                            AS subsidy_wh,
                        CAST(SUM(CASE WHEN c.seen_ms >= $1 AND c.seen_ms < $2 THEN c.paid_minor ELSE 0 END) AS BIGINT)
                            AS paid_minor,
                        CAST(SUM(CASE WHEN c.seen_ms >= $1 AND c.seen_ms < $2 THEN c.subsidy_minor ELSE 0 END) AS BIGINT)
                            AS subsidy_minor,
                        CAST(SUM(CASE WHEN c.seen_ms >= $3 AND c.seen_ms < $4 THEN c.paid_wh + c.subsidy_wh ELSE 0 END)
                            AS BIGINT) AS former_wh
                    FROM consumptions c JOIN tenancies t ON t.id = c.tenancy_id
                    WHERE c.seen_ms >= $5 AND c.seen_ms < $6 GROUP BY t.room_id) u ON u.room_id = r.id
         WHERE (CAST($7 AS TEXT) IS NULL OR b.id = $7)
         ORDER BY b.position, b.name, f.position, r.position, r.id",
        periods.from_ms,
        periods.to_ms,
        periods.former_from_ms,
        periods.former_to_ms,
        periods.from_ms.min(periods.former_from_ms),
        periods.to_ms.max(periods.former_to_ms),
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What was used in a quarter of an hour: what months of any time zone are put together from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct QuarterUse {
    /// Its beginning, site time.
    pub from_ms: i64,
    /// Of paid electricity, in Wh.
    pub paid_wh: i64,
    /// Of free electricity, in Wh.
    pub subsidy_wh: i64,
    /// What the paid electricity was worth, in minor units.
    pub paid_minor: i64,
    /// What the free electricity was worth, in minor units.
    pub subsidy_minor: i64,
}

/// From `from_ms` until before `to_ms`, of all rooms or of a building's.
pub async fn by_quarter(
    conn: &mut AnyConnection,
    (from_ms, to_ms): (i64, i64),
    building: Option<&BuildingId>,
) -> Result<Vec<QuarterUse>, DbError> {
    let rows = sql_as!(
        QuarterUse,
        "SELECT c.seen_ms / 900000 * 900000 AS from_ms, CAST(SUM(c.paid_wh) AS BIGINT) AS paid_wh,
                CAST(SUM(c.subsidy_wh) AS BIGINT) AS subsidy_wh, CAST(SUM(c.paid_minor) AS BIGINT) AS paid_minor,
                CAST(SUM(c.subsidy_minor) AS BIGINT) AS subsidy_minor
         FROM consumptions c
         WHERE c.seen_ms >= $1 AND c.seen_ms < $2 AND (CAST($3 AS TEXT) IS NULL OR EXISTS (
             SELECT 1 FROM tenancies t JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id
             WHERE t.id = c.tenancy_id AND f.building_id = $3))
         GROUP BY c.seen_ms / 900000 ORDER BY from_ms",
        from_ms,
        to_ms,
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
