//! The books: append-only transfers. A transfer names both accounts, so it is balanced by itself.

use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::ids::{OperationId, ShiftId, TenancyId};

/// An account of the books, by what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// Money in the drawer of a cashier's shift.
    Cash(ShiftId),
    /// Money in the safe: floats come out of it, drawers go into it.
    Safe,
    /// What drawers held more or less than the books said when they were counted.
    CashDifference,
    /// Money that came over a channel that keeps its own books, such as a bank.
    Channel(String),
    /// Money a tenancy has paid ahead: owed to it until used.
    Prepaid(TenancyId),
    /// Energy the property has issued as credit.
    Issued,
    /// Energy credited to a tenancy.
    Purse(TenancyId),
}

impl Account {
    /// Its name in the books; the ledger comes first.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Cash(shift) => format!("money:cash:{shift}"),
            Self::Safe => "money:safe".to_owned(),
            Self::CashDifference => "money:cash-difference".to_owned(),
            Self::Channel(channel) => format!("money:channel:{channel}"),
            Self::Prepaid(tenancy) => format!("money:prepaid:{tenancy}"),
            Self::Issued => "energy:issued".to_owned(),
            Self::Purse(tenancy) => format!("energy:purse:{tenancy}"),
        }
    }
}

/// Writes what a sale moves: money from the buyer through the drawer or the channel into the prepaid account, and energy
/// into the purse. One statement, since each costs as much as the row it writes.
///
/// # Errors
/// The database's.
pub async fn record_sale(
    conn: &mut AnyConnection,
    operation: &OperationId,
    paid_into: &Account,
    tenancy: &TenancyId,
    amount_minor: i64,
    energy_wh: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         VALUES ($1, 0, 'money', $2, $3, $4), ($1, 1, 'energy', $5, $6, $7)",
        operation.as_str(),
        paid_into.name(),
        Account::Prepaid(tenancy.clone()).name(),
        amount_minor,
        Account::Issued.name(),
        Account::Purse(tenancy.clone()).name(),
        energy_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a transfer of money at a position of its operation.
///
/// # Errors
/// The database's.
pub async fn move_money(
    conn: &mut AnyConnection,
    operation: &OperationId,
    position: i64,
    (debit, credit): (&Account, &Account),
    amount_minor: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         VALUES ($1, $2, 'money', $3, $4, $5)",
        operation.as_str(),
        position,
        debit.name(),
        credit.name(),
        amount_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An account's credits less its debits, recomputed from every transfer.
///
/// # Errors
/// The database's.
pub async fn balance(conn: &mut AnyConnection, account: &Account) -> Result<i64, DbError> {
    let name = account.name();
    let (balance,) = sql_as!(
        (i64,),
        "SELECT CAST(COALESCE((SELECT SUM(amount) FROM transfers WHERE credit_account = $1), 0)
                   - COALESCE((SELECT SUM(amount) FROM transfers WHERE debit_account = $1), 0) AS BIGINT)",
        name.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(balance)
}
