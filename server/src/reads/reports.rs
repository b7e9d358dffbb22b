//! What the office sees of sums over any span of days.

/// What was used, as the books have recognised it.
pub mod consumption {
    pub use crate::store::reports::consumption::{Periods, QuarterUse, RoomUse, by_quarter, by_room};
}

/// What the property owes.
pub mod liability {
    pub use crate::store::reports::liability::{Owed, by_building};
}

/// Settlements of tenancies that ended, and what of them was paid out.
pub mod refunds {
    pub use crate::store::reports::refunds::{Refund, settled};
}

/// Sales and voids of a period.
pub mod sales {
    pub use crate::store::reports::sales::{Filter, Sold, by_building, by_cashier, by_channel, by_quarter};
}
