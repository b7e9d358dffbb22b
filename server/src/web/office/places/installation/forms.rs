//! The four forms of the installation page: what they send, and their fields.

use domain::money::format_amount;
use serde::Deserialize;
use words::Lang;

use crate::reads::places::rooms::Building;
use crate::reads::places::site::Site;
use crate::web::kit::field::{Choice, Faults, Field};

/// The site, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SiteTyped {
    pub(super) key: String,
    pub(super) site_name: String,
    pub(super) currency: String,
    pub(super) currency_digits: String,
    pub(super) time_zone: String,
    pub(super) low_credit: String,
}

impl SiteTyped {
    /// As it is, or what most sites begin with.
    pub(super) fn of(site: Option<&Site>) -> Self {
        let Some(site) = site else {
            let (digits, low) = ("2".to_owned(), "5".to_owned());
            return Self { currency_digits: digits, low_credit: low, ..Self::default() };
        };
        Self {
            key: String::new(),
            site_name: site.name.clone(),
            currency: site.currency.clone(),
            currency_digits: site.currency_digits.to_string(),
            time_zone: site.time_zone.clone(),
            low_credit: kwh(site.low_credit_wh),
        }
    }

    pub(super) fn fields(&self, t: Lang, faults: &Faults) -> Vec<Field> {
        let name = Field::text("site_name", t.site_name()).value(&self.site_name).hint(t.site_name_hint());
        let currency = Field::text("currency", t.site_currency()).value(&self.currency);
        let digits = (0..=3).map(|digits: u8| Choice::new(digits.to_string(), digits.to_string())).collect();
        let digits = Field::select("currency_digits", t.site_digits(), digits).value(&self.currency_digits);
        let zone = Field::text("time_zone", t.site_zone()).value(&self.time_zone).hint(t.site_zone_hint());
        let low = Field::number("low_credit", t.site_low(), t.unit_kwh()).value(&self.low_credit);
        vec![
            name.longest(80).error(faults),
            currency.hint(t.site_currency_hint()).longest(3).error(faults),
            digits.hint(t.site_digits_hint()).error(faults),
            zone.longest(60).error(faults),
            low.longest(12).error(faults),
        ]
    }
}

/// Wh as kWh without needless zeros, to be typed over.
fn kwh(wh: i64) -> String {
    let text = format_amount(wh, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A price, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PriceForm {
    pub(super) key: String,
    pub(super) price: String,
    pub(super) from: String,
}

impl PriceForm {
    pub(super) fn fields(&self, t: Lang, currency: &str, faults: &Faults) -> Vec<Field> {
        let price = Field::number("price", t.price_new(), currency).value(&self.price).longest(16);
        let from =
            Field::moment("from", t.price_from()).value(&self.from).hint(t.price_from_hint()).optional();
        vec![price.error(faults), from.error(faults)]
    }
}

/// A building, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BuildingForm {
    pub(super) key: String,
    pub(super) building_name: String,
}

impl BuildingForm {
    pub(super) fn fields(&self, t: Lang, faults: &Faults) -> Vec<Field> {
        let name = Field::text("building_name", t.building_name()).value(&self.building_name);
        vec![name.longest(60).error(faults)]
    }
}

/// Rooms of a floor, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RoomsForm {
    pub(super) key: String,
    pub(super) building: String,
    pub(super) floor: String,
    pub(super) rooms: String,
}

impl RoomsForm {
    /// None before there is a building.
    pub(super) fn fields(&self, t: Lang, buildings: &[Building], faults: &Faults) -> Vec<Field> {
        if buildings.is_empty() {
            return Vec::new();
        }
        let choices = buildings.iter().map(|one| Choice::new(one.id.0.clone(), one.name.clone())).collect();
        let rooms = Field::text("rooms", t.rooms_names()).value(&self.rooms).hint(t.rooms_names_hint());
        vec![
            Field::select("building", t.building(), choices).value(&self.building).error(faults),
            Field::text("floor", t.rooms_floor()).value(&self.floor).longest(40).error(faults),
            rooms.longest(2000).error(faults),
        ]
    }
}
