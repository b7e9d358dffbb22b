//! The room board: every room with what its tile shows, in one statement.

use domain::ids::{BuildingId, FloorId, RoomId};
use domain::observed::{OpenReasons, Signs};
use domain::supply::{LastSeen, RoomStatus, StatusFacts, room_status};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A room as its tile shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BoardRoom {
    /// Its building.
    pub building_id: BuildingId,
    /// Its building's name.
    pub building_name: String,
    /// Its floor.
    pub floor_id: FloorId,
    /// Its floor's name.
    pub floor_name: String,
    /// The room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// 1 when somebody lives there.
    pub occupied: i64,
    /// 1 when its meter answered when last asked.
    pub online: i64,
    /// 1 when the meter does not hold yet what the office wants.
    pub pending: i64,
    /// When its meter was last read, site time.
    pub seen_ms: Option<i64>,
    /// 1 when the relay's contact was read as closed.
    pub relay_closed: Option<i64>,
    /// The reasons to keep the relay open.
    pub open_reasons: Option<OpenReasons>,
    /// What else its meter has to tell.
    pub signs: Option<Signs>,
    /// Its reasons to keep the second loop open, when they were last read.
    pub second_reasons: Option<OpenReasons>,
    /// Credit left, in Wh: the meter's word, or the books' while the meter still holds an earlier tenancy's.
    pub remaining_wh: Option<i64>,
    /// Active power, in mW.
    pub power_mw: Option<i64>,
}

impl BoardRoom {
    /// Its state in one word.
    #[must_use]
    pub fn status(&self, low_wh: i64) -> RoomStatus {
        let last = match (self.relay_closed, self.open_reasons, self.remaining_wh) {
            (Some(closed), Some(reasons), Some(remaining_wh)) => Some(LastSeen {
                relay_closed: closed == 1,
                reasons,
                signs: self.signs.unwrap_or_default(),
                remaining_wh,
            }),
            _ => None,
        };
        room_status(StatusFacts { occupied: self.occupied == 1, online: self.online == 1, last, low_wh })
    }
}

/// The rooms of a building, or all there are, in the order of the house: building, floor, room.
pub async fn rooms(
    conn: &mut AnyConnection,
    building: Option<&BuildingId>,
) -> Result<Vec<BoardRoom>, DbError> {
    let rows = sql_as!(
        BoardRoom,
        "SELECT b.id AS building_id, b.name AS building_name, f.id AS floor_id, f.name AS floor_name,
                r.id AS room_id, r.name AS room_name,
                CASE WHEN t.id IS NULL THEN 0 ELSE 1 END AS occupied,
                CASE WHEN mr.status = 'online' THEN 1 ELSE 0 END AS online,
                CASE WHEN h.id IS NULL THEN 0
                     WHEN hr.household_id IS NULL THEN CASE WHEN c.epoch > 0 THEN 1 ELSE 0 END
                     WHEN c.epoch = hr.epoch AND c.credited_wh = hr.credited_wh AND c.debited_wh = hr.debited_wh
                          AND h.supply_mode = hr.supply_mode
                          AND COALESCE(h.supply_until_ms, 0) / 1000 = hr.supply_until_s
                          AND hr.relay_commanded = hr.relay_closed THEN 0
                     ELSE 1 END AS pending,
                hr.seen_ms, hr.relay_closed, hr.open_reasons, hr.signs, hd.second_reasons,
                CASE WHEN hr.epoch < c.epoch THEN c.credited_wh - c.debited_wh
                     ELSE hr.credited_wh - hr.debited_wh - hr.used_wh END AS remaining_wh,
                hr.power_mw
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN tenancies t ON t.room_id = r.id AND t.closed_ms IS NULL
         LEFT JOIN outlets h ON h.room_id = r.id LEFT JOIN credit_accounts c ON c.household_id = h.id
         LEFT JOIN household_reports hr ON hr.household_id = h.id
         LEFT JOIN household_details hd ON hd.household_id = h.id
         LEFT JOIN meter_reports mr ON mr.meter_id = h.meter_id
         WHERE ($1 = '' OR b.id = $1)
         ORDER BY b.position, b.name, f.position, f.name, r.position, r.name",
        building.map_or("", BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
