//! Free electricity: the rules, and granting it each month, once a room whatever happens.
//!
//! A run's place in the list of rooms moves on in the same transaction as the grants, so any number of servers may work
//! at it, and one that dies half-way leaves nothing to repair. The key (room, month) of the grants is the last guard.

mod batch;
mod begin_run;
mod grant_extra;
mod issue;
mod kinds;
mod lapse;
mod preview;
pub mod report;
mod rules;
mod tick;

pub use begin_run::{NoRun, RunByHand};
pub use grant_extra::{ExtraGrant, NoGrant};
pub use issue::{IssueReport, NoSpan};
pub use kinds::{OthersLiveThere, SetKinds};
pub use preview::{NoPreview, Preview, preview};
pub use rules::{NoRule, RuleForm, Share};
pub use tick::{occasions, pass, tick};

use domain::ids::{GroupId, RuleId};
use domain::month::Month;
use jiff::tz::TimeZone;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::allowance::candidates::Question;
use crate::store::places::site;
use crate::store::plans::price_plans;

/// The job's name in the rows of its runs.
pub const JOB: &str = "free-electricity";

/// What is asked of the database about a rule in a month; `None` without a price, as free electricity must be worth
/// something in the books.
///
/// # Errors
/// The database's.
async fn question(
    conn: &mut AnyConnection,
    rule: &RuleId,
    month: Month,
    now_ms: i64,
) -> Result<Option<Question>, DbError> {
    let default = GroupId(price_plans::DEFAULT_GROUP.to_owned());
    let Some(tariff) = price_plans::of_group(conn, &default, now_ms).await? else { return Ok(None) };
    let zone = zone(conn).await?;
    Ok(Some(Question {
        rule: rule.clone(),
        period: month.to_string(),
        month_from_ms: month.from_ms(&zone),
        month_until_ms: month.next().from_ms(&zone),
        now_ms,
        default_per_kwh: tariff.base().to_string(),
    }))
}

/// A stored month.
fn month_of(period: &str) -> Result<Month, DbError> {
    period.parse().map_err(|_| DbError::Corrupt(format!("month {period:?}")))
}

async fn zone(conn: &mut AnyConnection) -> Result<TimeZone, DbError> {
    Ok(site::required(conn).await?.zone())
}
