//! Changing the site's days: the rest days of the week, and dated exceptions such as holidays and examinations.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use domain::settings::CalendarDays;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::calendar;

/// The most dated exceptions: as many as a meter holds.
pub const MAX_EXCEPTIONS: usize = 20;
/// All seven weekdays.
const EVERY_DAY: i64 = 0x7F;

/// The days of the site.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeCalendar {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Bit per weekday that is a rest day, bit 0 Monday.
    pub rest_weekdays: i64,
    /// Dated exceptions; the first that holds counts.
    pub days: Vec<CalendarDays>,
}

/// Records the days; the field layer brings them to every meter.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `weekdays` or `days`.
pub async fn change(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: ChangeCalendar,
) -> Result<Outcome, OpError> {
    require(actor, Action::ChangeSettings)?;
    check(&request)?;
    let operation = Operation::new(clock, actor, "change-calendar", &request.key, "site", &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                calendar::put_rest_weekdays(conn, request.rest_weekdays).await?;
                calendar::put_days(conn, &request.days).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn check(request: &ChangeCalendar) -> Result<(), OpError> {
    let invalid = |field, problem| Err(OpError::Invalid { field, problem });
    if request.rest_weekdays & !EVERY_DAY != 0 {
        return invalid("weekdays", Problem::Malformed);
    }
    if request.days.len() > MAX_EXCEPTIONS {
        return invalid("days", Problem::TooLong);
    }
    if request.days.iter().any(|days| days.from_day == 0 || days.from_day > days.to_day) {
        return invalid("days", Problem::Malformed);
    }
    Ok(())
}
