//! The content of a refund statement: what residents who move out are given back, and how it came about.

use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment, Outlet, Payment, Person, Place, Reading};

/// What is refunded when residents move out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundStatement {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// The room.
    pub place: Place,
    /// Who lived there.
    pub residents: Vec<Person>,
    /// The outlet that served it.
    pub outlet: Outlet,
    /// When they moved in.
    pub from: Moment,
    /// When the account was closed.
    pub to: Moment,
    /// The reading at moving in, when it is known.
    pub opening: Option<Reading>,
    /// The reading at moving out.
    pub closing: Reading,
    /// Every purchase that stands (voided ones left out), and credit brought along from another room.
    pub purchases: Vec<Purchase>,
    /// Every grant of free electricity.
    pub grants: Vec<GrantLine>,
    /// What was used, month by month.
    pub consumption: Vec<MonthUse>,
    /// Free electricity that lapsed, in Wh: never refunded.
    pub lapsed_wh: i64,
    /// Corrections of energy, for example between a reading entered by a person and the meter's own.
    pub adjustments: Vec<Adjustment>,
    /// What was left of each paid lot.
    pub refunded: Vec<RefundedLot>,
    /// Other debts, set off against the refund.
    pub set_offs: Vec<SetOff>,
    /// What rounding to the smallest coin added (or took), in minor units.
    pub rounding_minor: i64,
    /// What is paid out, in minor units; never below zero.
    pub total_minor: i64,
    /// What is still owed to the office after the set-offs, in minor units; zero unless the total is.
    pub owed_minor: i64,
    /// The stated rule of sharing, by its name: `equally`, `by-payments`, `one-payee`.
    pub sharing: String,
    /// Who gets how much; the sum is the total.
    pub payees: Vec<Payee>,
    /// Who settled the account.
    pub settled_by: String,
}

/// A purchase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// When.
    pub at: Moment,
    /// The sale's number, or where the credit was brought along from.
    pub reference: String,
    /// Brought along from another room, rather than bought here.
    pub carried: bool,
    /// How it was paid.
    pub payment: Payment,
    /// Bought, in Wh.
    pub energy_wh: i64,
    /// Major units a kWh, decimal text.
    pub price_per_kwh: String,
    /// Paid, in minor units.
    pub amount_minor: i64,
}

/// A grant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantLine {
    /// When.
    pub at: Moment,
    /// The month it was for (`2026-09`), or the reason of one given by hand.
    pub period: String,
    /// Granted, in Wh.
    pub energy_wh: i64,
}

/// A month's consumption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthUse {
    /// The site's month: `2026-09`.
    pub month: String,
    /// Used of free electricity, in Wh.
    pub subsidy_wh: i64,
    /// Used of paid electricity, in Wh.
    pub paid_wh: i64,
    /// What the paid part was worth, in minor units.
    pub paid_minor: i64,
}

/// A correction of energy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// When.
    pub at: Moment,
    /// Why, in words.
    pub reason: String,
    /// Added (or, below zero, taken), in Wh.
    pub energy_wh: i64,
    /// Its worth, in minor units.
    pub amount_minor: i64,
}

/// What was left of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundedLot {
    /// When it was bought.
    pub bought: Moment,
    /// The purchase's reference.
    pub reference: String,
    /// Left, in Wh.
    pub energy_wh: i64,
    /// The price it was sold at: major units a kWh, decimal text.
    pub price_per_kwh: String,
    /// Its value: the lot's amount less what was booked of it, in minor units.
    pub amount_minor: i64,
}

/// A debt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetOff {
    /// For what, in words.
    pub text: String,
    /// How much, in minor units; positive.
    pub amount_minor: i64,
}

/// Who gets how much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// Who.
    pub person: Person,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// How, once that is known.
    pub payment: Option<Payment>,
}

/// Which sum of a statement is not what its lines say, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unequal {
    /// Lots, set-offs and rounding do not lead to the total.
    #[error("the lines come to {lines}, the total says {total}")]
    Total {
        /// What the lines come to.
        lines: i64,
        /// What it says.
        total: i64,
    },
    /// The shares do not add up to the total.
    #[error("the shares come to {shares}, the total says {total}")]
    Shares {
        /// What the shares come to.
        shares: i64,
        /// What it says.
        total: i64,
    },
}

impl RefundStatement {
    /// Holds the sums against the lines: lots − set-offs + rounding + owed = total = shares.
    ///
    /// # Errors
    /// The first sum that differs.
    pub fn verify(&self) -> Result<(), Unequal> {
        let lots: i64 = self.refunded.iter().map(|lot| lot.amount_minor).sum();
        let debts: i64 = self.set_offs.iter().map(|debt| debt.amount_minor).sum();
        let shares: i64 = self.payees.iter().map(|payee| payee.amount_minor).sum();
        let lines = lots - debts + self.rounding_minor + self.owed_minor;
        let total = self.total_minor;
        if lines != total {
            return Err(Unequal::Total { lines, total });
        }
        if shares != total { Err(Unequal::Shares { shares, total }) } else { Ok(()) }
    }
}
