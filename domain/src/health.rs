//! How a meter is doing, and what keeps an outlet from what is wanted of it.

use crate::UnknownWord;

/// Stored words of which a cell holds one.
macro_rules! words {
    ($type:ident, $what:literal: $($word:ident = $text:literal),+ $(,)?) => {
        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// As stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }
        }

        impl std::str::FromStr for $type {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let known = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                known.ok_or_else(|| UnknownWord::new($what, text))
            }
        }

        #[cfg(feature = "rows")]
        impl sqlx::Type<sqlx::Any> for $type {
            fn type_info() -> sqlx::any::AnyTypeInfo {
                <String as sqlx::Type<sqlx::Any>>::type_info()
            }
        }

        #[cfg(feature = "rows")]
        impl<'r> sqlx::Decode<'r, sqlx::Any> for $type {
            fn decode(value: sqlx::any::AnyValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(<&str as sqlx::Decode<'r, sqlx::Any>>::decode(value)?.parse()?)
            }
        }
    };
}

/// How a meter was found when it was last visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MeterStatus {
    /// It answered.
    Online,
    /// It did not, for some time.
    #[default]
    Offline,
    /// Another meter, or something else, answers in its place.
    WrongMeter,
}

words!(MeterStatus, "status of a meter": Online = "online", Offline = "offline", WrongMeter = "wrong-meter");

/// Why books and meter cannot be brought together by a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anomaly {
    /// The meter holds a later epoch or a higher total than the books: no command may take anything back.
    MeterAhead,
    /// The meter lost its memory: it gets no credit before a manager has decided.
    MemoryLost,
    /// The desired supply cannot be put into a command: out of range, or the generations are used up.
    SupplyOutOfRange,
    /// The meter keeps no more credit for now: the rest waits until some was used. It ends by itself.
    Hoarding,
    /// The meter refused a command, for good as it seems.
    Refused,
    /// A setting cannot be sent: its generations are used up.
    SettingsExhausted,
}

words!(
    Anomaly, "anomaly":
    MeterAhead = "meter-ahead",
    MemoryLost = "memory-lost",
    SupplyOutOfRange = "supply-out-of-range",
    Hoarding = "hoarding",
    Refused = "refused",
    SettingsExhausted = "settings-exhausted",
);
