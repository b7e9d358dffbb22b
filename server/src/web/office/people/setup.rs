//! `/setup/{token}`: the one-time link that creates the first administrator.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::actor::Role;
use serde::Deserialize;
use words::Lang;

use crate::ops::people::first_administrator::{first_administrator, setup_link_works};
use crate::ops::people::new_user::UserForm;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::people::sign_in::with_session;
use crate::web::office::people::users::{account_fields, faults_of};

/// `setup.html`.
#[derive(Template)]
#[template(path = "office/people/setup.html")]
struct SetupPage {
    t: Lang,
    page: Page,
    fields: Vec<Field>,
}

impl SetupPage {
    fn new(app: &AppState, visitor: &Visitor, form: &SetupForm, faults: &Faults) -> Self {
        let t = visitor.lang;
        let mut fields = account_fields(t, &form.name, &form.display_name, faults);
        let languages = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.own_name())).to_vec();
        let language = Lang::parse(&form.language).unwrap_or(t);
        fields.push(Field::select("language", t.account_language(), languages).value(language.code()));
        Self { t, page: Page::new(app, visitor, t.setup_title()).alone(), fields }
    }
}

/// `GET /setup/{token}`.
///
/// # Errors
/// [`WebError::SetupSpent`] for a link that doesn't work.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(link): Path<String>,
) -> Result<Response, WebError> {
    if !setup_link_works(&app.db, app.clock.as_ref(), &link).await? {
        return Err(WebError::SetupSpent);
    }
    show(&SetupPage::new(&app, &visitor, &SetupForm::default(), &Faults::default()))
}

/// The form of the page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SetupForm {
    name: String,
    display_name: String,
    password: String,
    language: String,
}

/// `POST /setup/{token}`: the administrator is signed in and goes on to set up the installation.
///
/// # Errors
/// [`WebError::SetupSpent`] for a link that doesn't work.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(link): Path<String>,
    Form(form): Form<SetupForm>,
) -> Result<Response, WebError> {
    let user = UserForm {
        name: form.name.clone(),
        display_name: form.display_name.clone(),
        password: form.password.clone(),
        role: Role::Administrator,
        language: Lang::parse(&form.language).map(|lang| lang.code().to_owned()),
    };
    match first_administrator(&app.db, app.clock.as_ref(), &app.hasher, &link, user).await {
        Ok(token) => Ok(with_session(&app, &token, go("/installation"))),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            show_refused(&SetupPage::new(&app, &visitor, &form, &faults))
        }
    }
}
