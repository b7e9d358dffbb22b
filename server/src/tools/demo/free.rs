//! The demo's tariffs: shops pay by a plan of their own, students have a rule of free electricity that falls due in the
//! demo's past, and again each month as its time goes by.

use domain::actor::Actor;
use domain::allowance::{Calendar, Carry, FirstMonth, ResidentKind};
use domain::clock::Clock;
use domain::month::{date_of, day_number};
use domain::settings::Scope;
use jiff::tz::TimeZone;

use crate::db::Db;
use crate::ops::allowance::RuleForm;
use crate::ops::kit::Ops;
use crate::ops::plans::{AddGroup, PlaceRooms, SetPlan};
use crate::store::allowance;
use crate::store::plans::{price_plans, room_groups};
use crate::tools::ToolError;

const DAY_MS: i64 = 24 * 3_600_000;
/// What shops pay: dearer, and dearer still for those who use much.
const SHOPS: &str = "ladder month 300000:0.78 600000:0.86 0.98";
/// For each student a month, in Wh.
const STUDENT_WH: i64 = 1_500;
/// Of what is left, that much stays, in Wh.
const CAP_WH: i64 = 3_000;

/// When in a month the rule of the students is due: the day, and its minute.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    day: i64,
    minute: i64,
}

/// As soon as a month has begun.
pub const AT_THE_CHANGE_OF_MONTH: Due = Due { day: 1, minute: 1 };

/// Writes the plan of the shops and the rule of the students, before anybody buys.
///
/// # Errors
/// Those of the operations.
pub async fn set_up(ops: &Ops, by: &Actor, zone: &TimeZone, due: Due) -> Result<(), ToolError> {
    ops.perform(by, AddGroup { key: ops.key(), name: "Shops".to_owned() }).await?;
    let groups = room_groups::all(&mut *ops.db.read().await?).await?;
    let shops = groups.into_iter().find(|group| group.name == "Shops").ok_or("no group")?.id;
    let (key, scope) = (ops.key(), Scope::Site);
    let request = PlaceRooms { key, group_id: shops.clone(), scope, three_phase: true };
    ops.perform(by, request).await?;
    let plan = SetPlan { key: ops.key(), group_id: shops, terms: SHOPS.to_owned(), from_ms: None };
    ops.perform(by, plan).await?;
    ops.perform(by, students(ops, zone, due)).await?;
    Ok(())
}

/// The morning after the demo's past begins, or the first where a month has no such day.
pub fn tomorrow(clock: &dyn Clock, zone: &TimeZone) -> Due {
    let tomorrow = date_of(clock.now_ms() + DAY_MS, zone);
    Due { day: if tomorrow.day() > 28 { 1 } else { i64::from(tomorrow.day()) }, minute: 30 }
}

fn students(ops: &Ops, zone: &TimeZone, due: Due) -> RuleForm {
    let today = date_of(ops.clock.now_ms(), zone);
    let Due { day, minute } = due;
    RuleForm {
        key: ops.key(),
        id: None,
        name: "Students".to_owned(),
        room_wh: 0,
        person_wh: STUDENT_WH,
        kinds: vec![(ResidentKind::Postgraduate, 2 * STUDENT_WH)],
        places: vec![price_plans::DEFAULT_GROUP.to_owned()],
        carry: Carry::Cap(CAP_WH),
        first_month: FirstMonth::ProRata,
        calendar: Calendar { from_day: day_number(today), until_day: None, months_off: 0, day, minute },
    }
}

/// How many rooms got something in the latest run of the rule.
///
/// # Errors
/// The database's.
pub async fn granted(db: &Db) -> Result<i64, ToolError> {
    let runs = allowance::runs::latest(&mut *db.read().await?, 1).await?;
    Ok(runs.first().map_or(0, |run| run.rooms_granted))
}
