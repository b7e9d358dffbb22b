//! The form of a rule: what stands in it at first, and how what was typed is read.

use domain::allowance::{Calendar, Carry, FirstMonth, ResidentKind};
use domain::ids::RuleId;
use words::Lang;

use crate::ops::allowance::{NoRule, RuleForm, Share};
use crate::reads::allowance::Rule;
use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::office::meters::settings::times::{date_text, parse_date, parse_time, time_text};
use crate::web::office::meters::settings::typed::{Typed, kwh_text};

/// What most sites begin with: the first of the month, half past midnight.
pub(super) fn fresh(today: i64) -> Typed {
    let mut typed = Typed::default();
    typed.put("carry", "keep");
    typed.put("first_month", FirstMonth::ProRata.as_str());
    typed.put("from", date_text(u16::try_from(today).unwrap_or(1)));
    typed.put("day", "1");
    typed.put("time", "00:30");
    typed
}

/// A rule as it is.
pub(super) fn of(rule: &Rule) -> Typed {
    let mut typed = Typed::default();
    let kwh = |wh: i64| kwh_text(u32::try_from(wh).unwrap_or(0));
    typed.put("name", &rule.name);
    for (field, wh) in [("room", rule.room_wh), ("person", rule.person_wh)] {
        typed.put(field, if wh == 0 { String::new() } else { kwh(wh) });
    }
    for (kind, wh) in &rule.kinds {
        typed.put(kind.as_str(), kwh(*wh));
    }
    for place in &rule.places {
        typed.put(format!("place-{place}"), "1");
    }
    let (carry, carry_wh) = rule.carry.stored();
    typed.put("carry", carry);
    typed.put("carry_kwh", if carry_wh == 0 { String::new() } else { kwh(carry_wh) });
    typed.put("first_month", rule.first_month.as_str());
    let Calendar { from_day, until_day, months_off, day, minute } = rule.calendar;
    for month in (0..12).filter(|month| months_off >> month & 1 == 1) {
        typed.put(format!("off{month}"), "1");
    }
    let date = |day: i64| date_text(u16::try_from(day).unwrap_or(u16::MAX));
    typed.put("from", date(from_day));
    typed.put("until", until_day.map_or_else(String::new, date));
    typed.put("day", day.to_string());
    typed.put("time", time_text(u16::try_from(minute).unwrap_or(0)));
    typed
}

/// What was typed, as a rule; what is wrong with it lands in `faults`.
pub(super) fn understand(
    t: Lang,
    typed: &Typed,
    id: Option<RuleId>,
    places: &[super::Place],
    faults: &mut Faults,
) -> Result<RuleForm, WebError> {
    let mut kinds = Vec::new();
    for kind in ResidentKind::ALL {
        if !typed.get(kind.as_str()).is_empty() {
            kinds.push((kind, typed.wh(t, kind.as_str(), faults).into()));
        }
    }
    let carry = match typed.get("carry") {
        "cap" => Carry::Cap(typed.wh(t, "carry_kwh", faults).into()),
        "lapse" => Carry::Lapse,
        _ => Carry::Keep,
    };
    let ticked = |place: &&super::Place| !typed.get(&format!("place-{}", place.id)).is_empty();
    Ok(RuleForm {
        key: typed.get("key").parse()?,
        id,
        name: typed.get("name").to_owned(),
        room_wh: typed.wh(t, "room", faults).into(),
        person_wh: typed.wh(t, "person", faults).into(),
        kinds,
        places: places.iter().filter(ticked).map(|place| place.id.clone()).collect(),
        carry,
        first_month: FirstMonth::parse(typed.get("first_month")).unwrap_or(FirstMonth::Whole),
        calendar: calendar(t, typed, faults),
    })
}

fn calendar(t: Lang, typed: &Typed, faults: &mut Faults) -> Calendar {
    let mut date = |name: &str| {
        let day = parse_date(typed.get(name)).map(i64::from);
        if day.is_none() {
            faults.add(name, t.rule_date_bad());
        }
        day
    };
    let from_day = date("from").unwrap_or(0);
    let until_day = if typed.get("until").is_empty() { None } else { date("until") };
    let minute = parse_time(typed.get("time"));
    if minute.is_none() {
        faults.add("time", t.rule_time_bad());
    }
    let off = (0..12_u32).filter(|month| !typed.get(&format!("off{month}")).is_empty());
    Calendar {
        from_day,
        until_day,
        months_off: off.fold(0, |mask, month| mask | 1 << month),
        day: typed.whole(t, "day", faults).into(),
        minute: minute.unwrap_or(0).into(),
    }
}

/// Why a rule is not written, at its field.
pub(super) fn faults_of(t: Lang, why: NoRule) -> Result<Faults, WebError> {
    let kwh = |wh: i64| kwh_text(u32::try_from(wh).unwrap_or(0));
    Ok(match why {
        NoRule::Unknown | NoRule::NoPlace => return Err(WebError::NotFound),
        NoRule::Name(problem) => Faults::text(t, "name", problem),
        NoRule::Taken => Faults::one("name", t.field_exists()),
        NoRule::Overlaps(name) => Faults::one("places", t.rule_overlaps(name)),
        NoRule::Nothing => Faults::one("room", t.rule_nothing()),
        NoRule::Share { share, max_wh } => {
            let field = match share {
                Share::Room => "room",
                Share::Person => "person",
                Share::Kind(kind) => kind.as_str(),
            };
            Faults::one(field, t.field_out_of_range(kwh(0), kwh(max_wh)))
        }
        NoRule::Carry { max_wh } => Faults::one("carry_kwh", t.field_out_of_range(kwh(1), kwh(max_wh))),
        NoRule::Day { max } => Faults::one("day", t.field_out_of_range(1, max)),
        NoRule::Minute { max } => Faults::one("minute", t.field_out_of_range(0, max)),
        NoRule::Until => Faults::one("until", t.rule_until_before()),
        NoRule::Months => Faults::one("months", t.rule_months_all()),
    })
}
