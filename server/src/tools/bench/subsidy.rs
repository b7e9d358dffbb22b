//! `bench subsidy`: a month of free electricity for every room of a large campus, by the same run as in life, beside the
//! bare engine copying the very rows that it granted, in transactions of the same size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::allowance::{Calendar, Carry, FirstMonth};
use domain::clock::Clock;
use domain::month::Month;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use super::{campus, house, table};
use crate::db::{Db, DbError, sql};
use crate::ops::allowance::{RuleForm, RunByHand, tick};
use crate::ops::kit::{Key, NoField, Ops};
use crate::process::clock::SystemClock;
use crate::store::allowance::{self, runs};
use crate::tools::ToolError;

/// Grants a transaction of the peer copies: as many as a batch of the run looks at.
const BATCH: i64 = 500;

/// The result on one engine.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Rooms that were granted to.
    pub rooms: i64,
    /// The run, from being asked for to its end.
    pub run: Duration,
    /// The peer.
    pub bare: Duration,
    /// How much the process grew while it ran, in KiB; `None` where the system does not say.
    pub grown_kib: Option<u64>,
}

/// Measures on an empty, migrated database.
///
/// # Errors
/// Those of the operations.
pub async fn measure(db: &Db, rooms: i64) -> Result<Measured, ToolError> {
    let house = house::furnish(db, 1, 1).await?;
    campus::build(db, rooms - 1).await?;
    let ops = Ops::new(db.clone(), Arc::new(SystemClock), Arc::new(NoField));
    ops.perform(&house.administrator, rule()).await?;
    let rule = allowance::all(&mut *db.read().await?).await?.remove(0);
    let month = Month::of(SystemClock.now_ms(), &jiff::tz::TimeZone::UTC);

    let before_kib = peak_kib();
    let started = Instant::now();
    let by_hand = RunByHand { key: ops.key(), rule: rule.id.clone(), period: month.to_string() };
    ops.perform(&house.administrator, by_hand).await?;
    tick(&ops).await?;
    let run = started.elapsed();
    let grown_kib = before_kib.zip(peak_kib()).map(|(before, after)| after.saturating_sub(before));

    let period = month.to_string();
    let came = runs::get(&mut *db.read().await?, &rule.id, &period).await?.ok_or("no run")?;
    if came.rooms_granted != rooms {
        let text = format!("{} of {rooms} rooms were granted to", came.rooms_granted);
        return Err(DbError::Corrupt(text).into());
    }
    let started = Instant::now();
    copy(db, period).await?;
    Ok(Measured { rooms, run, bare: started.elapsed(), grown_kib })
}

/// Six kilowatt-hours for each person, all year.
fn rule() -> RuleForm {
    RuleForm {
        key: Key::new(&SystemClock),
        id: None,
        name: "Bench".to_owned(),
        room_wh: 0,
        person_wh: 6_000,
        kinds: Vec::new(),
        places: Vec::new(),
        carry: Carry::Lapse,
        first_month: FirstMonth::Whole,
        calendar: Calendar { from_day: 1, until_day: None, months_off: 0, day: 28, minute: 1439 },
    }
}

/// The peer: the same rows into a table with the same key, a transaction a batch.
async fn copy(db: &Db, period: String) -> Result<(), ToolError> {
    db.write((), |(), conn| {
        async move {
            let table = sql!(
                "CREATE TABLE bench_grants (room_id TEXT NOT NULL, period TEXT NOT NULL, operation_id TEXT NOT NULL,
                     rule_id TEXT, household_id TEXT NOT NULL, tenancy_id TEXT NOT NULL, epoch BIGINT NOT NULL,
                     energy_wh BIGINT NOT NULL, price_per_kwh TEXT NOT NULL, at_ms BIGINT NOT NULL,
                     credited_after_wh BIGINT NOT NULL, PRIMARY KEY (room_id, period))"
            );
            table.execute(conn).await?;
            Ok::<_, DbError>(())
        }
        .boxed()
    })
    .await?;
    let mut after = String::new();
    loop {
        let last = db
            .write((period.clone(), after), |(period, after), conn| {
                next(conn, period.clone(), after.clone()).boxed()
            })
            .await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

async fn next(conn: &mut AnyConnection, period: String, after: String) -> Result<Option<String>, DbError> {
    let Some((last, _)) = runs::next_rooms(conn, &after, BATCH).await? else { return Ok(None) };
    sql!(
        "INSERT INTO bench_grants SELECT room_id, period, operation_id, rule_id, household_id, tenancy_id, epoch,
             energy_wh, price_per_kwh, at_ms, credited_after_wh
         FROM grants WHERE room_id > $1 AND room_id <= $2 AND period = $3",
        after,
        last.as_str(),
        period,
    )
    .execute(conn)
    .await?;
    Ok(Some(last.0))
}

/// The most memory that the process has held so far, where the system says.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The result as a table.
#[must_use]
pub fn show(lines: &[(String, Measured)]) -> String {
    let rows = lines.iter().map(|(name, measured)| {
        let seconds = |duration: Duration| format!("{:.2}", duration.as_secs_f64());
        vec![
            name.clone(),
            measured.rooms.to_string(),
            seconds(measured.run),
            seconds(measured.bare),
            format!("{:.2}", measured.bare.as_secs_f64() / measured.run.as_secs_f64()),
            measured.grown_kib.map_or_else(|| "?".to_owned(), |kib| (kib / 1024).to_string()),
        ]
    });
    table(&["engine", "rooms", "run s", "bare copy s", "ratio", "grown MiB"], rows)
}
