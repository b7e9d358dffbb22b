//! Bank accounts of residents from a list: all of it or nothing, with every problem by row.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::rights::Action;
use domain::text;
use paper::roster::{AccountLine, Column};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::pay::{AccountPart, check_account};
use crate::db::{Db, DbError};
use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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
) -> Result<(Accounts, Vec<(usize, AccountProblem)>), DbError> {
    let (mut accounts, mut problems, mut rows) = (Accounts::default(), Vec::new(), BTreeMap::new());
    let filled = lines.iter().filter(|line| !line.is_blank());
    let mut conn = db.read().await?;
    for line in filled {
        let number = text::identity(&line.number.text);
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
    if line.account.rounded || line.number.rounded {
        return Some(AccountProblem::Rounded);
    }
    let (part, _) = check_account(&line.holder.text, &line.account.text, &line.bank.text).err()?;
    Some(AccountProblem::Malformed(match part {
        AccountPart::Holder => Column::Holder,
        AccountPart::Number => Column::Account,
        AccountPart::Bank => Column::Bank,
    }))
}

/// Accounts to be written down.
#[derive(Clone, Debug, Serialize)]
pub struct NoteAccounts {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Whose, and which.
    pub accounts: Accounts,
}

/// There are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are no accounts")]
pub struct NoAccounts;

refusals!(NoAccounts);

/// Writes accounts down.
impl Verb for NoteAccounts {
    const NAME: &'static str = "note-accounts";
    const WAKES: bool = false;
    type Refusal = NoAccounts;

    fn right(&self) -> Action {
        Action::PayRefund
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoAccounts> {
        if self.accounts.is_empty() { Err(NoAccounts) } else { Ok(()) }
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoAccounts> {
        async move {
            let by = operation.by.id();
            for (number, account) in &self.accounts.0 {
                bank_accounts::put(conn, number, account, (&by, operation.at_ms)).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
