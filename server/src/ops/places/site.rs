//! The site's name, currency, time zone and low-credit level.

use domain::actor::Actor;
use domain::ids::SiteId;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::places::site;

/// The highest low-credit level, in Wh.
const MAX_LOW_WH: i64 = 1_000_000;
/// The most digits of a minor unit.
const MAX_DIGITS: i64 = 3;

/// What makes a site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteForm {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The name on receipts.
    pub name: String,
    /// ISO 4217 code, three letters.
    pub currency: String,
    /// Digits of its minor unit, 0–3.
    pub currency_digits: i64,
    /// IANA name.
    pub time_zone: String,
    /// Below this, credit counts as low; in Wh.
    pub low_credit_wh: i64,
}

/// Why the site is not set up so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSite {
    /// Something is wrong with its name.
    #[error("the name {0}")]
    Name(TextProblem),
    /// Not a currency.
    #[error("not a currency")]
    Currency,
    /// There is money in the books: its currency stays.
    #[error("the currency can no longer be changed")]
    CurrencyFixed,
    /// No currency has so many digits.
    #[error("a currency has 0 to {max} digits")]
    Digits {
        /// The most that one has.
        max: i64,
    },
    /// Not a time zone.
    #[error("not a time zone")]
    Zone,
    /// The level at which credit is low.
    #[error("credit is low at 0 to {max_wh} Wh")]
    LowCredit {
        /// The highest level, in Wh.
        max_wh: i64,
    },
}

refusals!(NoSite);

/// Sets the site up, or changes it. The currency is fixed once there is money in the books.
impl Verb for SiteForm {
    const NAME: &'static str = "set-up-site";
    type Refusal = NoSite;

    fn right(&self) -> Action {
        Action::SetUpSite
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoSite> {
        self.name = text::required(&self.name, 80).map_err(NoSite::Name)?;
        self.currency = text::required(&self.currency, 3).map_err(|_| NoSite::Currency)?.to_ascii_uppercase();
        if self.currency.len() != 3 || !self.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(NoSite::Currency);
        }
        self.time_zone = text::required(&self.time_zone, 60).map_err(|_| NoSite::Zone)?;
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(NoSite::Zone);
        }
        if !(0..=MAX_DIGITS).contains(&self.currency_digits) {
            return Err(NoSite::Digits { max: MAX_DIGITS });
        }
        if !(0..=MAX_LOW_WH).contains(&self.low_credit_wh) {
            return Err(NoSite::LowCredit { max_wh: MAX_LOW_WH });
        }
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSite> {
        put(operation, self, conn).boxed()
    }
}

async fn put(
    operation: &Operation,
    form: &SiteForm,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoSite>> {
    let existing = site::get(conn).await?;
    if let Some(site) = &existing {
        let changed = (&site.currency, site.currency_digits) != (&form.currency, form.currency_digits);
        if changed && site::has_money(conn).await? {
            return Err(NoSite::CurrencyFixed.into());
        }
    }
    let site = site::Site {
        id: existing.map_or_else(|| SiteId(operation.new_id()), |site| site.id),
        name: form.name.clone(),
        currency: form.currency.clone(),
        currency_digits: form.currency_digits,
        time_zone: form.time_zone.clone(),
        low_credit_wh: form.low_credit_wh,
    };
    site::put(conn, &site, operation.at_ms).await?;
    Ok(())
}
