//! Free electricity: the rules, and granting it each month, once a room whatever happens.
//!
//! A run's place in the list of rooms moves on in the same transaction as the grants, so any number of servers may work
//! at it, and one that dies half-way leaves nothing to repair. The key (room, month) of the grants is the last guard.

mod batch;
mod by_hand;
mod issue;
mod kinds;
mod lapse;
mod preview;
pub mod report;
mod rules;
mod tick;

pub use by_hand::{ExtraGrant, grant_extra, run_by_hand};
pub use issue::{IssueReport, issue_report};
pub use kinds::{SetKinds, set_kinds};
pub use preview::{Preview, preview};
pub use rules::{RuleForm, put_rule};
pub use tick::{occasions, pass, tick};

use domain::ids::{GroupId, RuleId};
use domain::month::Month;
use jiff::tz::TimeZone;
use sqlx::AnyConnection;

use super::kit::OpError;
use crate::store::allowance::candidates::Question;
use crate::store::places::site;
use crate::store::plans::price_plans;

/// The job's name in the rows of its runs.
pub const JOB: &str = "free-electricity";

/// What is asked of the database about a rule in a month.
///
/// # Errors
/// [`OpError::NoPrice`]: free electricity must be worth something in the books.
async fn question(
    conn: &mut AnyConnection,
    rule: &RuleId,
    month: Month,
    now_ms: i64,
) -> Result<Question, OpError> {
    let default = GroupId(price_plans::DEFAULT_GROUP.to_owned());
    let tariff = price_plans::of_group(conn, &default, now_ms).await?.ok_or(OpError::NoPrice)?;
    let zone = zone(conn).await?;
    Ok(Question {
        rule: rule.clone(),
        period: month.to_string(),
        month_from_ms: month.from_ms(&zone),
        month_until_ms: month.next().from_ms(&zone),
        now_ms,
        default_per_kwh: tariff.base().to_string(),
    })
}

async fn zone(conn: &mut AnyConnection) -> Result<TimeZone, OpError> {
    Ok(site::get(conn).await?.ok_or(OpError::NotFound("site"))?.zone())
}
