//! The form, and the preview of whom it means.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::books::settlement::Sharing;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use words::Lang;

use super::pick::{MOST_LINES, Picked, lines, pick};
use super::{Typed, typed};
use crate::ops::kit::Key;
use crate::ops::moves::move_out::{Graduate, MAX_ROOMS, NoGraduation};
use crate::reads::moves::departure_runs::{self, Candidate, Run};
use crate::reads::places::rooms::{self, Building, FloorRow};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Rooms that a preview lists; more are counted.
const MOST_SHOWN: usize = 300;
/// Runs that are listed.
const MOST_RUNS: i64 = 10;
/// The longest name of a run.
const MAX_LABEL: usize = 80;

/// `graduation.html`.
#[derive(Template)]
#[template(path = "office/moves/graduation.html")]
struct ChoosePage {
    t: Lang,
    page: Page,
    f: Format,
    trouble: Option<String>,
    label: Field,
    buildings: Vec<BuildingChoice>,
    list: String,
    list_trouble: Option<String>,
    sharings: Vec<Choice>,
    sharing: String,
    runs: Vec<Run>,
}

/// A building with its floors, and which of them are ticked.
struct BuildingChoice {
    building: Building,
    whole: bool,
    floors: Vec<(FloorRow, bool)>,
}

/// `graduation_preview.html`.
#[derive(Template)]
#[template(path = "office/moves/graduation_preview.html")]
struct PreviewPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    trouble: Option<String>,
    picked: Picked,
    /// What was chosen, to be sent again.
    hidden: Vec<(String, String)>,
    digest: String,
}

impl PreviewPage {
    fn shown(&self) -> &[Candidate] {
        self.picked.candidates.get(..MOST_SHOWN).unwrap_or(&self.picked.candidates)
    }

    fn more(&self) -> usize {
        self.picked.candidates.len() - self.shown().len()
    }

    fn residents(&self) -> i64 {
        self.picked.candidates.iter().map(|one| one.residents).sum()
    }

    fn left_wh(&self) -> i64 {
        self.picked.candidates.iter().map(|one| one.left_wh.max(0)).sum()
    }

    fn dark(&self) -> usize {
        self.picked.candidates.iter().filter(|one| one.online == 0).count()
    }
}

fn choose_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    form: &'a Typed,
    faults: &'a Faults,
) -> BoxFuture<'a, Result<ChoosePage, WebError>> {
    async move {
        let t = visitor.lang;
        let mut conn = app.db.read().await?;
        let floors = rooms::floors(&mut conn).await?;
        let buildings = rooms::buildings(&mut conn).await?;
        let runs = departure_runs::latest(&mut conn, MOST_RUNS).await?;
        drop(conn);
        let ticked = |kind: &str, id: &str| form.contains_key(&format!("{kind}-{id}"));
        let with_floors = |building: Building| {
            let own = floors.iter().filter(|floor| floor.building_id == building.id);
            let own = own.map(|floor| (floor.clone(), ticked("floor", floor.id.as_str()))).collect();
            let whole = ticked("building", building.id.as_str());
            BuildingChoice { building, whole, floors: own }
        };
        let choice = |(sharing, label, hint): (Sharing, &str, &str)| Choice {
            value: sharing.as_str().to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
        };
        let sharings = [
            (Sharing::Equal, t.sharing_equal(), t.sharing_equal_hint()),
            (Sharing::Paid, t.sharing_paid(), t.sharing_paid_hint()),
        ];
        let label =
            Field::text("label", t.graduation_label()).hint(t.graduation_label_hint()).longest(MAX_LABEL);
        Ok(ChoosePage {
            t,
            page: Page::new(app, visitor, t.graduation_title()),
            f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
            trouble: faults.of("page").map(str::to_owned),
            label: label.value(typed(form, "label")).error(faults),
            buildings: buildings.into_iter().map(with_floors).collect(),
            list: form.get("list").cloned().unwrap_or_default(),
            list_trouble: faults.of("list").map(str::to_owned),
            sharings: sharings.map(choice).to_vec(),
            sharing: sharing(form).as_str().to_owned(),
            runs,
        })
    }
    .boxed()
}

