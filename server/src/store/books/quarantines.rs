//! Readings that cannot be, and what a person decided about each.

use std::str::FromStr;

use domain::ids::{HouseholdId, QuarantineId, RoomId, TenancyId, UserId};
use sqlx::AnyConnection;

use super::recognition::Reading;
use crate::db::{DbError, sql, sql_as};

/// What a person decided about a held reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// The reading is right.
    Accepted,
    /// The reading is wrong.
    Rejected,
}

impl Decision {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

impl FromStr for Decision {
    type Err = DbError;

    fn from_str(text: &str) -> Result<Self, DbError> {
        match text {
            "accepted" => Ok(Self::Accepted),
            "rejected" => Ok(Self::Rejected),
            _ => Err(DbError::Corrupt(format!("decision {text:?}"))),
        }
    }
}

/// A reading that was held, with its place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Quarantine {
    /// Its id.
    pub id: QuarantineId,
    /// The household.
    pub household_id: HouseholdId,
    /// Whose epoch it was.
    pub tenancy_id: TenancyId,
    /// The epoch.
    pub epoch: i64,
    /// When it was read, site time.
    pub seen_ms: i64,
    /// What had been recognised by then, in Wh.
    pub from_used_wh: i64,
    /// What the meter said, in Wh.
    pub to_used_wh: i64,
    /// The most that can have been used since, in Wh.
    pub allowed_wh: i64,
    /// What was decided, as stored; `None` while it waits.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When, site time.
    pub decided_ms: Option<i64>,
    /// Why.
    pub note: String,
    /// The tenancy's room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// Its building's name.
    pub building_name: String,
    /// The meter's serial number.
    pub serial: i64,
    /// What the meter says now of that epoch, in Wh.
    pub now_used_wh: Option<i64>,
}

impl Quarantine {
    /// Whether the running total went back, rather than on by too much.
    #[must_use]
    pub fn backwards(&self) -> bool {
        self.to_used_wh < self.from_used_wh
    }

    /// Between what had been recognised and what the meter said, in Wh; never less than zero.
    #[must_use]
    pub fn difference_wh(&self) -> i64 {
        (self.to_used_wh - self.from_used_wh).abs()
    }

    /// Whether a total is on the far side of what it holds back: not to be recognised before it is decided.
    #[must_use]
    pub fn holds(&self, used_wh: i64) -> bool {
        if self.backwards() { used_wh < self.from_used_wh } else { used_wh >= self.to_used_wh }
    }
}

macro_rules! quarantine {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.household_id, q.tenancy_id, q.epoch, q.seen_ms, q.from_used_wh, q.to_used_wh, q.allowed_wh,
                    q.decision, u.display_name AS decided_by, q.decided_ms, q.note, r.id AS room_id,
                    r.name AS room_name, b.name AS building_name, m.serial,
                    COALESCE(hr.used_wh, c.used_wh) AS now_used_wh
             FROM quarantines q JOIN tenancies t ON t.id = q.tenancy_id JOIN rooms r ON r.id = t.room_id
             JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
             JOIN outlets h ON h.id = q.household_id JOIN meters m ON m.id = h.meter_id
             LEFT JOIN users u ON u.id = q.decided_by
             LEFT JOIN household_reports hr ON hr.household_id = q.household_id AND hr.epoch = q.epoch
             LEFT JOIN closings c ON c.household_id = q.household_id AND c.epoch = q.epoch ",
            $rest
        )
    };
}

/// One, by its id.
pub async fn get(conn: &mut AnyConnection, id: &QuarantineId) -> Result<Option<Quarantine>, DbError> {
    Ok(sql_as!(Quarantine, quarantine!("WHERE q.id = $1"), id.as_str()).fetch_optional(conn).await?)
}

/// The one of a tenancy that waits for a person.
pub async fn open_of(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Option<Quarantine>, DbError> {
    let row = sql_as!(
        Quarantine,
        quarantine!("WHERE q.tenancy_id = $1 AND q.decision IS NULL ORDER BY q.seen_ms LIMIT 1"),
        tenancy.as_str(),
    );
    Ok(row.fetch_optional(conn).await?)
}

/// Those that wait for a person, the oldest first.
pub async fn open(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Quarantine>, DbError> {
    let rows = sql_as!(
        Quarantine,
        quarantine!("WHERE q.decision IS NULL ORDER BY q.seen_ms, q.id LIMIT $1"),
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// Those that were decided, the latest first.
pub async fn decided(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Quarantine>, DbError> {
    let rows = sql_as!(
        Quarantine,
        quarantine!("WHERE q.decision IS NOT NULL ORDER BY q.decided_ms DESC, q.id DESC LIMIT $1"),
        limit,
    );
    Ok(rows.fetch_all(conn).await?)
}

/// Holds a reading, unless another of its household is held already.
pub async fn hold(
    conn: &mut AnyConnection,
    id: &QuarantineId,
    reading: &Reading,
    from_used_wh: i64,
    allowed_wh: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO quarantines (id, household_id, tenancy_id, epoch, seen_ms, from_used_wh, to_used_wh, allowed_wh)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        id.as_str(),
        reading.household_id.as_str(),
        reading.tenancy_id.as_str(),
        reading.epoch,
        reading.seen_ms,
        from_used_wh,
        reading.used_wh,
        allowed_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes what is held of a tenancy as wrong, without anybody's decision: a later reading says so.
pub async fn overtake(conn: &mut AnyConnection, tenancy: &TenancyId, at_ms: i64) -> Result<(), DbError> {
    sql!(
        "UPDATE quarantines SET decision = 'rejected', decided_ms = $1 WHERE tenancy_id = $2 AND decision IS NULL",
        at_ms,
        tenancy.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a decision; `false` when there is one already.
pub async fn decide(
    conn: &mut AnyConnection,
    id: &QuarantineId,
    decision: Decision,
    by: &UserId,
    at_ms: i64,
    note: &str,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE quarantines SET decision = $1, decided_by = $2, decided_ms = $3, note = $4
         WHERE id = $5 AND decision IS NULL",
        decision.as_str(),
        by.as_str(),
        at_ms,
        note,
        id.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
