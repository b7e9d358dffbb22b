//! What was used: by room and building, ranked and compared with the former period and with the building's mean; by month.

use std::collections::BTreeMap;

use domain::ids::BuildingId;
use jiff::ToSpan;
use jiff::civil::Date;
use paper::exports::{Cell, Row, Unit};

use super::Report;
use super::buckets::Step;
use super::build::{Builder, Built, change, mean};
use super::ranks::Rank;
use crate::reads::reports::consumption::{self, Periods, QuarterUse, RoomUse};
use crate::web::kit::error::WebError;
use crate::web::kit::period::{begins_ms, ends_ms, next_day};

/// What a building used.
#[derive(Clone, Debug, Default)]
struct BuildingUse {
    name: String,
    rooms: i64,
    used_wh: i64,
    subsidy_wh: i64,
    worth_minor: i64,
    former_wh: i64,
}

pub(super) async fn by_place(b: &Builder<'_>) -> Result<Built, WebError> {
    let (from_ms, to_ms) = b.scope.ends_ms(b.f);
    let (first, last) = b.scope.former();
    let (former_from_ms, former_to_ms) = ends_ms(b.f.zone(), first, next_day(last));
    let periods = Periods { from_ms, to_ms, former_from_ms, former_to_ms };
    let rooms = consumption::by_room(&mut *b.app.db.read().await?, &periods, b.scope.building_id()).await?;
    let compared = b.t.report_compared(b.f.date(first), b.f.date(last));
    let note = format!("{} {} {compared}", b.t.report_use_note(), b.t.report_mean_note());
    let mut built = if b.report == Report::UseByRoom { by_room(b, rooms) } else { by_building(b, &rooms) };
    built.note = note;
    Ok(built)
}

fn buildings(rooms: &[RoomUse]) -> BTreeMap<BuildingId, BuildingUse> {
    let mut buildings: BTreeMap<BuildingId, BuildingUse> = BTreeMap::new();
    for room in rooms {
        let building = buildings.entry(room.building_id.clone()).or_default();
        building.name.clone_from(&room.building_name);
        building.rooms += i64::from(room.used_wh() > 0);
        building.used_wh += room.used_wh();
        building.subsidy_wh += room.subsidy_wh;
        building.worth_minor += room.paid_minor + room.subsidy_minor;
        building.former_wh += room.former_wh;
    }
    buildings
}

/// From the first place on; who used nothing has none.
fn rank(index: usize, used_wh: i64) -> Cell {
    if used_wh > 0 { Cell::Number(i64::try_from(index + 1).unwrap_or(0)) } else { Cell::Empty }
}

fn by_room(b: &Builder<'_>, mut rooms: Vec<RoomUse>) -> Built {
    let t = b.t;
    let buildings = buildings(&rooms);
    // Those that used the same stay in the order of the house.
    rooms.sort_by_key(|room| std::cmp::Reverse(room.used_wh()));
    let row = |(index, room): (usize, &RoomUse)| {
        let used_wh = room.used_wh();
        let building = buildings.get(&room.building_id);
        let mean_wh = building.map_or(0, |building| mean(building.used_wh, building.rooms));
        let against = if used_wh > 0 { change(used_wh, mean_wh) } else { Cell::Empty };
        let cells = vec![
            Cell::text(&room.room_name),
            Cell::text(&room.building_name),
            rank(index, used_wh),
            Cell::Number(used_wh),
            Cell::Number(room.subsidy_wh),
            Cell::Number(room.paid_minor + room.subsidy_minor),
            Cell::Number(room.former_wh),
            change(used_wh, room.former_wh),
            against,
        ];
        Row { cells, href: Some(format!("/rooms/{}", room.room_id)) }
    };
    let columns = [
        (t.col_room(), Unit::Text, false),
        (t.col_building(), Unit::Text, false),
        (t.col_rank(), Unit::Count, false),
        (t.col_energy(), Unit::Energy, true),
        (t.col_free(), Unit::Energy, true),
        (t.col_worth(), Unit::Money, true),
        (t.col_former(), Unit::Energy, true),
        (t.col_change(), Unit::Change, false),
        (t.col_against_mean(), Unit::Change, false),
    ];
    let ranks = rooms.iter().map(|room| Rank {
        name: format!("{} {}", room.building_name, room.room_name),
        value: room.used_wh(),
        former: Some(room.former_wh),
    });
    let chart = b.ranked(Unit::Energy, t.col_energy(), ranks.collect());
    let mut table = b.table(&columns, rooms.iter().enumerate().map(row).collect());
    total_change(&mut table.total, (3, 6, 7));
    Built { table, chart, note: String::new() }
}

