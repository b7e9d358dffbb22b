//! Identifiers: UUIDv7 text made by the application, a type for each thing they name.

use uuid::{ContextV7, Timestamp, Uuid};

use crate::clock::Clock;

/// A new identifier that sorts by the time of its making.
#[must_use]
pub fn new_id(clock: &dyn Clock) -> String {
    id_at(clock.now_ms())
}

/// A new identifier that sorts by `at_ms`, epoch milliseconds.
#[must_use]
pub fn id_at(at_ms: i64) -> String {
    let now_ms = u64::try_from(at_ms).unwrap_or(0);
    let nanos = u32::try_from(now_ms % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(ContextV7::new(), now_ms / 1000, nanos)).to_string()
}

/// A text below every identifier made at this time or later, and above those made earlier: what happened in a period is a
/// range of primary keys, so no index on times is needed.
#[must_use]
pub fn lowest_at(ms: i64) -> String {
    let hex = format!("{:012x}", u64::try_from(ms).unwrap_or(0).min(0xffff_ffff_ffff));
    let (high, low) = hex.split_at(8);
    format!("{high}-{low}-")
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "rows", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// A new one.
            #[must_use]
            pub fn new(clock: &dyn Clock) -> Self {
                Self(new_id(clock))
            }

            /// Its text, as stored.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )+};
}

ids! {
    /// A site: the whole property.
    SiteId,
    /// A price plan.
    PriceId,
    /// A group of rooms that pay alike.
    GroupId,
    /// A rule of free electricity.
    RuleId,
    /// A building.
    BuildingId,
    /// A floor of a building.
    FloorId,
    /// A room.
    RoomId,
    /// A person who lives in a room.
    ResidentId,
    /// A tenancy: what a room's residents share.
    TenancyId,
    /// A data collector.
    CollectorId,
    /// A multi-user meter.
    MeterId,
    /// A household: one of a meter's outlets, and its account.
    HouseholdId,
    /// A person who signs in.
    UserId,
    /// A write that a person or a job made.
    OperationId,
    /// A cashier's shift at the desk; also the id of the operation that opened it.
    ShiftId,
    /// What a tenancy that ended is owed.
    SettlementId,
    /// A reading that waits for a person.
    QuarantineId,
    /// One run of a job.
    JobRunId,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::ManualClock;

    proptest! {
        #[test]
        fn identifiers_lie_in_the_range_of_their_time(ms in 0..253_402_300_799_000_i64) {
            let id = new_id(&ManualClock::at(ms));
            prop_assert!(lowest_at(ms) <= id && id < lowest_at(ms + 1));
        }
    }
}
