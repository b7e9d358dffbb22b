//! What the office sees of prices and whom they are for.

/// Price plans.
pub mod price_plans {
    pub use crate::store::plans::price_plans::{DEFAULT_GROUP, Plan, all, of_group, of_room};
}

/// Groups of rooms that pay alike.
pub mod room_groups {
    pub use crate::store::plans::room_groups::{Group, all};
}
