//! What the office sets is wanted of the rooms it was set for, once, and of no others.

use domain::ids::{BuildingId, RoomId};
use domain::settings::{CalendarDays, DayKind, Scope, household_block};
use futures_util::future::join_all;
use meter_core::settings::{CapSettings, CreditSettings, DayTable, DayType, Fault, HouseholdBlock, LoopId};
use wattwarden::ops::desk::sell::NoSale;
use wattwarden::ops::desk::sell::{SaleInput, quote};
use wattwarden::ops::kit::{Outcome, Refused};
use wattwarden::ops::meters::change_calendar::{ChangeCalendar, NoCalendar};
use wattwarden::ops::meters::change_settings::{ChangeSettings, NoSettings};
use wattwarden::store;
use wattwarden::store::meters::settings::{Block, alike, changes, wanted};

use crate::support::database::for_each_engine;
use crate::support::house::House;

fn credit(alarm_wh: u32) -> HouseholdBlock {
    HouseholdBlock::Credit(CreditSettings { alarm_wh, ..CreditSettings::FACTORY })
}

async fn set(
    house: &House,
    scope: Scope,
    blocks: Vec<HouseholdBlock>,
) -> Result<Outcome, Refused<NoSettings>> {
    let request = ChangeSettings { key: house.key(), scope, blocks };
    house.perform(&house.administrator, request).await
}

async fn wanted_of(house: &House, room: &RoomId) -> Vec<Block> {
    let mut conn = house.db.read().await.unwrap();
    let outlet = store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap();
    wanted(&mut conn, &outlet.id).await.unwrap()
}

/// The alarm level that is wanted of a room, and its generation.
async fn alarm(house: &House, room: &RoomId) -> Option<(u32, i64)> {
    let blocks = wanted_of(house, room).await;
    let block = blocks.iter().find(|block| block.block == 0)?;
    let HouseholdBlock::Credit(credit) = household_block(0, &block.content).unwrap() else { panic!() };
    Some((credit.alarm_wh, block.generation))
}

