//! How numbers, money and times are written on a page: always with their unit, in the site's time zone.

mod numbers;
mod time;

use domain::money::{Currency, format_amount};
use jiff::tz::TimeZone;
use words::Lang;

use self::numbers::{decimal, grouped, thousandths};
use crate::reads::places::site::Site;

/// Between a number and its unit, so that they stay on one line.
const NBSP: char = '\u{a0}';

/// What a page needs to write anything down.
#[derive(Clone, Debug)]
pub struct Format {
    lang: Lang,
    currency: Currency,
    zone: TimeZone,
    now_ms: i64,
}

impl Format {
    /// Before a site is set up, times are UTC and money has no currency sign.
    #[must_use]
    pub fn new(lang: Lang, site: Option<&Site>, now_ms: i64) -> Self {
        let currency = site.map_or(Currency { code: String::new(), digits: 2 }, Site::currency);
        let zone = site.and_then(|site| TimeZone::get(&site.time_zone).ok()).unwrap_or(TimeZone::UTC);
        Self { lang, currency, zone, now_ms }
    }

    /// Energy on a tile or in a list: two decimals of a kWh.
    #[must_use]
    pub fn kwh(&self, wh: &i64) -> String {
        let hundredths = wh.unsigned_abs().saturating_add(5) / 10;
        let sign = if *wh < 0 && hundredths > 0 { "-" } else { "" };
        self.lang.energy_of(format_args!("{sign}{}.{:02}", grouped(hundredths / 100), hundredths % 100))
    }

    /// Energy on a receipt: to the watt-hour.
    #[must_use]
    pub fn kwh_exact(&self, wh: &i64) -> String {
        self.lang.energy_of(thousandths(*wh, 3))
    }

    /// Energy as somebody would say it: to the watt-hour, without needless zeros.
    #[must_use]
    pub fn kwh_plain(&self, wh: i64) -> String {
        let text = thousandths(wh, 3);
        self.lang.energy_of(text.trim_end_matches('0').trim_end_matches('.'))
    }

    /// Energy without its unit: where that stands beside it, as on an axis.
    #[must_use]
    pub fn kwh_bare(&self, wh: i64) -> String {
        let text = thousandths(wh, 3);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// How many.
    #[must_use]
    pub fn count(&self, number: i64) -> String {
        decimal(number, 0)
    }

    /// By how much something differs, from thousandths: per cent with their sign.
    #[must_use]
    pub fn change(&self, thousandths: i64) -> String {
        let sign = if thousandths > 0 { "+" } else { "" };
        format!("{sign}{}{NBSP}%", decimal(thousandths, 1))
    }

    /// Power, from mW: whole watts, or kW beyond 10 000 W.
    #[must_use]
    pub fn power(&self, mw: &i64) -> String {
        let watts = (mw.saturating_add(500)).div_euclid(1000);
        if watts.abs() < 10_000 {
            format!("{watts}{NBSP}W")
        } else {
            format!("{}{NBSP}kW", thousandths(watts, 2))
        }
    }

    /// Voltage, from mV.
    #[must_use]
    pub fn volts(&self, mv: &i64) -> String {
        format!("{}{NBSP}V", thousandths(*mv, 1))
    }

    /// Current, from mA.
    #[must_use]
    pub fn amps(&self, ma: &i64) -> String {
        format!("{}{NBSP}A", thousandths(*ma, 2))
    }

    /// Power factor, from thousandths.
    #[must_use]
    pub fn factor(&self, milli: &i64) -> String {
        thousandths(*milli, 2)
    }

    /// Frequency, from hundredths of a hertz.
    #[must_use]
    pub fn hertz(&self, chz: &i64) -> String {
        format!("{}{NBSP}Hz", decimal(*chz, 2))
    }

    /// Money with its currency.
    #[must_use]
    pub fn money(&self, minor: &i64) -> String {
        let text = self.money_bare(*minor);
        if self.currency.code.is_empty() { text } else { self.lang.money_of(self.currency(), text) }
    }

    /// Money that was given back: below zero.
    #[must_use]
    pub fn minus(&self, minor: &i64) -> String {
        self.money(&minor.saturating_neg())
    }

    /// Money without its currency: where that stands beside it, as on an axis.
    #[must_use]
    pub fn money_bare(&self, minor: i64) -> String {
        let plain = format_amount(minor, self.currency.digits);
        let (whole, rest) =
            plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let mut text = numbers::group_digits(whole);
        if let Some(rest) = rest {
            text.push('.');
            text.push_str(rest);
        }
        text
    }

    /// A price as typed, with currency and "per kWh".
    #[must_use]
    pub fn price(&self, per_kwh: &str) -> String {
        self.lang.per_kwh(self.lang.money_of(self.currency(), per_kwh))
    }

    /// The unit of energy, as the language has it.
    #[must_use]
    pub const fn energy_unit(&self) -> &'static str {
        self.lang.unit_kwh()
    }

