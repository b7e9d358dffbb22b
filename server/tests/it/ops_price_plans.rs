//! Price plans: who pays what from when on, and that what was sold keeps its price.

use domain::ids::GroupId;
use domain::settings::Scope;
use wattwarden::ops::desk::sell::{NoSale, SaleInput, quote};
use wattwarden::ops::kit::{Outcome, Refused};
use wattwarden::ops::plans::{
    AddGroup, HasBegun, NoPlan, NotPlaced, PlaceRooms, SetPlan, WithdrawPlan, preview,
};
use wattwarden::store;

use crate::support::database::for_each_engine;
use crate::support::house::House;

const DAY_MS: i64 = 24 * 3_600_000;

async fn plan(
    house: &House,
    group: &GroupId,
    terms: &str,
    in_ms: Option<i64>,
) -> Result<Outcome, Refused<NoPlan>> {
    let from_ms = in_ms.map(|in_ms| domain::clock::Clock::now_ms(&*house.clock) + in_ms);
    let form = SetPlan { key: house.key(), group_id: group.clone(), terms: terms.into(), from_ms };
    house.perform(&house.administrator, form).await
}

async fn shops(house: &House) -> GroupId {
    let (db, _clock, who) = (&house.db, &*house.clock, &house.administrator);
    house.perform(who, AddGroup { key: house.key(), name: "Shops".into() }).await.unwrap();
    store::plans::room_groups::all(&mut db.read().await.unwrap()).await.unwrap().remove(1).id
}

async fn place(house: &House, group: &GroupId, scope: Scope) -> Result<Outcome, Refused<NotPlaced>> {
    let request = PlaceRooms { key: house.key(), group_id: group.clone(), scope, three_phase: false };
    house.perform(&house.administrator, request).await
}

async fn costs(house: &House, room: usize, wh: i64) -> i64 {
    let input = SaleInput::Energy(wh);
    quote(&house.db, &*house.clock, &house.rooms[room], input).await.unwrap().amount_minor
}

#[tokio::test]
async fn a_group_pays_by_its_own_plan_from_its_moment_on() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let shops = shops(&house).await;
        place(&house, &shops, Scope::Room(house.rooms[0].clone())).await.unwrap();
        plan(&house, &shops, "flat 0.9", Some(DAY_MS)).await.unwrap();
        let before = house.request(&house.rooms[0], SaleInput::Energy(10_000)).await;
        assert_eq!(before.amount_minor, 547, "until then as all others");
        let sold = house.perform(&house.cashier, before.clone()).await.unwrap();
        house.clock.advance(DAY_MS);
        assert_eq!((costs(&house, 0, 10_000).await, costs(&house, 1, 10_000).await), (900, 547));
        let late = house.request(&house.rooms[1], SaleInput::Energy(10_000)).await;
        let stale = wattwarden::ops::desk::sell::SellRequest {
            key: house.key(),
            room_id: house.rooms[0].clone(),
            tenancy_id: before.tenancy_id.clone(),
            ..late
        };
        let refused = house.perform(&house.cashier, stale).await;
        assert!(matches!(refused, Err(Refused::Because(NoSale::PriceChanged))));
        let kept =
            store::desk::sales::get(&mut house.db.read().await.unwrap(), &sold.id).await.unwrap().unwrap();
        assert_eq!((kept.amount_minor, kept.price_per_kwh.as_str()), (547, "0.5469"));
    })
    .await;
}

#[tokio::test]
async fn a_ladder_counts_what_was_bought_in_the_month_and_splits_the_sale() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let default = GroupId("default".into());
        house.clock.advance(1);
        plan(&house, &default, "ladder month 20000:0.5 0.8", None).await.unwrap();
        house.clock.advance(1);
        let first = house.request(&house.rooms[0], SaleInput::Energy(15_000)).await;
        house.perform(&house.cashier, first).await.unwrap();
        let second = house.request(&house.rooms[0], SaleInput::Energy(15_000)).await;
        assert_eq!(second.amount_minor, 250 + 800);
        let sold = house.perform(&house.cashier, second).await.unwrap();
        let mut conn = house.db.read().await.unwrap();
        let steps = store::desk::sales::steps(&mut conn, &sold.id).await.unwrap();
        let steps: Vec<_> = steps.iter().map(|step| (step.energy_wh, step.amount_minor)).collect();
        assert_eq!(steps, [(5_000, 250), (10_000, 800)]);
        drop(conn);
        house.clock.advance(31 * DAY_MS);
        assert_eq!(costs(&house, 0, 10_000).await, 500, "the month begins anew");
        let report = wattwarden::check::check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test]
async fn a_preview_says_who_and_how_much_and_changes_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let shops = shops(&house).await;
        let (db, clock) = (&house.db, &*house.clock);
        let default = GroupId("default".into());
        let of = |group: GroupId, terms: &'static str| async move {
            preview(db, clock, &group, terms.parse().unwrap(), None).await
        };
        let all = of(default.clone(), "flat 1").await.unwrap();
        assert_eq!((all.rooms, all.examples[1].old_minor), (4, Some(5_469)));
        assert_eq!(all.examples[1].new_minor, Some(10_000));
        assert_eq!(of(shops.clone(), "flat 1").await.unwrap().rooms, 0);
        place(&house, &shops, Scope::Room(house.rooms[0].clone())).await.unwrap();
        assert_eq!(of(default.clone(), "flat 1").await.unwrap().rooms, 4, "shops have no plan of their own");
        plan(&house, &shops, "flat 0.7", None).await.unwrap();
        assert_eq!(of(default.clone(), "flat 1").await.unwrap().rooms, 3);
        assert!(matches!(of(shops, HOURS).await, Err(Refused::Because(NoPlan::MeterHeld))));
        assert_eq!(costs(&house, 1, 100_000).await, 5_469);
    })
    .await;
}

const HOURS: &str =
    "hours 0.3 0.3 0.3 0.3 0.3 0.3 0.3 0.3 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.6 0.3 0.3";

#[tokio::test]
async fn only_plans_that_have_not_begun_are_taken_back() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let shops = shops(&house).await;
        plan(&house, &shops, "flat 0.9", Some(DAY_MS)).await.unwrap();
        let (db, _clock, who) = (&house.db, &*house.clock, &house.administrator);
        let all = store::plans::price_plans::all(&mut db.read().await.unwrap()).await.unwrap();
        let (coming, old) = (all[0].id.clone(), all[1].id.clone());
        let begun = house.perform(who, WithdrawPlan { key: house.key(), id: old.clone() }).await;
        assert!(matches!(begun, Err(Refused::Because(HasBegun))));
        let cashier =
            house.perform(&house.cashier, WithdrawPlan { key: house.key(), id: coming.clone() }).await;
        assert!(matches!(cashier, Err(Refused::Forbidden)));
        house.perform(who, WithdrawPlan { key: house.key(), id: coming.clone() }).await.unwrap();
        assert_eq!(store::plans::price_plans::all(&mut db.read().await.unwrap()).await.unwrap().len(), 1);
        let past = plan(&house, &shops, "flat 0.9", Some(-1)).await;
        assert!(matches!(past, Err(Refused::Because(NoPlan::Past))));
        let nobody = plan(&house, &GroupId("nobody".into()), "flat 0.9", None).await;
        assert!(matches!(nobody, Err(Refused::Because(NoPlan::NoGroup))));
    })
    .await;
}
