//! Every address there is, what may be done there, and the layers around them all.

use axum::extract::DefaultBodyLimit;
use axum::http::Response;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Router, body::Body};
use domain::rights::Action;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::web::kit::error::WebError;
use crate::web::kit::guard::{Access, Route, may_use, public};
use crate::web::kit::state::AppState;
use crate::web::kit::{assets, health, security, visitor};
use crate::web::office::allowance::{self, grant, subsidy};
use crate::web::office::desk::{day_end, receipt, sale, sell, shift, takings, takings_document, void};
use crate::web::office::meters::{
    collector, display, equipment, lockout, meter, meter_events, meter_new, reminder, restore, second_loops,
    settings, supply,
};
use crate::web::office::moves::{self, change_room, departure, graduation, move_in_list, move_out, tenancy};
use crate::web::office::papers::{documents, letterhead, verify};
use crate::web::office::people::{account, residents, setup, sign_in, user_password, users};
use crate::web::office::places::{board, installation, room};
use crate::web::office::{books, plans, reports};
use crate::web::playground;

/// The largest body: no form of ours comes near it.
const LARGEST_BODY: usize = 64 * 1024;

#[rustfmt::skip]
fn routes() -> Vec<Route> {
    vec![
        public("/sign-in", get(sign_in::get).post(sign_in::post)),
        public("/sign-out", post(sign_in::out)),
        public("/setup/{token}", get(setup::get).post(setup::post)),
        public("/language", post(account::post_language)),
        may_use("/", Action::Look, get(board::get)),
        may_use("/rooms/{id}", Action::Look, get(room::get)),
        may_use("/rooms/{id}/tenancy", Action::MoveIn, get(tenancy::get).post(tenancy::post)),
        may_use("/rooms/{id}/supply", Action::SwitchSupply, get(supply::get).post(supply::post)),
        may_use("/rooms/{id}/reminder", Action::AcknowledgeReminder, post(reminder::post)),
        may_use("/moves", Action::Look, get(moves::get)),
        may_use("/moves/bank", Action::PayRefund, get(moves::get_bank)),
        may_use("/moves/terms", Action::Install, post(moves::post_terms)),
        may_use("/rooms/{id}/move-out", Action::MoveOut, get(move_out::get).post(move_out::post)),
        may_use("/rooms/{id}/change", Action::MoveOut, get(change_room::get).post(change_room::post)),
        may_use("/departures/{id}", Action::Look, get(departure::get)),
        may_use("/departures/{id}/reading", Action::MoveOut, post(departure::post_reading)),
        may_use("/departures/{id}/settlement", Action::MoveOut, post(departure::post_settlement)),
        may_use("/departures/{id}/approval", Action::MoveOut, post(departure::post_approval)),
        may_use("/departures/{id}/payouts", Action::PayRefund, post(departure::post_payout)),
        may_use("/moves/graduation", Action::MoveOut, get(graduation::get).post(graduation::post)),
        may_use("/moves/runs/{id}", Action::Look, get(graduation::get_run)),
        may_use("/moves/runs/{id}/going-on", Action::MoveOut, post(graduation::post_run)),
        may_use("/moves/runs/{id}/exceptions/{format}", Action::Look, get(graduation::get_exceptions)),
        may_use("/moves/runs/{id}/refunds", Action::PayRefund, post(graduation::post_refunds)),
        may_use("/moves/runs/{id}/refunds/{format}", Action::PayRefund, get(graduation::get_refunds)),
        may_use("/moves/runs/{id}/accounts", Action::PayRefund, post(graduation::post_accounts).layer(DefaultBodyLimit::max(move_in_list::LARGEST_BODY))),
        may_use("/moves/list", Action::MoveIn, get(move_in_list::get_upload).post(move_in_list::post_upload).layer(DefaultBodyLimit::max(move_in_list::LARGEST_BODY))),
        may_use("/moves/list/template", Action::MoveIn, get(move_in_list::get_template)),
        may_use("/moves/lists/{id}", Action::MoveIn, get(move_in_list::get_list).post(move_in_list::post_list)),
        may_use("/rooms/{id}/account", Action::Look, get(books::account::get).post(books::account::post)),
        may_use("/books", Action::SeeBooks, get(books::get)),
        may_use("/books/held", Action::SeeBooks, get(books::held::get)),
        may_use("/books/held/{id}", Action::JudgeReadings, get(books::judge::get).post(books::judge::post)),
        may_use("/rooms/{id}/lockout", Action::ReleaseLockout, post(lockout::post)),
        may_use("/rooms/{id}/demo", Action::Look, post(playground::post)),
        may_use("/settings", Action::ChangeSettings, get(settings::get)),
        may_use("/settings/credit", Action::ChangeSettings, settings::form::<settings::Credit>()),
        may_use("/settings/friendly", Action::ChangeSettings, settings::form::<settings::Friendly>()),
        may_use("/settings/cap", Action::ChangeSettings, settings::form::<settings::Cap>()),
        may_use("/settings/schedule/{kind}", Action::ChangeSettings, get(settings::get_schedule).post(settings::post_schedule)),
        may_use("/settings/voltage", Action::ChangeSettings, settings::form::<settings::Voltage>()),
        may_use("/settings/over-current", Action::ChangeSettings, settings::form::<settings::OverCurrent>()),
        may_use("/settings/vicious", Action::ChangeSettings, settings::form::<settings::Vicious>()),
        may_use("/settings/permitted", Action::ChangeSettings, settings::form::<settings::Permitted>()),
        may_use("/settings/calendar", Action::ChangeSettings, get(settings::get_calendar).post(settings::post_calendar)),
        may_use("/sell", Action::Sell, get(sell::get)),
        may_use("/rooms/{id}/sale", Action::Sell, get(sale::form::get)),
        may_use("/rooms/{id}/sale/preview", Action::Sell, post(sale::preview::post)),
        may_use("/rooms/{id}/sales", Action::Sell, post(sale::confirm::post)),
        may_use("/sales/{id}", Action::Look, get(receipt::get)),
        may_use("/sales/{id}/receipt", Action::Look, post(receipt::post)),
        may_use("/documents", Action::Look, get(documents::get_list)),
        may_use("/documents/{kind}", Action::Look, get(documents::get_batch)),
        may_use("/documents/{kind}/originals", Action::Look, post(documents::post_batch)),
        may_use("/documents/{kind}/{number}", Action::Look, get(documents::get_one)),
        may_use("/documents/{kind}/{number}/print", Action::Look, get(documents::get_print)),
        may_use("/documents/{kind}/{number}/original", Action::Look, post(documents::post_original)),
        may_use("/verify", Action::Look, get(verify::get)),
        may_use("/shift", Action::KeepShift, get(shift::get).post(shift::post)),
        may_use("/shifts", Action::KeepShift, get(shift::list::get)),
        may_use("/shifts/{id}", Action::KeepShift, get(shift::report::get)),
        may_use("/shifts/{id}/close", Action::KeepShift, get(shift::close::get).post(shift::close::post)),
        may_use("/shifts/{id}/report", Action::KeepShift, post(shift::document::post)),
        may_use("/reports", Action::Look, get(reports::index::get)),
        may_use("/reports/{report}", Action::Look, get(reports::page::get)),
        may_use("/reports/{report}/{format}", Action::Look, get(reports::file::get)),
        may_use("/reports/day-end", Action::OverseeShifts, get(day_end::get)),
        may_use("/reports/sales", Action::OverseeShifts, get(takings::get)),
        may_use("/reports/sales/document", Action::OverseeShifts, post(takings_document::post)),
        may_use("/sales/{id}/void", Action::Sell, get(void::get).post(void::post)),
        may_use("/equipment", Action::Look, get(equipment::get)),
        may_use("/equipment/collector", Action::Install, get(collector::get_new).post(collector::post_new)),
        may_use("/equipment/collectors/{id}", Action::Install, get(collector::get).post(collector::post)),
        may_use("/equipment/meter", Action::Install, get(meter_new::get).post(meter_new::post)),
        may_use("/equipment/meters/{id}", Action::Look, get(meter::get)),
        may_use("/equipment/meters/{id}/events", Action::Look, get(meter_events::get)),
        may_use("/equipment/meters/{id}/display", Action::Look, get(display::get)),
        may_use("/equipment/meters/{id}/credit", Action::RestoreCredit, post(restore::post)),
        may_use("/equipment/meters/{id}/second-loops", Action::Install, post(second_loops::post)),
        may_use("/equipment/meters/{id}/rooms", Action::Install, post(meter::post_room)),
        may_use("/rooms/{id}/grant", Action::Grant, get(grant::get).post(grant::post)),
        may_use("/rooms/{id}/residents", Action::MoveIn, get(residents::get).post(residents::post)),
        may_use("/allowances", Action::Grant, get(allowance::get)),
        may_use("/allowances/rule", Action::Grant, get(allowance::rule::get_new).post(allowance::rule::post_new)),
        may_use("/allowances/rules/{id}", Action::Grant, get(allowance::rule::get).post(allowance::rule::post)),
        may_use("/allowances/rules/{id}/runs", Action::Grant, get(allowance::preview::get).post(allowance::preview::post)),
        may_use("/allowances/rules/{id}/runs/{period}", Action::Grant, get(allowance::run::get)),
        may_use("/allowances/rules/{id}/runs/{period}/{format}", Action::Grant, get(allowance::export::get)),
        may_use("/reports/subsidy", Action::Grant, get(subsidy::get).post(subsidy::post)),
        may_use("/prices", Action::SetPrice, get(plans::get)),
        may_use("/prices/groups", Action::SetPrice, post(plans::groups::post)),
        may_use("/prices/rooms", Action::SetPrice, post(plans::groups::post_rooms)),
        may_use("/prices/groups/{id}", Action::SetPrice, get(plans::plan::get).post(plans::plan::post)),
        may_use("/prices/groups/{id}/preview", Action::SetPrice, post(plans::preview::post)),
        may_use("/prices/plans/{id}/withdrawal", Action::SetPrice, post(plans::post_withdrawal)),
        may_use("/installation", Action::SetPrice, get(installation::get)),
        may_use("/installation/site", Action::Install, post(installation::post_site)),
        may_use("/installation/letterhead", Action::Install, get(letterhead::get).post(letterhead::post)),
        may_use("/installation/prices", Action::SetPrice, post(installation::post_price)),
        may_use("/installation/buildings", Action::Install, post(installation::post_building)),
        may_use("/installation/rooms", Action::Install, post(installation::post_rooms)),
        may_use("/account", Action::Look, get(account::get)),
        may_use("/account/password", Action::Look, post(account::post_password)),
        may_use("/users", Action::ManageUsers, get(users::get).post(users::post)),
        may_use("/users/{id}/status", Action::ManageUsers, post(users::post_status)),
        may_use("/users/{id}/password", Action::ManageUsers, get(user_password::get).post(user_password::post)),
    ]
}

/// Every page with who may use it; the tests walk it.
#[must_use]
pub fn access_list() -> Vec<(&'static str, Access)> {
    routes().iter().map(|route| (route.path, route.access)).collect()
}

/// The whole web server.
pub fn router(app: AppState) -> Router {
    let pages = routes().into_iter().fold(Router::new(), |router, route| route.add_to(router));
    let pages = pages
        .fallback(|| async { WebError::NotFound })
        .method_not_allowed_fallback(|| async { WebError::Method })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CsrfLayer::new().with_rejection_response(cross_site))
        .layer(from_fn_with_state(app.clone(), visitor::meet));
    let plain = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/static/{name}", get(assets::get));
    pages
        .merge(plain)
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), security::headers))
        .with_state(app)
}

fn cross_site(_: ProtectionError) -> Response<Body> {
    WebError::CrossSite.into_response()
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    WebError::Internal(format!("a handler panicked: {text}")).into_response()
}
