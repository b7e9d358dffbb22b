//! What a run would do now: who gets how much and why, who doesn't, and what it comes to. Changes no books.

use domain::clock::Clock;
use domain::ids::RuleId;
use domain::month::Month;

use super::batch::{prepare, worth};
use super::question;
use crate::db::Db;
use crate::ops::kit::{Refused, refusals};
use crate::store::allowance::candidates::{self, Candidate};
use crate::store::allowance::{self, Rule};
use crate::store::places::site;

/// Rooms that a preview names; the sums are of all.
pub const NAMED: i64 = 200;

/// A preview.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The rule.
    pub rule: Rule,
    /// The month, such as `2026-09`.
    pub month: Month,
    /// The first rooms that get something.
    pub granted: Vec<Candidate>,
    /// The first that don't, and why.
    pub skipped: Vec<Candidate>,
    /// How many get something.
    pub rooms: i64,
    /// In Wh.
    pub energy_wh: i64,
    /// What it is worth, in minor units.
    pub amount_minor: i64,
    /// How many don't, by reason.
    pub reasons: Vec<(String, i64)>,
}

/// Why there is no preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPreview {
    /// There is no such rule.
    #[error("no such rule")]
    NoRule,
    /// No price has been set.
    #[error("no price has been set")]
    NoPrice,
}

refusals!(NoPreview);

/// What a run of the rule would do now for a month (this one, unless named).
///
/// # Errors
/// [`NoPreview`]; the database's.
pub async fn preview(
    db: &Db,
    clock: &dyn Clock,
    id: &RuleId,
    month: Option<Month>,
) -> Result<Preview, Refused<NoPreview>> {
    let now_ms = clock.now_ms();
    let mut conn = db.read().await?;
    let rule = allowance::get(&mut conn, id).await?.ok_or(NoPreview::NoRule)?;
    let site = site::required(&mut conn).await?;
    drop(conn);
    let month = month.unwrap_or_else(|| Month::of(now_ms, &site.zone()));
    prepare(db, month).await?;
    let mut conn = db.read().await?;
    let ask = question(&mut conn, id, month, now_ms).await?.ok_or(NoPreview::NoPrice)?;
    let (mut rooms, mut energy_wh, mut amount_minor) = (0, 0, 0);
    let mut reasons: Vec<(String, i64)> = Vec::new();
    for alike in candidates::alike(&mut conn, &ask).await? {
        if alike.reason.is_empty() {
            rooms += alike.rooms;
            energy_wh += alike.energy_wh * alike.rooms;
            amount_minor += worth(alike.energy_wh, &alike.per_kwh, &site.currency())? * alike.rooms;
        } else {
            match reasons.iter_mut().find(|(reason, _)| *reason == alike.reason) {
                Some((_, count)) => *count += alike.rooms,
                None => reasons.push((alike.reason, alike.rooms)),
            }
        }
    }
    let granted = candidates::list(&mut conn, &ask, false, NAMED).await?;
    let skipped = candidates::list(&mut conn, &ask, true, NAMED).await?;
    Ok(Preview { rule, month, granted, skipped, rooms, energy_wh, amount_minor, reasons })
}
