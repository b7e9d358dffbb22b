//! `/allowances/rules/{id}/runs/{period}/csv`: every grant of a run, however many, a page of rooms at a time.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

use crate::db::{Db, DbError};
use crate::exports::csv::{self, line};
use crate::ids::RuleId;
use crate::money::{Currency, Price, format_amount};
use crate::store::allowances::grants::{self, Grant};
use crate::store::allowances::runs;
use crate::web::error::WebError;
use crate::web::format::Format;
use crate::web::i18n::Lang;
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// Rooms read at a time: a page is sorted out of all of them, so it had better be large.
const ROOMS: i64 = 10_000;

/// What the lines are written with.
struct Writer {
    db: Db,
    t: Lang,
    f: Format,
    currency: Currency,
    rule: RuleId,
    period: String,
}

/// `GET /allowances/rules/{id}/runs/{period}/csv`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((rule, period)): Path<(RuleId, String)>,
) -> Result<Response, WebError> {
    runs::get(&mut *app.db.read().await?, &rule, &period).await?.ok_or(WebError::NotFound)?;
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let f = Format::new(visitor.lang, Some(site), app.clock.now_ms());
    let name = format!("attachment; filename=\"free-electricity-{period}.csv\"");
    let writer = Writer { db: app.db.clone(), t: visitor.lang, f, currency: site.currency(), rule, period };
    let start = (writer, Some(0));
    let lines = try_unfold(start, |(writer, after)| async move {
        let Some(after) = after else { return Ok::<_, DbError>(None) };
        let (text, next) = writer.page(after).await?;
        Ok(Some((text, (writer, next))))
    });
    let headers = [(CONTENT_TYPE, csv::CONTENT_TYPE), (CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, Body::from_stream(lines)).into_response())
}

impl Writer {
    /// The lines of the rooms after the first `after`, and where the next page begins.
    async fn page(&self, after: i64) -> Result<(String, Option<i64>), DbError> {
        let mut conn = self.db.read().await?;
        let grants = grants::of_month(&mut conn, &self.rule, &self.period, ROOMS, after).await?;
        drop(conn);
        let mut text = if after == 0 { self.head() } else { String::new() };
        text.extend(grants.iter().map(|grant| self.row(grant)));
        Ok((text, (!grants.is_empty()).then_some(after + ROOMS)))
    }

    fn head(&self) -> String {
        let (t, code) = (self.t, self.f.currency());
        let (price, amount) = (t.csv_price(code), t.csv_amount(code));
        let names = [t.csv_building(), t.csv_floor(), t.run_room(), t.run_month(), t.run_rule()];
        let figures = [t.csv_energy(), &price, &amount, t.when(), t.csv_delivered()];
        format!("{}{}", csv::START, line(names.into_iter().chain(figures)))
    }

    fn row(&self, grant: &Grant) -> String {
        let worth = grant.price_per_kwh.parse::<Price>().ok();
        let worth = worth.and_then(|price| price.amount_minor(grant.energy_wh, &self.currency)).unwrap_or(0);
        let (energy, amount) =
            (format_amount(grant.energy_wh, 3), format_amount(worth, self.currency.digits));
        let at = self.f.when(&grant.at_ms);
        let delivered = if grant.delivered == 1 { self.t.csv_yes() } else { self.t.csv_no() };
        let names = [&grant.building_name, &grant.floor_name, &grant.room_name, &grant.period];
        let names = names.into_iter().map(String::as_str);
        let rule = grant.rule_name.as_deref().unwrap_or(self.t.free_by_hand());
        let figures = [rule, &energy, &grant.price_per_kwh, &amount, &at, delivered];
        line(names.chain(figures))
    }
}
