//! Tenancies' accounts and the balances of all accounts, recomputed from the transfers.

use std::collections::HashMap;

use domain::books::AccountEvent;
use domain::books::account::{Entry, Movement, entries};
use domain::ids::{OperationId, RoomId, TenancyId};
use sqlx::AnyConnection;

use super::transfers::Account;
use crate::db::{DbError, sql_as};
use crate::store::desk::sales::receipt_number;

#[derive(sqlx::FromRow)]
struct MovementRow {
    operation_id: OperationId,
    at_ms: i64,
    account: String,
    other: String,
    amount: i64,
}

/// Everything that happened on a tenancy's account, in order, with what stood on it after each.
pub async fn of_tenancy(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Vec<Entry>, DbError> {
    let rows = sql_as!(
        MovementRow,
        "SELECT x.operation_id, o.at_ms, x.account, x.other, x.amount
         FROM (SELECT operation_id, position, credit_account AS account, debit_account AS other, amount
               FROM transfers WHERE credit_account IN ($1, $2, $3)
               UNION ALL
               SELECT operation_id, position, debit_account AS account, credit_account AS other, -amount AS amount
               FROM transfers WHERE debit_account IN ($1, $2, $3)) x
         JOIN operations o ON o.id = x.operation_id
         ORDER BY o.at_ms, x.operation_id, x.position, x.account",
        Account::Prepaid(tenancy.clone()).name(),
        Account::Purse(tenancy.clone()).name(),
        Account::SubsidyPurse(tenancy.clone()).name(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let movements: Vec<_> = rows.into_iter().map(MovementRow::movement).collect();
    let mut entries = entries(tenancy, &movements);
    let texts = texts_of(conn, tenancy).await?;
    for entry in &mut entries {
        let known = texts.get(&entry.operation_id.0).map(String::as_str).unwrap_or_default();
        entry.text = match entry.event {
            AccountEvent::Sale => receipt_number(&entry.operation_id),
            AccountEvent::Void => receipt_number(&OperationId(known.to_owned())),
            // A month; what was given by hand is of none.
            AccountEvent::Grant if !known.starts_with("extra:") => known.to_owned(),
            _ => String::new(),
        };
    }
    Ok(entries)
}

/// By operation: the sale that a void took back, the period that a grant was for.
async fn texts_of(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<HashMap<String, String>, DbError> {
    let rows = sql_as!(
        (String, String),
        "SELECT v.id, v.sale_id FROM voids v JOIN sales s ON s.id = v.sale_id WHERE s.tenancy_id = $1
         UNION ALL SELECT g.operation_id, g.period FROM grants g WHERE g.tenancy_id = $1",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

impl MovementRow {
    fn movement(self) -> Movement {
        let Self { operation_id, at_ms, account, other, amount } = self;
        Movement { operation_id, at_ms, account, other, amount }
    }
}

/// A tenancy of a room, open or ended, to choose from.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TenancyOfRoom {
    /// Its id.
    pub id: TenancyId,
    /// Since when, site time.
    pub opened_ms: i64,
    /// Until when; `None` while they live there.
    pub closed_ms: Option<i64>,
}

/// A room's tenancies, the latest first.
pub async fn tenancies_of(
    conn: &mut AnyConnection,
    room: &RoomId,
    limit: i64,
) -> Result<Vec<TenancyOfRoom>, DbError> {
    let rows = sql_as!(
        TenancyOfRoom,
        "SELECT id, opened_ms, closed_ms FROM tenancies WHERE room_id = $1
         ORDER BY opened_ms DESC, id DESC LIMIT $2",
        room.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Where a tenancy is, or was.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TenancyPlace {
    /// The building's name.
    pub building: String,
    /// The floor's name.
    pub floor: String,
    /// The room's name.
    pub room: String,
    /// The serial number of the meter that serves it, while one does.
    pub serial: Option<i64>,
    /// Which of its outlets, from 0.
    pub position: Option<i64>,
}

/// Where a tenancy is, and the outlet that serves it.
pub async fn place_of(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
) -> Result<Option<TenancyPlace>, DbError> {
    let row = sql_as!(
        TenancyPlace,
        "SELECT b.name AS building, f.name AS floor, r.name AS room, m.serial, h.position
         FROM tenancies t JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id LEFT JOIN credit_accounts c ON c.tenancy_id = t.id
         LEFT JOIN outlets h ON h.id = c.household_id
         LEFT JOIN meters m ON m.id = h.meter_id WHERE t.id = $1",
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// All accounts of one kind together.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KindBalance {
    /// The kind: the accounts' name without what it is of, such as `money:prepaid`.
    pub kind: String,
    /// Sum of what was taken from them, in minor units or Wh.
    pub debits: i64,
    /// Sum of what was put into them.
    pub credits: i64,
}

impl KindBalance {
    /// Credits less debits.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.credits - self.debits
    }
}

/// The trial balance: every kind of account with what moved on it before `until_ms`, site time. In each ledger the
/// balances sum to zero.
pub async fn trial_balance(conn: &mut AnyConnection, until_ms: i64) -> Result<Vec<KindBalance>, DbError> {
    let rows = sql_as!(
        KindBalance,
        "SELECT x.kind, CAST(SUM(x.debit) AS BIGINT) AS debits, CAST(SUM(x.credit) AS BIGINT) AS credits
         FROM (SELECT CASE WHEN y.account LIKE 'money:prepaid:%' THEN 'money:prepaid'
                           WHEN y.account LIKE 'money:cash:%' THEN 'money:cash'
                           WHEN y.account LIKE 'money:refunds-payable:%' THEN 'money:refunds-payable'
                           WHEN y.account LIKE 'money:channel:%' THEN 'money:channel'
                           WHEN y.account LIKE 'energy:purse:%' THEN 'energy:purse'
                           WHEN y.account LIKE 'energy:subsidy:%' THEN 'energy:subsidy'
                           ELSE y.account END AS kind, y.debit, y.credit
               FROM (SELECT t.operation_id, t.debit_account AS account, t.amount AS debit, CAST(0 AS BIGINT) AS credit
                     FROM transfers t
                     UNION ALL
                     SELECT t.operation_id, t.credit_account AS account, CAST(0 AS BIGINT) AS debit, t.amount AS credit
                     FROM transfers t) y
               JOIN operations o ON o.id = y.operation_id AND o.at_ms < $1) x
         GROUP BY x.kind ORDER BY x.kind",
        until_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
