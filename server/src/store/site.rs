//! The site and its prices.

use jiff::tz::TimeZone;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::ids::{PriceId, SiteId, UserId};
use crate::money::{Currency, Price};

/// The property.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// The name on receipts.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits of the minor unit.
    pub currency_digits: i64,
    /// IANA name, such as `Asia/Shanghai`.
    pub time_zone: String,
    /// Below this, credit counts as low; in Wh.
    pub low_credit_wh: i64,
}

impl Site {
    /// Its currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        Currency { code: self.currency.clone(), digits: u32::try_from(self.currency_digits).unwrap_or(2) }
    }
}

impl Site {
    /// Its time zone; UTC should this machine not know it.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// A price from a moment on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PriceRow {
    /// Its id.
    pub id: PriceId,
    /// Major units a kWh, decimal text.
    pub per_kwh: String,
    /// From when, site time.
    pub from_ms: i64,
}

/// The site; `None` before it has been set up.
///
/// # Errors
/// The database's.
pub async fn get(conn: &mut AnyConnection) -> Result<Option<Site>, DbError> {
    let site = sql_as!(
        Site,
        "SELECT id, name, currency, currency_digits, time_zone, low_credit_wh FROM sites ORDER BY id LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    Ok(site)
}

/// Writes the site, or changes it.
///
/// # Errors
/// The database's.
pub async fn put(conn: &mut AnyConnection, site: &Site, now_ms: i64) -> Result<(), DbError> {
    sql!(
        "INSERT INTO sites (id, name, currency, currency_digits, time_zone, low_credit_wh, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone,
             currency = excluded.currency, currency_digits = excluded.currency_digits,
             low_credit_wh = excluded.low_credit_wh",
        site.id.as_str(),
        site.name.as_str(),
        site.currency.as_str(),
        site.currency_digits,
        site.time_zone.as_str(),
        site.low_credit_wh,
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a sale at `at_ms` goes by: the site's currency, and the price in force if one was set.
/// `None` before the site has been set up.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`].
pub async fn terms_at(
    conn: &mut AnyConnection,
    at_ms: i64,
) -> Result<Option<(Currency, Option<Price>)>, DbError> {
    let found = sql_as!(
        (String, i64, Option<String>),
        "SELECT currency, currency_digits,
                (SELECT per_kwh FROM prices WHERE from_ms <= $1 ORDER BY from_ms DESC LIMIT 1)
         FROM sites ORDER BY id LIMIT 1",
        at_ms,
    )
    .fetch_optional(conn)
    .await?;
    found.map(|(code, digits, price)| terms(code, digits, price)).transpose()
}

/// Terms as stored.
///
/// # Errors
/// [`DbError::Corrupt`].
pub fn terms(code: String, digits: i64, price: Option<String>) -> Result<(Currency, Option<Price>), DbError> {
    let parse = |text: String| text.parse().map_err(|_| DbError::Corrupt(format!("price {text:?}")));
    let digits = u32::try_from(digits).map_err(|_| DbError::Corrupt(format!("currency digits {digits}")))?;
    Ok((Currency { code, digits }, price.map(parse).transpose()?))
}

/// Every price, the newest first.
///
/// # Errors
/// The database's.
pub async fn prices(conn: &mut AnyConnection) -> Result<Vec<PriceRow>, DbError> {
    let rows = sql_as!(PriceRow, "SELECT id, per_kwh, from_ms FROM prices ORDER BY from_ms DESC")
        .fetch_all(conn)
        .await?;
    Ok(rows)
}

/// Adds a price.
///
/// # Errors
/// [`DbError::Unique`] when another one begins at the same moment.
pub async fn add_price(
    conn: &mut AnyConnection,
    id: &PriceId,
    price: Price,
    from_ms: i64,
    by: &UserId,
) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO prices (id, per_kwh, from_ms, created_by) VALUES ($1, $2, $3, $4)",
        id.as_str(),
        price.to_string(),
        from_ms,
        by.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether any money is in the books.
///
/// # Errors
/// The database's.
pub async fn has_money(conn: &mut AnyConnection) -> Result<bool, DbError> {
    let found = sql_as!((String,), "SELECT operation_id FROM transfers WHERE ledger = 'money' LIMIT 1")
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}
