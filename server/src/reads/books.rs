//! What the office sees of the books, readings that were held, accounts.

/// Tenancies' accounts and the balances of all accounts, recomputed from the transfers.
pub mod account {
    pub use crate::store::books::account::{KindBalance, TenancyOfRoom, trial_balance};
}

/// Readings that cannot be, and what a person decided about each.
pub mod quarantines {
    pub use crate::store::books::quarantines::{Decision, Quarantine, decided, get, open};
}
