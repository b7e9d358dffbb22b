//! What can keep a page from being shown. [`crate::web::kit::problem`] puts it into plain words.

use std::convert::Infallible;

use axum::http::StatusCode;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

use domain::UnknownWord;

use crate::db::DbError;
use crate::ops::kit::{NotAKey, Refused};

/// Why a request gets no page of its own.
#[derive(Debug)]
pub enum WebError {
    /// Damaged or incomplete: broken UTF-8, a form that no page of ours sends.
    BadRequest,
    /// Nobody is signed in; carries the local address to come back to.
    SignedOut(String),
    /// The role may not.
    Forbidden,
    /// Sent by another site.
    CrossSite,
    /// No such page or thing.
    NotFound,
    /// The address exists, but not with this method.
    Method,
    /// The form's key was used for something else.
    Conflict,
    /// The body is larger than any form of ours.
    TooLarge,
    /// The one-time link is used up or expired.
    SetupSpent,
    /// Too many attempts; seconds to wait.
    Throttled(i64),
    /// The database does not answer.
    Unavailable,
    /// Our fault, whatever it was; logged where it is turned into a page.
    Internal(String),
}

/// What the response of a [`WebError`] carries for [`crate::web::kit::problem`] to render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 400.
    BadRequest,
    /// 403.
    Forbidden,
    /// 403, refused by the cross-site check.
    CrossSite,
    /// 404.
    NotFound,
    /// 405.
    Method,
    /// 409.
    Conflict,
    /// 413.
    TooLarge,
    /// 410.
    SetupSpent,
    /// 429; seconds to wait.
    Throttled(i64),
    /// 503.
    Unavailable,
    /// 500.
    Internal,
}

impl Problem {
    /// Its status code.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SetupSpent => StatusCode::GONE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::Throttled(seconds) = self {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let problem = match self {
            Self::SignedOut(next) => {
                return (StatusCode::SEE_OTHER, [(LOCATION, crate::web::kit::next::sign_in_url(&next))])
                    .into_response();
            }
            Self::Internal(what) => {
                tracing::error!(error = %what, "a request failed");
                Problem::Internal
            }
            Self::BadRequest => Problem::BadRequest,
            Self::Forbidden => Problem::Forbidden,
            Self::CrossSite => Problem::CrossSite,
            Self::NotFound => Problem::NotFound,
            Self::Method => Problem::Method,
            Self::Conflict => Problem::Conflict,
            Self::TooLarge => Problem::TooLarge,
            Self::SetupSpent => Problem::SetupSpent,
            Self::Throttled(seconds) => Problem::Throttled(seconds),
            Self::Unavailable => Problem::Unavailable,
        };
        problem.into_response()
    }
}

impl From<DbError> for WebError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Closed => Self::Unavailable,
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<UnknownWord> for WebError {
    fn from(word: UnknownWord) -> Self {
        DbError::from(word).into()
    }
}

/// A key that no form of ours sends.
impl From<NotAKey> for WebError {
    fn from(_: NotAKey) -> Self {
        Self::BadRequest
    }
}

/// What a subject said to a verb, for the page to put into words; whatever can happen to every verb has a page of its own.
///
/// # Errors
/// [`WebError::Forbidden`], [`WebError::Conflict`], the database's.
pub fn because<R>(refused: Refused<R>) -> Result<R, WebError> {
    match refused {
        Refused::Because(why) => Ok(why),
        Refused::Forbidden => Err(WebError::Forbidden),
        Refused::KeyReused => Err(WebError::Conflict),
        Refused::Db(error) => Err(error.into()),
    }
}

/// Where a subject has nothing to say.
impl From<Refused<Infallible>> for WebError {
    fn from(refused: Refused<Infallible>) -> Self {
        match because(refused) {
            Err(error) => error,
        }
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
