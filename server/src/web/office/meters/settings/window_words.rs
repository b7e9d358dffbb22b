//! Weekdays, and hours of them, in words.

use meter_core::settings::{EVERY_DAY, Window};
use words::Lang;

use super::times::time_text;

/// Hours of the week.
pub(super) fn window_words(t: Lang, window: &Window) -> String {
    let hours = t.from_to(time_text(window.start_min), time_text(window.end_min));
    t.on_days(weekday_words(t, window.weekdays), hours)
}

/// The weekdays of a mask, bit 0 Monday.
#[must_use]
pub fn weekday_words(t: Lang, mask: u16) -> String {
    if mask == EVERY_DAY {
        return t.every_day().to_owned();
    }
    let names: Vec<_> = weekdays(t)
        .into_iter()
        .enumerate()
        .filter(|(day, _)| mask >> day & 1 == 1)
        .map(|(_, name)| name)
        .collect();
    if names.is_empty() { t.none().to_owned() } else { names.join(t.list_separator()) }
}

/// The names of the weekdays, Monday first.
#[must_use]
pub const fn weekdays(t: Lang) -> [&'static str; 7] {
    [t.monday(), t.tuesday(), t.wednesday(), t.thursday(), t.friday(), t.saturday(), t.sunday()]
}
