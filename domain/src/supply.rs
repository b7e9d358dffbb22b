//! A household's supply: what the office wants of it, what its meter last said, and whether the two agree.

use std::str::FromStr;

use crate::UnknownWord;
use crate::health::Anomaly;
use crate::ids::HouseholdId;
use crate::observed::{OpenReason, OpenReasons, Sign, Signs};

/// What the office asks of a household's relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SupplyMode {
    /// The meter decides: on while there is credit.
    Auto,
    /// Kept off.
    Off,
    /// Kept on until a time, whatever the credit.
    On,
}

impl SupplyMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Off, Self::On];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Off => "off",
            Self::On => "on",
        }
    }
}

impl FromStr for SupplyMode {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| UnknownWord::new("supply mode", text))
    }
}

impl TryFrom<String> for SupplyMode {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

/// What the office wants a household's meter to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct Desired {
    /// The household.
    pub household_id: HouseholdId,
    /// Its credit epoch; 0 before the first tenancy.
    pub epoch: i64,
    /// Ever credited in this epoch, in Wh.
    pub credited_wh: i64,
    /// Ever taken back in this epoch, in Wh.
    pub debited_wh: i64,
    /// What is asked of the relay.
    #[cfg_attr(feature = "rows", sqlx(try_from = "String"))]
    pub supply_mode: SupplyMode,
    /// When that ends; site time.
    pub supply_until_ms: Option<i64>,
    /// Grows with every change of mode or end.
    pub supply_generation: i64,
    /// The latest low-credit reminder that the office has acknowledged; 0 for none.
    pub acknowledged_reminder: i64,
    /// The latest lock-out that the office has released; 0 for none.
    pub released_lockout: i64,
}

/// What a household's meter last said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct Reported {
    /// The household.
    pub household_id: HouseholdId,
    /// When it was read, site time.
    pub seen_ms: i64,
    /// Its credit epoch.
    pub epoch: i64,
    /// Ever credited in this epoch, in Wh.
    pub credited_wh: i64,
    /// Ever taken back in this epoch, in Wh.
    pub debited_wh: i64,
    /// Used in this epoch, in Wh.
    pub used_wh: i64,
    /// The running meter since it was made, in Wh.
    pub energy_total_wh: i64,
    /// 1 when the meter commands the relay closed.
    pub relay_commanded: i64,
    /// 1 when the relay's contact was read as closed.
    pub relay_closed: i64,
    /// 1 when contact and command have disagreed for too long.
    pub relay_fault: i64,
    /// The reasons to keep the relay open.
    pub open_reasons: OpenReasons,
    /// The override the meter holds.
    #[cfg_attr(feature = "rows", sqlx(try_from = "String"))]
    pub supply_mode: SupplyMode,
    /// Its generation.
    pub supply_generation: i64,
    /// When it ends, in Unix seconds; 0 for never.
    pub supply_until_s: i64,
    /// Active power, in mW.
    pub power_mw: i64,
    /// Voltage of the first phase, in mV.
    pub voltage1_mv: i64,
    /// Voltage of the second phase, in mV; 0 for single-phase households.
    pub voltage2_mv: i64,
    /// Voltage of the third phase, in mV; 0 for single-phase households.
    pub voltage3_mv: i64,
    /// Current of the first phase, in mA.
    pub current1_ma: i64,
    /// Current of the second phase, in mA.
    pub current2_ma: i64,
    /// Current of the third phase, in mA.
    pub current3_ma: i64,
    /// Power factor, in thousandths.
    pub power_factor_milli: i64,
    /// What else there is to tell.
    pub signs: Signs,
    /// The low-credit reminder that keeps the supply off until it is acknowledged; 0 for none.
    pub reminder: i64,
    /// Why the books and the meter cannot be brought together without a person, if so.
    pub anomaly: Option<Anomaly>,
}

