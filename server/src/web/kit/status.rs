//! A room's state as colour, icon and word.

use domain::supply::{RoomStatus, SupplyMode};

use words::Lang;

/// Every state in the order of the filter: what needs somebody comes after what is well.
pub const ALL: [RoomStatus; 9] = [
    RoomStatus::On,
    RoomStatus::Low,
    RoomStatus::OutOfCredit,
    RoomStatus::LockedOut,
    RoomStatus::Tripped,
    RoomStatus::Off,
    RoomStatus::Offline,
    RoomStatus::NoMeter,
    RoomStatus::Vacant,
];

/// How a state looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The style sheet's class, the address's value.
    pub class: &'static str,
    /// The icon in the sprite.
    pub icon: &'static str,
    /// The word.
    pub word: &'static str,
}

/// How a room's state looks.
#[must_use]
pub const fn look(t: Lang, status: RoomStatus) -> Look {
    let (class, icon, word) = match status {
        RoomStatus::On => ("on", "on", t.state_on()),
        RoomStatus::Low => ("low", "low", t.state_low()),
        RoomStatus::OutOfCredit => ("out", "out", t.state_out()),
        RoomStatus::LockedOut => ("locked-out", "key", t.state_locked_out()),
        RoomStatus::Tripped => ("tripped", "warning", t.state_tripped()),
        RoomStatus::Off => ("off", "off", t.state_off()),
        RoomStatus::Offline => ("offline", "offline", t.state_offline()),
        RoomStatus::NoMeter => ("no-meter", "meter", t.state_no_meter()),
        RoomStatus::Vacant => ("vacant", "vacant", t.state_vacant()),
    };
    Look { class, icon, word }
}

/// What is asked of a relay, in a word.
#[must_use]
pub const fn mode_word(t: Lang, mode: SupplyMode) -> &'static str {
    match mode {
        SupplyMode::Auto => t.mode_auto(),
        SupplyMode::Off => t.mode_off(),
        SupplyMode::On => t.mode_on(),
    }
}
