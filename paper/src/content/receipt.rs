//! The content of a receipt.

use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment, Outlet, Payment, Person, Place};

/// A sale, for its buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// The sale's own number, as on the screen.
    pub sale_number: String,
    /// The room.
    pub place: Place,
    /// Who lives there.
    pub residents: Vec<Person>,
    /// The outlet that is credited.
    pub outlet: Outlet,
    /// When it was sold.
    pub at: Moment,
    /// Who sold it.
    pub cashier: String,
    /// How it was paid.
    pub payment: Payment,
    /// Sold, in Wh.
    pub energy_wh: i64,
    /// Paid, in minor units.
    pub amount_minor: i64,
    /// What was sold at which price, one or several; their sums are those above.
    pub steps: Vec<PriceStep>,
    /// The sale had been taken back already when this was issued.
    pub voided: bool,
}

/// Energy sold at one price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceStep {
    /// Sold, in Wh.
    pub energy_wh: i64,
    /// Major units a kWh, decimal text.
    pub price_per_kwh: String,
    /// Paid, in minor units.
    pub amount_minor: i64,
}
