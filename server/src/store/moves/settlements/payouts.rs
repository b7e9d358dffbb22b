//! Payouts: how each share of a settlement was paid.

use domain::ids::OperationId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A share that was paid out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Payout {
    /// The operation that paid it.
    pub id: OperationId,
    /// The settlement.
    pub settlement_id: OperationId,
    /// The share's place.
    pub position: i64,
    /// `cash`, `bank`, or a channel's name.
    pub way: String,
    /// The drawer's shift, for cash.
    pub shift_id: Option<String>,
    /// The channel's reference.
    pub reference: String,
    /// Whose bank account.
    pub account_name: String,
    /// Its number.
    pub account_number: String,
    /// The bank.
    pub bank: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Who paid it out.
    pub actor_id: String,
    /// When, site time.
    pub at_ms: i64,
}

/// Writes a payout.
///
/// # Errors
/// A unique violation when the share was paid before.
pub async fn insert_payout(conn: &mut AnyConnection, new: &Payout) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO payouts (id, settlement_id, position, way, shift_id, reference, account_name, account_number, bank,
             amount_minor, actor_id, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id.as_str(),
        new.settlement_id.as_str(),
        new.position,
        new.way.as_str(),
        new.shift_id.as_deref(),
        new.reference.as_str(),
        new.account_name.as_str(),
        new.account_number.as_str(),
        new.bank.as_str(),
        new.amount_minor,
        new.actor_id.as_str(),
        new.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was paid out of a settlement, by share.
pub async fn payouts_of(conn: &mut AnyConnection, settlement: &OperationId) -> Result<Vec<Payout>, DbError> {
    let rows = sql_as!(
        Payout,
        "SELECT id, settlement_id, position, way, shift_id, reference, account_name, account_number, bank, amount_minor,
                actor_id, at_ms
         FROM payouts WHERE settlement_id = $1 ORDER BY position",
        settlement.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// A refund by bank, as the list for the bank has it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BankPayout {
    /// The statement's number.
    pub number: i64,
    /// Whose account.
    pub account_name: String,
    /// Its number.
    pub account_number: String,
    /// The bank.
    pub bank: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The resident's name.
    pub resident: String,
    /// When it was entered, site time.
    pub at_ms: i64,
}

/// Refunds by bank from one moment until before another, in order.
pub async fn bank_list(
    conn: &mut AnyConnection,
    (from_ms, until_ms): (i64, i64),
) -> Result<Vec<BankPayout>, DbError> {
    let rows = sql_as!(
        BankPayout,
        "SELECT s.number, o.account_name, o.account_number, o.bank, o.amount_minor, p.name AS resident, o.at_ms
         FROM payouts o JOIN settlements s ON s.id = o.settlement_id
         JOIN settlement_shares sh ON sh.settlement_id = o.settlement_id AND sh.position = o.position
         JOIN residents p ON p.id = sh.resident_id
         WHERE o.way = 'bank' AND o.at_ms >= $1 AND o.at_ms < $2 ORDER BY o.at_ms, o.id",
        from_ms,
        until_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
