//! Free electricity of a period: granted, used, lapsed.

use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};
use crate::ids::{BuildingId, lowest_at};
use crate::store::sales::CLOCKS_APART_MS;

/// What became of free electricity in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Free {
    /// Which group: a quarter of an hour's beginning, or a building.
    pub key: String,
    /// Its name, where it has one.
    pub name: String,
    /// How many grants.
    pub grants: i64,
    /// Granted, in Wh.
    pub granted_wh: i64,
    /// Used, in Wh.
    pub used_wh: i64,
    /// What that has cost the institution, in minor units.
    pub used_minor: i64,
    /// Not used in its time, in Wh.
    pub lapsed_wh: i64,
}

impl Free {
    /// Adds another group's figures.
    pub fn add(&mut self, other: &Self) {
        self.grants += other.grants;
        self.granted_wh += other.granted_wh;
        self.used_wh += other.used_wh;
        self.used_minor += other.used_minor;
        self.lapsed_wh += other.lapsed_wh;
    }
}

/// Sums by a key and its name, both over `d` (the grant, use or lapse) and `b` its building.
macro_rules! free_by {
    ($key:literal, $name:literal) => {
        concat!(
            "SELECT key, name, CAST(SUM(grants) AS BIGINT) AS grants, CAST(SUM(granted_wh) AS BIGINT) AS granted_wh,
                    CAST(SUM(used_wh) AS BIGINT) AS used_wh, CAST(SUM(used_minor) AS BIGINT) AS used_minor,
                    CAST(SUM(lapsed_wh) AS BIGINT) AS lapsed_wh
             FROM (SELECT ",
            $key,
            " AS key, ",
            $name,
            " AS name, d.grants, d.granted_wh, d.used_wh, d.used_minor, d.lapsed_wh
                   FROM (SELECT g.at_ms, g.tenancy_id, 1 AS grants, g.energy_wh AS granted_wh, 0 AS used_wh,
                                0 AS used_minor, 0 AS lapsed_wh
                         FROM grants g WHERE g.operation_id >= $4 AND g.operation_id < $5 AND g.at_ms >= $1 AND g.at_ms < $2
                         UNION ALL
                         SELECT c.seen_ms, c.tenancy_id, 0, 0, c.subsidy_wh, c.subsidy_minor, 0
                         FROM consumptions c WHERE c.seen_ms >= $1 AND c.seen_ms < $2 AND c.subsidy_wh > 0
                         UNION ALL
                         SELECT l.at_ms, l.tenancy_id, 0, 0, 0, 0, l.energy_wh
                         FROM lapses l WHERE l.operation_id >= $4 AND l.operation_id < $5 AND l.at_ms >= $1 AND l.at_ms < $2) d
                   JOIN tenancies t ON t.id = d.tenancy_id JOIN rooms r ON r.id = t.room_id
                   JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
                   WHERE (CAST($3 AS TEXT) IS NULL OR b.id = $3)) done
             GROUP BY key, name ORDER BY key"
        )
    };
}

macro_rules! grouped {
    ($(#[$doc:meta])* $name:ident, $key:literal, $label:literal) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// The database's.
        pub async fn $name(
            conn: &mut AnyConnection,
            (from_ms, to_ms): (i64, i64),
            building: Option<&BuildingId>,
        ) -> Result<Vec<Free>, DbError> {
            const GROUPED: &str = free_by!($key, $label);
            let rows = sql_as!(
                Free,
                GROUPED,
                from_ms,
                to_ms,
                building.map(BuildingId::as_str),
                lowest_at(from_ms.saturating_sub(CLOCKS_APART_MS)),
                lowest_at(to_ms.saturating_add(CLOCKS_APART_MS)),
            )
            .fetch_all(conn)
            .await?;
            Ok(rows)
        }
    };
}

grouped!(
    /// By quarter of an hour, what months of any time zone are put together from; the key is its beginning in milliseconds.
    by_quarter,
    "CAST(d.at_ms / 900000 * 900000 AS TEXT)",
    "''"
);
grouped!(
    /// By building of the room.
    by_building,
    "b.id",
    "b.name"
);
