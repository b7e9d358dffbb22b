//! Who may do what: a set of actions for each kind of actor and each role. The one place that says so.

use crate::actor::{Actor, Role};

/// Something that can be asked for. What only shows begins with `See`; everything else changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// See rooms, who lives there, and their supply.
    SeeRooms,
    /// See collectors, meters, what they read and report.
    SeeEquipment,
    /// See what meters decide by.
    SeeSettings,
    /// See sales, accounts, refunds and their papers.
    SeeMoney,
    /// See everybody's shifts and takings.
    SeeShifts,
    /// See the reports of everybody's sales, of consumption and of what is owed.
    SeeReports,
    /// See the books, and readings that were held.
    SeeBooks,
    /// See prices and whom they are for.
    SeePrices,
    /// See who gets free electricity, and what was granted.
    SeeAllowances,
    /// See how the site is set up.
    SeeInstallation,
    /// See who works with the program.
    SeeUsers,
    /// Change the own password and what else is one's own.
    KeepAccount,
    /// Sell electricity, and take an own sale back.
    Sell,
    /// Open and close the own shift at the desk.
    KeepShift,
    /// Close somebody else's shift, and take their sales back.
    OverseeShifts,
    /// Hand out papers.
    HandOut,
    /// Switch a room's supply.
    SwitchSupply,
    /// Change what meters decide by: credit levels, schedules, the calendar.
    ChangeSettings,
    /// Acknowledge a low-credit reminder, so that the supply comes back.
    AcknowledgeReminder,
    /// Let a meter that lost its memory have its credit anew.
    RestoreCredit,
    /// Release what protection has locked out, so that the supply comes back.
    ReleaseLockout,
    /// Move residents in.
    MoveIn,
    /// Move residents out, settle what they are owed, and approve it.
    MoveOut,
    /// Pay an approved refund out.
    PayRefund,
    /// Decide about readings that cannot be.
    JudgeReadings,
    /// Book what meters have counted.
    Recognise,
    /// Change the price of electricity.
    SetPrice,
    /// Say who gets free electricity, and grant it.
    Grant,
    /// Connect collectors and meters, and say which rooms they serve.
    InstallMeters,
    /// Set up the site, its buildings and rooms, its letterhead and terms.
    SetUpSite,
    /// Add and disable users.
    ManageUsers,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 31] = [
        Self::SeeRooms,
        Self::SeeEquipment,
        Self::SeeSettings,
        Self::SeeMoney,
        Self::SeeShifts,
        Self::SeeReports,
        Self::SeeBooks,
        Self::SeePrices,
        Self::SeeAllowances,
        Self::SeeInstallation,
        Self::SeeUsers,
        Self::KeepAccount,
        Self::Sell,
        Self::KeepShift,
        Self::OverseeShifts,
        Self::HandOut,
        Self::SwitchSupply,
        Self::ChangeSettings,
        Self::AcknowledgeReminder,
        Self::RestoreCredit,
        Self::ReleaseLockout,
        Self::MoveIn,
        Self::MoveOut,
        Self::PayRefund,
        Self::JudgeReadings,
        Self::Recognise,
        Self::SetPrice,
        Self::Grant,
        Self::InstallMeters,
        Self::SetUpSite,
        Self::ManageUsers,
    ];

    /// Whether it only shows something.
    #[must_use]
    pub const fn only_shows(self) -> bool {
        (self as u8) <= (Self::SeeUsers as u8)
    }
}

/// A set of actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights(u32);

impl Rights {
    /// Of somebody who lives there: what is theirs they see by the scope of their rooms, not by a right over the site.
    const RESIDENT: Self = Self::these(&[Action::KeepAccount]);
    /// Of a provider of payment.
    const PROVIDER: Self = Self::these(&[Action::Sell]);
    /// Of the house by its schedule.
    const SCHEDULE: Self = Self::these(&[Action::Recognise, Action::Grant]);

    const CASHIER: Self = Self::these(&[
        Action::KeepAccount,
        Action::SeeRooms,
        Action::SeeEquipment,
        Action::SeeMoney,
        Action::Sell,
        Action::KeepShift,
        Action::HandOut,
        Action::AcknowledgeReminder,
        Action::PayRefund,
    ]);
    const TECHNICIAN: Self = Self::these(&[
        Action::KeepAccount,
        Action::SeeRooms,
        Action::SeeEquipment,
        Action::SeeSettings,
        Action::SwitchSupply,
        Action::ChangeSettings,
        Action::AcknowledgeReminder,
        Action::ReleaseLockout,
        Action::InstallMeters,
    ]);
    const AUDITOR: Self = Self::these(&[
        Action::KeepAccount,
        Action::SeeRooms,
        Action::SeeEquipment,
        Action::SeeSettings,
        Action::SeeMoney,
        Action::SeeShifts,
        Action::SeeReports,
        Action::SeeBooks,
        Action::SeePrices,
        Action::SeeAllowances,
        Action::SeeInstallation,
        Action::SeeUsers,
    ]);
    const MANAGER: Self = Self::CASHIER.with(Self::these(&[
        Action::SeeSettings,
        Action::SeeShifts,
        Action::SeeReports,
        Action::SeeBooks,
        Action::SeePrices,
        Action::SeeAllowances,
        Action::SeeInstallation,
        Action::OverseeShifts,
        Action::SwitchSupply,
        Action::ChangeSettings,
        Action::RestoreCredit,
        Action::ReleaseLockout,
        Action::MoveIn,
        Action::MoveOut,
        Action::JudgeReadings,
        Action::SetPrice,
        Action::Grant,
    ]));
    const ADMINISTRATOR: Self = Self::MANAGER.with(Self::these(&[
        Action::SeeUsers,
        Action::InstallMeters,
        Action::SetUpSite,
        Action::ManageUsers,
    ]));

