//! `/sign-in` and `/sign-out`.

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use words::Lang;

use crate::ops::people::sign_in::{self, Attempt, Outcome};
use crate::web::kit::address::Address;
use crate::web::kit::cookies;
use crate::web::kit::error::WebError;
use crate::web::kit::field::Field;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::next::local;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `sign_in.html`.
#[derive(Template)]
#[template(path = "office/people/sign_in.html")]
struct SignInPage {
    t: Lang,
    page: Page,
    next: String,
    signed_out: bool,
    error: Option<String>,
    name: Field,
    password: Field,
}

impl SignInPage {
    fn new(app: &AppState, visitor: &Visitor, next: &str, typed_name: &str) -> Self {
        let t = visitor.lang;
        let name = Field::text("name", t.user_name()).value(typed_name).autocomplete("username").longest(80);
        let password = Field::password("password", t.password(), "current-password").longest(128);
        let (name, password) =
            if typed_name.is_empty() { (name.focus(), password) } else { (name, password.focus()) };
        let page = Page::new(app, visitor, t.sign_in()).alone();
        Self { t, page, next: local(next).to_owned(), signed_out: false, error: None, name, password }
    }
}

/// The query of the page.
#[derive(Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
    #[serde(default)]
    out: String,
}

/// `GET /sign-in`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SignInQuery>,
) -> Result<Response, WebError> {
    if visitor.session.is_some() {
        return Ok(go(local(&query.next)));
    }
    let mut page = SignInPage::new(&app, &visitor, &query.next, "");
    page.signed_out = query.out == "1";
    show(&page)
}

/// The form of the page.
#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Address(address): Address,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response, WebError> {
    let previous = cookies::get(&headers, cookies::session_name(app.reach)).map(str::to_owned);
    let attempt = Attempt { name: form.name.clone(), password: form.password, address, previous };
    let t = visitor.lang;
    let (status, error) = match sign_in::sign_in(&app.db, app.clock.as_ref(), &app.hasher, attempt).await? {
        Outcome::SignedIn { token, .. } => return Ok(with_session(&app, &token, go(local(&form.next)))),
        Outcome::Throttled { retry_ms } => {
            (StatusCode::TOO_MANY_REQUESTS, t.sign_in_throttled(seconds_up(retry_ms)))
        }
        Outcome::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, t.sign_in_wrong().to_owned()),
    };
    let mut page = SignInPage::new(&app, &visitor, &form.next, &form.name);
    page.error = Some(error);
    let mut response = show(&page)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /sign-out`.
///
/// # Errors
/// As any page.
pub async fn out(State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    if let Some(token) = cookies::get(&headers, cookies::session_name(app.reach)) {
        sign_in::sign_out(&app.db, token).await?;
    }
    let mut response = go("/sign-in?out=1");
    if let Some(cookie) = cookies::no_session(app.reach) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Gives the browser its session.
#[must_use]
pub fn with_session(app: &AppState, token: &str, mut response: Response) -> Response {
    if let Some(cookie) = cookies::session(app.reach, token) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response.into_response()
}

/// Whole seconds to wait; never zero.
#[must_use]
pub fn seconds_up(ms: i64) -> i64 {
    ms.max(1).saturating_add(999) / 1000
}
