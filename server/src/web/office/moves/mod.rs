//! `/moves`: who has left and is still owed something, readings that turned out otherwise, and by what refunds are settled.

mod bank;
pub mod change_room;
pub mod departure;
pub mod graduation;
pub mod move_in_list;
pub mod move_out;
pub mod tenancy;
mod terms;
mod terms_form;

pub use bank::get as get_bank;
pub use terms::post as post_terms;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::rights::Action;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use words::Lang;

use self::bank::BankForm;
use self::terms_form::TermsForm;
use crate::ops::kit::Key;
use crate::reads::moves::adjustments::{self, Listed as Adjusted};
use crate::reads::moves::departure_runs::{self, Run};
use crate::reads::moves::departures_list::{self, Listed, Stage};
use crate::reads::moves::settlements;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::status::Look;
use crate::web::kit::visitor::Visitor;

/// Departures that are listed; more are said to be there.
const MOST_SHOWN: i64 = 200;
/// Adjustments that are listed.
const MOST_ADJUSTED: i64 = 20;
/// Departures that are done and still listed.
const MOST_DONE: i64 = 20;

/// Runs of many move-outs that are listed.
const MOST_RUNS: i64 = 5;

/// `moves.html`.
#[derive(Template)]
#[template(path = "office/moves/moves.html")]
struct MovesPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    can_move_in: bool,
    can_move_out: bool,
    can_install: bool,
    departures: Vec<(Listed, Look)>,
    more: bool,
    done: Vec<(Listed, Look)>,
    adjusted: Vec<Adjusted>,
    runs: Vec<Run>,
    bank: [Field; 2],
    terms: [Field; 2],
}

/// What is still to be done, as colour, icon and word.
#[must_use]
pub const fn stage_look(t: Lang, stage: Stage) -> Look {
    let (class, icon, word) = match stage {
        Stage::Waiting => ("pending", "pending", t.stage_waiting()),
        Stage::Carrying => ("pending", "pending", t.stage_carrying()),
        Stage::ToSettle => ("low", "todo", t.stage_to_settle()),
        Stage::ToApprove => ("low", "check", t.stage_to_approve()),
        Stage::ToPay => ("low", "sell", t.stage_to_pay()),
        Stage::Done => ("on", "done", t.stage_done()),
    };
    Look { class, icon, word }
}

fn moves_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    form: &'a TermsForm,
    faults: &'a Faults,
) -> BoxFuture<'a, Result<MovesPage, WebError>> {
    async move {
        let (t, now_ms, actor) = (visitor.lang, app.clock.now_ms(), visitor.actor()?);
        let f = Format::new(t, visitor.site.as_ref(), now_ms);
        let mut conn = app.db.read().await?;
        let mut departures = departures_list::open(&mut conn, MOST_SHOWN + 1).await?;
        let done = departures_list::done(&mut conn, MOST_DONE).await?;
        let adjusted = adjustments::latest(&mut conn, None, MOST_ADJUSTED).await?;
        let runs = departure_runs::latest(&mut conn, MOST_RUNS).await?;
        let stands = settlements::terms(&mut conn).await?;
        drop(conn);
        let shown = usize::try_from(MOST_SHOWN).unwrap_or(usize::MAX);
        let more = departures.len() > shown;
        departures.truncate(shown);
        let with_look = |one: Listed| {
            let look = stage_look(t, one.stage());
            (one, look)
        };
        Ok(MovesPage {
            t,
            page: Page::new(app, visitor, t.nav_moves()),
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
            can_move_in: actor.may(Action::MoveIn),
            can_move_out: actor.may(Action::MoveOut),
            can_install: actor.may(Action::SetUpSite),
            departures: departures.into_iter().map(with_look).collect(),
            done: done.into_iter().map(with_look).collect(),
            more,
            adjusted,
            runs,
            bank: BankForm::fields(t, &f),
            terms: form.fields(t, &f, stands, visitor.site.as_ref(), faults),
            f,
        })
    }
    .boxed()
}

/// `GET /moves`.
///
/// # Errors
/// The database's.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&moves_page(&app, &visitor, &TermsForm::default(), &Faults::default()).await?)
}
