//! Households: which room each serves, and what the office wants of it.

use domain::ids::{CollectorId, HouseholdId, MeterId, RoomId, TenancyId};
use domain::meter_kind::Features;
use domain::supply::{Desired, Reported, SupplyMode};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A household and the equipment it is part of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Outlet {
    /// The household.
    pub id: HouseholdId,
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// Its phases: 1 or 3.
    pub phases: i64,
    /// What the office can do with its meter.
    pub features: Features,
    /// The open tenancy it serves.
    pub tenancy_id: Option<TenancyId>,
    /// Its meter.
    pub meter_id: MeterId,
    /// Its meter's serial number.
    pub serial: i64,
    /// Its meter's unit id on the line.
    pub unit: i64,
    /// The collector in front of the meter.
    pub collector_id: CollectorId,
    /// The collector's name.
    pub collector_name: String,
}

impl Outlet {
    /// Whether it is one of the three-phase outlets.
    #[must_use]
    pub fn three_phase(&self) -> bool {
        self.phases == 3
    }
}

/// A household as it stands right after a credit, and the terms of that moment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credited {
    /// The household.
    pub id: HouseholdId,
    /// The epoch the credit belongs to.
    pub epoch: i64,
    /// Ever credited in it, in Wh.
    pub credited_wh: i64,
    /// The site's currency.
    pub currency: Option<String>,
    /// Digits of its minor unit.
    pub currency_digits: Option<i64>,
    /// The tariff of the room in force, as stored.
    pub terms: Option<String>,
    /// What the books and the meter's last word together leave, in Wh: at least what the meter will hold.
    pub remaining_wh: i64,
    /// The credit settings that the office wants, as stored.
    pub credit_settings: Option<String>,
}

