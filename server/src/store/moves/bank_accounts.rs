//! Where residents want their refunds.

use domain::ids::{ResidentId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct BankAccount {
    /// Whose it is by name.
    pub account_name: String,
    /// Its number.
    pub account_number: String,
    /// The bank.
    pub bank: String,
}

/// The account of a resident, if it is known.
pub async fn of(conn: &mut AnyConnection, resident: &ResidentId) -> Result<Option<BankAccount>, DbError> {
    let row = sql_as!(
        BankAccount,
        "SELECT account_name, account_number, bank FROM bank_accounts WHERE resident_id = $1",
        resident.as_str(),
    );
    Ok(row.fetch_optional(conn).await?)
}

/// Writes down the account of the resident with that number; `false` when there is nobody.
pub async fn put(
    conn: &mut AnyConnection,
    number: &str,
    account: &BankAccount,
    (by, now_ms): (&UserId, i64),
) -> Result<bool, DbError> {
    let done = sql!(
        "INSERT INTO bank_accounts (resident_id, account_name, account_number, bank, changed_by, changed_ms)
         SELECT id, $1, $2, $3, $4, $5 FROM residents WHERE number = $6
         ON CONFLICT (resident_id) DO UPDATE SET account_name = excluded.account_name,
             account_number = excluded.account_number, bank = excluded.bank, changed_by = excluded.changed_by,
             changed_ms = excluded.changed_ms",
        account.account_name.as_str(),
        account.account_number.as_str(),
        account.bank.as_str(),
        by.as_str(),
        now_ms,
        number,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
