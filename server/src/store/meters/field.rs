//! What the field layer needs: which lines to drive and who drives them, what is wanted, and what was read back.

mod history;
mod reports;
mod server_counts;
mod settings;

pub use history::{HistoryReport, LastTotals, Remembered, remembered};
pub use reports::{
    MeterFacts, VisitReport, meters_offline, put_collector, put_household, put_meter, put_visit,
};
pub use server_counts::{Counting, ServerCount};
pub use settings::{
    OwnedBlock, SettingsReport, SiteDays, next_meter_settings_generation, raise_settings_generation,
    reported_meter_settings, reported_settings, site_days, wanted_settings,
};

use domain::ids::{CollectorId, HouseholdId, MeterId};
use domain::meter_kind::CreditAt;
use domain::settings::household_block;
use domain::supply::Desired;
use meter_core::settings::HouseholdBlock;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A collector that this process holds the lease of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// The collector.
    pub id: CollectorId,
    /// Its name.
    pub name: String,
    /// `modbus-tcp` or `rtu-over-tcp`.
    pub transport: String,
    /// `host:port`.
    pub address: String,
}

/// Takes the lease of every enabled collector that is free, expired or already `holder`'s, until `until_ms`; all times
/// are wall time. Returns the collectors that are `holder`'s now.
pub async fn claim(
    conn: &mut AnyConnection,
    holder: &str,
    now_ms: i64,
    until_ms: i64,
) -> Result<Vec<Line>, DbError> {
    let rows = sql_as!(
        Line,
        "UPDATE collectors SET lease_holder = $1, lease_until_ms = $2
         WHERE enabled = 1 AND (lease_holder IS NULL OR lease_holder = $1 OR lease_until_ms < $3)
         RETURNING id, name, transport, address",
        holder,
        until_ms,
        now_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Gives up every lease of `holder`, so that another process need not wait for it to expire.
pub async fn release(conn: &mut AnyConnection, holder: &str) -> Result<(), DbError> {
    sql!("UPDATE collectors SET lease_holder = NULL, lease_until_ms = 0 WHERE lease_holder = $1", holder)
        .execute(conn)
        .await?;
    Ok(())
}

/// A meter on a line, and a mark of all that is wanted of it: any sale, move or switch changes the mark.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LineMeter {
    /// The meter.
    pub id: MeterId,
    /// Its kind.
    pub kind: String,
    /// Where the credit of its outlets is kept.
    #[sqlx(try_from = "String")]
    pub credit: CreditAt,
    /// Its serial number.
    pub serial: i64,
    /// Its unit id.
    pub unit: i64,
    /// Part of the mark: epochs only grow.
    pub epochs: i64,
    /// Part of the mark: within an epoch, credit only grows.
    pub credits: i64,
    /// Part of the mark: within an epoch, debits only grow.
    pub debits: i64,
    /// Part of the mark: generations and acknowledgements only grow.
    pub generations: i64,
    /// Part of the mark: generations of settings only grow.
    pub settings: i64,
    /// Losses of its memory that wait for a decision: while there is one, it gets no credit.
    pub losses: i64,
    /// Part of the mark: when somebody last looked at its display.
    pub watched: i64,
    /// Bit per outlet that shall have a second loop.
    pub second_loops: i64,
    /// Bit per outlet of which the office has said whether.
    pub second_loops_known: i64,
}

impl LineMeter {
    /// The mask of outlets with a second loop, given the one that the meter holds: what the office never said stays.
    #[must_use]
    pub fn second_loops(&self, held: u16) -> u16 {
        let mask = |bits: i64| u16::try_from(bits).unwrap_or(0);
        held & !mask(self.second_loops_known) | mask(self.second_loops)
    }
}

/// The meters of a collector, by unit.
pub async fn meters(conn: &mut AnyConnection, collector: &CollectorId) -> Result<Vec<LineMeter>, DbError> {
    let rows = sql_as!(
        LineMeter,
        "SELECT m.id, m.kind, mk.credit, m.serial, m.unit,
                CAST(COALESCE(SUM(c.epoch), 0) AS BIGINT) AS epochs,
                CAST(COALESCE(SUM(c.credited_wh), 0) AS BIGINT) AS credits,
                CAST(COALESCE(SUM(c.debited_wh), 0) AS BIGINT) AS debits,
                CAST(COALESCE(SUM(h.supply_generation + h.acknowledged_reminder + h.released_lockout), 0)
                     AS BIGINT) AS generations,
                CAST(COALESCE((SELECT SUM(s.generation) FROM household_settings s
                               JOIN outlets hs ON hs.id = s.household_id
                               WHERE hs.meter_id = m.id), 0) AS BIGINT) AS settings,
                (SELECT COUNT(*) FROM memory_losses l WHERE l.meter_id = m.id AND l.restored_by IS NULL) AS losses,
                COALESCE((SELECT MAX(d.asked_ms) FROM display_watches d WHERE d.meter_id = m.id), 0) AS watched,
                CAST(COALESCE(SUM(COALESCE(h.second_loop, 0) << CAST(h.position AS INTEGER)), 0) AS BIGINT)
                     AS second_loops,
                CAST(COALESCE(SUM((CASE WHEN h.second_loop IS NULL THEN 0 ELSE 1 END)
                     << CAST(h.position AS INTEGER)), 0) AS BIGINT) AS second_loops_known
         FROM meters m JOIN meter_kinds mk ON mk.kind = m.kind LEFT JOIN outlets h ON h.meter_id = m.id
         LEFT JOIN credit_accounts c ON c.household_id = h.id
         WHERE m.collector_id = $1 GROUP BY m.id, m.kind, mk.credit, m.serial, m.unit ORDER BY m.unit",
        collector.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// One of a meter's outlets and what is wanted of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Wanted {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// All that the meter closed before this epoch is known.
    pub closings_known: i64,
    /// What it does with credit, as was read back; `None` as from the factory.
    pub credit_held: Option<String>,
    /// What is wanted.
    #[sqlx(flatten)]
    pub desired: Desired,
    /// An epoch in which the meter forgot what was used; 0 for none.
    pub forgotten_epoch: i64,
    /// What it forgot, in Wh.
    pub forgotten_wh: i64,
    /// Of credit that the server keeps: [`ServerCount::epoch`]; `None` before anything was counted.
    pub count_epoch: Option<i64>,
    /// [`ServerCount::used_before_wh`].
    pub count_used_before_wh: Option<i64>,
    /// [`ServerCount::from_energy_wh`].
    pub count_from_energy_wh: Option<i64>,
}

impl Wanted {
    /// Where the server's counting stands; `None` before anything was counted.
    #[must_use]
    pub fn counted(&self) -> Option<ServerCount> {
        Some(ServerCount {
            epoch: self.count_epoch?,
            used_before_wh: self.count_used_before_wh?,
            from_energy_wh: self.count_from_energy_wh?,
        })
    }

    /// The most credit that the meter was read to keep, in Wh; 0 for any.
    ///
    /// # Errors
    /// [`DbError::Corrupt`].
    pub fn hoarding_wh(&self) -> Result<u32, DbError> {
        let Some(content) = &self.credit_held else { return Ok(0) };
        match household_block(0, content)? {
            HouseholdBlock::Credit(credit) => Ok(credit.hoarding_wh),
            _ => Ok(0),
        }
    }
}

/// What is wanted of a meter's outlets, by position; outlets that are in no row are nobody's.
pub async fn wanted(conn: &mut AnyConnection, meter: &MeterId) -> Result<Vec<Wanted>, DbError> {
    let rows = sql_as!(
        Wanted,
        "SELECT h.position, h.id AS household_id, c.epoch, c.credited_wh, c.debited_wh, h.supply_mode,
                h.supply_until_ms, h.supply_generation, h.acknowledged_reminder, h.released_lockout,
                COALESCE(k.epoch, 1) AS closings_known,
                COALESCE(f.epoch, 0) AS forgotten_epoch, COALESCE(f.used_wh, 0) AS forgotten_wh,
                n.epoch AS count_epoch, n.used_before_wh AS count_used_before_wh,
                n.from_energy_wh AS count_from_energy_wh,
                (SELECT s.content FROM household_settings_reports s
                 WHERE s.household_id = h.id AND s.block = 0) AS credit_held
         FROM outlets h JOIN credit_accounts c ON c.household_id = h.id
         LEFT JOIN closings_known k ON k.household_id = h.id
         LEFT JOIN forgotten_uses f ON f.household_id = h.id
         LEFT JOIN server_counts n ON n.household_id = h.id
         WHERE h.meter_id = $1 ORDER BY h.position",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The generation of the latest clock setting that may have been sent to a meter.
pub async fn clock_generation(conn: &mut AnyConnection, meter: &MeterId) -> Result<i64, DbError> {
    let row = sql_as!((i64,), "SELECT clock_generation FROM meters WHERE id = $1", meter.as_str())
        .fetch_one(conn)
        .await?;
    Ok(row.0)
}

/// Stores the generation of a clock setting before it is sent; `false` when one as late was stored already.
pub async fn raise_clock_generation(
    conn: &mut AnyConnection,
    meter: &MeterId,
    generation: i64,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE meters SET clock_generation = $1 WHERE id = $2 AND clock_generation < $1",
        generation,
        meter.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Raises the generation of what is asked of a household's relay to at least `generation`: the meter holds another
/// command of a generation before it.
pub async fn raise_supply_generation(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    generation: i64,
) -> Result<(), DbError> {
    sql!(
        "UPDATE outlets SET supply_generation = $1 WHERE id = $2 AND supply_generation < $1",
        generation,
        household.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
