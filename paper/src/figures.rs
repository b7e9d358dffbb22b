//! How figures stand on paper: digits in groups, the site's time, one manner for every document.

use domain::money::format_amount;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::parts::{Letterhead, Moment, Outlet, Payment, Person, Place};
use words::Lang;

/// Between a number and its unit, so that they stay on one line.
const NBSP: char = '\u{a0}';

/// Writes figures for one document.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// The document's language.
    pub language: Lang,
    /// Its currency.
    pub letterhead: &'a Letterhead,
}

impl Figures<'_> {
    /// An amount with its currency: `CNY 1,234.50`.
    #[must_use]
    pub fn money(&self, minor: i64) -> String {
        format!("{}{NBSP}{}", self.letterhead.currency, self.amount(minor))
    }

    /// An amount under a head that names the currency: `1,234.50`.
    #[must_use]
    pub fn amount(&self, minor: i64) -> String {
        grouped(&format_amount(minor, self.letterhead.currency_digits))
    }

    /// Energy with its unit, to the watt-hour: `91.424 kWh`.
    #[must_use]
    pub fn kwh(&self, wh: i64) -> String {
        format!("{}{NBSP}kWh", self.energy(wh))
    }

    /// Energy under a head that names the unit: `91.424`.
    #[must_use]
    pub fn energy(&self, wh: i64) -> String {
        grouped(&format_amount(wh, 3))
    }

    /// How many, digits in groups.
    #[must_use]
    pub fn count(&self, count: i64) -> String {
        grouped(&count.to_string())
    }

    /// The price of a kWh: `CNY 0.5469 / kWh`.
    #[must_use]
    pub fn price(&self, per_kwh: &str) -> String {
        format!("{}{NBSP}{per_kwh}{NBSP}/{NBSP}kWh", self.letterhead.currency)
    }

    /// Date and time of day, to the minute, in words of the language.
    #[must_use]
    pub fn when(&self, at: Moment) -> String {
        self.language.written(self.language.moment_form(), civil(at))
    }

    /// A date in words of the language.
    #[must_use]
    pub fn date(&self, at: Moment) -> String {
        self.language.written(self.language.day_form(), civil(at))
    }

    /// Whole days from one that is included to one that is not.
    #[must_use]
    pub fn days(&self, from: Moment, to: Moment) -> String {
        let last = Moment { ms: to.ms.saturating_sub(1), ..to };
        let (first, last) = (self.date(from), self.date(last));
        if first == last { first } else { self.language.paper_days(first, last) }
    }

    /// Building, floor and room.
    #[must_use]
    pub fn place(&self, place: &Place) -> String {
        self.language.paper_place(&place.building, &place.floor, &place.room)
    }

    /// Names with their numbers, a line each.
    #[must_use]
    pub fn people(&self, people: &[Person]) -> String {
        people.iter().map(|person| self.person(person)).collect::<Vec<_>>().join("\n")
    }

    /// A name with its number.
    #[must_use]
    pub fn person(&self, person: &Person) -> String {
        if person.number.is_empty() {
            person.name.clone()
        } else {
            self.language.paper_person(&person.name, &person.number)
        }
    }

    /// A meter's outlet, counted from one.
    #[must_use]
    pub fn outlet(&self, outlet: Outlet) -> String {
        let at = outlet.position + 1;
        self.language.paper_outlet(outlet.serial, at)
    }

    /// How something was paid, with its reference.
    #[must_use]
    pub fn payment(&self, payment: &Payment) -> String {
        let channel = self.channel(&payment.channel);
        match &payment.reference {
            Some(reference) => format!("{channel} {reference}"),
            None => channel,
        }
    }

    /// A channel by its name; one that has no words of ours keeps the name it was given.
    #[must_use]
    pub fn channel(&self, name: &str) -> String {
        match name {
            "cash" => self.language.paper_cash().to_owned(),
            "bank-transfer" | "bank" => self.language.paper_bank_transfer().to_owned(),
            "telephone-bank" | "telephone" => self.language.paper_telephone_bank().to_owned(),
            other => other.to_owned(),
        }
    }
}

/// Date and time of day as narrow as they go, for tables: `2026-09-01 08:00`.
#[must_use]
pub fn stamp(at: Moment) -> String {
    civil(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Beyond what a calendar holds, the calendar's edge.
fn civil(at: Moment) -> DateTime {
    let edge = if at.ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let offset = Offset::from_seconds(at.offset_s).unwrap_or(Offset::UTC);
    let at = Timestamp::from_millisecond(at.ms).unwrap_or(edge);
    at.to_zoned(TimeZone::fixed(offset)).datetime()
}

/// Puts a comma between each three digits before the point.
fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letterhead(currency_digits: u32) -> Letterhead {
        Letterhead { currency: "CNY".into(), currency_digits, ..Letterhead::default() }
    }

    #[test]
    fn figures_carry_their_unit_and_group_their_digits() {
        let yuan = letterhead(2);
        let f = Figures { language: Lang::En, letterhead: &yuan };
        assert_eq!(f.money(123_456_789), "CNY\u{a0}1,234,567.89");
        assert_eq!(f.money(-5), "CNY\u{a0}-0.05");
        assert_eq!(f.kwh(-1_234_567), "-1,234.567\u{a0}kWh");
        let yen = letterhead(0);
        assert_eq!(Figures { letterhead: &yen, ..f }.amount(1_234), "1,234");
        let dinar = letterhead(3);
        assert_eq!(Figures { letterhead: &dinar, ..f }.amount(1_234_567), "1,234.567");
    }

    #[test]
    fn moments_are_the_sites_whatever_the_machine_thinks() {
        let yuan = letterhead(2);
        let [en, zh] = [Lang::En, Lang::Zh].map(|language| Figures { language, letterhead: &yuan });
        let at = Moment { ms: 1_788_220_800_000, offset_s: 28_800 };
        assert_eq!(stamp(at), "2026-09-01 08:00");
        assert_eq!(en.when(at), "1 Sep 2026, 08:00");
        assert_eq!(zh.when(at), "2026年9月1日 08:00");
        let midnight = Moment { ms: 1_788_192_000_000, offset_s: 28_800 };
        let next = Moment { ms: midnight.ms + 86_400_000, ..midnight };
        assert_eq!(en.days(midnight, next), "1 Sep 2026");
        assert_eq!(zh.days(midnight, Moment { ms: next.ms + 1, ..next }), "2026年9月1日 至 2026年9月2日");
        for ms in [i64::MIN, i64::MAX] {
            let _ = (stamp(Moment { ms, offset_s: i32::MAX }), en.days(midnight, Moment { ms, offset_s: 0 }));
        }
    }

    #[test]
    fn a_moment_takes_its_offset_from_the_zone_of_that_day() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(Moment::at(1_788_220_800_000, &berlin).offset_s, 7_200);
        assert_eq!(Moment::at(1_768_220_800_000, &berlin).offset_s, 3_600);
    }
}
