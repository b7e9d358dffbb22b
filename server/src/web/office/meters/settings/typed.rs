//! A form of many like fields, as typed, and how its numbers are read.

use std::collections::BTreeMap;

use domain::money::{Currency, ParseError, format_amount, parse_amount, parse_kwh};
use domain::settings::Scope;
use meter_core::settings::{EVERY_DAY, Field, LoopId};
use serde::Deserialize;
use words::Lang;

use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::office::desk::sale::terms::number_words;

use super::which_loop;

/// What was typed, by the name of the field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<String, String>);

impl Typed {
    /// What was typed into a field; empty if it wasn't sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// Every field that was sent, and what was typed into it.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// Fills in a field.
    pub fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// For whom the form is.
    ///
    /// # Errors
    /// [`WebError::BadRequest`]: forms of ours always say.
    pub fn scope(&self) -> Result<Scope, WebError> {
        self.get("scope").parse().map_err(|_| WebError::BadRequest)
    }

    /// Of which loop the form is.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for what is none.
    pub fn of_loop(&self) -> Result<LoopId, WebError> {
        which_loop::named(self.get("loop"))
    }

    /// An energy typed in kWh, in Wh; nothing is zero.
    pub fn wh(&self, t: Lang, name: &str, faults: &mut Faults) -> u32 {
        let parsed = self.or_zero(name, parse_kwh);
        let wh = parsed.and_then(|wh| u32::try_from(wh).map_err(|_| ParseError::TooLarge));
        wh.unwrap_or_else(|error| {
            faults.add(name, number_words(t, error));
            0
        })
    }

    fn or_zero(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<i64, ParseError>,
    ) -> Result<i64, ParseError> {
        let typed = self.get(name);
        match parse(typed) {
            _ if typed.is_empty() => Ok(0),
            // A zero is a number, too.
            Err(ParseError::NotPositive) if !typed.contains('-') => Ok(0),
            parsed => parsed,
        }
    }

    /// A decimal number in units of its last digit; nothing is zero.
    pub fn decimal(&self, t: Lang, field: &Field, faults: &mut Faults) -> u16 {
        let unit = Currency { code: String::new(), digits: field.digits };
        match self.or_zero(field.name, |typed| parse_amount(typed, &unit)) {
            Ok(value) => within(t, field, u16::try_from(value).ok(), faults),
            Err(ParseError::TooLarge) => within(t, field, None, faults),
            Err(error) => {
                faults.add(field.name, number_words(t, error));
                0
            }
        }
    }

    /// A whole number.
    pub fn whole_in(&self, t: Lang, field: &Field, faults: &mut Faults) -> u16 {
        let typed = self.get(field.name);
        if typed.is_empty() || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
            faults.add(field.name, t.field_not_whole());
            return 0;
        }
        within(t, field, typed.parse().ok(), faults)
    }

    /// The code of a choice.
    pub fn choice(&self, t: Lang, field: &Field, faults: &mut Faults) -> u16 {
        let code = self.get(field.name).parse::<u16>().ok();
        code.filter(|code| field.check((*code).into()).is_ok()).unwrap_or_else(|| {
            faults.add(field.name, t.field_malformed());
            0
        })
    }

    /// A whole number.
    pub fn whole(&self, t: Lang, name: &str, faults: &mut Faults) -> u16 {
        self.get(name).parse().unwrap_or_else(|_| {
            faults.add(name, t.field_not_whole());
            0
        })
    }

    /// The weekdays that were ticked: fields `{prefix}0` (Monday) to `{prefix}6`.
    #[must_use]
    pub fn weekdays(&self, prefix: &str) -> u16 {
        let ticked = (0..7_u16).filter(|day| !self.get(&format!("{prefix}{day}")).is_empty());
        ticked.fold(0, |mask, day| mask | 1 << day)
    }

    /// Ticks the weekdays of a mask.
    pub fn put_weekdays(&mut self, prefix: &str, mask: u16) {
        for day in (0..7_u16).filter(|day| (mask & EVERY_DAY) >> day & 1 == 1) {
            self.put(format!("{prefix}{day}"), "1");
        }
    }
}

fn within(t: Lang, field: &Field, value: Option<u16>, faults: &mut Faults) -> u16 {
    value.filter(|value| field.check((*value).into()).is_ok()).unwrap_or_else(|| {
        let end = |value: u32| decimal_text(value, field.digits);
        faults.add(field.name, t.field_out_of_range(end(field.min), end(field.max)));
        0
    })
}

/// A number in units of its last digit, without needless zeros, to be typed over.
#[must_use]
pub fn decimal_text(value: impl Into<i64>, digits: u32) -> String {
    let text = format_amount(value.into(), digits);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Wh as kWh without needless zeros, to be typed over.
#[must_use]
pub fn kwh_text(wh: u32) -> String {
    let text = format_amount(wh.into(), 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A box to tick for a weekday.
pub struct DayBox {
    /// The field.
    pub name: String,
    /// The weekday.
    pub label: &'static str,
    /// It is ticked.
    pub ticked: bool,
}

/// Boxes for the weekdays, Monday first.
#[must_use]
pub fn day_boxes(t: Lang, typed: &Typed, prefix: &str) -> Vec<DayBox> {
    let mask = typed.weekdays(prefix);
    let name = |day| format!("{prefix}{day}");
    let days = (0_u16..).zip(super::window_words::weekdays(t));
    days.map(|(day, label)| DayBox { name: name(day), label, ticked: mask >> day & 1 == 1 }).collect()
}
