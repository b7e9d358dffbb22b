//! What is on meters' displays, for those who look at one in the browser.

use domain::ids::MeterId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A page of a display that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPage {
    /// Its number, as in the register map.
    pub page: i64,
    /// Its lines, as they stand one below the other.
    pub text: String,
}

/// A page of a display as it was last read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DisplayPage {
    /// Its number, as in the register map.
    pub page: i64,
    /// Its lines, as they stand one below the other.
    pub text: String,
    /// When it was read, site time.
    pub read_ms: i64,
}

/// The pages of a meter's display, by number.
pub async fn of_meter(conn: &mut AnyConnection, meter: &MeterId) -> Result<Vec<DisplayPage>, DbError> {
    let rows = sql_as!(
        DisplayPage,
        "SELECT page, text, read_ms FROM display_pages WHERE meter_id = $1 ORDER BY page",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Somebody looks at a meter's display, at `now_ms` wall time: what is shown, and the pages of the outlet at
/// `position`, -1 for none.
pub async fn watch(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    now_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO display_watches (meter_id, position, asked_ms) VALUES ($1, $2, $3)
         ON CONFLICT (meter_id, position) DO UPDATE SET asked_ms = excluded.asked_ms",
        meter.as_str(),
        position,
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The outlets whose pages somebody has looked at since `since_ms` (wall time), -1 for what is shown alone; the latest
/// first.
pub async fn watched(
    conn: &mut AnyConnection,
    meter: &MeterId,
    since_ms: i64,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let rows = sql_as!(
        (i64,),
        "SELECT position FROM display_watches WHERE meter_id = $1 AND asked_ms > $2
         ORDER BY asked_ms DESC, position LIMIT $3",
        meter.as_str(),
        since_ms,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(position,)| position).collect())
}

/// Keeps a page that was read, in place of the one before.
pub(crate) async fn put(
    conn: &mut AnyConnection,
    meter: &MeterId,
    read_ms: i64,
    page: &NewPage,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO display_pages (meter_id, page, text, read_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (meter_id, page) DO UPDATE SET text = excluded.text, read_ms = excluded.read_ms",
        meter.as_str(),
        page.page,
        page.text.as_str(),
        read_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
