//! Who may do what: the one function that says so.

use super::actor::Role;

/// Something a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See rooms, meters, sales.
    Look,
    /// Sell electricity.
    Sell,
    /// Open and close the own shift at the desk, and see it.
    KeepShift,
    /// See everybody's shifts and the day's takings, and close a forgotten shift.
    OverseeShifts,
    /// See the reports of everybody's sales, of consumption and of what is owed.
    SeeReports,
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
    /// See the books, and readings that were held.
    SeeBooks,
    /// Decide about readings that cannot be.
    JudgeReadings,
    /// Change the price of electricity.
    SetPrice,
    /// Say who gets free electricity, and grant it.
    Grant,
    /// Set up buildings, rooms, collectors, meters and the site.
    Install,
    /// Add and disable users.
    ManageUsers,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 19] = [
        Self::Look,
        Self::Sell,
        Self::KeepShift,
        Self::OverseeShifts,
        Self::SeeReports,
        Self::SwitchSupply,
        Self::ChangeSettings,
        Self::AcknowledgeReminder,
        Self::RestoreCredit,
        Self::ReleaseLockout,
        Self::MoveIn,
        Self::MoveOut,
        Self::PayRefund,
        Self::SeeBooks,
        Self::JudgeReadings,
        Self::SetPrice,
        Self::Grant,
        Self::Install,
        Self::ManageUsers,
    ];
}

/// Whether `role` may do `action`.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    let least = match action {
        Action::Look | Action::Sell | Action::KeepShift | Action::PayRefund | Action::AcknowledgeReminder => {
            Role::Cashier
        }
        Action::OverseeShifts
        | Action::SeeReports
        | Action::SwitchSupply
        | Action::ChangeSettings
        | Action::RestoreCredit
        | Action::ReleaseLockout
        | Action::MoveIn
        | Action::MoveOut
        | Action::SeeBooks
        | Action::JudgeReadings
        | Action::SetPrice
        | Action::Grant => Role::Manager,
        Action::Install | Action::ManageUsers => Role::Administrator,
    };
    role >= least
}
