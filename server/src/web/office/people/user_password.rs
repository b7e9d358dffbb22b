//! `/users/{id}/password`: an administrator gives a user another password.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::actor::Actor;
use domain::ids::UserId;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::{Outcome, Refused};
use crate::ops::people::set_password::{PasswordStays, SetPassword};
use crate::reads::people::users;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::people::account::faults_of;

/// `user_password.html`.
#[derive(Template)]
#[template(path = "office/people/user_password.html")]
struct PasswordPage {
    t: Lang,
    page: Page,
    password: Field,
}

async fn password_page(
    app: &AppState,
    visitor: &Visitor,
    id: &UserId,
    faults: &Faults,
) -> Result<PasswordPage, WebError> {
    let t = visitor.lang;
    let user = users::get(&mut *app.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    let password = Field::password("password", t.new_password(), "new-password");
    Ok(PasswordPage {
        t,
        page: Page::new(app, visitor, t.user_password_title(&user.display_name)),
        password: password.hint(t.password_hint()).longest(128).error(faults).focus(),
    })
}

/// `GET /users/{id}/password`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<UserId>,
) -> Result<Response, WebError> {
    show(&password_page(&app, &visitor, &id, &Faults::default()).await?)
}

/// The form of the page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    password: String,
}

/// `POST /users/{id}/password`.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<UserId>,
    Form(form): Form<PasswordForm>,
) -> Result<Response, WebError> {
    match set(&app, visitor.actor()?, &id, &form.password).await {
        Ok(_) => Ok(go("/users")),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            show_refused(&password_page(&app, &visitor, &id, &faults).await?)
        }
    }
}

async fn set(
    app: &AppState,
    by: &Actor,
    id: &UserId,
    password: &str,
) -> Result<Outcome, Refused<PasswordStays>> {
    let key = app.ops.key();
    let change = SetPassword::prepare(&app.ops, &app.hasher, key, id.clone(), password).await?;
    app.ops.perform(by, change).await
}