fn sharing(form: &Typed) -> Sharing {
    Sharing::parse(typed(form, "sharing")).filter(|one| *one != Sharing::One).unwrap_or_default()
}

/// `GET /moves/graduation`.
///
/// # Errors
/// The database's.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&choose_page(&app, &visitor, &Typed::new(), &Faults::default()).await?)
}

/// `POST /moves/graduation`: the preview, or with `step=go` the job itself.
///
/// # Errors
/// [`WebError::Conflict`] when the form was used otherwise.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    if lines(typed(&form, "list")).len() > MOST_LINES {
        let faults = Faults::one("list", t.graduation_too_long(MOST_LINES));
        return show_refused(&choose_page(&app, &visitor, &form, &faults).await?);
    }
    let picked = pick(&mut *app.db.read().await?, &form).await?;
    let faults = faults_of(t, &form, &picked);
    if !faults.is_empty() {
        return show_refused(&choose_page(&app, &visitor, &form, &faults).await?);
    }
    if typed(&form, "step") != "go" {
        return show(&preview_page(&app, &visitor, &form, picked, None));
    }
    if typed(&form, "seen") != picked.digest() {
        let trouble = t.graduation_changed().to_owned();
        return show_refused(&preview_page(&app, &visitor, &form, picked, Some(trouble)));
    }
    let request = Graduate {
        key: typed(&form, "key").parse()?,
        label: typed(&form, "label").to_owned(),
        tenancies: picked.candidates.into_iter().map(|one| (one.room_id, one.tenancy_id)).collect(),
        sharing: sharing(&form),
        language: t,
    };
    let faults = match app.ops.perform(visitor.actor()?, request).await {
        Ok(asked) => return Ok(go(&format!("/moves/runs/{}", asked.id))),
        Err(refused) => match because(refused)? {
            NoGraduation::Label(problem) => Faults::text(t, "label", problem),
            NoGraduation::Nobody => Faults::one("page", t.graduation_nobody()),
            NoGraduation::TooMany { max } => Faults::one("page", t.graduation_too_many(max)),
            // The form offers no such way.
            NoGraduation::Sharing => return Err(WebError::BadRequest),
        },
    };
    show_refused(&choose_page(&app, &visitor, &form, &faults).await?)
}

fn faults_of(t: Lang, form: &Typed, picked: &Picked) -> Faults {
    let mut faults = Faults::default();
    if typed(form, "label").is_empty() {
        faults.add("label", t.field_missing());
    }
    let name = |lines: &[String]| lines.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut wrong = Vec::new();
    if !picked.unknown.is_empty() {
        wrong.push(t.graduation_unknown(name(&picked.unknown)));
    }
    if !picked.several.is_empty() {
        wrong.push(t.graduation_several(name(&picked.several)));
    }
    if !wrong.is_empty() {
        faults.add("list", wrong.join(" "));
    } else if picked.candidates.is_empty() {
        faults.add("page", t.graduation_nobody());
    } else if picked.candidates.len() > MAX_ROOMS {
        faults.add("page", t.graduation_too_many(MAX_ROOMS));
    }
    faults
}

fn preview_page(
    app: &AppState,
    visitor: &Visitor,
    form: &Typed,
    picked: Picked,
    trouble: Option<String>,
) -> PreviewPage {
    let t = visitor.lang;
    let sent = |name: &str| {
        ["label", "list", "sharing"].contains(&name)
            || name.starts_with("building-")
            || name.starts_with("floor-")
    };
    let hidden = form.iter().filter(|(name, _)| sent(name.as_str()));
    let mut hidden: Vec<_> = hidden.map(|(name, value)| (name.clone(), value.clone())).collect();
    hidden.sort_unstable();
    PreviewPage {
        t,
        page: Page::new(app, visitor, typed(form, "label").to_owned()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble,
        hidden,
        digest: picked.digest(),
        picked,
    }
}
