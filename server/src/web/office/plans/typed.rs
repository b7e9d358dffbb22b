//! The form of a plan: what stands in it at first, and how what was typed becomes a tariff.

use domain::money::{Price, parse_kwh};
use domain::tariff::{HOURS, Hours, Ladder, MAX_STEPS, Per, Step, Tariff};
use words::Lang;

use crate::web::kit::field::Faults;
use crate::web::office::desk::sale::number_words;
use crate::web::office::meters::settings::typed::{Typed, kwh_text};

/// Periods that a form has for the hours of a day.
pub(super) const PERIODS: usize = 6;

/// A kind of tariff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Flat,
    Ladder,
    Hours,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Flat, Self::Ladder, Self::Hours];

    /// As forms send it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Ladder => "ladder",
            Self::Hours => "hours",
        }
    }

    /// The one of that name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub(super) const fn name(self, t: Lang) -> &'static str {
        match self {
            Self::Flat => t.plan_flat(),
            Self::Ladder => t.plan_ladder(),
            Self::Hours => t.plan_hours(),
        }
    }

    pub(super) const fn of(tariff: &Tariff) -> Self {
        match tariff {
            Tariff::Flat(_) => Self::Flat,
            Tariff::Ladder(_) => Self::Ladder,
            Tariff::TimeOfUse(_) => Self::Hours,
        }
    }
}

/// A tariff as it would have been typed.
pub(super) fn of(tariff: &Tariff) -> Typed {
    let mut typed = Typed::default();
    typed.put("kind", Kind::of(tariff).as_str());
    match tariff {
        Tariff::Flat(price) => typed.put("price", price.to_string()),
        Tariff::Ladder(ladder) => {
            typed.put("per", ladder.per().as_str());
            for (number, step) in (1..).zip(ladder.steps()) {
                let until =
                    step.until_wh.map_or_else(String::new, |wh| kwh_text(u32::try_from(wh).unwrap_or(0)));
                typed.put(format!("s{number}_until"), until);
                typed.put(format!("s{number}_price"), step.price.to_string());
            }
        }
        Tariff::TimeOfUse(hours) => {
            let prices = hours.prices();
            let begins = (0..HOURS).filter(|hour| *hour == 0 || prices[*hour] != prices[hour - 1]);
            for (number, hour) in (1..=PERIODS).zip(begins) {
                typed.put(format!("h{number}_from"), hour.to_string());
                typed.put(format!("h{number}_price"), prices[hour].to_string());
            }
        }
    }
    typed
}

/// The tariff that was typed; `None` when something is wrong, which lands in `faults`.
pub(super) fn tariff(t: Lang, typed: &Typed, kind: Kind, faults: &mut Faults) -> Option<Tariff> {
    let tariff = match kind {
        Kind::Flat => Some(Tariff::Flat(price(t, typed, "price", "price", faults)?)),
        Kind::Ladder => ladder(t, typed, faults).map(Tariff::Ladder),
        Kind::Hours => hours(t, typed, faults).map(|hours| Tariff::TimeOfUse(Box::new(hours))),
    };
    tariff.filter(|_| faults.is_empty())
}

/// The price in a field; what is wrong with it is shown at `at`.
fn price(t: Lang, typed: &Typed, name: &str, at: &str, faults: &mut Faults) -> Option<Price> {
    let parsed = typed.get(name).parse();
    parsed.map_err(|error| faults.add(at, number_words(t, error))).ok()
}

fn ladder(t: Lang, typed: &Typed, faults: &mut Faults) -> Option<Ladder> {
    let per = Per::parse(typed.get("per")).unwrap_or(Per::Month);
    let mut steps = Vec::new();
    for number in 1..=MAX_STEPS {
        let line = format!("s{number}");
        let until = typed.get(&format!("{line}_until"));
        if until.is_empty() && typed.get(&format!("{line}_price")).is_empty() {
            continue;
        }
        let until_wh = if until.is_empty() { Ok(None) } else { parse_kwh(until).map(Some) };
        let until_wh = until_wh.map_err(|error| faults.add(&line, number_words(t, error))).ok();
        let price = price(t, typed, &format!("{line}_price"), &line, faults);
        if let Some((until_wh, price)) = until_wh.zip(price) {
            steps.push(Step { until_wh, price });
        }
    }
    if !faults.is_empty() {
        return None;
    }
    Ladder::new(per, steps).map_err(|_| faults.add("steps", t.plan_steps_bad())).ok()
}

