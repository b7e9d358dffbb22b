//! `/account`: one's own language and password; and the language switch of every page.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use domain::actor::Actor;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::{Outcome, Refused};
use crate::ops::people::choose_language::choose_language;
use crate::ops::people::set_password::{ChangeOwnPassword, OwnPassword, PasswordStays};
use crate::web::kit::cookies;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::next::local;
use crate::web::kit::page::{Page, go, role_name, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::people::sign_in::seconds_up;
use crate::web::office::people::users::weak;

/// `account.html`.
#[derive(Template)]
#[template(path = "office/people/account.html")]
struct AccountPage {
    t: Lang,
    page: Page,
    role: &'static str,
    changed: bool,
    fields: [Field; 2],
}

fn account_page(app: &AppState, visitor: &Visitor, faults: &Faults) -> Result<AccountPage, WebError> {
    let t = visitor.lang;
    let current = Field::password("current", t.current_password(), "current-password").longest(128);
    let new =
        Field::password("password", t.new_password(), "new-password").longest(128).hint(t.password_hint());
    Ok(AccountPage {
        t,
        page: Page::new(app, visitor, t.account_title()),
        role: visitor.actor()?.staff().map_or("", |staff| role_name(t, staff.role)),
        changed: false,
        fields: [current.error(faults), new.error(faults)],
    })
}

/// The query of the page.
#[derive(Deserialize)]
pub struct AccountQuery {
    #[serde(default)]
    changed: String,
}

/// `GET /account`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<AccountQuery>,
) -> Result<Response, WebError> {
    let mut page = account_page(&app, &visitor, &Faults::default())?;
    page.changed = query.changed == "1";
    show(&page)
}

/// The form that changes the password.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    current: String,
    password: String,
}

/// `POST /account/password`.
///
/// # Errors
/// As any page; [`WebError::Throttled`] after wrong guesses.
pub async fn post_password(
    State(app): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response, WebError> {
    let token = cookies::get(&headers, cookies::session_name(app.reach)).unwrap_or_default();
    let change = OwnPassword { current: &form.current, new: &form.password, session_token: token };
    match change_own(&app, visitor.actor()?, change).await {
        Ok(_) => Ok(go("/account?changed=1")),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            show_refused(&account_page(&app, &visitor, &faults)?)
        }
    }
}

async fn change_own(
    app: &AppState,
    by: &Actor,
    change: OwnPassword<'_>,
) -> Result<Outcome, Refused<PasswordStays>> {
    let change = ChangeOwnPassword::prepare(&app.ops, &app.hasher, app.ops.key(), by, change).await?;
    app.ops.perform(by, change).await
}

/// Why a password stays, in words.
///
/// # Errors
/// [`WebError::NotFound`] without such a user, [`WebError::Throttled`] after wrong guesses.
pub fn faults_of(t: Lang, why: PasswordStays) -> Result<Faults, WebError> {
    match why {
        PasswordStays::NoUser => Err(WebError::NotFound),
        PasswordStays::Weak(weakness) => Ok(weak(t, weakness)),
        PasswordStays::WrongPassword => Ok(Faults::one("current", t.current_password_wrong())),
        PasswordStays::Throttled { wait_ms } => Err(WebError::Throttled(seconds_up(wait_ms))),
    }
}

/// The switch of every page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LanguageForm {
    language: String,
    back: String,
}

/// `POST /language`: remembered for the browser and, when signed in, for the user.
///
/// # Errors
/// [`WebError::BadRequest`] for a language that the pages don't have.
pub async fn post_language(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<LanguageForm>,
) -> Result<Response, WebError> {
    let lang = Lang::parse(&form.language).ok_or(WebError::BadRequest)?;
    if let Ok(actor) = visitor.actor() {
        choose_language(&app.db, actor, lang.code()).await?;
    }
    let mut response = go(local(&form.back));
    if let Some(cookie) = cookies::language(app.reach, lang) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
