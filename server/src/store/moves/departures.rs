//! Departures: tenancies that end, and what is still to come of each.

use domain::ids::{HouseholdId, OperationId, RoomId, TenancyId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A tenancy that ends.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Departure {
    /// The operation that asked for it.
    pub id: OperationId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
    /// The room that is left.
    pub room_id: RoomId,
    /// The outlet that served it; `None` without one.
    pub household_id: Option<HouseholdId>,
    /// The epoch that ends.
    pub epoch: i64,
    /// The tenancy that takes the credit over, when the residents change rooms.
    pub to_tenancy_id: Option<TenancyId>,
    /// When it was asked for, site time.
    pub asked_ms: i64,
    /// Used in the epoch by a reading entered by hand, in Wh.
    pub entered_used_wh: Option<i64>,
    /// When that reading was entered.
    pub entered_ms: Option<i64>,
    /// When it was settled or carried over.
    pub done_ms: Option<i64>,
    /// Used in the epoch as its meter closed it, in Wh; 0 for an epoch that the meter never opened.
    pub closed_used_wh: Option<i64>,
    /// The running meter as it closed the epoch, in Wh.
    pub closed_total_wh: Option<i64>,
    /// When it closed it.
    pub closed_ms: Option<i64>,
}

/// How an epoch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastReading {
    /// Used in it, in Wh.
    pub used_wh: i64,
    /// When it ended, site time.
    pub at_ms: i64,
    /// By a person's word instead of the meter's.
    pub entered: bool,
}

impl Departure {
    /// How the epoch ended, as far as it is known: the meter's word before the one entered by hand. Without a meter nothing
    /// was used.
    #[must_use]
    pub fn last_reading(&self) -> Option<LastReading> {
        if self.household_id.is_none() {
            return Some(LastReading { used_wh: 0, at_ms: self.asked_ms, entered: false });
        }
        if let Some(used_wh) = self.closed_used_wh {
            let at_ms = self.closed_ms.unwrap_or(self.asked_ms);
            return Some(LastReading { used_wh, at_ms, entered: false });
        }
        let at_ms = self.entered_ms.unwrap_or(self.asked_ms);
        self.entered_used_wh.map(|used_wh| LastReading { used_wh, at_ms, entered: true })
    }
}

/// A departure to be written.
#[derive(Clone, Debug)]
pub struct NewDeparture<'a> {
    /// Its id: its operation's, unless that asks for many.
    pub id: &'a OperationId,
    /// The tenancy.
    pub tenancy_id: &'a TenancyId,
    /// The room that is left.
    pub room_id: &'a RoomId,
    /// The outlet that served it.
    pub household_id: Option<&'a HouseholdId>,
    /// The epoch that ends.
    pub epoch: i64,
    /// The tenancy that takes the credit over.
    pub to_tenancy_id: Option<&'a TenancyId>,
    /// When, site time.
    pub asked_ms: i64,
    /// Who asked for it.
    pub asked_by: &'a UserId,
}

/// Adds a departure.
pub async fn insert(conn: &mut AnyConnection, new: &NewDeparture<'_>) -> Result<(), DbError> {
    sql!(
        "INSERT INTO departures (id, tenancy_id, room_id, household_id, epoch, to_tenancy_id, asked_ms, asked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.as_str(),
        new.tenancy_id.as_str(),
        new.room_id.as_str(),
        new.household_id.map(HouseholdId::as_str),
        new.epoch,
        new.to_tenancy_id.map(TenancyId::as_str),
        new.asked_ms,
        new.asked_by.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! departure_where {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.tenancy_id, d.room_id, d.household_id, d.epoch, d.to_tenancy_id, d.asked_ms,
                    d.entered_used_wh, d.entered_ms, d.done_ms,
                    COALESCE(c.used_wh, CASE WHEN k.epoch > d.epoch THEN 0 END) AS closed_used_wh,
                    c.energy_total_wh AS closed_total_wh, COALESCE(c.closed_ms, c.read_ms) AS closed_ms
             FROM departures d
             LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
             LEFT JOIN closings_known k ON k.household_id = d.household_id ",
            $rest
        )
    };
}

/// The departure of a tenancy, if it was asked for.
pub async fn of_tenancy(conn: &mut AnyConnection, id: &TenancyId) -> Result<Option<Departure>, DbError> {
    let row = sql_as!(Departure, departure_where!("WHERE d.tenancy_id = $1"), id.as_str());
    Ok(row.fetch_optional(conn).await?)
}

