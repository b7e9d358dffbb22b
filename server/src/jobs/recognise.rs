//! Recognises what all tenancies have used, each day at the site's midnight; late, once, when no server ran then.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::scheduler::Job;
use crate::db::DbError;
use crate::ops::books::recognise_consumption;
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{Claim, JobError, new_run};
use crate::store::kit::job_runs::NewRun;
use crate::store::places::site;

pub(super) struct Recognise;

impl Job for Recognise {
    fn name(&self) -> &'static str {
        recognise_consumption::JOB
    }

    fn due<'a>(&'a self, ops: &'a Ops) -> BoxFuture<'a, Result<Vec<NewRun>, DbError>> {
        async move {
            let Some(site) = site::get(&mut *ops.db.read().await?).await? else { return Ok(Vec::new()) };
            let zone = TimeZone::get(&site.time_zone).unwrap_or(TimeZone::UTC);
            let midnight = latest_midnight(ops.clock.now_ms(), &zone);
            let run =
                |(day, due_ms)| new_run(&*ops.clock, recognise_consumption::JOB, day, due_ms, String::new());
            Ok(midnight.map(run).into_iter().collect())
        }
        .boxed()
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>> {
        recognise_consumption::batch(ops, claim).boxed()
    }
}

/// The site's day, as `2026-09-01`, and when it began.
fn latest_midnight(now_ms: i64, zone: &TimeZone) -> Option<(String, i64)> {
    let now = Timestamp::from_millisecond(now_ms).ok()?.to_zoned(zone.clone());
    let midnight = now.start_of_day().ok()?;
    Some((midnight.date().to_string(), midnight.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_sites() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        // 2026-09-01 00:00 UTC is eight in the morning there.
        let (day, due_ms) = latest_midnight(1_788_220_800_000, &shanghai).unwrap();
        assert_eq!((day.as_str(), due_ms), ("2026-09-01", 1_788_220_800_000 - 8 * 3_600_000));
        let (day, _) = latest_midnight(due_ms - 1, &shanghai).unwrap();
        assert_eq!(day, "2026-08-31");
    }
}
