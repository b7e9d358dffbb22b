//! The form of a reading that somebody saw at a meter.

use words::Lang;

use super::typed::{Typed, typed};
use crate::db::Connection;
use crate::ops::kit::Refused;
use crate::ops::moves::move_out::limits;
use crate::reads::moves::departures::Departure;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};

/// The form for a reading.
pub(super) struct ReadingForm {
    /// What was read: used in the period, or the running total.
    pub(super) kinds: Vec<Choice>,
    pub(super) kind: String,
    pub(super) value: Field,
    /// At least this much is known to have been used, in Wh.
    pub(super) least_used_wh: i64,
    /// Whether it is to be seen at once.
    pub(super) open: bool,
}

/// The form, while the meter has not spoken.
pub(super) async fn form(
    conn: &mut Connection,
    t: Lang,
    departure: &Departure,
    form: &Typed,
    faults: &Faults,
) -> Result<Option<ReadingForm>, WebError> {
    let limits = match limits(conn, departure).await {
        Ok(limits) => limits,
        Err(Refused::Because(_)) => return Ok(None),
        Err(refused) => return because(refused).and(Ok(None)),
    };
    let mut kinds = vec![Choice::new("used", t.reading_used())];
    if limits.opening_total_wh.is_some() {
        kinds.push(Choice::new("total", t.reading_total()));
    }
    let kind = if typed(form, "kind") == "total" { "total" } else { "used" };
    let value = Field::number("reading", t.reading_value(), t.unit_kwh()).value(typed(form, "reading"));
    Ok(Some(ReadingForm {
        kinds,
        kind: kind.to_owned(),
        value: value.error(faults),
        least_used_wh: limits.least_used_wh,
        open: !faults.is_empty() || departure.entered_used_wh.is_some(),
    }))
}
