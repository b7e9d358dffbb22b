//! The site.

use domain::ids::SiteId;
use domain::money::Currency;
use jiff::tz::TimeZone;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

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

    /// Its time zone; UTC should its name have left the world's list.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// The site; `None` before it has been set up.
pub async fn get(conn: &mut AnyConnection) -> Result<Option<Site>, DbError> {
    let site = sql_as!(
        Site,
        "SELECT id, name, currency, currency_digits, time_zone, low_credit_wh FROM sites ORDER BY id LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    Ok(site)
}

/// The site where there must be one: whoever has a room, a meter or an account has a site.
///
/// # Errors
/// [`DbError::Corrupt`] without one; the database's.
pub async fn required(conn: &mut AnyConnection) -> Result<Site, DbError> {
    get(conn).await?.ok_or_else(|| DbError::Corrupt("there is no site".to_owned()))
}

/// Writes the site, or changes it.
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

/// The currency as stored.
///
/// # Errors
/// [`DbError::Corrupt`].
pub fn currency(code: String, digits: i64) -> Result<Currency, DbError> {
    let digits = u32::try_from(digits).map_err(|_| DbError::Corrupt(format!("currency digits {digits}")))?;
    Ok(Currency { code, digits })
}

/// Whether any money is in the books.
pub async fn has_money(conn: &mut AnyConnection) -> Result<bool, DbError> {
    let found = sql_as!((String,), "SELECT operation_id FROM transfers WHERE ledger = 'money' LIMIT 1")
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}
