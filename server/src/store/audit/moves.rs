//! Where departures disagree with the books; in the manner of [`crate::store::audit`].

use sqlx::AnyConnection;

use super::{Difference, LIMIT};
use crate::db::{DbError, sql_as};

/// Refunds of which the books owe another sum than what is left to be paid out.
pub async fn refunds_off_their_account(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, 'money:refunds-payable:' || s.id AS label,
                CAST(s.refund_minor - COALESCE(p.amount, 0) AS BIGINT) AS expected,
                CAST(COALESCE(c.amount, 0) - COALESCE(d.amount, 0) AS BIGINT) AS found
         FROM settlements s
         LEFT JOIN (SELECT settlement_id, SUM(amount_minor) AS amount FROM payouts GROUP BY settlement_id) p
              ON p.settlement_id = s.id
         LEFT JOIN (SELECT credit_account, SUM(amount) AS amount FROM transfers
                    WHERE credit_account LIKE 'money:refunds-payable:%' GROUP BY credit_account) c
              ON c.credit_account = 'money:refunds-payable:' || s.id
         LEFT JOIN (SELECT debit_account, SUM(amount) AS amount FROM transfers
                    WHERE debit_account LIKE 'money:refunds-payable:%' GROUP BY debit_account) d
              ON d.debit_account = 'money:refunds-payable:' || s.id
         WHERE s.refund_minor - COALESCE(p.amount, 0) <> COALESCE(c.amount, 0) - COALESCE(d.amount, 0)
         ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Settlements whose shares do not add up to the refund.
pub async fn shares_off_their_refund(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, 'statement ' || s.number AS label, s.refund_minor AS expected,
                CAST(COALESCE(h.amount, 0) AS BIGINT) AS found
         FROM settlements s
         LEFT JOIN (SELECT settlement_id, SUM(amount_minor) AS amount FROM settlement_shares GROUP BY settlement_id) h
              ON h.settlement_id = s.id
         WHERE s.refund_minor <> COALESCE(h.amount, 0) ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Accounts of tenancies that were settled or carried over and still hold money.
pub async fn closed_accounts_not_empty(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT d.id AS subject, 'money:prepaid:' || d.tenancy_id AS label, CAST(0 AS BIGINT) AS expected,
                CAST(COALESCE(i.amount, 0) - COALESCE(o.amount, 0) AS BIGINT) AS found
         FROM departures d
         LEFT JOIN (SELECT credit_account, SUM(amount) AS amount FROM transfers
                    WHERE credit_account LIKE 'money:prepaid:%' GROUP BY credit_account) i
              ON i.credit_account = 'money:prepaid:' || d.tenancy_id
         LEFT JOIN (SELECT debit_account, SUM(amount) AS amount FROM transfers
                    WHERE debit_account LIKE 'money:prepaid:%' GROUP BY debit_account) o
              ON o.debit_account = 'money:prepaid:' || d.tenancy_id
         WHERE d.done_ms IS NOT NULL AND COALESCE(i.amount, 0) <> COALESCE(o.amount, 0) ORDER BY d.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Settlements without their statement.
pub async fn settlements_without_statement(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, 'statement ' || s.number AS label, CAST(1 AS BIGINT) AS expected,
                CAST(0 AS BIGINT) AS found
         FROM settlements s
         WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.kind = 'refund-statement' AND d.number = s.number
                               AND d.operation_id = s.id)
         ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
