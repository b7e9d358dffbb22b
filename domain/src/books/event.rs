//! What can happen on a tenancy's account, and what stands on it.

use serde::{Deserialize, Serialize};

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