    /// What the currency is called: its code, or the word that people use.
    #[must_use]
    pub fn currency(&self) -> &str {
        match self.currency.code.as_str() {
            "CNY" => self.lang.currency_cny(),
            code => code,
        }
    }

    /// Date and time of day, to the minute.
    #[must_use]
    pub fn when(&self, ms: &i64) -> String {
        time::when(self.lang, &self.zone, *ms)
    }

    /// Date and time of day to the second, for documents.
    #[must_use]
    pub fn when_exact(&self, ms: &i64) -> String {
        time::when_exact(self.lang, &self.zone, *ms)
    }

    /// Day of the month and hour, for an axis.
    #[must_use]
    pub fn hour(&self, ms: &i64) -> String {
        time::hour(self.lang, &self.zone, *ms)
    }

    /// Day and month that a moment falls on, for an axis.
    #[must_use]
    pub fn day_of(&self, ms: &i64) -> String {
        time::day_of(self.lang, &self.zone, *ms)
    }

    /// A day of a meter's calendar (days since 1970-01-01).
    #[must_use]
    pub fn day(&self, day: u16) -> String {
        time::day(self.lang, day)
    }

    /// A day of the calendar.
    #[must_use]
    pub fn date(&self, date: jiff::civil::Date) -> String {
        time::date(self.lang, date)
    }

    /// A month of the calendar, named by its first day.
    #[must_use]
    pub fn month(&self, first: jiff::civil::Date) -> String {
        time::month(self.lang, first)
    }

    /// Time of day, to the minute.
    #[must_use]
    pub fn time_of_day(&self, ms: &i64) -> String {
        time::time_of_day(&self.zone, *ms)
    }

    /// How long ago, in words.
    #[must_use]
    pub fn age(&self, ms: &i64) -> String {
        time::age(self.lang, self.now_ms.saturating_sub(*ms))
    }

    /// [`Format::age`] of what may never have happened.
    #[must_use]
    pub fn age_or_never(&self, ms: &Option<i64>) -> String {
        ms.map_or_else(|| self.lang.never().to_owned(), |ms| self.age(&ms))
    }

    /// How long something lasts, in days.
    #[must_use]
    pub fn days(&self, days: &i64) -> String {
        match days {
            ..=0 => self.lang.less_than_a_day().to_owned(),
            1 => self.lang.one_day().to_owned(),
            2..=999 => self.lang.days(days),
            _ => self.lang.more_than_days(999),
        }
    }

    /// The site's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The moment the page is rendered for, site time.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format() -> Format {
        let currency = Currency { code: "CNY".into(), digits: 2 };
        Format { lang: Lang::En, currency, zone: TimeZone::UTC, now_ms: 0 }
    }

    #[test]
    fn everything_carries_its_unit() {
        let f = format();
        assert_eq!(f.kwh(&12_345), "12.35\u{a0}kWh");
        assert_eq!(f.kwh(&-1_234_567), "-1,234.57\u{a0}kWh");
        assert_eq!(f.kwh(&-4), "0.00\u{a0}kWh");
        assert_eq!(f.kwh_exact(&91_424), "91.424\u{a0}kWh");
        assert_eq!(
            [0, 500_000, 1_250].map(|wh| f.kwh_plain(wh)),
            ["0\u{a0}kWh", "500\u{a0}kWh", "1.25\u{a0}kWh"]
        );
        assert_eq!(f.power(&1_234_567), "1235\u{a0}W");
        assert_eq!(f.power(&12_345_000), "12.35\u{a0}kW");
        assert_eq!(f.volts(&229_960), "230.0\u{a0}V");
        assert_eq!(f.amps(&5_432), "5.43\u{a0}A");
        assert_eq!(f.factor(&985), "0.99");
        assert_eq!(f.hertz(&4_998), "49.98\u{a0}Hz");
        assert_eq!(f.money(&123_456_789), "CNY\u{a0}1,234,567.89");
        assert_eq!(f.money(&-50), "CNY\u{a0}-0.50");
        assert_eq!(f.price("0.5469"), "CNY\u{a0}0.5469 per kWh");
    }

    #[test]
    fn the_extremes_do_not_panic() {
        let f = format();
        for extreme in [i64::MIN, i64::MAX, 0, -1] {
            let _ = (f.kwh(&extreme), f.kwh_exact(&extreme), f.power(&extreme), f.volts(&extreme));
            let _ =
                (f.money(&extreme), f.when(&extreme), f.age(&extreme), f.days(&extreme), f.hour(&extreme));
        }
    }
}
