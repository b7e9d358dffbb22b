//! `/users`: who may sign in, and what they may do.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::actor::{Actor, Role};
use domain::ids::UserId;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::{Key, Outcome, Refused};
use crate::ops::people::add_user::AddUser;
use crate::ops::people::let_sign_in::{DisableUser, EnableUser, NotSwitched};
use crate::ops::people::new_user::{NoUser, UserForm};
use crate::ops::people::passwords::Weakness;
use crate::reads::people::users;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, role_name, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `users.html`.
#[derive(Template)]
#[template(path = "office/people/users.html")]
struct UsersPage {
    t: Lang,
    page: Page,
    error: Option<String>,
    users: Vec<Line>,
    key: String,
    fields: Vec<Field>,
    roles: Vec<Choice>,
    role: String,
    role_error: Option<String>,
}

/// A user in the list.
struct Line {
    id: UserId,
    name: String,
    display_name: String,
    role: &'static str,
    disabled: bool,
    own: bool,
}

/// The form that adds a user.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AddForm {
    key: String,
    name: String,
    display_name: String,
    password: String,
    role: String,
}

async fn users_page(
    app: &AppState,
    visitor: &Visitor,
    form: &AddForm,
    faults: &Faults,
) -> Result<UsersPage, WebError> {
    let t = visitor.lang;
    let own = visitor.actor()?.id();
    let mut lines = Vec::new();
    for user in users::all(&mut *app.db.read().await?).await? {
        let role = role_name(t, user.role.parse()?);
        let (own, disabled) = (user.id == own, user.disabled == 1);
        lines.push(Line {
            id: user.id,
            name: user.name,
            display_name: user.display_name,
            role,
            disabled,
            own,
        });
    }
    Ok(UsersPage {
        t,
        page: Page::new(app, visitor, t.users_title()),
        error: faults.of("users").map(str::to_owned),
        users: lines,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        fields: account_fields(t, &form.name, &form.display_name, faults),
        roles: roles(t),
        role: form.role.clone(),
        role_error: faults.of("role").map(str::to_owned),
    })
}

fn roles(t: Lang) -> Vec<Choice> {
    let all = [
        (Role::Cashier, t.role_cashier_hint()),
        (Role::Technician, t.role_technician_hint()),
        (Role::Auditor, t.role_auditor_hint()),
        (Role::Manager, t.role_manager_hint()),
        (Role::Administrator, t.role_administrator_hint()),
    ];
    let choice = |(role, hint): (Role, &str)| Choice {
        value: role.as_str().to_owned(),
        label: role_name(t, role).to_owned(),
        hint: hint.to_owned(),
    };
    all.map(choice).to_vec()
}

/// Name, name to show and password of a new user.
#[must_use]
pub fn account_fields(t: Lang, name: &str, display_name: &str, faults: &Faults) -> Vec<Field> {
    let name = Field::text("name", t.user_name()).value(name).hint(t.user_name_hint()).longest(40);
    let shown = Field::text("display_name", t.display_name())
        .value(display_name)
        .hint(t.display_name_hint())
        .longest(80);
    let password =
        Field::password("password", t.password(), "new-password").hint(t.password_hint()).longest(128);
    vec![name.autocomplete("username").error(faults), shown.error(faults), password.error(faults)]
}

/// What is wrong with a user's form, in words.
///
/// # Errors
/// [`WebError::SetupSpent`].
pub fn faults_of(t: Lang, why: NoUser) -> Result<Faults, WebError> {
    match why {
        NoUser::Name => Ok(Faults::one("name", t.user_name_bad())),
        NoUser::DisplayName => Ok(Faults::one("display_name", t.display_name_bad())),
        NoUser::Weak(weakness) => Ok(weak(t, weakness)),
        NoUser::Taken => Ok(Faults::one("name", t.user_name_taken())),
        NoUser::LinkSpent => Err(WebError::SetupSpent),
    }
}

/// Why a password is not taken, in words.
#[must_use]
pub fn weak(t: Lang, weakness: Weakness) -> Faults {
    Faults::one(
        "password",
        match weakness {
            Weakness::Short => t.password_short(),
            Weakness::Long => t.password_long(),
            Weakness::IsName => t.password_is_name(),
            Weakness::Common => t.password_common(),
        },
    )
}

/// `GET /users`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let form = AddForm { role: Role::Cashier.as_str().to_owned(), ..AddForm::default() };
    show(&users_page(&app, &visitor, &form, &Faults::default()).await?)
}

/// `POST /users`: adds a user.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<AddForm>,
) -> Result<Response, WebError> {
    let faults = match form.role.parse() {
        Err(_) => Faults::one("role", visitor.lang.role_bad()),
        Ok(role) => {
            let user = UserForm {
                name: form.name.clone(),
                display_name: form.display_name.clone(),
                password: form.password.clone(),
                role,
                language: None,
            };
            match add(&app, visitor.actor()?, form.key.parse()?, user).await {
                Ok(_) => return Ok(go("/users")),
                Err(refused) => faults_of(visitor.lang, because(refused)?)?,
            }
        }
    };
    show_refused(&users_page(&app, &visitor, &form, &faults).await?)
}

async fn add(app: &AppState, by: &Actor, key: Key, user: UserForm) -> Result<Outcome, Refused<NoUser>> {
    let user = AddUser::prepare(&*app.clock, &app.hasher, key, user).await?;
    app.ops.perform(by, user).await
}

/// The form that disables or enables a user.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StatusForm {
    disabled: String,
}

/// `POST /users/{id}/status`.
///
/// # Errors
/// As any page.
pub async fn post_status(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<UserId>,
    Form(form): Form<StatusForm>,
) -> Result<Response, WebError> {
    let (key, actor) = (app.ops.key(), visitor.actor()?);
    let switched = match form.disabled.as_str() {
        "yes" => app.ops.perform(actor, DisableUser { key, id }).await,
        "no" => app.ops.perform(actor, EnableUser { key, id }).await,
        _ => return Err(WebError::BadRequest),
    };
    match switched.map_err(because) {
        Ok(_) => Ok(go("/users")),
        Err(why) => match why? {
            NotSwitched::NoUser => Err(WebError::NotFound),
            NotSwitched::LastAdministrator => {
                let faults = Faults::one("users", visitor.lang.user_last_administrator());
                show_refused(&users_page(&app, &visitor, &AddForm::default(), &faults).await?)
            }
        },
    }
}