/// A departure.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Departure>, DbError> {
    let row = sql_as!(Departure, departure_where!("WHERE d.id = $1"), id.as_str());
    Ok(row.fetch_optional(conn).await?)
}

/// Whether somebody left this room of whose epoch neither the meter nor a person has said how it ended.
pub async fn unclosed(conn: &mut AnyConnection, room: &RoomId) -> Result<bool, DbError> {
    let found = sql_as!(
        (String,),
        "SELECT d.id FROM departures d JOIN outlets h ON h.id = d.household_id
         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
         LEFT JOIN closings_known k ON k.household_id = d.household_id
         WHERE h.room_id = $1 AND d.entered_used_wh IS NULL AND c.epoch IS NULL AND COALESCE(k.epoch, 1) <= d.epoch
         LIMIT 1",
        room.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Marks a departure as done, so that nobody else does it; `None` when it was done before or does not exist. To be called
/// first in the transaction that does it.
pub async fn finish(
    conn: &mut AnyConnection,
    id: &OperationId,
    now_ms: i64,
) -> Result<Option<Departure>, DbError> {
    let done =
        sql!("UPDATE departures SET done_ms = $1 WHERE id = $2 AND done_ms IS NULL", now_ms, id.as_str())
            .execute(&mut *conn)
            .await?;
    if done.rows_affected() == 1 { get(conn, id).await } else { Ok(None) }
}

/// Writes down the reading that a person saw at a dark meter; `false` once the departure is done.
pub async fn enter(
    conn: &mut AnyConnection,
    id: &OperationId,
    used_wh: i64,
    (now_ms, by): (i64, &UserId),
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE departures SET entered_used_wh = $1, entered_ms = $2, entered_by = $3 WHERE id = $4 AND done_ms IS NULL",
        used_wh,
        now_ms,
        by.as_str(),
        id.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the tenancy still waits for credit from the room that its residents came from.
pub async fn awaits_credit(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<bool, DbError> {
    let found = sql_as!(
        (String,),
        "SELECT id FROM departures WHERE to_tenancy_id = $1 AND done_ms IS NULL LIMIT 1",
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Room changes whose credit can be carried over now, without the first `skip`. Those whose last reading waits for a person
/// are not among them.
pub async fn to_carry(conn: &mut AnyConnection, skip: i64, limit: i64) -> Result<Vec<OperationId>, DbError> {
    let rows = sql_as!(
        (OperationId,),
        "SELECT d.id FROM departures d
         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
         LEFT JOIN closings_known k ON k.household_id = d.household_id
         WHERE d.done_ms IS NULL AND d.to_tenancy_id IS NOT NULL
           AND (d.household_id IS NULL OR d.entered_used_wh IS NOT NULL OR c.epoch IS NOT NULL OR k.epoch > d.epoch)
           AND NOT EXISTS (SELECT 1 FROM quarantines q WHERE q.tenancy_id = d.tenancy_id AND q.decision IS NULL
               AND CASE WHEN q.to_used_wh < q.from_used_wh
                   THEN COALESCE(c.used_wh, d.entered_used_wh, 0) < q.from_used_wh
                   ELSE COALESCE(c.used_wh, d.entered_used_wh, 0) >= q.to_used_wh END)
         ORDER BY d.asked_ms, d.id LIMIT $1 OFFSET $2",
        limit,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Departures that were done by a reading entered by hand and whose meter has spoken since, without the first `skip`.
pub async fn to_hold_against(
    conn: &mut AnyConnection,
    skip: i64,
    limit: i64,
) -> Result<Vec<OperationId>, DbError> {
    let rows = sql_as!(
        (OperationId,),
        "SELECT d.id FROM departures d
         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
         LEFT JOIN closings_known k ON k.household_id = d.household_id
         WHERE d.entered_used_wh IS NOT NULL AND d.checked_ms IS NULL AND d.done_ms IS NOT NULL
           AND (c.epoch IS NOT NULL OR k.epoch > d.epoch)
         ORDER BY d.id LIMIT $1 OFFSET $2",
        limit,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Notes that the closing was held against the reading entered by hand; `None` when that was done before.
pub async fn check_off(
    conn: &mut AnyConnection,
    id: &OperationId,
    now_ms: i64,
) -> Result<Option<Departure>, DbError> {
    let done = sql!(
        "UPDATE departures SET checked_ms = $1 WHERE id = $2 AND checked_ms IS NULL",
        now_ms,
        id.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 { get(conn, id).await } else { Ok(None) }
}
