//! Who may do what: one function, deny by default.

/// What a user of the office is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, users and the installation included.
    Administrator,
    /// The desk, and switching supply, moving people in and the price.
    Manager,
    /// The desk: sees rooms, sells.
    Cashier,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Manager, Self::Cashier];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Cashier => "cashier",
        }
    }

    /// The role of that name, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// What a person can ask the program to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See the board, rooms, sales and receipts.
    SeeRooms,
    /// Sell electricity.
    Sell,
    /// Switch a room's supply on, off or back to automatic.
    SwitchSupply,
    /// Open a tenancy.
    MoveIn,
    /// See collectors and meters with their health.
    SeeEquipment,
    /// Set the price of a kilowatt-hour.
    SetPrice,
    /// See the installation: site, buildings, rooms, price.
    SeeInstallation,
    /// Change the installation: site, buildings, rooms, collectors, meters.
    ChangeInstallation,
    /// Add and disable users, and set their passwords.
    ManageUsers,
    /// Change one's own language and password.
    OwnAccount,
}

impl Action {
    /// Every action; the tests walk it.
    pub const ALL: [Self; 10] = [
        Self::SeeRooms,
        Self::Sell,
        Self::SwitchSupply,
        Self::MoveIn,
        Self::SeeEquipment,
        Self::SetPrice,
        Self::SeeInstallation,
        Self::ChangeInstallation,
        Self::ManageUsers,
        Self::OwnAccount,
    ];
}

/// Whether `role` may do `action`. What is not named here is refused.
#[must_use]
pub const fn may(role: Role, action: Action) -> bool {
    use Action::{
        ChangeInstallation, ManageUsers, MoveIn, OwnAccount, SeeEquipment, SeeInstallation, SeeRooms, Sell, SetPrice,
        SwitchSupply,
    };
    match role {
        Role::Administrator => matches!(
            action,
            SeeRooms
                | Sell
                | SwitchSupply
                | MoveIn
                | SeeEquipment
                | SetPrice
                | SeeInstallation
                | ChangeInstallation
                | ManageUsers
                | OwnAccount
        ),
        Role::Manager => matches!(
            action,
            SeeRooms | Sell | SwitchSupply | MoveIn | SeeEquipment | SetPrice | SeeInstallation | OwnAccount
        ),
        Role::Cashier => matches!(action, SeeRooms | Sell | SeeEquipment | OwnAccount),
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Role, may};

    #[test]
    fn a_more_powerful_role_may_all_that_a_lesser_one_may() {
        for action in Action::ALL {
            let allowed = Role::ALL.map(|role| may(role, action));
            assert!(allowed.is_sorted_by(|above, below| above >= below), "{action:?}: {allowed:?}");
            assert!(allowed[0], "nobody may {action:?}");
        }
    }

    #[test]
    fn a_cashier_sells_and_changes_nothing_else() {
        let allowed: Vec<_> = Action::ALL.into_iter().filter(|&action| may(Role::Cashier, action)).collect();
        assert_eq!(allowed, [Action::SeeRooms, Action::Sell, Action::SeeEquipment, Action::OwnAccount]);
    }

    #[test]
    fn a_role_reads_back_from_its_text() {
        assert_eq!(Role::ALL.map(|role| Role::parse(role.as_str())), Role::ALL.map(Some));
        assert_eq!(Role::parse("Administrator"), None);
    }
}
