//! The content of an account statement: everything that happened on a tenancy's account in a period.

use domain::books::{AccountEvent, Balances};
use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment, Outlet, Person, Place};

/// What happened on a room's account in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountStatement {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// The room.
    pub place: Place,
    /// Who lives there.
    pub residents: Vec<Person>,
    /// The outlet that serves it, while one does.
    pub outlet: Option<Outlet>,
    /// From when (inclusive).
    pub from: Moment,
    /// To when (exclusive).
    pub to: Moment,
    /// What stood on the account at the beginning.
    pub opening: Balances,
    /// What happened, in order.
    pub lines: Vec<AccountLine>,
    /// What stood on it at the end.
    pub closing: Balances,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// When.
    pub at: Moment,
    /// What.
    pub event: AccountEvent,
    /// A number, a month, a reason: what tells it from its like. May be empty.
    pub text: String,
    /// Paid energy in (or, below zero, out), in Wh.
    pub paid_wh: i64,
    /// Free energy in (or, below zero, out), in Wh.
    pub subsidy_wh: i64,
    /// Prepaid money in (or, below zero, out), in minor units.
    pub amount_minor: i64,
    /// What stood on the account right after it.
    pub after: Balances,
}
