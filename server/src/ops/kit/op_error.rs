//! Why an operation was refused or failed, in kinds that a page can put into plain words.

use domain::UnknownWord;

use crate::db::{DbError, WriteError};

/// An operation that changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// The actor's role may not do this.
    #[error("not allowed for this role")]
    Forbidden,
    /// Whoever asked for it may not sign in any more.
    #[error("whoever asked for it may not sign in any more")]
    NoMandate,
    /// What it names does not exist (any more).
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The idempotency key was used for another request.
    #[error("this form was already used for something else")]
    KeyReused,
    /// The price is another now than when the form was shown.
    #[error("the price has changed")]
    PriceChanged,
    /// No price has been set yet.
    #[error("no price has been set")]
    NoPrice,
    /// Nobody lives in the room.
    #[error("the room is vacant")]
    NoTenancy,
    /// The tenancy is another now than when the form was shown.
    #[error("the room's residents have changed")]
    TenancyChanged,
    /// These residents have moved out already.
    #[error("these residents have moved out already")]
    MovedOut,
    /// What is left of the account of the room they came from has not arrived yet.
    #[error("credit from the former room has not arrived yet")]
    AwaitsCredit,
    /// The account was settled already.
    #[error("the account was settled already")]
    Settled,
    /// The refund was paid out already.
    #[error("this share was paid out already")]
    PaidOut,
    /// There is not so much money in the drawer.
    #[error("the drawer holds {held_minor} minor units")]
    DrawerShort {
        /// What it holds, in minor units.
        held_minor: i64,
    },
    /// The refund waits for the approval of a second person.
    #[error("the refund is not approved")]
    NotApproved,
    /// A second person has to approve: not the one who settled.
    #[error("a second person has to approve")]
    SecondPerson,
    /// The meter has not closed the former residents' account yet.
    #[error("the former residents' closing reading is not known yet")]
    ClosingUnknown,
    /// Somebody lives in the room already.
    #[error("the room is occupied")]
    Occupied,
    /// No meter serves the room.
    #[error("no meter serves the room")]
    NoMeter,
    /// The room may not hold so much credit.
    #[error("the room may hold at most {limit_wh} Wh")]
    Hoarding {
        /// The most that it may hold, in Wh.
        limit_wh: i64,
    },
    /// Cash is taken over a shift's drawer, and the seller has no shift open.
    #[error("no shift is open")]
    NoShift,
    /// The person has a shift open already.
    #[error("a shift is open already")]
    ShiftOpen,
    /// The shift is closed.
    #[error("the shift is closed")]
    ShiftClosed,
    /// A number is outside its limits (in the unit of the field).
    #[error("{field} must be between {min} and {max}")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// The least that is taken.
        min: i64,
        /// The most that is taken.
        max: i64,
    },
    /// A text is missing, too long, or not of the right form.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A name or number that must be unique is taken.
    #[error("{0} exists already")]
    Exists(&'static str),
    /// The sale was taken back already.
    #[error("the sale was voided")]
    Voided,
    /// Some of the sale's credit has been used.
    #[error("the credit has been used")]
    CreditUsed,
    /// Another server has taken the job's run up.
    #[error("another server has taken this run up")]
    ClaimLost,
    /// A reading that cannot be waits for a person's decision, and what was asked for depends on it.
    #[error("a reading waits for a decision")]
    ReadingHeld,
    /// The meter reads otherwise by now than when the reading was held.
    #[error("the meter reads otherwise by now")]
    ReadingOutdated,
    /// Somebody has decided already.
    #[error("it has been decided already")]
    Decided,
    /// Another rule of free electricity is for some of the same rooms and dates.
    #[error("the rule “{0}” is for some of the same rooms and dates")]
    Overlaps(String),
    /// The tariff is for credit that the server keeps, and meters keep that of these rooms.
    #[error("meters keep the credit of these rooms")]
    MeterHeld,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is empty.
    #[error("is missing")]
    Missing,
    /// It has more characters than fit.
    #[error("is too long")]
    TooLong,
    /// It is not of the right form.
    #[error("has the wrong form")]
    Malformed,
    /// It lies in the past.
    #[error("lies in the past")]
    Past,
    /// It can no longer be changed.
    #[error("can no longer be changed")]
    Fixed,
    /// It lies too far ahead.
    #[error("lies too far ahead")]
    TooFarAhead,
}

impl From<UnknownWord> for OpError {
    fn from(word: UnknownWord) -> Self {
        Self::Db(word.into())
    }
}

impl From<sqlx::Error> for OpError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl WriteError for OpError {
    fn asks_retry(&self) -> bool {
        matches!(self, Self::Db(error) if error.asks_retry())
    }
}
