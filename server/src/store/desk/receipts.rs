//! What a receipt says besides its sale: how it was paid, at which prices, and whether it was taken back.

use domain::ids::OperationId;
use paper::content::PriceStep;
use paper::parts::Payment;
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// How a sale was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Over which channel.
    pub payment: Payment,
    /// What was sold at which price; one or several.
    pub steps: Vec<PriceStep>,
    /// Taken back since.
    pub voided: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    channel: String,
    reference: Option<String>,
    energy_wh: i64,
    amount_minor: i64,
    price_per_kwh: String,
    voided: i64,
}

#[derive(sqlx::FromRow)]
struct StepRow {
    energy_wh: i64,
    amount_minor: i64,
    price_per_kwh: String,
}

/// How a sale was paid; `None` without such a sale.
pub async fn paid(conn: &mut AnyConnection, sale: &OperationId) -> Result<Option<Paid>, DbError> {
    let row = sql_as!(
        Row,
        "SELECT s.channel, s.reference, s.energy_wh, s.amount_minor, s.price_per_kwh,
                CASE WHEN v.id IS NULL THEN 0 ELSE 1 END AS voided
         FROM sales s LEFT JOIN voids v ON v.sale_id = s.id WHERE s.id = $1",
        sale.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let rows = sql_as!(
        StepRow,
        "SELECT energy_wh, amount_minor, price_per_kwh FROM sale_steps WHERE sale_id = $1 ORDER BY position",
        sale.as_str(),
    )
    .fetch_all(conn)
    .await?;
    let step = |row: StepRow| PriceStep {
        energy_wh: row.energy_wh,
        price_per_kwh: row.price_per_kwh,
        amount_minor: row.amount_minor,
    };
    let mut steps: Vec<_> = rows.into_iter().map(step).collect();
    if steps.is_empty() {
        let Row { energy_wh, amount_minor, price_per_kwh, .. } = row;
        steps.push(PriceStep { energy_wh, price_per_kwh, amount_minor });
    }
    let payment = Payment { channel: row.channel, reference: row.reference };
    Ok(Some(Paid { payment, steps, voided: row.voided == 1 }))
}
