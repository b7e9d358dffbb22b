//! The refunds of a list of departures: what waits for approval, and every share with how it stands.

use domain::ids::{OperationId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A refund above the limit.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LargeRefund {
    /// The place on the list.
    pub item: i64,
    /// The departure.
    pub departure_id: OperationId,
    /// How much, in minor units.
    pub refund_minor: i64,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When.
    pub approved_ms: Option<i64>,
}

/// Refunds of a list that need approval, whether they have it or not, after a place.
pub async fn large(
    conn: &mut AnyConnection,
    list: &OperationId,
    after: i64,
    limit: i64,
) -> Result<Vec<LargeRefund>, DbError> {
    let rows = sql_as!(
        LargeRefund,
        "SELECT i.position AS item, i.departure_id, s.refund_minor, a.actor_id AS approved_by, a.at_ms AS approved_ms
         FROM departure_run_items i JOIN settlements s ON s.departure_id = i.departure_id
         LEFT JOIN settlement_approvals a ON a.settlement_id = s.id
         WHERE i.run_id = $1 AND i.position > $2 AND s.needs_approval = 1 ORDER BY i.position LIMIT $3",
        list.as_str(),
        after,
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// How many refunds of a list need approval, whether they have it or not.
pub async fn count_large(conn: &mut AnyConnection, list: &OperationId) -> Result<i64, DbError> {
    let row = sql_as!(
        (i64,),
        "SELECT COUNT(*) FROM departure_run_items i JOIN settlements s ON s.departure_id = i.departure_id
         WHERE i.run_id = $1 AND s.needs_approval = 1",
        list.as_str(),
    );
    Ok(row.fetch_one(conn).await?.0)
}

/// A resident's share of a refund of a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedShare {
    /// The place on the list.
    pub item: i64,
    /// The share's place.
    pub position: i64,
    /// The departure.
    pub departure_id: OperationId,
    /// The building's name.
    pub building: String,
    /// The room's name.
    pub room: String,
    /// The resident's name.
    pub name: String,
    /// The resident's number.
    pub number: String,
    /// The statement's number.
    pub statement: i64,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// 1 while a second person has to approve.
    pub unapproved: i64,
    /// How it was paid.
    pub way: Option<String>,
    /// When it was paid, site time.
    pub paid_ms: Option<i64>,
    /// The key of the operation that paid it.
    pub paid_key: Option<String>,
    /// To whose bank account it went, or is to go.
    pub account_name: Option<String>,
    /// Its number.
    pub account_number: Option<String>,
    /// The bank.
    pub bank: Option<String>,
}

/// Shares of a list after a place (of the item, of the share), in order.
pub async fn shares(
    conn: &mut AnyConnection,
    list: &OperationId,
    (item, position): (i64, i64),
    limit: i64,
) -> Result<Vec<ListedShare>, DbError> {
    let rows = sql_as!(
        ListedShare,
        "SELECT i.position AS item, h.position, i.departure_id, b.name AS building, r.name AS room, p.name, p.number,
                s.number AS statement, h.amount_minor,
                CASE WHEN s.needs_approval = 1 AND NOT EXISTS (SELECT 1 FROM settlement_approvals a
                    WHERE a.settlement_id = s.id) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS unapproved,
                o.way, o.at_ms AS paid_ms, x.idempotency_key AS paid_key,
                CASE WHEN o.id IS NULL THEN k.account_name ELSE o.account_name END AS account_name,
                CASE WHEN o.id IS NULL THEN k.account_number ELSE o.account_number END AS account_number,
                CASE WHEN o.id IS NULL THEN k.bank ELSE o.bank END AS bank
         FROM departure_run_items i JOIN settlements s ON s.departure_id = i.departure_id
         JOIN settlement_shares h ON h.settlement_id = s.id JOIN residents p ON p.id = h.resident_id
         JOIN rooms r ON r.id = i.room_id JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN payouts o ON o.settlement_id = h.settlement_id AND o.position = h.position
         LEFT JOIN operations x ON x.id = o.id
         LEFT JOIN bank_accounts k ON k.resident_id = h.resident_id
         WHERE i.run_id = $1 AND (i.position > $2 OR (i.position = $2 AND h.position > $3))
         ORDER BY i.position, h.position LIMIT $4",
        list.as_str(),
        item,
        position,
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// How the refunds of a list stand: how many, and how much in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Refunds that wait for approval.
    pub unapproved: i64,
    /// Their sum.
    pub unapproved_minor: i64,
    /// Those of them that somebody settled who therefore cannot approve them.
    pub own: i64,
    /// Their sum.
    pub own_minor: i64,
    /// Shares in all.
    pub shares: i64,
    /// Shares that may be paid and were not.
    pub due: i64,
    /// Their sum.
    pub due_minor: i64,
    /// Those of them whose bank account is known.
    pub bank: i64,
    /// Their sum.
    pub bank_minor: i64,
    /// Shares that were paid.
    pub paid: i64,
    /// Their sum.
    pub paid_minor: i64,
}

/// How the refunds of a list stand, as `viewer` sees it.
pub async fn standing(
    conn: &mut AnyConnection,
    list: &OperationId,
    viewer: &UserId,
) -> Result<Standing, DbError> {
    let row = sql_as!(
        Standing,
        "SELECT CAST(COALESCE(SUM(x.unapproved * x.first), 0) AS BIGINT) AS unapproved,
                CAST(COALESCE(SUM(x.unapproved * x.amount_minor), 0) AS BIGINT) AS unapproved_minor,
                CAST(COALESCE(SUM(x.unapproved * x.first * x.own), 0) AS BIGINT) AS own,
                CAST(COALESCE(SUM(x.unapproved * x.own * x.amount_minor), 0) AS BIGINT) AS own_minor,
                COUNT(*) AS shares,
                CAST(COALESCE(SUM(x.due), 0) AS BIGINT) AS due,
                CAST(COALESCE(SUM(x.due * x.amount_minor), 0) AS BIGINT) AS due_minor,
                CAST(COALESCE(SUM(x.due * x.known), 0) AS BIGINT) AS bank,
                CAST(COALESCE(SUM(x.due * x.known * x.amount_minor), 0) AS BIGINT) AS bank_minor,
                CAST(COALESCE(SUM(x.paid), 0) AS BIGINT) AS paid,
                CAST(COALESCE(SUM(x.paid * x.amount_minor), 0) AS BIGINT) AS paid_minor
         FROM (SELECT h.amount_minor, CASE WHEN h.position = y.first_position THEN 1 ELSE 0 END AS first,
                   CASE WHEN y.actor_id = $2 THEN 1 ELSE 0 END AS own, y.unapproved,
                   CASE WHEN o.id IS NULL THEN 1 - y.unapproved ELSE 0 END AS due,
                   CASE WHEN o.id IS NULL THEN 0 ELSE 1 END AS paid,
                   CASE WHEN k.resident_id IS NULL THEN 0 ELSE 1 END AS known
               FROM (SELECT s.id, s.actor_id,
                         (SELECT MIN(z.position) FROM settlement_shares z WHERE z.settlement_id = s.id) AS first_position,
                         CASE WHEN s.needs_approval = 1 AND NOT EXISTS (SELECT 1 FROM settlement_approvals a
                             WHERE a.settlement_id = s.id) THEN 1 ELSE 0 END AS unapproved
                     FROM departure_run_items i JOIN settlements s ON s.departure_id = i.departure_id
                     WHERE i.run_id = $1) y
               JOIN settlement_shares h ON h.settlement_id = y.id
               LEFT JOIN payouts o ON o.settlement_id = h.settlement_id AND o.position = h.position
               LEFT JOIN bank_accounts k ON k.resident_id = h.resident_id) x",
        list.as_str(),
        viewer.as_str(),
    );
    Ok(row.fetch_one(conn).await?)
}
