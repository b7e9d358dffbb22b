//! Who gets how much of a month's free electricity, and why somebody does not: one question for the preview, the run and
//! the report, so that they can't disagree.

use domain::ids::{OperationId, RoomId, RuleId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// What is asked: a rule in a month.
#[derive(Clone, Debug)]
pub struct Question {
    /// The rule.
    pub rule: RuleId,
    /// The month, such as `2026-09`.
    pub period: String,
    /// Its first instant.
    pub month_from_ms: i64,
    /// The next month's.
    pub month_until_ms: i64,
    /// The prices of this moment say what it is worth.
    pub now_ms: i64,
    /// The first kWh's price where a group has none of its own: decimal text.
    pub default_per_kwh: String,
}

/// A room of the rule.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Candidate {
    /// The room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// Its floor's name.
    pub floor_name: String,
    /// Its building's name.
    pub building_name: String,
    /// How many people live there.
    pub persons: i64,
    /// A whole month's, in Wh.
    pub whole_wh: i64,
    /// Of how many days, where it is pro rata; else 0.
    pub days_left: i64,
    /// What it gets, in Wh; or would, were it not for the reason.
    pub energy_wh: i64,
    /// What a kWh is worth, decimal text.
    pub per_kwh: String,
    /// Why it gets nothing: `granted`, `vacant`, `no-meter`, `nothing`, `full`, `hoarding`; empty when it gets something.
    pub reason: String,
}

/// Rooms that are alike, and how many.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Alike {
    /// As [`Candidate::reason`].
    pub reason: String,
    /// Each of them, in Wh.
    pub energy_wh: i64,
    /// Decimal text.
    pub per_kwh: String,
    /// How many rooms.
    pub rooms: i64,
}

/// What a room is to get is worked out once a room (`MATERIALIZED`): PostgreSQL would do so wherever the figure is used, which
/// is five times, and take three times as long.
///
/// `$1` rule, `$2` period, `$3` and `$4` which rooms (`$rooms` says how), `$5` now, `$6` the default price, `$7` and `$8`
/// the month.
macro_rules! candidates {
    ($before:literal, rooms: $rooms:literal, $after:literal) => {
        concat!(
            $before,
            " FROM (SELECT e.*, CASE
                WHEN EXISTS (SELECT 1 FROM grants g WHERE g.room_id = e.room_id AND g.period = $2) THEN 'granted'
                WHEN e.tenancy_id IS NULL OR e.opened_ms >= $8 THEN 'vacant'
                WHEN e.served_id IS NULL OR e.served_id <> e.tenancy_id THEN 'no-meter'
                WHEN e.energy_wh = 0 THEN 'nothing'
                WHEN e.credited_wh + e.energy_wh > 4294967295 THEN 'full'
                WHEN e.remaining_wh + e.energy_wh > e.limit_wh THEN 'hoarding'
                ELSE '' END AS reason
             FROM (SELECT w.*, CASE WHEN w.days_left > 0 AND w.days > 0
                     THEN (w.whole_wh * 2 * w.days_left + w.days) / (2 * w.days) ELSE w.whole_wh END AS energy_wh
             FROM (WITH w AS MATERIALIZED (SELECT r.id AS room_id, r.name AS room_name, r.position AS room_position,
                    f.name AS floor_name,
                    f.position AS floor_position, b.name AS building_name, b.position AS building_position,
                    h.id AS household_id, c.tenancy_id AS served_id, c.epoch, c.credited_wh,
                    c.credited_wh - c.debited_wh - COALESCE(hr.used_wh, 0) AS remaining_wh, l.limit_wh,
                    t.id AS tenancy_id, t.opened_ms,
                    (SELECT COUNT(*) FROM tenancy_residents tr WHERE tr.tenancy_id = t.id) AS persons,
                    a.room_wh + CAST(COALESCE((SELECT SUM(COALESCE(k.person_wh, a.person_wh))
                        FROM tenancy_residents tr JOIN residents p ON p.id = tr.resident_id
                        LEFT JOIN allowance_rule_kinds k ON k.rule_id = a.id AND k.kind = p.kind
                        WHERE tr.tenancy_id = t.id), 0) AS BIGINT) AS whole_wh,
                    CASE WHEN a.first_month = 'pro-rata' AND t.opened_ms >= $7 THEN 1 + (SELECT COUNT(*)
                        FROM allowance_days d WHERE d.period = $2 AND d.from_ms > t.opened_ms) ELSE 0 END AS days_left,
                    (SELECT COUNT(*) FROM allowance_days d WHERE d.period = $2) AS days,
                    COALESCE(own.base_per_kwh, CAST($6 AS TEXT)) AS per_kwh
                FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
                JOIN allowance_rules a ON a.id = $1
                LEFT JOIN tenancies t ON t.room_id = r.id AND t.closed_ms IS NULL
                LEFT JOIN outlets h ON h.room_id = r.id LEFT JOIN credit_accounts c ON c.household_id = h.id
                LEFT JOIN household_reports hr ON hr.household_id = h.id AND hr.epoch = c.epoch
                LEFT JOIN household_settings s ON s.household_id = h.id AND s.block = 0
                LEFT JOIN hoarding_limits l ON l.content = s.content
                LEFT JOIN price_plans own ON own.group_id = r.group_id AND own.from_ms = (SELECT MAX(p.from_ms)
                    FROM price_plans p WHERE p.group_id = r.group_id AND p.from_ms <= $5)
                WHERE ",
            $rooms,
            " AND (NOT EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = a.id)
                       OR EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = a.id
                                  AND p.place_id IN (f.building_id, r.group_id)))) SELECT * FROM w) w) e) c ",
            $after
        )
    };
}

