//! Who acts: somebody of the office, somebody who lives there, a provider of payment, or the house by its schedule.

use std::str::FromStr;

use crate::UnknownWord;
use crate::ids::{ResidentId, UserId};

/// Who does something. What each may do stands in [`crate::rights`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody of the office, signed in.
    Staff(Staff),
    /// Somebody who lives there.
    Resident(Resident),
    /// A provider of payment whose word was verified.
    Provider(Provider),
    /// The house, by a rule that somebody laid down.
    Schedule(Schedule),
}

/// Somebody of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The user.
    pub user_id: UserId,
    /// The name shown on receipts and in the history.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody who lives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Who.
    pub resident_id: ResidentId,
    /// Their name.
    pub name: String,
}

/// A provider of payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name, which is the name of its payment channel, too.
    pub name: String,
}

/// The house by its schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The job, as in the rows of its runs.
    pub job: &'static str,
}

/// The id under which the house itself acts.
const HOUSE: &str = "system";

impl Actor {
    /// Every kind, as stored.
    pub const KINDS: [&str; 4] = ["staff", "resident", "provider", "schedule"];

    /// The kind, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => Self::KINDS[0],
            Self::Resident(_) => Self::KINDS[1],
            Self::Provider(_) => Self::KINDS[2],
            Self::Schedule(_) => Self::KINDS[3],
        }
    }

    /// The id, as stored with what was done: a user's, a resident's, a provider's name, or the house's.
    #[must_use]
    pub fn id(&self) -> UserId {
        match self {
            Self::Staff(staff) => staff.user_id.clone(),
            Self::Resident(resident) => UserId(resident.resident_id.0.clone()),
            Self::Provider(provider) => UserId(provider.name.clone()),
            Self::Schedule(_) => UserId(HOUSE.to_owned()),
        }
    }

    /// The name, as it was when something was done.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Staff(staff) => &staff.display_name,
            Self::Resident(resident) => &resident.name,
            Self::Provider(provider) => &provider.name,
            Self::Schedule(schedule) => schedule.job,
        }
    }

    /// Who of the office it is, if anybody.
    #[must_use]
    pub const fn staff(&self) -> Option<&Staff> {
        if let Self::Staff(staff) = self { Some(staff) } else { None }
    }
}

impl From<Staff> for Actor {
    fn from(staff: Staff) -> Self {
        Self::Staff(staff)
    }
}

/// What somebody of the office works as. None is above another: each has the rights of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Sells electricity at the desk.
    Cashier,
    /// Looks after meters and supply; knows nothing of money.
    Technician,
    /// Sees everything and changes nothing.
    Auditor,
    /// Runs the property: supply, residents, prices.
    Manager,
    /// Sets up the installation and its users, besides what a manager does.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Cashier, Self::Technician, Self::Auditor, Self::Manager, Self::Administrator];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Technician => "technician",
            Self::Auditor => "auditor",
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
