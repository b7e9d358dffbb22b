//! The books: append-only transfers. A transfer names both accounts, so it is balanced by itself.

use domain::ids::{OperationId, SettlementId, ShiftId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// The ledgers, by the words that stand in a transfer and begin an account's name.
pub const LEDGERS: [&str; 2] = ["money", "energy"];

/// An account of the books, by what it is. Its balance is credits less debits: what the property owes or has earned is
/// positive, what it holds or has spent is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// Money in the drawer of a shift.
    Drawer(ShiftId),
    /// Money in the office's safe: floats come out of it, drawers go into it.
    Safe,
    /// What was counted more or less than the books expected in a drawer.
    CashDifference,
    /// Money that came or went by a channel other than cash.
    Channel(String),
    /// Money a tenancy has paid ahead: owed to it until used.
    Prepaid(TenancyId),
    /// Money earned by energy that was used.
    Revenue,
    /// What the free electricity that was used has cost the institution.
    Subsidy,
    /// Money owed to the residents of a tenancy that ended.
    RefundsPayable(SettlementId),
    /// Other debts, set off against refunds.
    SetOff,
    /// What rounding to the smallest coin has given or taken.
    Rounding,
    /// Energy the property has sold as credit.
    Issued,
    /// Energy the property has given free as credit.
    Granted,
    /// Paid energy credited to a tenancy.
    Purse(TenancyId),
    /// Free energy credited to a tenancy.
    SubsidyPurse(TenancyId),
    /// Energy that was used.
    Consumed,
    /// Free energy that was not used in its time.
    Lapsed,
    /// Paid energy given back for money.
    Refunded,
    /// Energy corrected by a person's decision.
    Adjusted,
}

impl Account {
    /// Its name in the books; the ledger comes first.
    #[must_use]
    pub fn name(&self) -> String {
        let plain = match self {
            Self::Drawer(shift) => return format!("money:cash:{shift}"),
            Self::Channel(name) => return format!("money:channel:{name}"),
            Self::Prepaid(tenancy) => return format!("money:prepaid:{tenancy}"),
            Self::RefundsPayable(settlement) => return format!("money:refunds-payable:{settlement}"),
            Self::Purse(tenancy) => return format!("energy:purse:{tenancy}"),
            Self::SubsidyPurse(tenancy) => return format!("energy:subsidy:{tenancy}"),
            Self::Safe => "money:safe",
            Self::CashDifference => "money:cash-difference",
            Self::Revenue => "money:revenue",
            Self::Subsidy => "money:subsidy",
            Self::SetOff => "money:set-off",
            Self::Rounding => "money:rounding",
            Self::Issued => "energy:issued",
            Self::Granted => "energy:granted",
            Self::Consumed => "energy:consumed",
            Self::Lapsed => "energy:lapsed",
            Self::Refunded => "energy:refunded",
            Self::Adjusted => "energy:adjusted",
        };
        plain.to_owned()
    }

    /// Which ledger it stands in: `money` or `energy`.
    #[must_use]
    pub fn ledger(&self) -> &'static str {
        match self {
            Self::Drawer(_)
            | Self::Safe
            | Self::CashDifference
            | Self::Channel(_)
            | Self::Prepaid(_)
            | Self::Revenue
            | Self::Subsidy
            | Self::RefundsPayable(_)
            | Self::SetOff
            | Self::Rounding => "money",
            Self::Issued
            | Self::Granted
            | Self::Purse(_)
            | Self::SubsidyPurse(_)
            | Self::Consumed
            | Self::Lapsed
            | Self::Refunded
            | Self::Adjusted => "energy",
        }
    }
}

/// A movement between two accounts of one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Where it comes from.
    pub debit: Account,
    /// Where it goes.
    pub credit: Account,
    /// How much, in minor units or Wh. Nothing is written for zero; a movement below zero is one the other way.
    pub amount: i64,
}

impl Transfer {
    /// `amount` from `debit` to `credit`.
    #[must_use]
    pub fn new(debit: Account, credit: Account, amount: i64) -> Self {
        Self { debit, credit, amount }
    }

    /// The movement that undoes it.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { debit: self.credit, credit: self.debit, amount: self.amount }
    }
}

/// Writes what an operation moves, numbered from `first`; answers the number after the last. An operation of many
/// transfers passes it on.
///
/// # Errors
/// The database's; [`DbError::Corrupt`] for a transfer between two ledgers.
pub async fn record(
    conn: &mut AnyConnection,
    operation: &OperationId,
    first: i64,
    transfers: &[Transfer],
) -> Result<i64, DbError> {
    let mut position = first;
    for transfer in transfers.iter().filter(|transfer| transfer.amount != 0) {
        let (debit, credit) = if transfer.amount > 0 {
            (&transfer.debit, &transfer.credit)
        } else {
            (&transfer.credit, &transfer.debit)
        };
        if debit.ledger() != credit.ledger() {
            return Err(DbError::Corrupt(format!("a transfer from {debit:?} to {credit:?}")));
        }
        sql!(
            "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
             VALUES ($1, $2, $3, $4, $5, $6)",
            operation.as_str(),
            position,
            debit.ledger(),
            debit.name(),
            credit.name(),
            transfer.amount.abs(),
        )
        .execute(&mut *conn)
        .await?;
        position += 1;
    }
    Ok(position)
}

/// Writes what a sale moves: money from the buyer through the drawer or the channel into the prepaid account, and energy
/// into the purse. One statement, since each costs as much as the row it writes.
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

/// An account's credits less its debits, recomputed from every transfer.
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