    const fn these(actions: &[Action]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < actions.len() {
            bits |= 1 << actions[index] as u32;
            index += 1;
        }
        Self(bits)
    }

    const fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    /// What an actor may do.
    #[must_use]
    pub const fn of(actor: &Actor) -> Self {
        match actor {
            Actor::Staff(staff) => Self::of_role(staff.role),
            Actor::Resident(_) => Self::RESIDENT,
            Actor::Provider(_) => Self::PROVIDER,
            Actor::Schedule(_) => Self::SCHEDULE,
        }
    }

    /// What somebody of the office may do.
    #[must_use]
    pub const fn of_role(role: Role) -> Self {
        match role {
            Role::Cashier => Self::CASHIER,
            Role::Technician => Self::TECHNICIAN,
            Role::Auditor => Self::AUDITOR,
            Role::Manager => Self::MANAGER,
            Role::Administrator => Self::ADMINISTRATOR,
        }
    }

    /// Whether the action is among them.
    #[must_use]
    pub const fn holds(self, action: Action) -> bool {
        self.0 & (1 << action as u32) != 0
    }
}

impl Actor {
    /// Whether `action` is among what such an actor may do.
    #[must_use]
    pub const fn may(&self, action: Action) -> bool {
        Rights::of(self).holds(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(rights: Rights) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| rights.holds(*action)).collect()
    }

    #[test]
    fn every_action_has_a_place_of_its_own_in_a_set() {
        for (index, action) in Action::ALL.into_iter().enumerate() {
            assert_eq!(action as usize, index, "{action:?}");
            assert_eq!(held(Rights::these(&[action])), [action]);
        }
    }

    #[test]
    fn an_auditor_sees_everything_and_changes_nothing_but_the_own_password() {
        let rights = Rights::of_role(Role::Auditor);
        for action in Action::ALL {
            let theirs = action.only_shows() || action == Action::KeepAccount;
            assert_eq!(rights.holds(action), theirs, "{action:?}");
        }
    }

    #[test]
    fn a_technician_has_to_do_with_meters_and_never_with_money() {
        let rights = Rights::of_role(Role::Technician);
        assert!(rights.holds(Action::InstallMeters) && rights.holds(Action::SwitchSupply));
        for money in [
            Action::SeeMoney,
            Action::SeeShifts,
            Action::SeeReports,
            Action::SeeBooks,
            Action::Sell,
            Action::PayRefund,
            Action::MoveOut,
            Action::Grant,
            Action::SetPrice,
            Action::RestoreCredit,
        ] {
            assert!(!rights.holds(money), "{money:?}");
        }
    }

    #[test]
    fn only_the_house_books_what_meters_count() {
        for role in Role::ALL {
            assert!(!Rights::of_role(role).holds(Action::Recognise), "{role:?}");
        }
        assert_eq!(held(Rights::SCHEDULE), [Action::Recognise, Action::Grant]);
        assert_eq!(held(Rights::PROVIDER), [Action::Sell]);
        assert_eq!(held(Rights::RESIDENT), [Action::KeepAccount]);
    }

    #[test]
    fn whoever_may_change_something_may_see_some_of_it() {
        let pairs = [
            (Action::Sell, Action::SeeMoney),
            (Action::OverseeShifts, Action::SeeShifts),
            (Action::ChangeSettings, Action::SeeSettings),
            (Action::InstallMeters, Action::SeeEquipment),
            (Action::JudgeReadings, Action::SeeBooks),
            (Action::SetPrice, Action::SeePrices),
            (Action::Grant, Action::SeeAllowances),
            (Action::SetUpSite, Action::SeeInstallation),
            (Action::ManageUsers, Action::SeeUsers),
        ];
        for role in Role::ALL {
            let rights = Rights::of_role(role);
            for (change, see) in pairs {
                assert!(!rights.holds(change) || rights.holds(see), "{role:?}: {change:?} without {see:?}");
            }
        }
    }
}
