//! What stands at the head of everything printed.

use domain::ids::{SiteId, UserId};
use paper::parts::Letterhead;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::store::places::site;

/// The site's letterhead as of now; `None` before the site has been set up.
pub async fn get(conn: &mut AnyConnection) -> Result<Option<Letterhead>, DbError> {
    let Some(site) = site::get(conn).await? else { return Ok(None) };
    let lines = sql_as!((String,), "SELECT lines FROM letterheads WHERE site_id = $1", site.id.as_str())
        .fetch_optional(conn)
        .await?;
    let lines = lines.map(|(text,)| text.lines().map(str::to_owned).collect()).unwrap_or_default();
    let currency = site.currency();
    Ok(Some(Letterhead { site: site.name, lines, currency: currency.code, currency_digits: currency.digits }))
}

/// The site's letterhead where there must be a site.
///
/// # Errors
/// [`DbError::Corrupt`] without one; the database's.
pub async fn required(conn: &mut AnyConnection) -> Result<Letterhead, DbError> {
    get(conn).await?.ok_or_else(|| DbError::Corrupt("there is no site".to_owned()))
}

/// Changes the lines under the site's name.
pub async fn put(
    conn: &mut AnyConnection,
    site: &SiteId,
    lines: &[String],
    by: &UserId,
    now_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO letterheads (site_id, lines, changed_by, changed_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (site_id) DO UPDATE SET lines = excluded.lines, changed_by = excluded.changed_by,
             changed_ms = excluded.changed_ms",
        site.as_str(),
        lines.join("\n"),
        by.as_str(),
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
