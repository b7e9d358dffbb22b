//! Changing the site's days: the rest days of the week, and dated exceptions such as holidays and examinations.

use domain::actor::Actor;
use domain::rights::Action;
use domain::settings::CalendarDays;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// Why the days are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCalendar {
    /// Not days of the week.
    #[error("not days of the week")]
    Weekdays,
    /// More exceptions than a meter holds.
    #[error("at most {max} exceptions")]
    TooMany {
        /// How many it holds.
        max: usize,
    },
    /// An exception that ends before it begins.
    #[error("an exception ends before it begins")]
    Backwards,
}

refusals!(NoCalendar);

/// Records the days; the field layer brings them to every meter.
impl Verb for ChangeCalendar {
    const NAME: &'static str = "change-calendar";
    type Refusal = NoCalendar;

    fn right(&self) -> Action {
        Action::ChangeSettings
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoCalendar> {
        if self.rest_weekdays & !EVERY_DAY != 0 {
            return Err(NoCalendar::Weekdays);
        }
        if self.days.len() > MAX_EXCEPTIONS {
            return Err(NoCalendar::TooMany { max: MAX_EXCEPTIONS });
        }
        if self.days.iter().any(|days| days.from_day == 0 || days.from_day > days.to_day) {
            return Err(NoCalendar::Backwards);
        }
        Ok(())
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoCalendar> {
        async move {
            calendar::put_rest_weekdays(conn, self.rest_weekdays).await?;
            calendar::put_days(conn, &self.days).await?;
            Ok(())
        }
        .boxed()
    }
}
