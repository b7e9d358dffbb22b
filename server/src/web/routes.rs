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
use crate::web::kit::guard::{Access, Route, may, public, sees_and_may, signed_in};
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
        may("/", Action::SeeRooms, get(board::get)),
        may("/rooms/{id}", Action::SeeRooms, get(room::get)),
        may("/rooms/{id}/tenancy", Action::MoveIn, get(tenancy::get).post(tenancy::post)),
        may("/rooms/{id}/supply", Action::SwitchSupply, get(supply::get).post(supply::post)),
        may("/rooms/{id}/reminder", Action::AcknowledgeReminder, post(reminder::post)),
        may("/moves", Action::SeeMoney, get(moves::get)),
        may("/moves/bank", Action::SeeMoney, get(moves::get_bank)),
        may("/moves/terms", Action::SetUpSite, post(moves::post_terms)),
        may("/rooms/{id}/move-out", Action::MoveOut, get(move_out::get).post(move_out::post)),
        may("/rooms/{id}/change", Action::MoveOut, get(change_room::get).post(change_room::post)),
        may("/departures/{id}", Action::SeeMoney, get(departure::get)),
        may("/departures/{id}/reading", Action::MoveOut, post(departure::post_reading)),
        may("/departures/{id}/settlement", Action::MoveOut, post(departure::post_settlement)),
        may("/departures/{id}/approval", Action::MoveOut, post(departure::post_approval)),
        may("/departures/{id}/payouts", Action::PayRefund, post(departure::post_payout)),
        may("/moves/graduation", Action::MoveOut, get(graduation::get).post(graduation::post)),
        may("/moves/runs/{id}", Action::SeeMoney, get(graduation::get_run)),
        may("/moves/runs/{id}/going-on", Action::MoveOut, post(graduation::post_run)),
        may("/moves/runs/{id}/exceptions/{format}", Action::SeeMoney, get(graduation::get_exceptions)),
        may("/moves/runs/{id}/refunds", Action::PayRefund, post(graduation::post_refunds)),
        may("/moves/runs/{id}/refunds/{format}", Action::SeeMoney, get(graduation::get_refunds)),
        may("/moves/runs/{id}/accounts", Action::PayRefund, post(graduation::post_accounts).layer(DefaultBodyLimit::max(move_in_list::LARGEST_BODY))),
        may("/moves/list", Action::MoveIn, get(move_in_list::get_upload).post(move_in_list::post_upload).layer(DefaultBodyLimit::max(move_in_list::LARGEST_BODY))),
        may("/moves/list/template", Action::MoveIn, get(move_in_list::get_template)),
        may("/moves/lists/{id}", Action::MoveIn, get(move_in_list::get_list).post(move_in_list::post_list)),
        sees_and_may("/rooms/{id}/account", Action::SeeMoney, Action::HandOut, get(books::account::get).post(books::account::post)),
        may("/books", Action::SeeBooks, get(books::get)),
        may("/books/held", Action::SeeBooks, get(books::held::get)),
        sees_and_may("/books/held/{id}", Action::SeeBooks, Action::JudgeReadings, get(books::judge::get).post(books::judge::post)),
        may("/rooms/{id}/lockout", Action::ReleaseLockout, post(lockout::post)),
        // Simulated appliances: nothing of the house changes.
        may("/rooms/{id}/demo", Action::SeeRooms, post(playground::post)),
        may("/settings", Action::SeeSettings, get(settings::get)),
        sees_and_may("/settings/credit", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Credit>()),
        sees_and_may("/settings/friendly", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Friendly>()),
        sees_and_may("/settings/cap", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Cap>()),
        sees_and_may("/settings/schedule/{kind}", Action::SeeSettings, Action::ChangeSettings, get(settings::get_schedule).post(settings::post_schedule)),
        sees_and_may("/settings/voltage", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Voltage>()),
        sees_and_may("/settings/over-current", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::OverCurrent>()),
        sees_and_may("/settings/vicious", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Vicious>()),
        sees_and_may("/settings/permitted", Action::SeeSettings, Action::ChangeSettings, settings::form::<settings::Permitted>()),
        sees_and_may("/settings/calendar", Action::SeeSettings, Action::ChangeSettings, get(settings::get_calendar).post(settings::post_calendar)),
        may("/sell", Action::Sell, get(sell::get)),
        may("/rooms/{id}/sale", Action::Sell, get(sale::form::get)),
        may("/rooms/{id}/sale/preview", Action::Sell, post(sale::preview::post)),
        may("/rooms/{id}/sales", Action::Sell, post(sale::confirm::post)),
        may("/sales/{id}", Action::SeeMoney, get(receipt::get)),
        may("/sales/{id}/receipt", Action::HandOut, post(receipt::post)),
        may("/documents", Action::SeeMoney, get(documents::get_list)),
        may("/documents/{kind}", Action::SeeMoney, get(documents::get_batch)),
        may("/documents/{kind}/originals", Action::HandOut, post(documents::post_batch)),
        may("/documents/{kind}/{number}", Action::SeeMoney, get(documents::get_one)),
        may("/documents/{kind}/{number}/print", Action::SeeMoney, get(documents::get_print)),
        may("/documents/{kind}/{number}/original", Action::HandOut, post(documents::post_original)),
        may("/verify", Action::SeeMoney, get(verify::get)),
        may("/shift", Action::KeepShift, get(shift::get).post(shift::post)),
        may("/shifts", Action::SeeMoney, get(shift::list::get)),
        may("/shifts/{id}", Action::SeeMoney, get(shift::report::get)),
        may("/shifts/{id}/close", Action::KeepShift, get(shift::close::get).post(shift::close::post)),
        may("/shifts/{id}/report", Action::KeepShift, post(shift::document::post)),
        may("/reports", Action::SeeMoney, get(reports::index::get)),
        may("/reports/{report}", Action::SeeMoney, get(reports::page::get)),
        may("/reports/{report}/{format}", Action::SeeMoney, get(reports::file::get)),
        may("/reports/day-end", Action::SeeShifts, get(day_end::get)),
        may("/reports/sales", Action::SeeShifts, get(takings::get)),
        may("/reports/sales/document", Action::OverseeShifts, post(takings_document::post)),
        may("/sales/{id}/void", Action::Sell, get(void::get).post(void::post)),
        may("/equipment", Action::SeeEquipment, get(equipment::get)),
        may("/equipment/collector", Action::InstallMeters, get(collector::get_new).post(collector::post_new)),
        sees_and_may("/equipment/collectors/{id}", Action::SeeEquipment, Action::InstallMeters, get(collector::get).post(collector::post)),
        may("/equipment/meter", Action::InstallMeters, get(meter_new::get).post(meter_new::post)),
        may("/equipment/meters/{id}", Action::SeeEquipment, get(meter::get)),
        may("/equipment/meters/{id}/events", Action::SeeEquipment, get(meter_events::get)),
        may("/equipment/meters/{id}/display", Action::SeeEquipment, get(display::get)),
        may("/equipment/meters/{id}/credit", Action::RestoreCredit, post(restore::post)),
        may("/equipment/meters/{id}/second-loops", Action::InstallMeters, post(second_loops::post)),
        may("/equipment/meters/{id}/rooms", Action::InstallMeters, post(meter::post_room)),
        may("/rooms/{id}/grant", Action::Grant, get(grant::get).post(grant::post)),
        sees_and_may("/rooms/{id}/residents", Action::SeeAllowances, Action::MoveIn, get(residents::get).post(residents::post)),
        may("/allowances", Action::SeeAllowances, get(allowance::get)),
        may("/allowances/rule", Action::Grant, get(allowance::rule::get_new).post(allowance::rule::post_new)),
        sees_and_may("/allowances/rules/{id}", Action::SeeAllowances, Action::Grant, get(allowance::rule::get).post(allowance::rule::post)),
        sees_and_may("/allowances/rules/{id}/runs", Action::SeeAllowances, Action::Grant, get(allowance::preview::get).post(allowance::preview::post)),
        may("/allowances/rules/{id}/runs/{period}", Action::SeeAllowances, get(allowance::run::get)),
        may("/allowances/rules/{id}/runs/{period}/{format}", Action::SeeAllowances, get(allowance::export::get)),
        sees_and_may("/reports/subsidy", Action::SeeAllowances, Action::Grant, get(subsidy::get).post(subsidy::post)),
        may("/prices", Action::SeePrices, get(plans::get)),
        may("/prices/groups", Action::SetPrice, post(plans::groups::post)),
        may("/prices/rooms", Action::SetPrice, post(plans::groups::post_rooms)),
        sees_and_may("/prices/groups/{id}", Action::SeePrices, Action::SetPrice, get(plans::plan::get).post(plans::plan::post)),
        may("/prices/groups/{id}/preview", Action::SetPrice, post(plans::preview::post)),
        may("/prices/plans/{id}/withdrawal", Action::SetPrice, post(plans::post_withdrawal)),
        may("/installation", Action::SeeInstallation, get(installation::get)),
        may("/installation/site", Action::SetUpSite, post(installation::post_site)),
        sees_and_may("/installation/letterhead", Action::SeeInstallation, Action::SetUpSite, get(letterhead::get).post(letterhead::post)),
        may("/installation/prices", Action::SetPrice, post(installation::post_price)),
        may("/installation/buildings", Action::SetUpSite, post(installation::post_building)),
        may("/installation/rooms", Action::SetUpSite, post(installation::post_rooms)),
        signed_in("/account", get(account::get)),
        signed_in("/account/password", post(account::post_password)),
        sees_and_may("/users", Action::SeeUsers, Action::ManageUsers, get(users::get).post(users::post)),
        may("/users/{id}/status", Action::ManageUsers, post(users::post_status)),
        may("/users/{id}/password", Action::ManageUsers, get(user_password::get).post(user_password::post)),
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
