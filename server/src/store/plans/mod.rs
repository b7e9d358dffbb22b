//! What electricity costs, and whom.

pub mod price_plans;
pub mod room_groups;
