//! The lots of a tenancy, paid and free, in the order in which they came.

use domain::books::{Lot, LotSource, Lots};
use domain::ids::{OperationId, TenancyId};
use domain::money::{Currency, Price};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

#[derive(sqlx::FromRow)]
struct Row {
    tenancy_id: TenancyId,
    operation_id: OperationId,
    position: i64,
    at_ms: i64,
    energy_wh: i64,
    amount_minor: i64,
    price_per_kwh: String,
    carried: i64,
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    tenancy_id: TenancyId,
    operation_id: OperationId,
    at_ms: i64,
    energy_wh: i64,
    price_per_kwh: String,
}

/// Lots of sales `s` and carried lots `c` as stored. A sale over several steps of a ladder is several lots, one that was
/// taken back is none.
macro_rules! paid_where {
    ($sales:literal, $carried:literal) => {
        concat!(
            "SELECT x.tenancy_id, x.operation_id, x.position, x.at_ms, x.energy_wh, x.amount_minor, x.price_per_kwh,
                    x.carried
             FROM (SELECT s.tenancy_id, s.id AS operation_id, COALESCE(p.position, 0) AS position, s.at_ms,
                       COALESCE(p.energy_wh, s.energy_wh) AS energy_wh,
                       COALESCE(p.amount_minor, s.amount_minor) AS amount_minor,
                       COALESCE(p.price_per_kwh, s.price_per_kwh) AS price_per_kwh, CAST(0 AS BIGINT) AS carried
                   FROM sales s LEFT JOIN sale_steps p ON p.sale_id = s.id
                   WHERE NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id) AND ",
            $sales,
            "      UNION ALL
                   SELECT c.tenancy_id, c.operation_id, c.position, c.at_ms, c.energy_wh, c.amount_minor,
                       c.price_per_kwh, CAST(1 AS BIGINT) AS carried
                   FROM carried_lots c WHERE ",
            $carried,
            ") x ORDER BY x.tenancy_id, x.at_ms, x.operation_id, x.position"
        )
    };
}

/// What a tenancy has paid for: its sales without those taken back, and what came along from another room.
pub async fn paid(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Lots, DbError> {
    let rows = sql_as!(Row, paid_where!("s.tenancy_id = $1 ", "c.tenancy_id = $1"), tenancy.as_str())
        .fetch_all(conn)
        .await?;
    Ok(Lots::new(rows.into_iter().map(|row| row.lot().1).collect()))
}

/// What a tenancy was given free, each at what a kWh was worth on its day.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`] for an unreadable price.
pub async fn subsidy(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
    currency: &Currency,
) -> Result<Lots, DbError> {
    let rows = sql_as!(
        GrantRow,
        "SELECT tenancy_id, operation_id, at_ms, energy_wh, price_per_kwh FROM grants WHERE tenancy_id = $1
         ORDER BY at_ms, operation_id, room_id, period",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let lots: Result<_, DbError> = rows.into_iter().map(|row| Ok(row.lot(currency)?.1)).collect();
    Ok(Lots::new(lots?))
}

impl Row {
    fn lot(self) -> (TenancyId, Lot) {
        let lot = Lot {
            source: if self.carried == 1 { LotSource::Carried } else { LotSource::Sale },
            operation_id: self.operation_id,
            position: self.position,
            at_ms: self.at_ms,
            energy_wh: self.energy_wh,
            amount_minor: self.amount_minor,
            price_per_kwh: self.price_per_kwh,
        };
        (self.tenancy_id, lot)
    }
}

impl GrantRow {
    fn lot(self, currency: &Currency) -> Result<(TenancyId, Lot), DbError> {
        let unreadable = || DbError::Corrupt(format!("the price of grant {}", self.operation_id));
        let price: Price = self.price_per_kwh.parse().map_err(|_| unreadable())?;
        let amount_minor = price.amount_minor(self.energy_wh, currency).ok_or_else(unreadable)?;
        let lot = Lot {
            source: LotSource::Grant,
            operation_id: self.operation_id,
            position: 0,
            at_ms: self.at_ms,
            energy_wh: self.energy_wh,
            amount_minor,
            price_per_kwh: self.price_per_kwh,
        };
        Ok((self.tenancy_id, lot))
    }
}
