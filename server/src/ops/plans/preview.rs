//! What a plan would change, before it takes effect: how many rooms pay by it, and what some amounts of energy cost then
//! and now.

use domain::clock::Clock;
use domain::ids::GroupId;
use domain::money::Currency;
use domain::tariff::{HOURS, Tariff};

use crate::db::Db;
use crate::ops::desk::sell::SaleInput;
use crate::ops::kit::Refused;
use crate::ops::plans::NoPlan;
use crate::ops::plans::terms::cut;
use crate::store::places::site;
use crate::store::plans::{price_plans, room_groups};

/// Amounts of energy that the preview prices, in Wh: bought at once, in a month or year in which nothing was bought.
pub const EXAMPLES_WH: [i64; 4] = [50_000, 100_000, 200_000, 500_000];

/// A preview.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Who would pay by it.
    pub group: room_groups::Group,
    /// How many rooms would, those of groups without a plan of their own included.
    pub rooms: i64,
    /// What they pay until then; `None` before any price.
    pub old: Option<Tariff>,
    /// What they would pay.
    pub new: Tariff,
    /// What that comes to.
    pub examples: Vec<Example>,
}

/// What an amount of energy costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// In Wh.
    pub energy_wh: i64,
    /// By what is paid now, in minor units.
    pub old_minor: Option<i64>,
    /// By the plan.
    pub new_minor: Option<i64>,
}

/// What the plan would change at `from_ms` (now, when it is `None`).
///
/// # Errors
/// [`NoPlan::NoGroup`], [`NoPlan::MeterHeld`]; the database's.
pub async fn preview(
    db: &Db,
    clock: &dyn Clock,
    group: &GroupId,
    new: Tariff,
    from_ms: Option<i64>,
) -> Result<Preview, Refused<NoPlan>> {
    let mut conn = db.read().await?;
    let currency = site::required(&mut conn).await?.currency();
    let from_ms = from_ms.unwrap_or_else(|| clock.now_ms());
    let groups = room_groups::all(&mut conn).await?;
    let old = price_plans::of_group(&mut conn, group, from_ms).await?;
    super::plan::check_tariff(&mut conn, group, &new).await?;
    let mut rooms = 0;
    for one in &groups {
        // Groups without a plan of their own pay what the default group pays.
        let pays = one.id == *group
            || group.as_str() == price_plans::DEFAULT_GROUP
                && price_plans::own_of_group(&mut conn, &one.id, from_ms).await?.is_none();
        rooms += if pays { one.rooms } else { 0 };
    }
    let group = groups.into_iter().find(|one| one.id == *group).ok_or(NoPlan::NoGroup)?;
    let example = |energy_wh| Example {
        energy_wh,
        old_minor: old.as_ref().and_then(|old| cost_minor(old, energy_wh, &currency)),
        new_minor: cost_minor(&new, energy_wh, &currency),
    };
    Ok(Preview { examples: EXAMPLES_WH.map(example).to_vec(), group, rooms, old, new })
}

/// What it costs to buy so much when nothing was bought before; by the time of use, when it is used evenly.
fn cost_minor(tariff: &Tariff, energy_wh: i64, currency: &Currency) -> Option<i64> {
    let Tariff::TimeOfUse(hours) = tariff else {
        return Some(cut(SaleInput::Energy(energy_wh), tariff, 0, currency).ok()?.amount_minor);
    };
    let all = i64::try_from(HOURS).ok()?;
    let share = |hour: i64| energy_wh * (hour + 1) / all - energy_wh * hour / all;
    let totals: Vec<_> = (0..).zip(0..HOURS).map(|(at, hour)| (hour, share(at))).collect();
    hours.cost_minor(&totals, currency)
}
