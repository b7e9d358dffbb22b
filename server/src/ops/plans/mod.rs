//! Price plans: what groups of rooms pay, from when on; and which rooms are in which group. What was sold keeps its price.

mod groups;
mod plan;
mod preview;
pub mod terms;

pub use groups::{AddGroup, NoGroup, NotPlaced, PlaceRooms};
pub use plan::{HasBegun, NoPlan, SetPlan, WithdrawPlan};
pub use preview::{EXAMPLES_WH, Example, Preview, preview};
