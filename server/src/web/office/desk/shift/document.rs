//! `POST /shifts/{id}/report`: issues the report of a closed shift, once, and leads to the document.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::ShiftId;
use domain::rights::Action;
use jiff::tz::TimeZone;
use paper::content::{ShiftEntry, ShiftEvent, ShiftReport, ShiftSum};
use paper::parts::{Letterhead, Moment, Place};
use paper::{Document, Kind};
use serde::Deserialize;

use crate::ops::papers::issue_document::IssueDocument;
use crate::reads::desk::figures::{self, shift_report};
use crate::reads::desk::sales::Sale;
use crate::reads::desk::shifts;
use crate::reads::desk::takings::Quarter;
use crate::reads::papers::{documents, letterhead};
use crate::web::kit::error::WebError;
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// The form's key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    key: String,
}

/// `POST /shifts/{id}/report`. An open shift has no report yet: its page is the answer.
///
/// # Errors
/// [`WebError::NotFound`] without such a shift; [`WebError::Forbidden`] when it is somebody else's.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<ShiftId>,
    Form(form): Form<ReportForm>,
) -> Result<Response, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    let mut conn = app.db.read().await?;
    let shift = shifts::get(&mut conn, &id).await?.ok_or(WebError::NotFound)?;
    if shift.user_id != actor.id() && !actor.may(Action::OverseeShifts) {
        return Err(WebError::Forbidden);
    }
    if shift.closed_ms.is_none() {
        return Ok(go(&format!("/shifts/{id}")));
    }
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let head = letterhead::get(&mut conn).await?.ok_or(WebError::NotFound)?;
    let label = format!("{} · {}", t.shift_number(shift.number), shift.user_name);
    let report = shift_report(&mut conn, shift).await?;
    drop(conn);
    let request = IssueDocument {
        key: form.key.parse()?,
        action: Action::KeepShift,
        content: Document::ShiftReport(content(&report, head, &site.zone())),
        language: t,
        about: id.as_str().to_owned(),
        once: true,
        label,
    };
    app.ops.perform(actor, request).await?;
    let number = documents::number_of(&mut *app.db.read().await?, Kind::ShiftReport, id.as_str()).await?;
    Ok(go(&format!("/documents/shift-report/{}", number.ok_or(WebError::NotFound)?)))
}

fn content(report: &figures::ShiftReport, letterhead: Letterhead, zone: &TimeZone) -> ShiftReport {
    let shift = &report.shift;
    ShiftReport {
        letterhead,
        shift_number: shift.number,
        cashier_id: shift.user_id.0.clone(),
        cashier: shift.user_name.clone(),
        opened: Moment::at(shift.opened_ms, zone),
        closed: shift.closed_ms.map(|ms| Moment::at(ms, zone)),
        float_minor: shift.float_minor,
        sums: sums(report),
        expected_minor: shift.expected_minor.unwrap_or_else(|| report.drawer.expected_minor()),
        counted_minor: shift.counted_minor,
        denominations: Vec::new(),
        note: shift.note.clone(),
        entries: entries(&report.sales, zone),
    }
}

fn sums(report: &figures::ShiftReport) -> Vec<ShiftSum> {
    let drawer = &report.drawer;
    let energy = |of: fn(&Quarter) -> i64| report.quarters.iter().map(of).sum::<i64>();
    let sum = |event, count, amount_minor, energy_wh| ShiftSum { event, count, amount_minor, energy_wh };
    let (sales, voids, refunds) = (drawer.sales, drawer.voids, drawer.refunds);
    let mut sums = vec![
        sum(ShiftEvent::Sale, sales.count, sales.amount_minor, energy(|quarter| quarter.sold_wh)),
        sum(ShiftEvent::Void, voids.count, -voids.amount_minor, -energy(|quarter| quarter.voided_wh)),
        sum(ShiftEvent::Refund, refunds.count, -refunds.amount_minor, 0),
    ];
    if drawer.other_minor != 0 {
        sums.push(sum(ShiftEvent::Other, 1, drawer.other_minor, 0));
    }
    sums
}

/// Sales and voids in the order of their times; a sale that was voided stands in both places.
fn entries(sales: &[Sale], zone: &TimeZone) -> Vec<ShiftEntry> {
    let entry = |sale: &Sale, event, ms, sign: i64| ShiftEntry {
        at: Moment::at(ms, zone),
        event,
        number: sale.receipt_number(),
        place: Place {
            building: sale.building_name.clone(),
            floor: sale.floor_name.clone(),
            room: sale.room_name.clone(),
        },
        energy_wh: sign * sale.energy_wh,
        amount_minor: sign * sale.amount_minor,
    };
    let mut entries: Vec<_> = sales.iter().map(|sale| entry(sale, ShiftEvent::Sale, sale.at_ms, 1)).collect();
    let voids = sales.iter().filter_map(|sale| Some((sale, sale.voided_ms?)));
    entries.extend(voids.map(|(sale, ms)| entry(sale, ShiftEvent::Void, ms, -1)));
    entries.sort_by_key(|entry| entry.at.ms);
    entries
}
