//! What a kind of meter is like, as far as the office has to know.

use crate::UnknownWord;
use crate::set::{Listed, Set};

/// Where the credit of an outlet is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreditAt {
    /// Its meter counts it, and cuts off by itself.
    InMeter,
    /// The server counts it, and has the relay opened.
    AtServer,
}

impl CreditAt {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InMeter => "in-meter",
            Self::AtServer => "at-server",
        }
    }
}

impl TryFrom<String> for CreditAt {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        let known = [Self::InMeter, Self::AtServer].into_iter().find(|at| at.as_str() == text);
        known.ok_or_else(|| UnknownWord::new("place of credit", text))
    }
}

/// What the office can do with some meters and not with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// It takes settings: schedules, protection, low-credit reminders.
    Settings,
    /// Its display can be read.
    Display,
    /// Its single-phase outlets may have second loops.
    SecondLoops,
}

impl Listed for Feature {
    const WHAT: &'static str = "feature of a meter";
    const ALL: &'static [Self] = &[Self::Settings, Self::Display, Self::SecondLoops];

    fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Display => "display",
            Self::SecondLoops => "second-loops",
        }
    }
}

/// What a meter has.
pub type Features = Set<Feature>;
