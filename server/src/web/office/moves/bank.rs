//! `/moves/bank`: the refunds by bank of some days, as a list for the bank.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::money::format_amount;
use jiff::tz::TimeZone;
use paper::Kind;
use paper::exports::csv;
use serde::Deserialize;
use words::Lang;

use crate::reads::moves::settlements::{BankPayout, bank_list};
use crate::web::kit::error::WebError;
use crate::web::kit::field::Field;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::period;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// From which day to which, both included, as a date field sends them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BankForm {
    from: String,
    to: String,
}

impl BankForm {
    /// The fields, filled in with today.
    pub(super) fn fields(t: Lang, f: &Format) -> [Field; 2] {
        let today = period::day_of(f.zone(), f.now_ms()).to_string();
        [Field::date("from", t.bank_from()).value(&today), Field::date("to", t.bank_to()).value(&today)]
    }

    fn span_ms(&self, zone: &TimeZone) -> Option<(i64, i64)> {
        let (from, to) = (period::parse_day(&self.from)?, period::parse_day(&self.to)?);
        Some(period::ends_ms(zone, from, period::next_day(to)))
    }
}

/// `GET /moves/bank`.
///
/// # Errors
/// [`WebError::BadRequest`] for what is no date.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(form): Query<BankForm>,
) -> Result<Response, WebError> {
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let zone = TimeZone::get(&site.time_zone).unwrap_or(TimeZone::UTC);
    let span_ms = form.span_ms(&zone).ok_or(WebError::BadRequest)?;
    let rows = bank_list(&mut *app.db.read().await?, span_ms).await?;
    let file = file(visitor.lang, &rows, &site.currency().code, site.currency().digits);
    let disposition = "attachment; filename=\"refunds.csv\"";
    Ok(([(CONTENT_TYPE, csv::CONTENT_TYPE), (CONTENT_DISPOSITION, disposition)], file).into_response())
}

/// Account numbers stay text, with their leading zeros.
fn file(t: Lang, rows: &[BankPayout], currency: &str, digits: u32) -> String {
    let headings = [
        t.bank_statement(),
        t.way_account_name(),
        t.way_account_number(),
        t.way_bank_name(),
        t.bank_amount(),
        t.bank_currency(),
        t.bank_resident(),
    ];
    let lines = rows.iter().map(|row| {
        csv::line([
            &*Kind::RefundStatement.numbered(row.number),
            &row.account_name,
            &row.account_number,
            &row.bank,
            &format_amount(row.amount_minor, digits),
            currency,
            &row.resident,
        ])
    });
    [csv::START.to_owned(), csv::line(headings)].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_days_are_within() {
        let form = BankForm { from: "2026-09-01".into(), to: "2026-09-02".into() };
        let (from_ms, until_ms) = form.span_ms(&TimeZone::UTC).unwrap();
        assert_eq!((from_ms, until_ms - from_ms), (1_788_220_800_000, 2 * 86_400_000));
        assert_eq!(BankForm::default().span_ms(&TimeZone::UTC), None);
    }
}
