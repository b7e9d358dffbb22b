//! What the office sees of meters: equipment, what they read and report, what they decide by.

/// The site's days.
pub mod calendar {
    pub use crate::store::meters::calendar::{days, rest_weekdays};
}

/// What a household's meter told beyond its live block.
pub mod details {
    pub use crate::store::meters::details::Details;
}

/// What is on meters' displays, for those who look at one in the browser.
pub mod displays {
    pub use crate::store::meters::displays::{DisplayPage, of_meter};
}

/// Collectors and meters, with their health.
pub mod equipment {
    pub use crate::store::meters::equipment::{Collector, Meter, collectors, meters};
}

/// What meters recorded.
pub mod events {
    pub use crate::store::meters::events::{Event, NEWEST, of_meter};
}

/// Households.
pub mod households {
    pub use crate::store::meters::households::{desired, of_room, reported};
}

/// Kinds of meters.
pub mod kinds {
    pub use crate::store::meters::kinds::{Kind, KindOutlet, OURS, all, outlets};
}

/// Meters that lost their memory, what their households had before, and what they used that the meter forgot.
pub mod memory_losses {
    pub use crate::store::meters::memory_losses::{FallenRoom, Loss, fallen, open};
}

/// A meter's outlets and the rooms they serve.
pub mod outlets {
    pub use crate::store::meters::outlets::{OutletRoom, of_meter};
}

/// Which outlets have a second loop.
pub mod second_loops {
    pub use crate::store::meters::second_loops::{SecondLoop, of_meter};
}

/// What the office wants set, for one household or for many, and what the meters hold.
pub mod settings {
    pub use crate::store::meters::settings::{Alike, Change, alike, rooms_in};
}

/// The history of what was asked of a household's relay, by whom and why.
pub mod supply_changes {
    pub use crate::store::meters::supply_changes::SupplyChange;
}
