//! Bank accounts of residents from a list: all of it or nothing, with every problem by row.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use paper::roster::{AccountLine, Column};

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use super::pay::check_account;
use crate::db::Db;
use crate::store::moves::bank_accounts::{self, BankAccount};
use crate::store::people::residents;

/// What is wrong with a row of a list of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountProblem {
    /// A cell is empty.
    Missing(Column),
    /// A cell is too long, or of the wrong form.
    Malformed(Column),
    /// A cell is a formula, or would be one.
    Formula(Column),
    /// A number of so many digits that a spreadsheet has rounded it.
    Rounded,
    /// Nobody has the number.
    Nobody,
    /// Another row is of the same resident.
    Twice(usize),
}

/// Accounts that can be taken, by resident's number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Accounts(BTreeMap<String, BankAccount>);

impl Accounts {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Looks a list through. Rows without an account are those that nobody has filled in.
///
/// # Errors
/// The database's.
pub async fn review_accounts(
    db: &Db,
    lines: &[AccountLine],
) -> Result<(Accounts, Vec<(usize, AccountProblem)>), OpError> {
    let (mut accounts, mut problems, mut rows) = (Accounts::default(), Vec::new(), BTreeMap::new());
    let filled = lines.iter().filter(|line| !line.is_blank());
    let mut conn = db.read().await?;
    for line in filled {
        let number = line.number.text.clone();
        let problem = match problem_of(line) {
            Some(problem) => Some(problem),
            None if rows.contains_key(&number) => rows.get(&number).copied().map(AccountProblem::Twice),
            None if !residents::is_known(&mut conn, &number).await? => Some(AccountProblem::Nobody),
            None => None,
        };
        if let Some(problem) = problem {
            problems.push((line.row, problem));
            continue;
        }
        rows.insert(number.clone(), line.row);
        let text = |cell: &paper::roster::Cell| cell.text.clone();
        let account = BankAccount {
            account_name: text(&line.holder),
            account_number: text(&line.account),
            bank: text(&line.bank),
        };
        accounts.0.insert(number, account);
    }
    Ok((accounts, problems))
}

fn problem_of(line: &AccountLine) -> Option<AccountProblem> {
    let cells = [
        (Column::Number, &line.number),
        (Column::Holder, &line.holder),
        (Column::Account, &line.account),
        (Column::Bank, &line.bank),
    ];
    for (column, cell) in cells {
        if cell.formula {
            return Some(AccountProblem::Formula(column));
        }
        if cell.is_empty() {
            return Some(AccountProblem::Missing(column));
        }
    }
    if line.account.rounded {
        return Some(AccountProblem::Rounded);
    }
    let wrong = check_account(&line.holder.text, &line.account.text, &line.bank.text).err()?;
    let OpError::Invalid { field, .. } = wrong else { return None };
    Some(AccountProblem::Malformed(match field {
        "account_name" => Column::Holder,
        "bank" => Column::Bank,
        _ => Column::Account,
    }))
}

/// Writes accounts down.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `accounts` when there are none.
pub async fn note_accounts(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    accounts: Accounts,
) -> Result<Outcome, OpError> {
    require(actor, Action::PayRefund)?;
    if accounts.is_empty() {
        return Err(OpError::Invalid { field: "accounts", problem: Problem::Missing });
    }
    let operation = Operation::new(clock, actor, "note-accounts", key, "site", &accounts)?;
    let by = actor.id();
    operation
        .run(db, (accounts, by), |operation, (accounts, by), conn| {
            async move {
                for (number, account) in &accounts.0 {
                    bank_accounts::put(conn, number, account, (by, operation.at_ms)).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