/// The outlet that serves a room.
pub async fn of_room(conn: &mut AnyConnection, room: &RoomId) -> Result<Option<Outlet>, DbError> {
    let row = sql_as!(
        Outlet,
        "SELECT h.id, h.position, h.phases, mk.features, a.tenancy_id, h.meter_id, m.serial, m.unit, m.collector_id,
                c.name AS collector_name
         FROM outlets h JOIN credit_accounts a ON a.household_id = h.id JOIN meters m ON m.id = h.meter_id
         JOIN meter_kinds mk ON mk.kind = m.kind JOIN collectors c ON c.id = m.collector_id
         WHERE h.room_id = $1",
        room.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// What is wanted of a household.
pub async fn desired(conn: &mut AnyConnection, id: &HouseholdId) -> Result<Desired, DbError> {
    let row = sql_as!(
        Desired,
        "SELECT h.id AS household_id, c.epoch, c.credited_wh, c.debited_wh, h.supply_mode, h.supply_until_ms,
                h.supply_generation, h.acknowledged_reminder, h.released_lockout
         FROM outlets h JOIN credit_accounts c ON c.household_id = h.id WHERE h.id = $1",
        id.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(row)
}

/// What its meter last said of a household; `None` when it was never read.
pub async fn reported(conn: &mut AnyConnection, id: &HouseholdId) -> Result<Option<Reported>, DbError> {
    let row = sql_as!(
        Reported,
        "SELECT household_id, seen_ms, epoch, credited_wh, debited_wh, used_wh, energy_total_wh, relay_commanded,
                relay_closed, relay_fault, open_reasons, supply_mode, supply_generation, supply_until_s, power_mw,
                voltage1_mv, voltage2_mv, voltage3_mv, current1_ma, current2_ma, current3_ma, power_factor_milli,
                signs, reminder, anomaly
         FROM household_reports WHERE household_id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Raises the credited total of the household that serves the tenancy in the room; `None` when none does. The terms that
/// hold at `now_ms` come in the same answer: a statement costs a sale more than the rows it touches.
///
/// # Errors
/// [`DbError::Constraint`] when the total would no longer fit the meter.
pub async fn credit(
    conn: &mut AnyConnection,
    room: &RoomId,
    tenancy: &TenancyId,
    energy_wh: i64,
    now_ms: i64,
) -> Result<Option<Credited>, DbError> {
    let row = sql_as!(
        Credited,
        "UPDATE credit_accounts SET credited_wh = credited_wh + $1
         WHERE household_id = (SELECT h.id FROM outlets h WHERE h.room_id = $2) AND tenancy_id = $3
         RETURNING household_id AS id, epoch, credited_wh,
             (SELECT s.currency FROM sites s ORDER BY s.id LIMIT 1) AS currency,
             (SELECT s.currency_digits FROM sites s ORDER BY s.id LIMIT 1) AS currency_digits,
             COALESCE((SELECT p.terms FROM price_plans p JOIN rooms r ON r.group_id = p.group_id
                       WHERE r.id = $2 AND p.from_ms <= $4 ORDER BY p.from_ms DESC LIMIT 1),
                      (SELECT p.terms FROM price_plans p WHERE p.group_id = 'default' AND p.from_ms <= $4
                       ORDER BY p.from_ms DESC LIMIT 1)) AS terms,
             credited_wh - debited_wh - COALESCE((SELECT r.used_wh FROM household_reports r
                 WHERE r.household_id = credit_accounts.household_id AND r.epoch = credit_accounts.epoch), 0) AS remaining_wh,
             (SELECT w.content FROM household_settings w
              WHERE w.household_id = credit_accounts.household_id AND w.block = 0) AS credit_settings",
        energy_wh,
        room.as_str(),
        tenancy.as_str(),
        now_ms,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A household's totals as they stand right after a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Totals {
    /// The epoch they belong to.
    pub epoch: i64,
    /// Ever credited in it, in Wh.
    pub credited_wh: i64,
    /// Ever taken back in it, in Wh.
    pub debited_wh: i64,
}

/// Raises the debited total of a household while it serves that tenancy; `None` when it does not (any more). The books
/// had better have the energy: the meter takes it from what is left.
///
/// # Errors
/// [`DbError::Constraint`] when the total would no longer fit the meter.
pub async fn debit(
    conn: &mut AnyConnection,
    id: &HouseholdId,
    tenancy: &TenancyId,
    energy_wh: i64,
) -> Result<Option<Totals>, DbError> {
    correct(conn, id, tenancy, 0, energy_wh).await
}

/// Raises both totals of a household while it serves that tenancy, each by what is not below zero.
///
/// # Errors
/// Those of [`debit`].
pub async fn correct(
    conn: &mut AnyConnection,
    id: &HouseholdId,
    tenancy: &TenancyId,
    credit_wh: i64,
    debit_wh: i64,
) -> Result<Option<Totals>, DbError> {
    let row = sql_as!(
        Totals,
        "UPDATE credit_accounts SET credited_wh = credited_wh + $1, debited_wh = debited_wh + $2
         WHERE household_id = $3 AND tenancy_id = $4 RETURNING epoch, credited_wh, debited_wh",
        credit_wh.max(0),
        debit_wh.max(0),
        id.as_str(),
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// What the books and the meter's last word together leave to a household, in Wh, and the credit settings that the
/// office wants of it, as stored.
pub async fn credit_held(
    conn: &mut AnyConnection,
    id: &HouseholdId,
) -> Result<(i64, Option<String>), DbError> {
    let row = sql_as!(
        (i64, Option<String>),
        "SELECT c.credited_wh - c.debited_wh - COALESCE(r.used_wh, 0) AS remaining_wh, w.content
         FROM credit_accounts c
         LEFT JOIN household_reports r ON r.household_id = c.household_id AND r.epoch = c.epoch
         LEFT JOIN household_settings w ON w.household_id = c.household_id AND w.block = 0
         WHERE c.household_id = $1",
        id.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(row)
}

/// Opens the next epoch of the room's household for a tenancy: beyond every epoch the books or the meter know.
/// `false` when no household serves the room.
pub async fn open_epoch(
    conn: &mut AnyConnection,
    room: &RoomId,
    tenancy: &TenancyId,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE credit_accounts SET tenancy_id = $1, credited_wh = 0, debited_wh = 0,
             epoch = 1 + CASE
                 WHEN epoch >= COALESCE((SELECT r.epoch FROM household_reports r
                                     WHERE r.household_id = credit_accounts.household_id), 0)
                 THEN epoch
                 ELSE (SELECT r.epoch FROM household_reports r WHERE r.household_id = credit_accounts.household_id) END
         WHERE household_id = (SELECT h.id FROM outlets h WHERE h.room_id = $2)",
        tenancy.as_str(),
        room.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Raises the credited total of the household that serves a tenancy; `false` when none does.
///
/// # Errors
/// [`DbError::Constraint`] when the total would no longer fit the meter.
pub async fn credit_tenancy(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
    energy_wh: i64,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE credit_accounts SET credited_wh = credited_wh + $1 WHERE tenancy_id = $2",
        energy_wh,
        tenancy.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes the epoch of the household that serves a tenancy: the next one is nobody's and has no credit. The household and
/// the epoch that ends; `None` when no household serves the tenancy.
pub async fn vacate(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
) -> Result<Option<(HouseholdId, i64)>, DbError> {
    // Locks the row, so that the epoch read is the one that ends.
    let served = sql_as!(
        (HouseholdId, i64),
        "UPDATE credit_accounts SET epoch = epoch WHERE tenancy_id = $1 RETURNING household_id, epoch",
        tenancy.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some((household, epoch)) = served else { return Ok(None) };
    sql!(
        "UPDATE credit_accounts SET tenancy_id = NULL, credited_wh = 0, debited_wh = 0,
             epoch = 1 + CASE
                 WHEN epoch >= COALESCE((SELECT r.epoch FROM household_reports r
                                     WHERE r.household_id = credit_accounts.household_id), 0)
                 THEN epoch
                 ELSE (SELECT r.epoch FROM household_reports r WHERE r.household_id = credit_accounts.household_id) END
         WHERE household_id = $1",
        household.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(Some((household, epoch)))
}

/// Changes what is asked of the relay of the room's household; its id and the new generation, `None` without one.
pub async fn switch(
    conn: &mut AnyConnection,
    room: &RoomId,
    mode: SupplyMode,
    until_ms: Option<i64>,
) -> Result<Option<(HouseholdId, i64)>, DbError> {
    let row = sql_as!(
        (HouseholdId, i64),
        "UPDATE outlets SET supply_mode = $1, supply_until_ms = $2, supply_generation = supply_generation + 1
         WHERE room_id = $3 RETURNING id, supply_generation",
        mode.as_str(),
        until_ms,
        room.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Notes that the office has seen the reminder that keeps the supply of the room's household off; `false` when none of
/// that number does.
pub async fn acknowledge_reminder(
    conn: &mut AnyConnection,
    room: &RoomId,
    reminder: i64,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE outlets SET acknowledged_reminder = $1
         WHERE room_id = $2 AND EXISTS (SELECT 1 FROM household_reports r
             WHERE r.household_id = outlets.id AND r.reminder = $1 AND r.reminder > 0)",
        reminder,
        room.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds one of a meter's outlets with its account, serving nobody yet.
pub async fn add(
    conn: &mut AnyConnection,
    id: &HouseholdId,
    meter: &MeterId,
    (position, phases): (i64, i64),
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO outlets (id, meter_id, position, phases) VALUES ($1, $2, $3, $4)",
        id.as_str(),
        meter.as_str(),
        position,
        phases,
    )
    .execute(&mut *conn)
    .await?;
    sql!("INSERT INTO credit_accounts (household_id) VALUES ($1)", id.as_str()).execute(conn).await?;
    Ok(())
}

/// Lets a free outlet serve a room; `false` when it serves one already or does not exist.
///
/// # Errors
/// A unique violation when another outlet serves the room.
pub async fn assign(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    room: &RoomId,
) -> Result<bool, sqlx::Error> {
    let done = sql!(
        "UPDATE outlets SET room_id = $1 WHERE meter_id = $2 AND position = $3 AND room_id IS NULL",
        room.as_str(),
        meter.as_str(),
        position,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
