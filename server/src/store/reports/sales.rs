//! Sales and voids of a period: by day, cashier, way of payment or building.

use domain::ids::{BuildingId, UserId, lowest_at};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};
use crate::store::desk::sales::CLOCKS_APART_MS;

/// Which sales count. A void counts in the period in which it was made, with the cashier who sold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From then on, site time.
    pub from_ms: i64,
    /// Until before then.
    pub to_ms: i64,
    /// Only what this person sold.
    pub cashier_id: Option<UserId>,
    /// Only what was paid this way: `cash` or a channel.
    pub channel: Option<String>,
    /// Only for rooms of this building.
    pub building_id: Option<BuildingId>,
}

/// What a group of sales comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Sold {
    /// Which group: a quarter of an hour's beginning, a user, a channel, a building.
    pub key: String,
    /// Its name, where it has one.
    pub name: String,
    /// How many sales.
    pub sales: i64,
    /// Paid for them, in minor units.
    pub sold_minor: i64,
    /// Their energy, in Wh.
    pub sold_wh: i64,
    /// How many voids.
    pub voids: i64,
    /// Given back with them, in minor units.
    pub voided_minor: i64,
    /// Their energy, in Wh.
    pub voided_wh: i64,
}

impl Sold {
    /// Paid and not given back, in minor units.
    #[must_use]
    pub fn net_minor(&self) -> i64 {
        self.sold_minor - self.voided_minor
    }

    /// Sold and not taken back, in Wh.
    #[must_use]
    pub fn net_wh(&self) -> i64 {
        self.sold_wh - self.voided_wh
    }

    /// Adds another group's figures.
    pub fn add(&mut self, other: &Self) {
        self.sales += other.sales;
        self.sold_minor += other.sold_minor;
        self.sold_wh += other.sold_wh;
        self.voids += other.voids;
        self.voided_minor += other.voided_minor;
        self.voided_wh += other.voided_wh;
    }
}

/// Sums of sales and voids by a key and its name, both over `d` (the sale or void), `u` its cashier, `b` its building.
macro_rules! sold_by {
    ($key:literal, $name:literal) => {
        concat!(
            "SELECT key, name, CAST(SUM(sale) AS BIGINT) AS sales,
                    CAST(SUM(sale * amount_minor) AS BIGINT) AS sold_minor,
                    CAST(SUM(sale * energy_wh) AS BIGINT) AS sold_wh, CAST(SUM(1 - sale) AS BIGINT) AS voids,
                    CAST(SUM((1 - sale) * amount_minor) AS BIGINT) AS voided_minor,
                    CAST(SUM((1 - sale) * energy_wh) AS BIGINT) AS voided_wh
             FROM (SELECT ",
            $key,
            " AS key, ",
            $name,
            " AS name, d.sale, d.amount_minor, d.energy_wh
                   FROM (SELECT s.at_ms, s.channel, s.cashier_id, s.tenancy_id, s.amount_minor, s.energy_wh, 1 AS sale
                         FROM sales s WHERE s.id >= $1 AND s.id < $2
                         UNION ALL
                         SELECT v.at_ms, s.channel, s.cashier_id, s.tenancy_id, s.amount_minor, s.energy_wh, 0 AS sale
                         FROM voids v JOIN sales s ON s.id = v.sale_id WHERE v.id >= $1 AND v.id < $2) d
                   LEFT JOIN users u ON u.id = d.cashier_id JOIN tenancies t ON t.id = d.tenancy_id
                   JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id
                   JOIN buildings b ON b.id = f.building_id
                   WHERE d.at_ms >= $3 AND d.at_ms < $4 AND (CAST($5 AS TEXT) IS NULL OR d.cashier_id = $5)
                     AND (CAST($6 AS TEXT) IS NULL OR d.channel = $6)
                     AND (CAST($7 AS TEXT) IS NULL OR b.id = $7)) done
             GROUP BY key, name ORDER BY key"
        )
    };
}

macro_rules! grouped {
    ($(#[$doc:meta])* $name:ident, $key:literal, $label:literal) => {
        $(#[$doc])*
        pub async fn $name(conn: &mut AnyConnection, filter: &Filter) -> Result<Vec<Sold>, DbError> {
            const GROUPED: &str = sold_by!($key, $label);
            let rows = sql_as!(
                Sold,
                GROUPED,
                lowest_at(filter.from_ms.saturating_sub(CLOCKS_APART_MS)),
                lowest_at(filter.to_ms.saturating_add(CLOCKS_APART_MS)),
                filter.from_ms,
                filter.to_ms,
                filter.cashier_id.as_ref().map(UserId::as_str),
                filter.channel.as_deref(),
                filter.building_id.as_ref().map(BuildingId::as_str),
            )
            .fetch_all(conn)
            .await?;
            Ok(rows)
        }
    };
}

grouped!(
    /// By quarter of an hour, what days of any time zone are put together from; the key is its beginning in milliseconds.
    by_quarter,
    "CAST(d.at_ms / 900000 * 900000 AS TEXT)",
    "''"
);
grouped!(
    /// By who sold.
    by_cashier,
    "d.cashier_id",
    "COALESCE(u.display_name, d.cashier_id)"
);
grouped!(
    /// By way of payment.
    by_channel,
    "d.channel",
    "''"
);
grouped!(
    /// By building of the room.
    by_building,
    "b.id",
    "b.name"
);
