//! Writing and changing a rule. What was granted by it stays as it is.

use domain::actor::Actor;
use domain::allowance::{Calendar, Carry, FirstMonth, MAX_ALLOWANCE_WH, ResidentKind};
use domain::clock::Clock;
use domain::ids::RuleId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::allowance;
use crate::store::places::rooms;
use crate::store::plans::room_groups;

/// All twelve months.
const EVERY_MONTH: u32 = 0xFFF;

/// A rule as written by a person.
#[derive(Clone, Debug, Serialize)]
pub struct RuleForm {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The rule to change; `None` for a new one.
    pub id: Option<RuleId>,
    /// Its name.
    pub name: String,
    /// For the room, in Wh a month.
    pub room_wh: i64,
    /// For each person, in Wh a month.
    pub person_wh: i64,
    /// For persons of a kind, instead.
    pub kinds: Vec<(ResidentKind, i64)>,
    /// Ids of buildings and groups; none: all rooms.
    pub places: Vec<String>,
    /// What becomes of the rest.
    pub carry: Carry,
    /// For those who move in while the month runs.
    pub first_month: FirstMonth,
    /// When.
    pub calendar: Calendar,
}

/// Writes a rule.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`], [`OpError::Exists`] for a name that is taken,
/// [`OpError::Overlaps`]; [`OpError::OutOfRange`] with field `room`, `person`, `undergraduate`, … `carry` (Wh), `day`,
/// `minute`; [`OpError::Invalid`] with field `name`, `room`, `until`, `months`.
pub async fn put_rule(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut form: RuleForm,
) -> Result<Outcome, OpError> {
    require(actor, Action::Grant)?;
    tidy(&mut form)?;
    let id = form.id.clone().unwrap_or_else(|| RuleId::new(clock));
    let operation = Operation::new(clock, actor, "write-allowance-rule", &form.key, id.as_str(), &form)?;
    operation
        .run(db, (form, id), |operation, (form, id), conn| {
            async move {
                let existing = allowance::get(conn, id).await?;
                if form.id.is_some() && existing.is_none() {
                    return Err(OpError::NotFound("rule"));
                }
                check_places(conn, &form.places).await?;
                let rule = allowance::Rule {
                    id: id.clone(),
                    name: form.name.clone(),
                    room_wh: form.room_wh,
                    person_wh: form.person_wh,
                    kinds: form.kinds.clone(),
                    places: form.places.clone(),
                    carry: form.carry,
                    first_month: form.first_month,
                    calendar: form.calendar,
                    created_ms: existing.map_or(operation.at_ms, |rule| rule.created_ms),
                };
                allowance::put(conn, &rule).await.map_err(OpError::exists("name"))?;
                match allowance::overlapping(conn, id).await? {
                    Some(other) => Err(OpError::Overlaps(other)),
                    None => Ok(()),
                }
            }
            .boxed()
        })
        .await
}

fn tidy(form: &mut RuleForm) -> Result<(), OpError> {
    form.name = OpError::text("name", &form.name, 80)?;
    let within = |field, value, min, max| {
        if (min..=max).contains(&value) { Ok(()) } else { Err(OpError::OutOfRange { field, min, max }) }
    };
    within("room", form.room_wh, 0, MAX_ALLOWANCE_WH)?;
    within("person", form.person_wh, 0, MAX_ALLOWANCE_WH)?;
    for (kind, person_wh) in &form.kinds {
        within(kind.as_str(), *person_wh, 0, MAX_ALLOWANCE_WH)?;
    }
    if let Carry::Cap(carry_wh) = form.carry {
        within("carry", carry_wh, 1, MAX_ALLOWANCE_WH)?;
    }
    within("day", form.calendar.day, 1, 28)?;
    within("minute", form.calendar.minute, 0, 1439)?;
    let invalid = |field, problem| Err(OpError::Invalid { field, problem });
    if form.room_wh + form.person_wh + form.kinds.iter().map(|(_, wh)| wh).sum::<i64>() == 0 {
        return invalid("room", Problem::Missing);
    }
    if form.calendar.until_day.is_some_and(|until_day| until_day < form.calendar.from_day) {
        return invalid("until", Problem::Malformed);
    }
    if form.calendar.months_off & EVERY_MONTH == EVERY_MONTH || form.calendar.months_off > EVERY_MONTH {
        return invalid("months", Problem::Malformed);
    }
    form.kinds.sort_unstable();
    form.places.sort_unstable();
    form.places.dedup();
    Ok(())
}

async fn check_places(conn: &mut sqlx::AnyConnection, wanted: &[String]) -> Result<(), OpError> {
    let buildings = rooms::buildings(conn).await?;
    let groups = room_groups::all(conn).await?;
    let known = |place: &String| {
        buildings.iter().any(|building| building.id.as_str() == place)
            || groups.iter().any(|group| group.id.as_str() == place)
    };
    if wanted.iter().all(known) { Ok(()) } else { Err(OpError::NotFound("place")) }
}
