//! What the office sees of moves: departures, settlements, lists.

/// Adjustments.
pub mod adjustments {
    pub use crate::store::moves::adjustments::{Listed, latest, of_departure};
}

/// Many departures in one go.
pub mod departure_runs {
    pub use crate::store::moves::departure_runs::{
        Candidate, Item, Run, everywhere, get, in_building, items, latest, numbers, on_floor,
    };
}

/// Departures.
pub mod departures {
    pub use crate::store::moves::departures::{Departure, LastReading, get};
}

/// Departures in lists.
pub mod departures_list {
    pub use crate::store::moves::departures_list::{Listed, Stage, done, get, of_room, open};
}

/// Lists of move-ins that were taken in, and what a list is compared with.
pub mod imports {
    pub use crate::store::moves::imports::Import;
}

/// Settlements.
pub mod settlements {
    pub use crate::store::moves::settlements::{
        BankPayout, ListedShare, Payout, Settlement, Share, Standing, Terms, approval_of, bank_list,
        debts_of, listed_shares, of_departure, payouts_of, shares_of, standing, terms,
    };
}
