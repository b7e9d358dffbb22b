//! Price plans: what groups of rooms pay, from when on; and which rooms are in which group. What was sold keeps its price.

mod groups;
mod plan;
mod preview;
pub mod terms;

pub use groups::{PlaceRooms, add_group, place_rooms};
pub use plan::{SetPlan, set_plan, withdraw_plan};
pub use preview::{EXAMPLES_WH, Example, Preview, preview};
