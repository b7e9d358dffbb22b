//! Writing and changing a rule. What was granted by it stays as it is.

use domain::actor::Actor;
use domain::allowance::{Calendar, Carry, FirstMonth, MAX_ALLOWANCE_WH, ResidentKind};
use domain::ids::RuleId;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
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

/// Why a rule is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// There is no such rule.
    #[error("no such rule")]
    Unknown,
    /// There is no such building or group.
    #[error("no such place")]
    NoPlace,
    /// Something is wrong with its name.
    #[error("the name {0}")]
    Name(TextProblem),
    /// There is a rule of that name.
    #[error("there is a rule of that name")]
    Taken,
    /// Another rule is for some of the same rooms and dates.
    #[error("the rule “{0}” is for some of the same rooms and dates")]
    Overlaps(String),
    /// It gives nothing.
    #[error("it gives nothing")]
    Nothing,
    /// It gives too much, or less than nothing.
    #[error("{share:?} lies between 0 and {max_wh} Wh")]
    Share {
        /// To whom.
        share: Share,
        /// The most, in Wh a month.
        max_wh: i64,
    },
    /// The limit of what stays.
    #[error("what stays lies between 1 and {max_wh} Wh")]
    Carry {
        /// The highest, in Wh.
        max_wh: i64,
    },
    /// No day that every month has.
    #[error("a day lies between 1 and {max}")]
    Day {
        /// The last that every month has.
        max: i64,
    },
    /// No minute of a day.
    #[error("a minute lies between 0 and {max}")]
    Minute {
        /// The last.
        max: i64,
    },
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Until,
    /// It is for no month.
    #[error("it is for no month")]
    Months,
}

/// To whom a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// The room.
    Room,
    /// Each person.
    Person,
    /// Each person of a kind.
    Kind(ResidentKind),
}

refusals!(NoRule);

/// Writes a rule.
impl Verb for RuleForm {
    const NAME: &'static str = "write-allowance-rule";
    const WAKES: bool = false;
    type Refusal = NoRule;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.as_ref().map_or_else(|| "new".to_owned(), ToString::to_string)
    }

    fn tidy(&mut self) -> Result<(), NoRule> {
        tidy(self)
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoRule> {
        put(operation, self, conn).boxed()
    }
}

async fn put(
    operation: &Operation,
    form: &RuleForm,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoRule>> {
    let existing = match &form.id {
        Some(id) => Some(allowance::get(conn, id).await?.ok_or(NoRule::Unknown)?),
        None => None,
    };
    check_places(conn, &form.places).await?;
    let rule = allowance::Rule {
        id: form.id.clone().unwrap_or_else(|| RuleId(operation.new_id())),
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
    allowance::put(conn, &rule).await.map_err(taken(NoRule::Taken))?;
    match allowance::overlapping(conn, &rule.id).await? {
        Some(other) => Err(NoRule::Overlaps(other).into()),
        None => Ok(()),
    }
}

/// The last day that every month has, and the last minute of a day.
const LAST: (i64, i64) = (28, 1439);

fn tidy(form: &mut RuleForm) -> Result<(), NoRule> {
    form.name = text::required(&form.name, 80).map_err(NoRule::Name)?;
    let kinds = form.kinds.iter().map(|(kind, wh)| (Share::Kind(*kind), *wh));
    let shares: Vec<_> =
        [(Share::Room, form.room_wh), (Share::Person, form.person_wh)].into_iter().chain(kinds).collect();
    for (share, wh) in &shares {
        if !(0..=MAX_ALLOWANCE_WH).contains(wh) {
            return Err(NoRule::Share { share: *share, max_wh: MAX_ALLOWANCE_WH });
        }
    }
    if shares.iter().all(|(_, wh)| *wh == 0) {
        return Err(NoRule::Nothing);
    }
    if matches!(form.carry, Carry::Cap(wh) if !(1..=MAX_ALLOWANCE_WH).contains(&wh)) {
        return Err(NoRule::Carry { max_wh: MAX_ALLOWANCE_WH });
    }
    check_calendar(&form.calendar)?;
    form.kinds.sort_unstable();
    form.places.sort_unstable();
    form.places.dedup();
    Ok(())
}

fn check_calendar(calendar: &Calendar) -> Result<(), NoRule> {
    if !(1..=LAST.0).contains(&calendar.day) {
        return Err(NoRule::Day { max: LAST.0 });
    }
    if !(0..=LAST.1).contains(&calendar.minute) {
        return Err(NoRule::Minute { max: LAST.1 });
    }
    if calendar.until_day.is_some_and(|until_day| until_day < calendar.from_day) {
        return Err(NoRule::Until);
    }
    if calendar.months_off & EVERY_MONTH == EVERY_MONTH || calendar.months_off > EVERY_MONTH {
        return Err(NoRule::Months);
    }
    Ok(())
}

async fn check_places(conn: &mut AnyConnection, wanted: &[String]) -> Result<(), Refused<NoRule>> {
    let buildings = rooms::buildings(conn).await?;
    let groups = room_groups::all(conn).await?;
    let known = |place: &String| {
        buildings.iter().any(|building| building.id.as_str() == place)
            || groups.iter().any(|group| group.id.as_str() == place)
    };
    if wanted.iter().all(known) { Ok(()) } else { Err(NoRule::NoPlace.into()) }
}