/// Beyond every id, which are hexadecimal: a range without an end.
const NO_END: &str = "zz";

/// The rooms that get something (`skipped` false) or nothing though they had nothing yet, in the order of the house.
pub async fn list(
    conn: &mut AnyConnection,
    ask: &Question,
    skipped: bool,
    limit: i64,
) -> Result<Vec<Candidate>, DbError> {
    let rows = sql_as!(
        Candidate,
        candidates!(
            "SELECT c.room_id, c.room_name, c.floor_name, c.building_name, c.persons, c.whole_wh, c.days_left,
                    c.energy_wh, c.per_kwh, c.reason",
            rooms: "r.id > $3 AND r.id <= $4",
            "WHERE (c.reason NOT IN ('', 'granted') AND $9 = 1 OR c.reason = '' AND $9 = 0)
             ORDER BY c.building_position, c.building_name, c.floor_position, c.floor_name, c.room_position, c.room_name
             LIMIT $10"
        ),
        ask.rule.as_str(),
        ask.period.as_str(),
        "",
        NO_END,
        ask.now_ms,
        ask.default_per_kwh.as_str(),
        ask.month_from_ms,
        ask.month_until_ms,
        i64::from(skipped),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// All rooms of the rule, those that are alike together.
pub async fn alike(conn: &mut AnyConnection, ask: &Question) -> Result<Vec<Alike>, DbError> {
    let rows = sql_as!(
        Alike,
        candidates!(
            "SELECT c.reason, c.energy_wh, c.per_kwh, COUNT(*) AS rooms",
            rooms: "r.id > $3 AND r.id <= $4",
            "GROUP BY c.reason, c.energy_wh, c.per_kwh ORDER BY c.reason, c.energy_wh DESC, c.per_kwh"
        ),
        ask.rule.as_str(),
        ask.period.as_str(),
        "",
        NO_END,
        ask.now_ms,
        ask.default_per_kwh.as_str(),
        ask.month_from_ms,
        ask.month_until_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

macro_rules! grant {
    ($rooms:literal) => {
        candidates!(
            "INSERT INTO grants (room_id, period, operation_id, rule_id, household_id, tenancy_id, epoch, energy_wh,
                                 price_per_kwh, at_ms, credited_after_wh)
             SELECT c.room_id, CAST($2 AS TEXT), CAST($9 AS TEXT), CAST($1 AS TEXT), c.household_id, c.tenancy_id,
                    c.epoch, c.energy_wh, c.per_kwh, CAST($5 AS BIGINT), c.credited_wh + c.energy_wh",
            rooms: $rooms,
            "WHERE c.reason = ''"
        )
    };
}

/// Writes the grants of the rooms whose ids lie beyond `after` up to `until`. How many. The households' totals are to
/// be raised by them right after.
pub async fn grant(
    conn: &mut AnyConnection,
    ask: &Question,
    operation: &OperationId,
    after: &str,
    until: &RoomId,
) -> Result<u64, DbError> {
    let done = sql!(
        grant!("r.id > $3 AND r.id <= $4"),
        ask.rule.as_str(),
        ask.period.as_str(),
        after,
        until.as_str(),
        ask.now_ms,
        ask.default_per_kwh.as_str(),
        ask.month_from_ms,
        ask.month_until_ms,
        operation.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// As [`grant`], for one room.
pub async fn grant_room(
    conn: &mut AnyConnection,
    ask: &Question,
    operation: &OperationId,
    room: &RoomId,
) -> Result<u64, DbError> {
    let done = sql!(
        grant!("r.id = $3 AND $4 = ''"),
        ask.rule.as_str(),
        ask.period.as_str(),
        room.as_str(),
        "",
        ask.now_ms,
        ask.default_per_kwh.as_str(),
        ask.month_from_ms,
        ask.month_until_ms,
        operation.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Whether a room would get something now.
pub async fn may_have(conn: &mut AnyConnection, ask: &Question, room: &RoomId) -> Result<bool, DbError> {
    let row = sql_as!(
        (i64,),
        candidates!("SELECT c.energy_wh", rooms: "r.id = $3 AND $4 = ''", "WHERE c.reason = ''"),
        ask.rule.as_str(),
        ask.period.as_str(),
        room.as_str(),
        "",
        ask.now_ms,
        ask.default_per_kwh.as_str(),
        ask.month_from_ms,
        ask.month_until_ms,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}
