//! The low-credit reminder: the supply drops out once when credit falls to the alarm level.

use crate::bytes::{Reader, Writer};
use crate::envelope::Refusal;
use crate::settings::CreditSettings;

/// Where a reminder stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReminderState {
    /// Reminded already, or credit never stood above the level.
    #[default]
    Spent,
    /// Credit stood above the level: falling to it reminds.
    Armed,
    /// The supply is off, and comes back by itself.
    Dropped {
        /// Time left, ms.
        left_ms: u32,
    },
    /// The supply is off until somebody acknowledges.
    Awaiting,
}

/// The reminders of a household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminder {
    state: ReminderState,
    count: u32,
}

impl Reminder {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> ReminderState {
        self.state
    }

    /// How many reminders there ever were; the number of the latest.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Whether it keeps the supply off.
    #[must_use]
    pub const fn is_dropping(&self) -> bool {
        matches!(self.state, ReminderState::Dropped { .. } | ReminderState::Awaiting)
    }

    /// Lets time pass.
    pub(crate) fn tick(&mut self, elapsed_ms: u32) {
        if let ReminderState::Dropped { left_ms } = self.state {
            let left_ms = left_ms.saturating_sub(elapsed_ms);
            self.state = if left_ms == 0 { ReminderState::Spent } else { ReminderState::Dropped { left_ms } };
        }
    }

    /// Follows the credit. A crossing while it `may_begin` is false is put off, not forgotten: when the
    /// supply would not go off, nobody would be reminded.
    pub(crate) fn follow(&mut self, remaining_wh: i64, settings: &CreditSettings, may_begin: bool) {
        if settings.alarm_wh == 0 {
            self.state = ReminderState::Spent;
        } else if remaining_wh > i64::from(settings.alarm_wh) {
            self.state = ReminderState::Armed;
        } else if self.state == ReminderState::Armed && may_begin {
            self.count = self.count.saturating_add(1);
            self.state = match settings.drop_out_s {
                0 => ReminderState::Awaiting,
                seconds => ReminderState::Dropped { left_ms: u32::from(seconds) * 1000 },
            };
        }
    }

    /// Somebody at the meter (button, card), or a purchase: whoever acts has noticed. Returns whether the
    /// supply was off for it.
    pub(crate) fn acknowledge(&mut self) -> bool {
        let dropping = self.is_dropping();
        if dropping {
            self.state = ReminderState::Spent;
        }
        dropping
    }

    /// Somebody at the page, who names the reminder that was seen, so that a replay ends no later one.
    pub(crate) fn acknowledge_number(&mut self, number: u32) -> Result<bool, Refusal> {
        match number {
            number if number < self.count => Err(Refusal::Stale),
            number if number > self.count => Err(Refusal::OutOfRange),
            _ => Ok(self.acknowledge()),
        }
    }

    /// A new tenant was never reminded; the numbers go on.
    pub(crate) fn begin_epoch(&mut self) {
        self.state = ReminderState::Spent;
    }

    /// What a record holds of it. After an outage a timed drop-out counts as over: the outage reminded.
    pub(crate) const fn saved_state(&self) -> (u32, u8) {
        let state = match self.state {
            ReminderState::Spent | ReminderState::Dropped { .. } => 0,
            ReminderState::Armed => 1,
            ReminderState::Awaiting => 2,
        };
        (self.count, state)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        let (count, state) = self.saved_state();
        writer.u32(count)?;
        writer.u8(state)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let count = reader.u32()?;
        let state = match reader.u8()? {
            0 => ReminderState::Spent,
            1 => ReminderState::Armed,
            2 => ReminderState::Awaiting,
            _ => return None,
        };
        Some(Self { state, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings(drop_out_s: u16) -> CreditSettings {
        CreditSettings { alarm_wh: 100, drop_out_s, ..CreditSettings::FACTORY }
    }

    fn crossed(drop_out_s: u16) -> Reminder {
        let mut reminder = Reminder::default();
        reminder.follow(101, &settings(drop_out_s), true);
        reminder.follow(100, &settings(drop_out_s), true);
        reminder
    }

    #[test]
    fn a_timed_drop_out_ends_by_itself_and_comes_once() {
        let mut reminder = crossed(255);
        reminder.tick(254_999);
        assert!(reminder.is_dropping());
        reminder.tick(1);
        assert_eq!(reminder.state(), ReminderState::Spent);
        reminder.follow(50, &settings(255), true);
        assert!(!reminder.is_dropping());
        reminder.follow(101, &settings(255), true);
        reminder.follow(99, &settings(255), true);
        assert!(reminder.is_dropping(), "armed anew by a purchase above the level");
        assert_eq!(reminder.count(), 2);
    }

    #[test]
    fn zero_seconds_wait_for_somebody() {
        let mut reminder = crossed(0);
        reminder.tick(u32::MAX);
        assert_eq!(reminder.state(), ReminderState::Awaiting);
        assert!(reminder.acknowledge() && !reminder.acknowledge());
        assert!(!reminder.is_dropping());
    }

    #[test]
    fn an_acknowledgement_by_number_cannot_be_replayed() {
        let mut reminder = crossed(0);
        assert_eq!(reminder.acknowledge_number(2), Err(Refusal::OutOfRange));
        assert_eq!(reminder.acknowledge_number(1), Ok(true));
        assert_eq!(reminder.acknowledge_number(1), Ok(false));
        reminder.follow(101, &settings(0), true);
        reminder.follow(100, &settings(0), true);
        assert_eq!(reminder.acknowledge_number(1), Err(Refusal::Stale));
        assert!(reminder.is_dropping());
    }

    #[test]
    fn credit_that_never_stood_above_the_level_does_not_remind() {
        let mut reminder = Reminder::default();
        reminder.follow(100, &settings(0), true);
        assert!(!reminder.is_dropping());
        reminder.follow(101, &CreditSettings::FACTORY, true);
        reminder.follow(0, &CreditSettings::FACTORY, true);
        assert!(!reminder.is_dropping(), "no level is set");
    }

    #[test]
    fn a_crossing_is_put_off_and_a_purchase_above_the_level_ends_the_drop_out() {
        let mut reminder = Reminder::default();
        reminder.follow(101, &settings(0), false);
        reminder.follow(100, &settings(0), false);
        assert!(!reminder.is_dropping());
        reminder.follow(90, &settings(0), true);
        assert!(reminder.is_dropping());
        reminder.follow(101, &settings(0), true);
        assert_eq!(reminder.state(), ReminderState::Armed);
    }

    proptest! {
        #[test]
        fn one_reminder_a_crossing(steps in prop::collection::vec((0i64..200, 0u32..400_000), 0..60), drop_out_s in 0u16..256) {
            let (mut reminder, mut crossings, mut above) = (Reminder::default(), 0, false);
            for (remaining, elapsed_ms) in steps {
                reminder.tick(elapsed_ms);
                reminder.follow(remaining, &settings(drop_out_s), true);
                crossings += u32::from(above && remaining <= 100);
                above = remaining > 100;
                prop_assert_eq!(reminder.count(), crossings);
                prop_assert!(!(above && reminder.is_dropping()));
            }
        }
    }
}
