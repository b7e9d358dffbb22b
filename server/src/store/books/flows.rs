//! Which money went from what kind of account to what kind, summed from the transfers.

use domain::ids::{ShiftId, lowest_at};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};
use crate::store::desk::sales::CLOCKS_APART_MS;

/// Transfers between two kinds of account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Flow {
    /// Kind of the debited account: `cash`, `safe`, `prepaid`, `channel:bank-transfer`, …
    pub debit: String,
    /// Kind of the credited account.
    pub credit: String,
    /// How many transfers.
    pub count: i64,
    /// Their sum, in minor units.
    pub amount_minor: i64,
}

/// Flows by kind of account: whose drawer, whose credit doesn't matter; which channel does.
macro_rules! flows_where {
    ($from:literal) => {
        concat!(
            "SELECT debit, credit, COUNT(*) AS count, CAST(SUM(amount) AS BIGINT) AS amount_minor FROM (
                 SELECT CASE WHEN t.debit_account LIKE 'money:cash:%' THEN 'cash'
                             WHEN t.debit_account LIKE 'money:prepaid:%' THEN 'prepaid'
                             WHEN t.debit_account LIKE 'money:refunds-payable:%' THEN 'refunds-payable'
                             ELSE SUBSTR(t.debit_account, 7) END AS debit,
                        CASE WHEN t.credit_account LIKE 'money:cash:%' THEN 'cash'
                             WHEN t.credit_account LIKE 'money:prepaid:%' THEN 'prepaid'
                             WHEN t.credit_account LIKE 'money:refunds-payable:%' THEN 'refunds-payable'
                             ELSE SUBSTR(t.credit_account, 7) END AS credit,
                        t.amount ",
            $from,
            ") flows GROUP BY debit, credit ORDER BY debit, credit"
        )
    };
}

/// What went into a shift's drawer and out of it.
pub async fn of_drawer(conn: &mut AnyConnection, shift: &ShiftId) -> Result<Vec<Flow>, DbError> {
    let rows = sql_as!(
        Flow,
        flows_where!("FROM transfers t WHERE t.debit_account = $1 OR t.credit_account = $1"),
        super::transfers::Account::Drawer(shift.clone()).name(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What moved through the whole property from `from_ms` until before `to_ms`.
pub async fn of_period(conn: &mut AnyConnection, from_ms: i64, to_ms: i64) -> Result<Vec<Flow>, DbError> {
    let rows = sql_as!(
        Flow,
        flows_where!(
            "FROM operations o JOIN transfers t ON t.operation_id = o.id AND t.ledger = 'money'
             WHERE o.id >= $1 AND o.id < $2 AND o.at_ms >= $3 AND o.at_ms < $4"
        ),
        lowest_at(from_ms - CLOCKS_APART_MS),
        lowest_at(to_ms + CLOCKS_APART_MS),
        from_ms,
        to_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
