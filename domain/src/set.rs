//! Sets of the words of a closed list, stored as those words.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::UnknownWord;

/// A closed list of words of which several may hold together: at most 32.
pub trait Listed: Copy + PartialEq + 'static {
    /// What one of them is, for messages.
    const WHAT: &'static str;
    /// Every one, in the order in which they are told.
    const ALL: &'static [Self];

    /// As stored.
    fn as_str(self) -> &'static str;
}

/// Some words of a list.
pub struct Set<T> {
    members: u32,
    list: PhantomData<T>,
}

impl<T: Listed> Set<T> {
    /// None of them.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: 0, list: PhantomData }
    }

    /// Those that hold.
    #[must_use]
    pub fn of(all: impl IntoIterator<Item = T>) -> Self {
        all.into_iter().fold(Self::new(), Self::with)
    }

    fn bit(one: T) -> u32 {
        T::ALL.iter().position(|listed| *listed == one).map_or(0, |index| 1 << index)
    }

    /// Whether none holds.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.members == 0
    }

    /// Whether this one holds.
    #[must_use]
    pub fn has(self, one: T) -> bool {
        self.members & Self::bit(one) != 0
    }

    /// This one as well.
    #[must_use]
    pub fn with(self, one: T) -> Self {
        Self { members: self.members | Self::bit(one), ..self }
    }

    /// But for this one.
    #[must_use]
    pub fn without(self, one: T) -> Self {
        Self { members: self.members & !Self::bit(one), ..self }
    }

    /// Those of either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self { members: self.members | other.members, ..self }
    }

    /// Those that hold, in the list's order.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::ALL.iter().copied().filter(move |one| self.has(*one))
    }

    /// Those of which that is true.
    #[must_use]
    pub fn only(self, wanted: impl Fn(T) -> bool) -> Self {
        Self::of(self.iter().filter(|one| wanted(*one)))
    }
}

impl<T: Listed> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self::of(all)
    }
}

/// As stored: the words with a space between; nothing for none.
impl<T: Listed> fmt::Display for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { " " }, one.as_str())?;
        }
        Ok(())
    }
}

impl<T: Listed> FromStr for Set<T> {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let mut set = Self::new();
        for word in text.split_ascii_whitespace() {
            let known = T::ALL.iter().copied().find(|one| one.as_str() == word);
            set = set.with(known.ok_or_else(|| UnknownWord::new(T::WHAT, word))?);
        }
        Ok(set)
    }
}

impl<T: Listed> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Set<T> {}

impl<T> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<T> Eq for Set<T> {}

impl<T: Listed> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Listed> serde::Serialize for Set<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Listed> serde::Deserialize<'de> for Set<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "rows")]
impl<T: Listed> sqlx::Type<sqlx::Any> for Set<T> {
    fn type_info() -> sqlx::any::AnyTypeInfo {
        <String as sqlx::Type<sqlx::Any>>::type_info()
    }
}

#[cfg(feature = "rows")]
impl<'r, T: Listed> sqlx::Decode<'r, sqlx::Any> for Set<T> {
    fn decode(value: sqlx::any::AnyValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        Ok(<&str as sqlx::Decode<'r, sqlx::Any>>::decode(value)?.parse()?)
    }
}
