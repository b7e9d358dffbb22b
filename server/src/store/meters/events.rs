//! What meters recorded: events, each kept once.

use domain::ids::MeterId;
use domain::recorded::Recorded;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// An event that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// How often the meter's events had begun anew.
    pub life: i64,
    /// Its number within that life.
    pub number: i64,
    /// The outlet, from 0; `None` for the whole meter.
    pub position: Option<i64>,
    /// By the meter's clock; `None` when it did not know the time.
    pub at_ms: Option<i64>,
    /// What it says.
    pub recorded: Recorded,
    /// Its registers, in hexadecimal.
    pub words: String,
    /// How many right before it were gone.
    pub missed: i64,
}

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// How often the meter's events had begun anew.
    pub life: i64,
    /// Its number within that life.
    pub number: i64,
    /// The outlet, from 0; `None` for the whole meter.
    pub position: Option<i64>,
    /// By the meter's clock; `None` when it did not know the time.
    pub at_ms: Option<i64>,
    /// What it says.
    #[sqlx(try_from = "String")]
    pub recorded: Recorded,
    /// How many right before it were gone before they could be fetched.
    pub missed: i64,
    /// When it was fetched, site time.
    pub fetched_ms: i64,
    /// The phases of its outlet, 1 or 3; `None` for the whole meter, or an outlet that is in no row.
    pub phases: Option<i64>,
    /// The name of the room that its outlet serves now.
    pub room_name: Option<String>,
}

/// Before every event there is: where a list begins.
pub const NEWEST: (i64, i64) = (i64::MAX, 0);

/// A meter's events before `(life, number)`, the newest first.
pub async fn of_meter(
    conn: &mut AnyConnection,
    meter: &MeterId,
    (life, number): (i64, i64),
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let rows = sql_as!(
        Event,
        "SELECT e.life, e.number, e.position, e.at_ms, e.recorded, e.missed, e.fetched_ms,
                h.phases, r.name AS room_name
         FROM meter_events e
         LEFT JOIN outlets h ON h.meter_id = e.meter_id AND h.position = e.position
         LEFT JOIN rooms r ON r.id = h.room_id
         WHERE e.meter_id = $1 AND (e.life, e.number) < ($2, $3)
         ORDER BY e.life DESC, e.number DESC LIMIT $4",
        meter.as_str(),
        life,
        number,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The latest events of an outlet, the newest first.
pub async fn of_outlet(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    (from_ms, until_ms): (i64, i64),
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let rows = sql_as!(
        Event,
        "SELECT e.life, e.number, e.position, e.at_ms, e.recorded, e.missed, e.fetched_ms,
                CAST(NULL AS BIGINT) AS phases, CAST(NULL AS TEXT) AS room_name
         FROM meter_events e WHERE e.meter_id = $1 AND e.position = $2
             AND COALESCE(e.at_ms, e.fetched_ms) >= $3 AND COALESCE(e.at_ms, e.fetched_ms) < $4
         ORDER BY e.life DESC, e.number DESC LIMIT $5",
        meter.as_str(),
        position,
        from_ms,
        until_ms,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many events of a meter were gone before they could be fetched, since `(life, number)`.
pub async fn missed_since(
    conn: &mut AnyConnection,
    meter: &MeterId,
    (life, number): (i64, i64),
) -> Result<i64, DbError> {
    let (missed,) = sql_as!(
        (i64,),
        "SELECT CAST(COALESCE(SUM(missed), 0) AS BIGINT) FROM meter_events
         WHERE meter_id = $1 AND (life, number) > ($2, $3)",
        meter.as_str(),
        life,
        number,
    )
    .fetch_one(conn)
    .await?;
    Ok(missed)
}

/// Keeps an event that was fetched, unless it is kept already.
pub(crate) async fn keep(
    conn: &mut AnyConnection,
    meter: &MeterId,
    fetched_ms: i64,
    event: &NewEvent,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO meter_events (meter_id, life, number, position, at_ms, recorded, words, missed, fetched_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (meter_id, life, number) DO NOTHING",
        meter.as_str(),
        event.life,
        event.number,
        event.position,
        event.at_ms,
        event.recorded.text(),
        event.words.as_str(),
        event.missed,
        fetched_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