impl Desired {
    /// The end of the override as the meter keeps it: whole Unix seconds, 0 for none.
    #[must_use]
    pub fn supply_until_s(&self) -> i64 {
        self.supply_until_ms.map_or(0, |until_ms| until_ms.div_euclid(1000))
    }

    /// What is asked of the relay at `now_ms`: an override whose time has passed is `Auto`.
    #[must_use]
    pub fn mode_at(&self, now_ms: i64) -> SupplyMode {
        match self.supply_until_ms {
            Some(until_ms) if until_ms <= now_ms => SupplyMode::Auto,
            _ => self.supply_mode,
        }
    }

    /// Whether the meter holds the credit the books say.
    #[must_use]
    pub fn credit_delivered(&self, reported: &Reported) -> bool {
        (self.epoch, self.credited_wh, self.debited_wh)
            == (reported.epoch, reported.credited_wh, reported.debited_wh)
    }

    /// Whether the meter holds the override the office asked for.
    #[must_use]
    pub fn supply_delivered(&self, reported: &Reported) -> bool {
        (self.supply_mode, self.supply_until_s()) == (reported.supply_mode, reported.supply_until_s)
    }

    /// Whether everything asked for was read back, the relay's contact included.
    #[must_use]
    pub fn settled(&self, reported: &Reported) -> bool {
        self.credit_delivered(reported)
            && self.supply_delivered(reported)
            && reported.relay_commanded == reported.relay_closed
    }
}

impl Reported {
    /// Credit left, in Wh; negative when more was used than bought.
    #[must_use]
    pub fn remaining_wh(&self) -> i64 {
        self.credited_wh - self.debited_wh - self.used_wh
    }
}

/// A room's state in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoomStatus {
    /// The relay is closed and there is credit.
    On,
    /// The relay is closed and credit runs low.
    Low,
    /// Open because the credit is used up.
    OutOfCredit,
    /// A loop tripped too often and stays open until released.
    LockedOut,
    /// A protection keeps a loop open for now.
    Tripped,
    /// Open for another reason: by the office's order.
    Off,
    /// The meter does not answer.
    Offline,
    /// Nobody lives there.
    Vacant,
    /// No meter serves it, or the meter was never read.
    NoMeter,
}

/// What a room's status follows from.
#[derive(Clone, Copy, Debug)]
pub struct StatusFacts {
    /// Somebody lives there.
    pub occupied: bool,
    /// Its meter answered when last asked.
    pub online: bool,
    /// What the meter said last; `None` when it never did.
    pub last: Option<LastSeen>,
    /// Below this it counts as low, in Wh.
    pub low_wh: i64,
}

/// The part of a meter's last word that a room's status follows from.
#[derive(Clone, Copy, Debug)]
pub struct LastSeen {
    /// The relay's contact was closed.
    pub relay_closed: bool,
    /// The reasons to keep it open.
    pub reasons: OpenReasons,
    /// What else there is to tell.
    pub signs: Signs,
    /// Credit left, in Wh.
    pub remaining_wh: i64,
}

/// A room's state in one word.
#[must_use]
pub fn room_status(facts: StatusFacts) -> RoomStatus {
    let Some(last) = facts.last else {
        return if facts.occupied { RoomStatus::NoMeter } else { RoomStatus::Vacant };
    };
    if !facts.online {
        RoomStatus::Offline
    } else if last.signs.has(Sign::LockedOut) {
        RoomStatus::LockedOut
    } else if last.signs.has(Sign::ProtectionOpen) {
        RoomStatus::Tripped
    } else if last.relay_closed {
        if facts.occupied && last.remaining_wh < facts.low_wh { RoomStatus::Low } else { RoomStatus::On }
    } else if !facts.occupied || last.reasons.has(OpenReason::Vacant) {
        RoomStatus::Vacant
    } else if last.reasons.has(OpenReason::OutOfCredit) {
        RoomStatus::OutOfCredit
    } else {
        RoomStatus::Off
    }
}
