//! `/settings/friendly`: hours and dates in which credit never disconnects.

use askama::Template;
use meter_core::settings::{DayRange, FriendlyTimes, HouseholdBlock, LoopId, Window};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::times::{date_text, parse_date, parse_time, time_text};
use super::typed::{DayBox, Typed, day_boxes};
use crate::web::kit::field::Faults;
use crate::web::kit::page::Page;

/// Windows that a meter keeps.
const WINDOWS: usize = 4;
/// Ranges of dates that a meter keeps.
const RANGES: usize = 8;

/// `settings_friendly.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_friendly.html")]
struct FriendlyPage {
    t: Lang,
    page: Page,
    frame: Frame,
    windows: Vec<WindowRow>,
    ranges: Vec<RangeRow>,
    refused: bool,
}

/// A window as typed.
pub(super) struct WindowRow {
    pub(super) number: usize,
    pub(super) days: Vec<DayBox>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) error: Option<String>,
}

/// Dates as typed.
pub(super) struct RangeRow {
    pub(super) number: usize,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) error: Option<String>,
}

/// `/settings/friendly`.
pub struct Friendly;

impl BlockForm for Friendly {
    fn factory(_: LoopId) -> HouseholdBlock {
        HouseholdBlock::Friendly(FriendlyTimes::FACTORY)
    }

    fn start(block: &HouseholdBlock) -> Typed {
        start(block)
    }

    fn understand(t: Lang, typed: &Typed, _: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::Friendly(understand(t, typed, faults))
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        let range = |number| RangeRow {
            number,
            from: typed.get(&format!("d{number}_from")).to_owned(),
            to: typed.get(&format!("d{number}_to")).to_owned(),
            error: faults.of(&format!("d{number}")).map(str::to_owned),
        };
        FriendlyPage {
            t,
            page,
            frame,
            windows: window_rows(t, typed, faults, WINDOWS),
            ranges: (1..=RANGES).map(range).collect(),
            refused: !faults.is_empty(),
        }
    }
}

fn start(block: &HouseholdBlock) -> Typed {
    let mut typed = Typed::default();
    let HouseholdBlock::Friendly(times) = block else { return typed };
    put_windows(&mut typed, &times.windows);
    for (number, range) in (1..).zip(times.dates).filter(|(_, range)| range.from_day != 0) {
        typed.put(format!("d{number}_from"), date_text(range.from_day));
        typed.put(format!("d{number}_to"), date_text(range.to_day));
    }
    typed
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> FriendlyTimes {
    let mut times = FriendlyTimes::FACTORY;
    understand_windows(t, typed, &mut times.windows, faults);
    for (number, slot) in (1..).zip(&mut times.dates) {
        let name = |end| format!("d{number}_{end}");
        match days(typed.get(&name("from")), typed.get(&name("to"))) {
            Ok(range) => *slot = range.unwrap_or(DayRange::UNUSED),
            Err(Incomplete) => faults.add(&format!("d{number}"), t.dates_bad()),
        }
    }
    times
}

/// Lines for windows of the week, as typed.
pub(super) fn window_rows(t: Lang, typed: &Typed, faults: &Faults, count: usize) -> Vec<WindowRow> {
    let row = |number| WindowRow {
        number,
        days: day_boxes(t, typed, &format!("w{number}_day")),
        from: typed.get(&format!("w{number}_from")).to_owned(),
        to: typed.get(&format!("w{number}_to")).to_owned(),
        error: faults.of(&format!("w{number}")).map(str::to_owned),
    };
    (1..=count).map(row).collect()
}

/// Fills in the windows that are used.
pub(super) fn put_windows(typed: &mut Typed, windows: &[Window]) {
    for (number, window) in (1..).zip(windows).filter(|(_, window)| window.weekdays != 0) {
        typed.put_weekdays(&format!("w{number}_day"), window.weekdays);
        typed.put(format!("w{number}_from"), time_text(window.start_min));
        typed.put(format!("w{number}_to"), time_text(window.end_min));
    }
}

/// The windows that were typed.
pub(super) fn understand_windows(t: Lang, typed: &Typed, windows: &mut [Window], faults: &mut Faults) {
    for (number, slot) in (1..).zip(windows) {
        match window(typed, number) {
            Ok(window) => *slot = window.unwrap_or(Window::UNUSED),
            Err(Incomplete) => faults.add(&format!("w{number}"), t.friendly_window_bad()),
        }
    }
}

/// A line that is filled in only in part, or not with what it asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Incomplete;

/// A window; `None` for an empty line.
fn window(typed: &Typed, number: usize) -> Result<Option<Window>, Incomplete> {
    let weekdays = typed.weekdays(&format!("w{number}_day"));
    let (from, to) = (typed.get(&format!("w{number}_from")), typed.get(&format!("w{number}_to")));
    if weekdays == 0 && from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let (start_min, end_min) = parse_time(from).zip(parse_time(to)).ok_or(Incomplete)?;
    if weekdays == 0 { Err(Incomplete) } else { Ok(Some(Window { weekdays, start_min, end_min })) }
}

/// Dates; the last may be left out for a single day. `None` for an empty line.
pub(super) fn days(from: &str, to: &str) -> Result<Option<DayRange>, Incomplete> {
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let from_day = parse_date(from).ok_or(Incomplete)?;
    let to_day = if to.is_empty() { from_day } else { parse_date(to).ok_or(Incomplete)? };
    if to_day < from_day { Err(Incomplete) } else { Ok(Some(DayRange { from_day, to_day })) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_dates() {
        assert_eq!(days("", ""), Ok(None));
        assert_eq!(days("1970-01-05", ""), Ok(Some(DayRange { from_day: 4, to_day: 4 })));
        assert_eq!(days("1970-01-05", "1970-01-06"), Ok(Some(DayRange { from_day: 4, to_day: 5 })));
        for (from, to) in [("", "1970-01-05"), ("1970-01-05", "1970-01-04"), ("x", ""), ("1970-01-05", "x")] {
            assert_eq!(days(from, to), Err(Incomplete), "{from} {to}");
        }
    }
}
