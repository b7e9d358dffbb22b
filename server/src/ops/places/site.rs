//! The site's name, currency, time zone and low-credit level; and what a kilowatt-hour costs.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{GroupId, PriceId, SiteId};
use domain::money::Price;
use domain::rights::Action;
use domain::tariff::Tariff;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::places::site;
use crate::store::plans::price_plans;

/// The highest low-credit level, in Wh.
const MAX_LOW_WH: i64 = 1_000_000;
/// A price may be announced up to two years ahead.
const MAX_AHEAD_MS: i64 = 2 * 366 * 24 * 3600 * 1000;

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

/// A price of a kilowatt-hour from a moment on.
#[derive(Clone, Debug, Serialize)]
pub struct SetPrice {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Decimal text, major units.
    pub per_kwh: String,
    /// From when, site time; `None` for now.
    pub from_ms: Option<i64>,
}

/// Sets the site up, or changes it. The currency is fixed once there is money in the books.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Invalid`] and [`OpError::OutOfRange`] by field.
pub async fn set_up_site(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut form: SiteForm,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetUpSite)?;
    tidy(&mut form)?;
    let operation = Operation::new(clock, actor, "set-up-site", &form.key, "site", &form)?;
    let fresh_id = SiteId::new(clock);
    operation
        .run(db, (form, fresh_id), |operation, (form, fresh_id), conn| {
            async move {
                let existing = site::get(conn).await?;
                if let Some(site) = &existing {
                    let changed =
                        (&site.currency, site.currency_digits) != (&form.currency, form.currency_digits);
                    if changed && site::has_money(conn).await? {
                        return Err(OpError::Invalid { field: "currency", problem: Problem::Fixed });
                    }
                }
                let site = site::Site {
                    id: existing.map_or_else(|| fresh_id.clone(), |site| site.id),
                    name: form.name.clone(),
                    currency: form.currency.clone(),
                    currency_digits: form.currency_digits,
                    time_zone: form.time_zone.clone(),
                    low_credit_wh: form.low_credit_wh,
                };
                site::put(conn, &site, operation.at_ms).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn tidy(form: &mut SiteForm) -> Result<(), OpError> {
    form.name = OpError::text("name", &form.name, 80)?;
    form.currency = OpError::text("currency", &form.currency, 3)?.to_ascii_uppercase();
    if form.currency.len() != 3 || !form.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(OpError::Invalid { field: "currency", problem: Problem::Malformed });
    }
    form.time_zone = OpError::text("time_zone", &form.time_zone, 60)?;
    if jiff::tz::TimeZone::get(&form.time_zone).is_err() {
        return Err(OpError::Invalid { field: "time_zone", problem: Problem::Malformed });
    }
    if !(0..=3).contains(&form.currency_digits) {
        return Err(OpError::OutOfRange { field: "currency_digits", min: 0, max: 3 });
    }
    if !(0..=MAX_LOW_WH).contains(&form.low_credit_wh) {
        return Err(OpError::OutOfRange { field: "low_credit", min: 0, max: MAX_LOW_WH });
    }
    Ok(())
}

/// Sets the price of a kilowatt-hour from a moment on, for every room whose group has no plan of its own. Sales already
/// made keep theirs.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`], [`OpError::Invalid`] with field `price` or
/// `from`.
pub async fn set_price(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    form: SetPrice,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetPrice)?;
    let price: Price =
        form.per_kwh.parse().map_err(|_| OpError::Invalid { field: "price", problem: Problem::Malformed })?;
    let operation = Operation::new(clock, actor, "set-price", &form.key, "site", &form)?;
    let (id, by) = (PriceId::new(clock), actor.id());
    operation
        .run(db, (form, id, by, price), |operation, (form, id, by, price), conn| {
            async move {
                let from_ms = form.from_ms.unwrap_or(operation.at_ms);
                let problem = match from_ms - operation.at_ms {
                    ..0 => Some(Problem::Past),
                    0..=MAX_AHEAD_MS => None,
                    _ => Some(Problem::TooFarAhead),
                };
                if let Some(problem) = problem {
                    return Err(OpError::Invalid { field: "from", problem });
                }
                let tariff = Tariff::Flat(*price);
                let plan = price_plans::Plan {
                    id: id.clone(),
                    group_id: Some(GroupId(price_plans::DEFAULT_GROUP.to_owned())),
                    terms: tariff.to_string(),
                    from_ms: Some(from_ms),
                };
                price_plans::add(conn, &plan, &tariff, by).await.map_err(OpError::exists("price"))?;
                Ok(())
            }
            .boxed()
        })
        .await
}
