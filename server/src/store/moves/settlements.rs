//! Settlements: what a tenancy that ended came to, who gets how much, approvals and payouts. Append-only.

mod listed;
mod payouts;

pub use listed::{LargeRefund, ListedShare, Standing, count_large, large, shares as listed_shares, standing};
pub use payouts::{BankPayout, Payout, bank_list, insert_payout, payouts_of};

use domain::ids::{OperationId, ResidentId, TenancyId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// By what a site refunds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Terms {
    /// The smallest coin that is paid out, in minor units.
    pub smallest_coin_minor: i64,
    /// Above this a second person approves; `None` never.
    pub refund_approval_minor: Option<i64>,
}

/// A settlement.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Settlement {
    /// The operation that settled.
    pub id: OperationId,
    /// What it settled.
    pub departure_id: OperationId,
    /// Whose account.
    pub tenancy_id: TenancyId,
    /// The statement's number.
    pub number: i64,
    /// Used in the epoch, in Wh.
    pub used_wh: i64,
    /// Free electricity that lapsed, in Wh.
    pub lapsed_wh: i64,
    /// Paid electricity that was given back, in Wh.
    pub returned_wh: i64,
    /// What that was worth, in minor units.
    pub lots_minor: i64,
    /// What of it paid other debts, in minor units.
    pub set_off_minor: i64,
    /// What rounding to the coin added, in minor units.
    pub rounding_minor: i64,
    /// Paid out, in minor units.
    pub refund_minor: i64,
    /// Debts that were not covered, in minor units.
    pub owed_minor: i64,
    /// The rule of sharing.
    pub split: String,
    /// 1 when a second person has to approve.
    pub needs_approval: i64,
    /// Who settled.
    pub actor_id: UserId,
    /// When, site time.
    pub at_ms: i64,
}

/// A resident's share.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Share {
    /// Its place among the shares.
    pub position: i64,
    /// Whose.
    pub resident_id: ResidentId,
    /// The resident's name.
    pub name: String,
    /// The resident's number.
    pub number: String,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// By what the site refunds.
pub async fn terms(conn: &mut AnyConnection) -> Result<Option<Terms>, DbError> {
    let row =
        sql_as!(Terms, "SELECT smallest_coin_minor, refund_approval_minor FROM sites ORDER BY id LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(row)
}

/// Changes by what the site refunds, from the next settlement on.
pub async fn put_terms(conn: &mut AnyConnection, terms: &Terms) -> Result<(), DbError> {
    sql!(
        "UPDATE sites SET smallest_coin_minor = $1, refund_approval_minor = $2",
        terms.smallest_coin_minor,
        terms.refund_approval_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a settlement.
pub async fn insert(conn: &mut AnyConnection, new: &Settlement) -> Result<(), DbError> {
    sql!(
        "INSERT INTO settlements (id, departure_id, tenancy_id, number, used_wh, lapsed_wh, returned_wh, lots_minor,
             set_off_minor, rounding_minor, refund_minor, owed_minor, split, needs_approval, actor_id, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        new.id.as_str(),
        new.departure_id.as_str(),
        new.tenancy_id.as_str(),
        new.number,
        new.used_wh,
        new.lapsed_wh,
        new.returned_wh,
        new.lots_minor,
        new.set_off_minor,
        new.rounding_minor,
        new.refund_minor,
        new.owed_minor,
        new.split.as_str(),
        new.needs_approval,
        new.actor_id.as_str(),
        new.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a debt that was set off.
pub async fn insert_debt(
    conn: &mut AnyConnection,
    settlement: &OperationId,
    position: i64,
    text: &str,
    amount_minor: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO settlement_debts (settlement_id, position, text, amount_minor) VALUES ($1, $2, $3, $4)",
        settlement.as_str(),
        position,
        text,
        amount_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a resident's share.
pub async fn insert_share(
    conn: &mut AnyConnection,
    settlement: &OperationId,
    position: i64,
    resident: &ResidentId,
    amount_minor: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO settlement_shares (settlement_id, position, resident_id, amount_minor) VALUES ($1, $2, $3, $4)",
        settlement.as_str(),
        position,
        resident.as_str(),
        amount_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The settlement of a departure.
pub async fn of_departure(
    conn: &mut AnyConnection,
    departure: &OperationId,
) -> Result<Option<Settlement>, DbError> {
    let row = sql_as!(
        Settlement,
        "SELECT id, departure_id, tenancy_id, number, used_wh, lapsed_wh, returned_wh, lots_minor, set_off_minor,
                rounding_minor, refund_minor, owed_minor, split, needs_approval, actor_id, at_ms
         FROM settlements WHERE departure_id = $1",
        departure.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// The debts of a settlement: text and minor units.
pub async fn debts_of(
    conn: &mut AnyConnection,
    settlement: &OperationId,
) -> Result<Vec<(String, i64)>, DbError> {
    let rows = sql_as!(
        (String, i64),
        "SELECT text, amount_minor FROM settlement_debts WHERE settlement_id = $1 ORDER BY position",
        settlement.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The shares of a settlement, in order.
pub async fn shares_of(conn: &mut AnyConnection, settlement: &OperationId) -> Result<Vec<Share>, DbError> {
    let rows = sql_as!(
        Share,
        "SELECT s.position, s.resident_id, p.name, p.number, s.amount_minor
         FROM settlement_shares s JOIN residents p ON p.id = s.resident_id
         WHERE s.settlement_id = $1 ORDER BY s.position",
        settlement.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Writes an approval; somebody else's that was quicker stands.
pub async fn approve(
    conn: &mut AnyConnection,
    settlement: &OperationId,
    by: &UserId,
    now_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO settlement_approvals (settlement_id, actor_id, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        settlement.as_str(),
        by.as_str(),
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who approved a settlement, by name, and when.
pub async fn approval_of(
    conn: &mut AnyConnection,
    settlement: &OperationId,
) -> Result<Option<(String, i64)>, DbError> {
    let row = sql_as!(
        (String, i64),
        "SELECT COALESCE(u.display_name, a.actor_id), a.at_ms FROM settlement_approvals a LEFT JOIN users u ON u.id = a.actor_id
         WHERE a.settlement_id = $1",
        settlement.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// What each resident paid for a tenancy's electricity, in minor units; `None` is what was paid without a name. Sales that
/// were taken back do not count.
pub async fn paid_by(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
) -> Result<Vec<(Option<ResidentId>, i64)>, DbError> {
    let rows = sql_as!(
        (Option<ResidentId>, i64),
        "SELECT s.payer_id, CAST(COALESCE(SUM(s.amount_minor), 0) AS BIGINT) FROM sales s
         WHERE s.tenancy_id = $1 AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id) GROUP BY s.payer_id",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
