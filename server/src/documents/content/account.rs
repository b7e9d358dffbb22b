//! The content of an account statement: everything that happened on a tenancy's account in a period.

use serde::{Deserialize, Serialize};

use crate::documents::parts::{Letterhead, Moment, Outlet, Person, Place};

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

/// What stands on an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    /// Paid energy, in Wh; below zero in overdraft.
    pub paid_wh: i64,
    /// Free energy, in Wh.
    pub subsidy_wh: i64,
    /// What the paid energy is worth, in minor units.
    pub prepaid_minor: i64,
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

/// What can happen on an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountEvent {
    /// Electricity was bought.
    #[default]
    Sale,
    /// A sale was taken back.
    Void,
    /// Free electricity was granted.
    Grant,
    /// Free electricity lapsed.
    Lapse,
    /// Electricity was used.
    Use,
    /// Credit was brought along from another room.
    CarriedIn,
    /// Credit was taken along to another room.
    CarriedOut,
    /// What was left was refunded.
    Refund,
    /// A correction.
    Adjustment,
}