fn hours(t: Lang, typed: &Typed, faults: &mut Faults) -> Option<Hours> {
    let mut periods: Vec<(usize, Price)> = Vec::new();
    for number in 1..=PERIODS {
        let line = format!("h{number}");
        if typed.get(&format!("{line}_price")).is_empty() {
            continue;
        }
        let hour = typed.get(&format!("{line}_from")).parse().ok().filter(|hour| *hour < HOURS);
        let price = price(t, typed, &format!("{line}_price"), &line, faults);
        match hour.zip(price) {
            Some((hour, _)) if periods.iter().any(|(other, _)| *other == hour) => {
                faults.add("periods", t.plan_hours_bad());
            }
            Some(period) => periods.push(period),
            None if hour.is_none() => faults.add(&line, t.field_not_whole()),
            None => {}
        }
    }
    periods.sort_unstable_by_key(|(hour, _)| *hour);
    let Some((_, last)) = periods.last().copied() else {
        faults.add("periods", t.plan_hours_bad());
        return None;
    };
    // Before the first period of the day the last one of the day before goes on.
    let at = |hour: usize| periods.iter().rfind(|(from, _)| *from <= hour).map_or(last, |(_, price)| *price);
    Some(Hours::new(std::array::from_fn(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)], kind: Kind) -> Result<String, Faults> {
        let mut typed = Typed::default();
        for (name, value) in fields {
            typed.put(*name, *value);
        }
        let mut faults = Faults::default();
        tariff(Lang::En, &typed, kind, &mut faults).map(|tariff| tariff.to_string()).ok_or(faults)
    }

    #[test]
    fn a_ladder_is_read_line_by_line() {
        let lines = [("per", "year"), ("s1_until", "100"), ("s1_price", "0.5"), ("s2_price", "0.8")];
        assert_eq!(read(&lines, Kind::Ladder).unwrap(), "ladder year 100000:0.5 0.8");
        let closed = [("s1_until", "100"), ("s1_price", "0.5")];
        assert!(read(&closed, Kind::Ladder).unwrap_err().of("steps").is_some());
        let half = [("s1_until", "100"), ("s2_price", "0.5")];
        assert!(read(&half, Kind::Ladder).unwrap_err().of("s1").is_some());
    }

    #[test]
    fn a_period_lasts_until_the_next_and_over_midnight() {
        let lines = [("h1_from", "8"), ("h1_price", "0.6"), ("h2_from", "22"), ("h2_price", "0.3")];
        let text = read(&lines, Kind::Hours).unwrap();
        let prices: Vec<_> = text.split(' ').skip(1).collect();
        assert_eq!(
            (prices[0], prices[7], prices[8], prices[21], prices[22]),
            ("0.3", "0.3", "0.6", "0.6", "0.3")
        );
        assert!(read(&[], Kind::Hours).unwrap_err().of("periods").is_some());
        let twice = [("h1_from", "8"), ("h1_price", "1"), ("h2_from", "8"), ("h2_price", "2")];
        assert!(read(&twice, Kind::Hours).unwrap_err().of("periods").is_some());
    }

    #[test]
    fn what_stands_in_the_form_reads_back() {
        let hours = format!("hours{}{}{}", " 0.3".repeat(8), " 0.6".repeat(14), " 0.3".repeat(2));
        for text in ["flat 0.5469", "ladder month 100000:0.5 300000:0.6 0.8", &hours] {
            let tariff: Tariff = text.parse().unwrap();
            let kind = Kind::of(&tariff);
            let read = super::tariff(Lang::En, &of(&tariff), kind, &mut Faults::default()).unwrap();
            assert_eq!(read.to_string(), text);
        }
    }
}
