//! Who asks, in which language, and for which site: found out once a request, before anything else.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use domain::actor::Actor;
use domain::ids::RoomId;
use words::Lang;

use crate::db::{Connection, DbError};
use crate::ops::people::sign_in::{self, Session};
use crate::reads::places::site::{self, Site};
use crate::reads::room::RoomFacts;
use crate::reads::scope::{Scope, Seen};
use crate::web::kit::cookies;
use crate::web::kit::error::WebError;
use crate::web::kit::state::AppState;

/// What is known of a request before its handler runs.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The language to answer in.
    pub lang: Lang,
    /// The session, when its cookie is good.
    pub session: Option<Session>,
    /// The site, once it is set up.
    pub site: Option<Site>,
    /// Shown a page that they cannot change.
    pub only_looks: bool,
    /// Where a sign-in or a switch of language comes back to.
    pub here: String,
    /// Names the request in the log and on error pages.
    pub request_id: Arc<str>,
}

impl Visitor {
    /// The signed-in person.
    ///
    /// # Errors
    /// [`WebError::SignedOut`], which leads to the sign-in page and back here.
    pub fn actor(&self) -> Result<&Actor, WebError> {
        let session = self.session.as_ref();
        session.map(|session| &session.actor).ok_or_else(|| WebError::SignedOut(self.here.clone()))
    }
}

impl Visitor {
    /// A room, as far as whoever asks may see it.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for one that does not exist, and for one that is not theirs alike.
    pub async fn seen(&self, conn: &mut Connection, room: &RoomId) -> Result<Seen, WebError> {
        Scope::of(conn, self.actor()?).await?.room(room).ok_or(WebError::NotFound)
    }

    /// What is true of a room; its past since the first of the two moments, up to the second, now.
    ///
    /// # Errors
    /// As [`Visitor::seen`].
    pub async fn room(
        &self,
        conn: &mut Connection,
        id: &RoomId,
        span_ms: (i64, i64),
    ) -> Result<RoomFacts, WebError> {
        let seen = self.seen(conn, id).await?;
        RoomFacts::read(conn, &seen, span_ms).await?.ok_or(WebError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| WebError::Internal("a route without its visitor".to_owned()))
    }
}

/// Middleware that puts a [`Visitor`] into each request. When the database doesn't answer, the visitor is a stranger,
/// and the error page is the answer.
pub async fn meet(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let known = look_up(&app, request.headers()).await;
    let failure = known.as_ref().err().map(ToString::to_string);
    let (session, site) = known.unwrap_or_default();
    let visitor = Visitor {
        lang: language(session.as_ref(), request.headers()),
        session,
        site,
        only_looks: false,
        here: here(&request),
        request_id: domain::ids::new_id(app.clock.as_ref()).into(),
    };
    request.extensions_mut().insert(visitor.clone());
    let response = match failure {
        None => next.run(request).await,
        Some(error) => axum::response::IntoResponse::into_response(WebError::Internal(error)),
    };
    crate::web::kit::problem::render(&app, &visitor, response)
}

async fn look_up(app: &AppState, headers: &HeaderMap) -> Result<(Option<Session>, Option<Site>), DbError> {
    let session = match cookies::get(headers, cookies::session_name(app.reach)) {
        Some(token) => sign_in::session(&app.db, app.clock.as_ref(), token).await?,
        None => None,
    };
    let mut conn = app.db.read().await?;
    Ok((session, site::get(&mut conn).await?))
}

/// The user's setting, then the cookie, then what the browser prefers.
fn language(session: Option<&Session>, headers: &HeaderMap) -> Lang {
    let setting = session.and_then(|session| Lang::parse(session.language.as_deref()?));
    let cookie = || Lang::parse(cookies::get(headers, cookies::LANGUAGE)?);
    let browser = || Lang::from_accept_language(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    setting.or_else(cookie).or_else(browser).unwrap_or_default()
}

/// The address of a page; a form that was posted leads back to the page it stood on.
fn here(request: &Request) -> String {
    let whole = |uri: &axum::http::Uri| uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return whole(request.uri());
    }
    let referer = request.headers().get("referer").and_then(|value| value.to_str().ok());
    let page = referer.and_then(|text| text.parse::<axum::http::Uri>().ok());
    page.as_ref().map_or_else(|| "/".to_owned(), whole)
}
