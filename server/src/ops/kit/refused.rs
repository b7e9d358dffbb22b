//! Why nothing was written: what can happen to every verb, and what is a subject's own.

use domain::UnknownWord;

use crate::db::{DbError, WriteError};

/// A write that changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused<R> {
    /// Whoever acts may not do this.
    #[error("not allowed to whoever acts")]
    Forbidden,
    /// The idempotency key was used for another request.
    #[error("this form was already used for something else")]
    KeyReused,
    /// What its subject says.
    #[error("{0}")]
    Because(R),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

impl<R> Refused<R> {
    /// The same in the words of a verb that does this one, too.
    pub fn map<S>(self, words: impl FnOnce(R) -> S) -> Refused<S> {
        match self {
            Self::Forbidden => Refused::Forbidden,
            Self::KeyReused => Refused::KeyReused,
            Self::Because(why) => Refused::Because(words(why)),
            Self::Db(error) => Refused::Db(error),
        }
    }
}

/// A unique violation means `taken`; everything else stays what it is.
pub fn taken<R>(taken: R) -> impl FnOnce(sqlx::Error) -> Refused<R> {
    |error| match DbError::from(error) {
        DbError::Unique(_) => Refused::Because(taken),
        other => Refused::Db(other),
    }
}

impl<R> From<DbError> for Refused<R> {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl<R> From<sqlx::Error> for Refused<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl<R> From<UnknownWord> for Refused<R> {
    fn from(word: UnknownWord) -> Self {
        Self::Db(word.into())
    }
}

impl<R: Send + 'static> WriteError for Refused<R> {
    fn asks_retry(&self) -> bool {
        matches!(self, Self::Db(error) if error.asks_retry())
    }
}

/// Lets `?` make a [`Refused`] of a subject's own refusals.
macro_rules! refusals {
    ($($refusal:ty),+ $(,)?) => {
        $(impl From<$refusal> for $crate::ops::kit::Refused<$refusal> {
            fn from(why: $refusal) -> Self {
                Self::Because(why)
            }
        })+
    };
}
pub(crate) use refusals;
