//! `/settings/schedule/{kind}`: the switching periods of a kind of day: on, off, or on below a power cap.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::settings::DayKind;
use meter_core::settings::{DayTable, DayType, HouseholdBlock, LoopId, PERIODS, Rule};
use words::Lang;

use super::times::{parse_time, time_text};
use super::typed::Typed;
use super::{Frame, SettingsQuery, loop_title, save, schedule_title};
use crate::ops::meters::change_settings::NoSettings;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults};
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Lines that are shown at once.
const LINES: usize = 8;
/// The least cap: below it not even a lamp would burn.
const MIN_CAP_W: u16 = 10;
/// The highest cap: a meter's whole outlet.
const MAX_CAP_W: u16 = 60_000;

/// `settings_schedule.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_schedule.html")]
struct SchedulePage {
    t: Lang,
    page: Page,
    frame: Frame,
    action: String,
    rules: [Choice; 3],
    periods: Vec<PeriodRow>,
    /// Further lines, folded away until one of them is used.
    more: Vec<PeriodRow>,
    more_used: bool,
    /// The other kinds of day, that may get the same periods.
    also: Vec<AlsoBox>,
    refused: bool,
}

/// A period as typed.
struct PeriodRow {
    number: usize,
    from: String,
    rule: String,
    watts: String,
    error: Option<String>,
}

/// A kind of day that may get the same periods.
struct AlsoBox {
    name: String,
    label: &'static str,
    ticked: bool,
}

/// `GET /settings/schedule/{kind}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a kind of day, building, floor or room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, WebError> {
    let day = day_type(&kind)?;
    let frame = Frame::read(&app, &visitor, query.scope()?, number(query.of_loop()?, day)).await?;
    let typed = start(&frame);
    show(&page(&app, &visitor, day, frame, &typed, &Faults::default()))
}

/// `POST /settings/schedule/{kind}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a kind of day, or when no meter serves any room of the scope.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (t, scope, day, of_loop) = (visitor.lang, typed.scope()?, day_type(&kind)?, typed.of_loop()?);
    let faults = match understand(t, &typed) {
        Ok(table) => {
            let also = DayType::ALL.into_iter().filter(|other| !typed.get(&also_name(*other)).is_empty());
            let days = std::iter::once(day).chain(also.filter(|other| *other != day));
            let blocks = days.map(|day| HouseholdBlock::Table(of_loop, day, table)).collect();
            match save(&app, &visitor, scope.clone(), typed.get("key"), blocks).await? {
                Ok(response) => return Ok(response),
                Err(NoSettings::NoRoom) => return Err(WebError::NotFound),
                Err(NoSettings::Number(fault)) => Faults::one(fault.field, t.field_malformed()),
                Err(NoSettings::List(list)) => Faults::one(list, t.field_malformed()),
            }
        }
        Err(faults) => faults,
    };
    let frame = Frame::read(&app, &visitor, scope, number(of_loop, day)).await?;
    show_refused(&page(&app, &visitor, day, frame, &typed, &faults))
}

fn day_type(kind: &str) -> Result<DayType, WebError> {
    kind.parse::<DayKind>().map(|kind| kind.0).map_err(|_| WebError::NotFound)
}

fn number(of_loop: LoopId, day: DayType) -> u8 {
    HouseholdBlock::Table(of_loop, day, DayTable::FACTORY).number()
}

fn also_name(day: DayType) -> String {
    format!("also_{}", DayKind(day).as_str())
}

fn page(
    app: &AppState,
    visitor: &Visitor,
    day: DayType,
    frame: Frame,
    typed: &Typed,
    faults: &Faults,
) -> SchedulePage {
    let t = visitor.lang;
    let row = |number| PeriodRow {
        number,
        from: typed.get(&format!("p{number}_from")).to_owned(),
        rule: typed.get(&format!("p{number}_rule")).to_owned(),
        watts: typed.get(&format!("p{number}_watts")).to_owned(),
        error: faults.of(&format!("p{number}")).map(str::to_owned),
    };
    let also = |day: DayType| AlsoBox {
        name: also_name(day),
        label: schedule_title(t, day),
        ticked: !typed.get(&also_name(day)).is_empty(),
    };
    let mut periods: Vec<_> = (1..=PERIODS).map(row).collect();
    let more = periods.split_off(LINES.min(periods.len()));
    SchedulePage {
        t,
        page: Page::new(app, visitor, loop_title(t, frame.which_loop(), schedule_title(t, day))),
        frame,
        action: format!("/settings/schedule/{}", DayKind(day).as_str()),
        rules: [
            Choice::new("on", t.rule_on()),
            Choice::new("off", t.rule_off()),
            Choice::new("cap", t.rule_cap()),
        ],
        periods,
        more_used: more.iter().any(|row| !row.from.is_empty() || row.error.is_some()),
        more,
        also: DayType::ALL.into_iter().filter(|other| *other != day).map(also).collect(),
        refused: !faults.is_empty(),
    }
}