async fn building(house: &House) -> BuildingId {
    let mut conn = house.db.read().await.unwrap();
    store::places::rooms::buildings(&mut conn).await.unwrap()[0].id.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_for_many_rooms_is_one_operation_and_one_generation_each() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let rooms = house.rooms.clone();
        set(&house, Scope::Room(rooms[1].clone()), vec![credit(1_000)]).await.unwrap();
        assert_eq!(alarm(&house, &rooms[0]).await, None);
        assert_eq!(alarm(&house, &rooms[1]).await, Some((1_000, 1)));
        let cap = HouseholdBlock::Cap(LoopId::Main, CapSettings { delay_s: 10, recovery_s: 60 });
        set(&house, Scope::Site, vec![credit(1_000), cap]).await.unwrap();
        assert_eq!(alarm(&house, &rooms[0]).await, Some((1_000, 1)));
        assert_eq!(alarm(&house, &rooms[1]).await, Some((1_000, 1)), "nothing else is wanted than before");
        assert_eq!(wanted_of(&house, &rooms[2]).await.len(), 2);
        set(&house, Scope::Building(building(&house).await), vec![credit(2_000)]).await.unwrap();
        for room in &rooms[..3] {
            assert_eq!(alarm(&house, room).await, Some((2_000, 2)));
        }
        let mut conn = house.db.read().await.unwrap();
        let outlet = store::meters::households::of_room(&mut conn, &rooms[1]).await.unwrap().unwrap();
        let history = changes(&mut conn, &outlet.id, (0, i64::MAX), 20).await.unwrap();
        let lines: Vec<_> =
            history.iter().map(|line| (line.scope.split(':').next().unwrap(), line.block)).collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!((history[0].actor_name.as_str(), lines.contains(&("room", 0))), ("admin", true));
        let groups = alike(&mut conn, &Scope::Site, 0).await.unwrap();
        assert_eq!((groups.len(), groups[0].rooms, groups[0].read), (1, 3, 0));
        assert!(groups[0].wanted.is_some() && groups[0].reported.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_is_one_change_and_a_used_key_is_refused() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let request = ChangeSettings { key: house.key(), scope: Scope::Site, blocks: vec![credit(5)] };
        let clicks = (0..6).map(|_| house.perform(&house.administrator, request.clone()));
        let outcomes: Vec<_> = join_all(clicks).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(outcomes.iter().filter(|outcome| !outcome.replayed).count(), 1);
        assert_eq!(alarm(&house, &house.rooms[0]).await, Some((5, 1)));
        let other = ChangeSettings { blocks: vec![credit(6)], ..request };
        let refused = house.perform(&house.administrator, other).await;
        assert!(matches!(refused, Err(Refused::KeyReused)), "{refused:?}");
        assert_eq!(alarm(&house, &house.rooms[0]).await, Some((5, 1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_changes_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let bad = CreditSettings { alarm_wh: 5, cut_off_wh: 10, ..CreditSettings::FACTORY };
        let refused = set(&house, Scope::Site, vec![HouseholdBlock::Credit(bad)]).await;
        assert!(
            matches!(
                refused,
                Err(Refused::Because(NoSettings::Number(Fault { field: "alarm", min: 11, .. })))
            ),
            "{refused:?}"
        );
        let table = DayTable { periods: [meter_core::settings::Period { start_min: 7, rule: 0 }; 12] };
        let table = HouseholdBlock::Table(LoopId::Main, DayType::Working, table);
        let refused = set(&house, Scope::Site, vec![table]).await;
        assert!(matches!(refused, Err(Refused::Because(NoSettings::List("table")))), "{refused:?}");
        // Room 104 has no meter, and there is no such room as the last.
        for room in [house.rooms[3].clone(), RoomId("none".into())] {
            let refused = set(&house, Scope::Room(room), vec![credit(5)]).await;
            assert!(matches!(refused, Err(Refused::Because(NoSettings::NoRoom))), "{refused:?}");
        }
        let cashier = &house.cashier;
        let request = ChangeSettings { key: house.key(), scope: Scope::Site, blocks: vec![credit(5)] };
        let refused = house.perform(cashier, request).await;
        assert!(matches!(refused, Err(Refused::Forbidden)), "{refused:?}");
        assert_eq!(alarm(&house, &house.rooms[0]).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_calendar_is_replaced_as_a_whole() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let days = |from_day, to_day, kind| CalendarDays { from_day, to_day, kind: DayKind(kind) };
        let put = async |rest_weekdays, days: Vec<CalendarDays>| {
            let request = ChangeCalendar { key: house.key(), rest_weekdays, days };
            house.perform(&house.administrator, request).await
        };
        let golden_week = days(20_727, 20_733, DayType::Holiday);
        let exams = days(20_600, 20_610, DayType::Examination);
        put(64, vec![golden_week, exams]).await.unwrap();
        put(96, vec![exams]).await.unwrap();
        let mut conn = house.db.read().await.unwrap();
        assert_eq!(store::meters::calendar::days(&mut conn).await.unwrap(), [exams]);
        assert_eq!(store::meters::calendar::rest_weekdays(&mut conn).await.unwrap(), Some(96));
        for (weekdays, wrong, why) in [
            (128, vec![exams], NoCalendar::Weekdays),
            (0, vec![days(9, 8, DayType::Rest)], NoCalendar::Backwards),
            (0, vec![days(0, 8, DayType::Rest)], NoCalendar::Backwards),
            (0, vec![exams; 21], NoCalendar::TooMany { max: 20 }),
        ] {
            let refused = put(weekdays, wrong).await;
            assert!(matches!(&refused, Err(Refused::Because(said)) if *said == why), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_sold_more_than_the_room_may_hold() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let limit = CreditSettings { hoarding_wh: 100_000, ..CreditSettings::FACTORY };
        set(&house, Scope::Room(room.clone()), vec![HouseholdBlock::Credit(limit)]).await.unwrap();
        let too_much = quote(&house.db, &*house.clock, room, SaleInput::Energy(100_001)).await;
        assert!(
            matches!(too_much, Err(Refused::Because(NoSale::Hoarding { limit_wh: 100_000 }))),
            "{too_much:?}"
        );
        // Two windows at the desk: each quote alone is fine.
        let first = house.request(room, SaleInput::Energy(60_000)).await;
        let second = house.request(room, SaleInput::Energy(60_000)).await;
        house.perform(&house.cashier, first).await.unwrap();
        let refused = house.perform(&house.cashier, second).await;
        assert!(matches!(refused, Err(Refused::Because(NoSale::Hoarding { .. }))), "{refused:?}");
        assert_eq!(house.credited_wh(room).await, 60_000);
        let rest = house.request(room, SaleInput::Energy(40_000)).await;
        house.perform(&house.cashier, rest).await.unwrap();
    })
    .await;
}