fn by_building(b: &Builder<'_>, rooms: &[RoomUse]) -> Built {
    let t = b.t;
    let mut all: Vec<_> = buildings(rooms).into_iter().collect();
    all.sort_by(|(_, one), (_, other)| {
        other.used_wh.cmp(&one.used_wh).then_with(|| one.name.cmp(&other.name))
    });
    let row = |(index, (id, one)): (usize, &(BuildingId, BuildingUse))| {
        let cells = vec![
            Cell::text(&one.name),
            rank(index, one.used_wh),
            Cell::Number(one.rooms),
            Cell::Number(one.used_wh),
            Cell::Number(one.subsidy_wh),
            Cell::Number(one.worth_minor),
            if one.rooms > 0 { Cell::Number(mean(one.used_wh, one.rooms)) } else { Cell::Empty },
            Cell::Number(one.former_wh),
            change(one.used_wh, one.former_wh),
        ];
        let query = format!("from={}&to={}&building={id}", b.scope.from, b.scope.to);
        Row { cells, href: Some(format!("/reports/{}?{query}", Report::UseByRoom.slug())) }
    };
    let columns = [
        (t.col_building(), Unit::Text, false),
        (t.col_rank(), Unit::Count, false),
        (t.col_rooms(), Unit::Count, true),
        (t.col_energy(), Unit::Energy, true),
        (t.col_free(), Unit::Energy, true),
        (t.col_worth(), Unit::Money, true),
        (t.col_mean(), Unit::Energy, false),
        (t.col_former(), Unit::Energy, true),
        (t.col_change(), Unit::Change, false),
    ];
    let ranks = all.iter().map(|(_, one)| Rank {
        name: one.name.clone(),
        value: one.used_wh,
        former: Some(one.former_wh),
    });
    let chart = b.ranked(Unit::Energy, t.col_energy(), ranks.collect());
    let mut table = b.table(&columns, all.iter().enumerate().map(row).collect());
    total_change(&mut table.total, (3, 7, 8));
    if let Some(total) = &mut table.total {
        let number = |index: usize| total.get(index).and_then(Cell::number).unwrap_or(0);
        total[6] = Cell::Number(mean(number(3), number(2)));
    }
    Built { table, chart, note: String::new() }
}

/// The change of the whole, from the sums of now and of the former period.
fn total_change(total: &mut Option<Vec<Cell>>, (now, former, at): (usize, usize, usize)) {
    if let Some(total) = total {
        let number = |index: usize| total.get(index).and_then(Cell::number).unwrap_or(0);
        total[at] = change(number(now), number(former));
    }
}

pub(super) async fn by_month(b: &Builder<'_>) -> Result<Built, WebError> {
    let t = b.t;
    // The month before the first one is what that is compared with.
    let before = b.scope.from.saturating_sub(1.month());
    let (_, to_ms) = b.scope.ends_ms(b.f);
    let period = (begins_ms(b.f.zone(), before), to_ms);
    let quarters =
        consumption::by_quarter(&mut *b.app.db.read().await?, period, b.scope.building_id()).await?;
    let months = months(b, &quarters);
    let used = |month: Date| months.get(&month).map_or(0, |sum| sum.paid_wh + sum.subsidy_wh);
    let row = |month: Date| {
        let sum = months.get(&month)?;
        let cells = vec![
            Cell::Day(month),
            Cell::Number(used(month)),
            Cell::Number(sum.subsidy_wh),
            Cell::Number(sum.paid_minor + sum.subsidy_minor),
            change(used(month), used(month.saturating_sub(1.month()))),
        ];
        let building = b.scope.building_id().map_or_else(String::new, |id| format!("&building={id}"));
        let query = format!("from={month}&to={}{building}", month.last_of_month());
        Some(Row { cells, href: Some(format!("/reports/{}?{query}", Report::UseByRoom.slug())) })
    };
    let columns = [
        (t.col_month(), Unit::Month, false),
        (t.col_energy(), Unit::Energy, true),
        (t.col_free(), Unit::Energy, true),
        (t.col_worth(), Unit::Money, true),
        (t.col_change(), Unit::Change, false),
    ];
    let rows = Step::Month.all(b.scope).into_iter().filter_map(row).collect();
    let chart = b.over_time(Step::Month, Unit::Energy, t.col_energy(), used);
    Ok(Built { table: b.table(&columns, rows), chart, note: t.report_use_note().to_owned() })
}

fn months(b: &Builder<'_>, quarters: &[QuarterUse]) -> BTreeMap<Date, QuarterUse> {
    let mut months: BTreeMap<Date, QuarterUse> = BTreeMap::new();
    for quarter in quarters {
        let sum = months.entry(Step::Month.of(b.f, quarter.from_ms)).or_default();
        sum.paid_wh += quarter.paid_wh;
        sum.subsidy_wh += quarter.subsidy_wh;
        sum.paid_minor += quarter.paid_minor;
        sum.subsidy_minor += quarter.subsidy_minor;
    }
    months
}
