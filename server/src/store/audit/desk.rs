//! Where the cash desk disagrees with the books; in the manner of [`crate::store::audit`].

use sqlx::AnyConnection;

use super::{Difference, LIMIT};
use crate::db::{DbError, sql_as};

/// Shifts whose float did not come out of the safe.
pub async fn floats_without_their_money(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT f.id AS subject, 'money:cash:' || f.id AS label, f.float_minor AS expected,
                COALESCE(t.amount, 0) AS found
         FROM shifts f LEFT JOIN transfers t ON t.operation_id = f.id AND t.credit_account = 'money:safe'
              AND t.debit_account = 'money:cash:' || f.id
         WHERE COALESCE(t.amount, 0) <> f.float_minor ORDER BY f.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Closed shifts whose drawer's account does not end at nothing.
pub async fn closed_drawers_not_empty(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT f.id AS subject, 'money:cash:' || f.id AS label, CAST(0 AS BIGINT) AS expected,
                CAST(COALESCE(i.amount, 0) - COALESCE(o.amount, 0) AS BIGINT) AS found
         FROM shifts f
         LEFT JOIN (SELECT debit_account, SUM(amount) AS amount FROM transfers
                    WHERE debit_account LIKE 'money:cash:%' GROUP BY debit_account) i
              ON i.debit_account = 'money:cash:' || f.id
         LEFT JOIN (SELECT credit_account, SUM(amount) AS amount FROM transfers
                    WHERE credit_account LIKE 'money:cash:%' GROUP BY credit_account) o
              ON o.credit_account = 'money:cash:' || f.id
         WHERE f.closed_ms IS NOT NULL AND COALESCE(i.amount, 0) <> COALESCE(o.amount, 0)
         ORDER BY f.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Closed shifts that were said to hold another sum than what went into the drawer and out of it before the count: a sale
/// slipped in behind the count.
pub async fn wrongly_expected(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT subject, label, expected, found FROM (
             SELECT f.id AS subject, 'money:cash:' || f.id AS label, f.expected_minor AS found,
                    CAST(COALESCE((SELECT SUM(t.amount) FROM transfers t WHERE t.debit_account = 'money:cash:' || f.id
                                   AND t.operation_id <> f.close_operation_id), 0)
                       - COALESCE((SELECT SUM(t.amount) FROM transfers t WHERE t.credit_account = 'money:cash:' || f.id
                                   AND t.operation_id <> f.close_operation_id), 0) AS BIGINT) AS expected
             FROM shifts f WHERE f.closed_ms IS NOT NULL) drawers
         WHERE expected <> found ORDER BY subject LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Sales over a channel that hold no claim on their payment, so that it could pay another one; and voided ones that still
/// do. `expected` and `found` count claims.
pub async fn unclaimed_payments(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, s.channel || ' ' || COALESCE(s.reference, '') AS label,
                CAST(CASE WHEN v.id IS NULL THEN 1 ELSE 0 END AS BIGINT) AS expected,
                CAST(CASE WHEN p.sale_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS found
         FROM sales s LEFT JOIN voids v ON v.sale_id = s.id
         LEFT JOIN payment_references p ON p.sale_id = s.id AND p.channel = s.channel AND p.reference = s.reference
         WHERE s.channel <> 'cash' AND (CASE WHEN v.id IS NULL THEN 1 ELSE 0 END)
             <> (CASE WHEN p.sale_id IS NULL THEN 0 ELSE 1 END)
         ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Voids whose money or energy did not go back the way it came. `expected` and `found` are in the unit of the account.
pub async fn voids_without_their_reversal(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT subject, label, expected, found FROM (
             SELECT v.id AS subject, 'money:prepaid:' || s.tenancy_id AS label, s.amount_minor AS expected,
                    COALESCE(t.amount, 0) AS found
             FROM voids v JOIN sales s ON s.id = v.sale_id
             LEFT JOIN transfers t ON t.operation_id = v.id AND t.debit_account = 'money:prepaid:' || s.tenancy_id
                  AND t.credit_account = CASE WHEN s.channel = 'cash'
                      THEN 'money:cash:' || s.shift_id ELSE 'money:channel:' || s.channel END
             UNION ALL
             SELECT v.id AS subject, 'energy:purse:' || s.tenancy_id AS label, s.energy_wh AS expected,
                    COALESCE(t.amount, 0) AS found
             FROM voids v JOIN sales s ON s.id = v.sale_id
             LEFT JOIN transfers t ON t.operation_id = v.id AND t.debit_account = 'energy:purse:' || s.tenancy_id
                  AND t.credit_account = 'energy:issued') reversed
         WHERE expected <> found ORDER BY subject, label LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
