//! `/rooms/{id}/tenancy`: moves residents into a vacant room.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::moves::move_in::{MAX_RESIDENTS, MoveIn, NewResident, NotMovedIn};
use crate::reads::places::rooms::{self, Room};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Lines that are open at first; few rooms have more residents.
const OPEN: usize = 4;

/// `tenancy.html`.
#[derive(Template)]
#[template(path = "office/moves/tenancy.html")]
struct TenancyPage {
    t: Lang,
    page: Page,
    room: Room,
    key: String,
    trouble: Option<String>,
    /// Number and name.
    people: Vec<(usize, Field, Field)>,
    /// As `people`, behind a click.
    more: Vec<(usize, Field, Field)>,
}

/// The fields by name: `key`, and `number1`, `name1`, `number2`, …
type Typed = HashMap<String, String>;

fn typed<'a>(form: &'a Typed, field: &str) -> &'a str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}

async fn tenancy_page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &Typed,
    faults: &Faults,
) -> Result<TenancyPage, WebError> {
    let t = visitor.lang;
    let room = rooms::room(&mut *app.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    let person = |index: usize| {
        let (number, name) = (format!("number{index}"), format!("name{index}"));
        let number = Field::text(&number, t.move_in_number()).value(typed(form, &number)).longest(40);
        let name = Field::text(&name, t.move_in_name()).value(typed(form, &name)).longest(80);
        let (number, name) = if index == 1 {
            (number.hint(t.move_in_number_hint()), name)
        } else {
            (number.optional(), name.optional())
        };
        (index, number.error(faults), name.error(faults))
    };
    Ok(TenancyPage {
        t,
        page: Page::new(app, visitor, t.move_in_title(&room.name)),
        room,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble: faults.of("room").map(str::to_owned),
        people: (1..=OPEN).map(person).collect(),
        more: (OPEN + 1..=MAX_RESIDENTS).map(person).collect(),
    })
}

/// `GET /rooms/{id}/tenancy`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    show(&tenancy_page(&app, &visitor, &id, &Typed::new(), &Faults::default()).await?)
}

/// `POST /rooms/{id}/tenancy`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let faults = match residents(t, &form) {
        Err(faults) => faults,
        Ok(residents) => {
            let request = MoveIn { key: typed(&form, "key").parse()?, room_id: id.clone(), residents };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go(&format!("/rooms/{id}"))),
                Err(refused) => faults_of(t, because(refused)?)?,
            }
        }
    };
    show_refused(&tenancy_page(&app, &visitor, &id, &form, &faults).await?)
}

fn faults_of(t: Lang, why: NotMovedIn) -> Result<Faults, WebError> {
    let of_text = |problem| {
        let words = Faults::text(t, "room", problem);
        words.of("room").unwrap_or_default().to_owned()
    };
    let words = match why {
        NotMovedIn::NoRoom => return Err(WebError::NotFound),
        NotMovedIn::Occupied => t.move_in_occupied().to_owned(),
        NotMovedIn::Unclosed => t.move_in_closing_unknown().to_owned(),
        NotMovedIn::Twice => t.move_in_twice().to_owned(),
        NotMovedIn::OtherName { number, name } => t.move_in_other_name(number, name),
        NotMovedIn::LivesElsewhere { name, place } => t.move_in_lives(name, place),
        NotMovedIn::Nobody => t.field_missing().to_owned(),
        NotMovedIn::TooMany => t.field_too_long().to_owned(),
        NotMovedIn::Number(problem) | NotMovedIn::Name(problem) => of_text(problem),
    };
    Ok(Faults::one("room", words))
}

/// The lines that were filled in; a line that is half empty is a mistake, not a person.
fn residents(t: Lang, form: &Typed) -> Result<Vec<NewResident>, Faults> {
    let mut residents = Vec::new();
    let mut faults = Faults::default();
    for index in 1..=MAX_RESIDENTS {
        let (number, name) = (typed(form, &format!("number{index}")), typed(form, &format!("name{index}")));
        match (number.is_empty(), name.is_empty()) {
            (true, true) if index > 1 => {}
            (false, false) => {
                residents.push(NewResident { number: number.to_owned(), name: name.to_owned() })
            }
            (true, _) => faults.add(&format!("number{index}"), t.move_in_both()),
            (false, true) => faults.add(&format!("name{index}"), t.move_in_both()),
        }
    }
    if faults.is_empty() { Ok(residents) } else { Err(faults) }
}
