//! Who acts: a signed-in person and what their role is.

use std::str::FromStr;

use crate::UnknownWord;
use crate::ids::UserId;

/// What a person may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Sells electricity at the desk.
    Cashier,
    /// Runs the property: supply, residents, prices.
    Manager,
    /// Sets up the installation and its users.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Cashier, Self::Manager, Self::Administrator];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownWord::new("role", text))
    }
}

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user_id: UserId,
    /// The name shown on receipts and in the history.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
}
