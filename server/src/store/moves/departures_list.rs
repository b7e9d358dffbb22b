//! Departures in lists: what is still to be done for whom.

use domain::ids::{OperationId, RoomId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A departure in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The departure.
    pub id: OperationId,
    /// The room that is left.
    pub room_id: RoomId,
    /// The building's name.
    pub building: String,
    /// The room's name.
    pub room: String,
    /// One of the residents.
    pub resident: Option<String>,
    /// How many they are.
    pub residents: i64,
    /// When it was asked for, site time.
    pub asked_ms: i64,
    /// When it was settled or carried over.
    pub done_ms: Option<i64>,
    /// 1 when the residents change rooms.
    pub changes_rooms: i64,
    /// 1 once it is known how the epoch ended.
    pub known: i64,
    /// What is paid out, in minor units, once it is settled.
    pub refund_minor: Option<i64>,
    /// 1 while a second person has to approve.
    pub unapproved: i64,
    /// Shares that are not paid out.
    pub unpaid: i64,
}

/// What is still to be done for a departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nobody knows how the epoch ended.
    Waiting,
    /// To be settled.
    ToSettle,
    /// Credit is about to be carried over.
    Carrying,
    /// A second person has to approve the refund.
    ToApprove,
    /// Shares are to be paid out.
    ToPay,
    /// Nothing.
    Done,
}

impl Listed {
    /// What is still to be done.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match (self.done_ms, self.known == 1, self.changes_rooms == 1) {
            (None, false, _) => Stage::Waiting,
            (None, true, true) => Stage::Carrying,
            (None, true, false) => Stage::ToSettle,
            (Some(_), ..) if self.unpaid == 0 => Stage::Done,
            (Some(_), ..) if self.unapproved == 1 => Stage::ToApprove,
            (Some(_), ..) => Stage::ToPay,
        }
    }
}

macro_rules! listed_where {
    ($rest:literal) => {
        concat!(
            "SELECT x.id, x.room_id, x.building, x.room, x.resident, x.residents, x.asked_ms, x.done_ms, x.changes_rooms,
                    x.known, x.refund_minor, x.unapproved, x.unpaid
             FROM (SELECT d.id, d.room_id, b.name AS building, r.name AS room,
                 (SELECT MIN(p.name) FROM tenancy_residents tr JOIN residents p ON p.id = tr.resident_id
                  WHERE tr.tenancy_id = d.tenancy_id) AS resident,
                 (SELECT COUNT(*) FROM tenancy_residents tr WHERE tr.tenancy_id = d.tenancy_id) AS residents,
                 d.asked_ms, d.done_ms,
                 CASE WHEN d.to_tenancy_id IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS changes_rooms,
                 CASE WHEN d.household_id IS NULL OR d.entered_used_wh IS NOT NULL OR c.epoch IS NOT NULL
                        OR k.epoch > d.epoch THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS known,
                 s.refund_minor,
                 CASE WHEN s.needs_approval = 1 AND NOT EXISTS (SELECT 1 FROM settlement_approvals a
                     WHERE a.settlement_id = s.id) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS unapproved,
                 (SELECT COUNT(*) FROM settlement_shares h WHERE h.settlement_id = s.id AND NOT EXISTS
                     (SELECT 1 FROM payouts o WHERE o.settlement_id = h.settlement_id AND o.position = h.position))
                     AS unpaid
             FROM departures d JOIN rooms r ON r.id = d.room_id JOIN floors f ON f.id = r.floor_id
             JOIN buildings b ON b.id = f.building_id LEFT JOIN settlements s ON s.departure_id = d.id
             LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
             LEFT JOIN closings_known k ON k.household_id = d.household_id) x ",
            $rest
        )
    };
}

/// Departures for which something is still to be done, the oldest first.
pub async fn open(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Listed>, DbError> {
    let rows = sql_as!(
        Listed,
        listed_where!("WHERE x.done_ms IS NULL OR x.unpaid > 0 ORDER BY x.asked_ms, x.id LIMIT $1"),
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// Departures for which nothing is left to do, the latest first.
pub async fn done(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Listed>, DbError> {
    let rows = sql_as!(
        Listed,
        listed_where!(
            "WHERE x.done_ms IS NOT NULL AND x.unpaid = 0 ORDER BY x.done_ms DESC, x.id DESC LIMIT $1"
        ),
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// The latest departures from a room, the newest first.
pub async fn of_room(conn: &mut AnyConnection, room: &RoomId, limit: i64) -> Result<Vec<Listed>, DbError> {
    let rows = sql_as!(
        Listed,
        listed_where!("WHERE x.room_id = $1 ORDER BY x.asked_ms DESC, x.id DESC LIMIT $2"),
        room.as_str(),
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// One departure.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Listed>, DbError> {
    let row = sql_as!(Listed, listed_where!("WHERE x.id = $1"), id.as_str());
    Ok(row.fetch_optional(conn).await?)
}
