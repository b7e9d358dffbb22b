//! What electricity costs: flat, by steps of a ladder, or by the time of use. Pure arithmetic; the plans that use it are
//! rows of the database.

mod hours;
mod ladder;
mod text;

pub use hours::{HOURS, Hours};
pub use ladder::{Ladder, MAX_STEPS, Per, Piece, Step};

use crate::money::Price;

/// How a price follows from what is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tariff {
    /// One price a kWh.
    Flat(Price),
    /// A price that changes with what was bought already in the month or year.
    Ladder(Ladder),
    /// A price by the hour of use. It can't be sold ahead: it is for credit that the server keeps.
    TimeOfUse(Box<Hours>),
}

impl Tariff {
    /// The price of the first kWh: what subsidised energy is worth.
    #[must_use]
    pub fn base(&self) -> Price {
        match self {
            Self::Flat(price) => *price,
            Self::Ladder(ladder) => ladder.first(),
            Self::TimeOfUse(hours) => hours.highest(),
        }
    }
}

/// Why a tariff can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATariff {
    /// No text of ours.
    #[error("not a tariff")]
    Unreadable,
    /// A ladder's steps must go up, and only its last is open.
    #[error("the steps of a ladder must go up")]
    Steps,
    /// Not a price for each of the 24 hours.
    #[error("each of the 24 hours needs a price")]
    Hours,
}