fn start(frame: &Frame) -> Typed {
    let mut typed = Typed::default();
    let HouseholdBlock::Table(_, _, table) = frame.standing.start else { return typed };
    let used = table
        .periods
        .iter()
        .filter(|period| parse_time(&time_text(period.start_min)) == Some(period.start_min));
    for (number, period) in (1..).zip(used) {
        typed.put(format!("p{number}_from"), time_text(period.start_min));
        let rule = match Rule::from_code(period.rule) {
            Rule::Off => "off",
            Rule::On => "on",
            Rule::Capped(watts) => {
                typed.put(format!("p{number}_watts"), watts.to_string());
                "cap"
            }
        };
        typed.put(format!("p{number}_rule"), rule);
    }
    typed
}

/// The periods in whatever order they were typed.
fn understand(t: Lang, typed: &Typed) -> Result<DayTable, Faults> {
    let mut faults = Faults::default();
    let mut periods: Vec<(u16, Rule)> = Vec::new();
    for number in 1..=PERIODS {
        match period(t, typed, number) {
            Ok(None) => {}
            Ok(Some((start_min, _))) if periods.iter().any(|(other, _)| *other == start_min) => {
                faults.add(&format!("p{number}"), t.period_twice(time_text(start_min)));
            }
            Ok(Some(period)) => periods.push(period),
            Err(wrong) => faults.add(&format!("p{number}"), wrong),
        }
    }
    periods.sort_unstable_by_key(|(start_min, _)| *start_min);
    match DayTable::new(&periods) {
        Some(table) if faults.is_empty() => Ok(table),
        _ => Err(faults),
    }
}

/// A line's period; `None` for an empty one.
fn period(t: Lang, typed: &Typed, number: usize) -> Result<Option<(u16, Rule)>, String> {
    let of = |what: &str| typed.get(&format!("p{number}_{what}"));
    let (from, watts) = (of("from"), of("watts"));
    if from.is_empty() && watts.is_empty() {
        return Ok(None);
    }
    let start_min = parse_time(from).ok_or_else(|| t.period_time_bad().to_owned())?;
    let rule = match of("rule") {
        "off" => Rule::Off,
        "on" | "" => Rule::On,
        "cap" => {
            let watts = watts.parse().ok().filter(|watts| (MIN_CAP_W..=MAX_CAP_W).contains(watts));
            Rule::Capped(watts.ok_or_else(|| t.period_cap_bad(MIN_CAP_W, MAX_CAP_W))?)
        }
        _ => return Err(t.field_malformed().to_owned()),
    };
    Ok(Some((start_min, rule)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(lines: &[(usize, &str, &str, &str)]) -> Typed {
        let mut typed = Typed::default();
        for (number, from, rule, watts) in lines {
            typed.put(format!("p{number}_from"), *from);
            typed.put(format!("p{number}_rule"), *rule);
            typed.put(format!("p{number}_watts"), *watts);
        }
        typed
    }

    #[test]
    fn periods_may_come_in_any_order() {
        let lines =
            [(1, "23:00", "off", ""), (2, "", "on", ""), (5, "06:00", "cap", "800"), (12, "08:00", "on", "")];
        let expected = DayTable::new(&[(360, Rule::Capped(800)), (480, Rule::On), (1380, Rule::Off)]);
        assert_eq!(understand(Lang::En, &typed(&lines)).ok(), expected);
        assert_eq!(understand(Lang::En, &Typed::default()).ok(), Some(DayTable::FACTORY));
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (lines, line) in [
            (vec![(1, "06:00", "on", ""), (3, "06:00", "off", "")], "p3"),
            (vec![(2, "late", "off", "")], "p2"),
            (vec![(4, "", "cap", "800")], "p4"),
            (vec![(4, "06:00", "cap", "")], "p4"),
            (vec![(4, "06:00", "cap", "5")], "p4"),
            (vec![(4, "06:00", "cap", "65535")], "p4"),
            (vec![(4, "06:00", "dim", "")], "p4"),
        ] {
            let faults = understand(Lang::En, &typed(&lines)).unwrap_err();
            assert!(faults.of(line).is_some(), "{lines:?}");
        }
    }
}
