//! `/departures/{id}`: a tenancy that ends, step by step: closing, settlement, approval, payout.

mod account;
mod approval;
mod payout;
mod payout_form;
mod reading;
mod reading_form;
mod settlement;
mod typed;

pub use approval::post as post_approval;
pub use payout::post as post_payout;
pub use payout_form::way_words;
pub use reading::post as post_reading;
pub use settlement::post as post_settlement;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::Kind;
use words::Lang;

use self::account::{Account, SettlementForm};
use self::payout_form::ShareLine;
use self::reading_form::ReadingForm;
use self::typed::{Typed, typed};
use crate::ops::kit::Key;
use crate::reads::moves::adjustments;
use crate::reads::moves::departures::{self, Departure};
use crate::reads::moves::departures_list::{self, Listed, Stage};
use crate::reads::moves::settlements::{self, Settlement};
use crate::reads::people::residents::{self, Resident};
use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::status::Look;
use crate::web::kit::visitor::Visitor;
use crate::web::office::moves::stage_look;

/// `departure.html`.
#[derive(Template)]
#[template(path = "office/moves/departure.html")]
struct DeparturePage {
    t: Lang,
    page: Page,
    f: Format,
    listed: Listed,
    departure: Departure,
    look: Look,
    residents: Vec<Resident>,
    key: String,
    trouble: Option<String>,
    /// Where the credit goes, when the residents change rooms.
    to: Option<(String, String)>,
    /// What the meter said after the account had been settled by an entered reading.
    adjusted: Option<(i64, i64)>,
    reading: Option<ReadingForm>,
    account: Option<Account>,
    settlement_form: Option<SettlementForm>,
    settled: Option<Settled>,
}

/// What the account was settled to.
struct Settled {
    settlement: Settlement,
    debts: Vec<(String, i64)>,
    statement: String,
    /// Who approved it, and when.
    approval: Option<(String, i64)>,
    awaits_approval: bool,
    /// Whoever looks may approve it.
    may_approve: bool,
    shares: Vec<ShareLine>,
}

fn departure_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    id: &'a OperationId,
    form: &'a Typed,
    faults: &'a Faults,
) -> BoxFuture<'a, Result<DeparturePage, WebError>> {
    async move {
        let (t, now_ms, actor) = (visitor.lang, app.clock.now_ms(), visitor.actor()?);
        let f = Format::new(t, visitor.site.as_ref(), now_ms);
        let mut conn = app.db.read().await?;
        let listed = departures_list::get(&mut conn, id).await?.ok_or(WebError::NotFound)?;
        let departure = departures::get(&mut conn, id).await?.ok_or(WebError::NotFound)?;
        let mut residents = residents::residents_of(&mut conn, &departure.tenancy_id).await?;
        residents.sort_by(|one, other| one.number.cmp(&other.number));
        let can_settle = actor.may(Action::MoveOut);
        let open = departure.done_ms.is_none();
        let account = if open { account::read(&mut conn, &departure).await? } else { None };
        let settled = match settlements::of_departure(&mut conn, id).await? {
            Some(settlement) => Some(settled(&mut conn, visitor, settlement, form, faults).await?),
            None => None,
        };
        let reading = if open && can_settle {
            reading_form::form(&mut conn, t, &departure, form, faults).await?
        } else {
            None
        };
        let settles = open && can_settle && departure.to_tenancy_id.is_none() && account.is_some();
        let adjusted = adjustments::of_departure(&mut conn, id).await?;
        Ok(DeparturePage {
            page: Page::new(app, visitor, t.departure_title(&listed.room)),
            look: stage_look(t, listed.stage()),
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
            trouble: faults.of("page").map(str::to_owned),
            to: to_room(&mut conn, &departure).await?,
            settlement_form: settles.then(|| account::form(t, &f, &residents, form, faults)),
            adjusted,
            reading,
            account,
            settled,
            residents,
            listed,
            departure,
            t,
            f,
        })
    }
    .boxed()
}

async fn to_room(
    conn: &mut crate::db::Connection,
    departure: &Departure,
) -> Result<Option<(String, String)>, WebError> {
    let Some(tenancy) = &departure.to_tenancy_id else { return Ok(None) };
    let room = residents::room_of(conn, tenancy).await?;
    Ok(room.map(|(id, name)| (id.0, name)))
}

async fn settled(
    conn: &mut crate::db::Connection,
    visitor: &Visitor,
    settlement: Settlement,
    form: &Typed,
    faults: &Faults,
) -> Result<Settled, WebError> {
    let actor = visitor.actor()?;
    let approval = settlements::approval_of(conn, &settlement.id).await?;
    let awaits_approval = settlement.needs_approval == 1 && approval.is_none();
    let may_pay = actor.may(Action::PayRefund) && !awaits_approval;
    Ok(Settled {
        debts: settlements::debts_of(conn, &settlement.id).await?,
        statement: Kind::RefundStatement.numbered(settlement.number),
        awaits_approval,
        may_approve: awaits_approval && actor.may(Action::MoveOut) && actor.id() != settlement.actor_id,
        shares: payout_form::lines(conn, visitor.lang, &settlement, may_pay, form, faults).await?,
        approval,
        settlement,
    })
}

impl DeparturePage {
    /// Whether something will change by itself.
    fn moves_on(&self) -> bool {
        matches!(self.listed.stage(), Stage::Waiting | Stage::Carrying)
    }
}

/// `GET /departures/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a departure.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    show(&departure_page(&app, &visitor, &id, &Typed::new(), &Faults::default()).await?)
}
