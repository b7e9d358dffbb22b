//! What several documents share. Everything is a plain fact (integers, text), so that a document can be shown again in
//! many years without asking the database or a time zone table.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use domain::money::Currency;

/// Who issues the document, and in which currency its amounts are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// The site's name.
    pub site: String,
    /// Address, telephone: as the site wrote them, a line each.
    pub lines: Vec<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the minor unit, 0–3.
    pub currency_digits: u32,
}

impl Letterhead {
    /// The currency of every amount on the document.
    #[must_use]
    pub fn currency(&self) -> Currency {
        Currency { code: self.currency.clone(), digits: self.currency_digits }
    }
}

/// A moment, with what the site's clock said then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Epoch milliseconds.
    pub ms: i64,
    /// East of UTC, in seconds, at that moment in the site's zone.
    pub offset_s: i32,
}

impl Moment {
    /// The moment as the site sees it.
    #[must_use]
    pub fn at(ms: i64, zone: &TimeZone) -> Self {
        let offset_s = Timestamp::from_millisecond(ms).map_or(0, |at| zone.to_offset(at).seconds());
        Self { ms, offset_s }
    }
}

/// Where a room is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The building's name.
    pub building: String,
    /// The floor's name.
    pub floor: String,
    /// The room's name.
    pub room: String,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// The number the property knows them by.
    pub number: String,
}

/// A meter's outlet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlet {
    /// The meter's serial number.
    pub serial: i64,
    /// Which of its outlets, 0–10; shown from 1.
    pub position: i64,
}

/// A reading of a household's running total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The running total, in Wh.
    pub total_wh: i64,
    /// When.
    pub at: Moment,
    /// Entered by a person at the meter, since the meter did not answer.
    pub entered: bool,
}

/// How money came or went: `cash`, or the name of a channel as in `sales.channel`, with its reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `cash`, or the channel's name.
    pub channel: String,
    /// The channel's reference, or an account number.
    pub reference: Option<String>,
}
