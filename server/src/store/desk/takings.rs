//! Sales and voids by quarter of an hour: what charts, days and months of any time zone are put together from.

use domain::ids::{ShiftId, lowest_at};
use sqlx::AnyConnection;

use super::sales::CLOCKS_APART_MS;
use crate::db::{DbError, sql_as};

/// What was sold over one channel in a quarter of an hour, and what was voided in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Quarter {
    /// Its beginning, site time.
    pub from_ms: i64,
    /// `cash` or the channel.
    pub channel: String,
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

impl Quarter {
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

    /// Adds another one's figures.
    pub fn add(&mut self, other: &Self) {
        self.sales += other.sales;
        self.sold_minor += other.sold_minor;
        self.sold_wh += other.sold_wh;
        self.voids += other.voids;
        self.voided_minor += other.voided_minor;
        self.voided_wh += other.voided_wh;
    }
}

/// From `from_ms` until before `to_ms`, of everybody or of one shift. A void counts when it was made.
pub async fn quarters(
    conn: &mut AnyConnection,
    (from_ms, to_ms): (i64, i64),
    shift: Option<&ShiftId>,
) -> Result<Vec<Quarter>, DbError> {
    let rows = sql_as!(
        Quarter,
        "SELECT at_ms / 900000 * 900000 AS from_ms, channel,
                CAST(SUM(sale) AS BIGINT) AS sales, CAST(SUM(sale * amount_minor) AS BIGINT) AS sold_minor,
                CAST(SUM(sale * energy_wh) AS BIGINT) AS sold_wh, CAST(SUM(1 - sale) AS BIGINT) AS voids,
                CAST(SUM((1 - sale) * amount_minor) AS BIGINT) AS voided_minor,
                CAST(SUM((1 - sale) * energy_wh) AS BIGINT) AS voided_wh
         FROM (SELECT s.at_ms, s.channel, s.shift_id, s.amount_minor, s.energy_wh, 1 AS sale FROM sales s
               WHERE s.id >= $1 AND s.id < $2
               UNION ALL
               SELECT v.at_ms, s.channel, s.shift_id, s.amount_minor, s.energy_wh, 0 AS sale
               FROM voids v JOIN sales s ON s.id = v.sale_id WHERE v.id >= $1 AND v.id < $2) done
         WHERE at_ms >= $3 AND at_ms < $4 AND (CAST($5 AS TEXT) IS NULL OR shift_id = $5)
         GROUP BY at_ms / 900000, channel ORDER BY from_ms, channel",
        lowest_at(from_ms.saturating_sub(CLOCKS_APART_MS)),
        lowest_at(to_ms.saturating_add(CLOCKS_APART_MS)),
        from_ms,
        to_ms,
        shift.map(ShiftId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
