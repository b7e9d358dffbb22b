//! The figures of every report are those of the books, whatever happened.

use domain::actor::{Actor, Provider, Role};
use domain::ids::BuildingId;
use wattwarden::check::check;
use wattwarden::db::DbError;
use wattwarden::ops::allowance::ExtraGrant;
use wattwarden::ops::allowance::report::{Row, of_span};
use wattwarden::ops::desk::sell::{Payment, SaleInput};
use wattwarden::ops::desk::void_sale::NoVoid;
use wattwarden::ops::desk::void_sale::VoidSale;
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::move_out::{AskMoveOut, ask};
use wattwarden::store::books::flows;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::desk::figures;
use wattwarden::store::places::rooms;
use wattwarden::store::reports::consumption::{self, Periods};
use wattwarden::store::reports::sales::{self, Filter, Sold};
use wattwarden::store::reports::{liability, refunds};

use crate::support::database::for_each_engine;
use crate::support::house::{House, START_MS, add_user};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const ALWAYS: (i64, i64) = (START_MS - DAY_MS, START_MS + 400 * DAY_MS);

async fn building(house: &House) -> BuildingId {
    rooms::buildings(&mut house.db.read().await.unwrap()).await.unwrap()[0].id.clone()
}

async fn grant(house: &House, room: usize, energy_wh: i64) {
    let (room_id, tenancy_id) = (house.rooms[room].clone(), house.tenancy(&house.rooms[room]).await);
    let request =
        ExtraGrant { key: house.key(), room_id, tenancy_id, energy_wh, reason: "cold winter".into() };
    house.perform(&house.administrator, request).await.unwrap();
}

/// Sells, over the drawer or the bank; what may be voided is voided now and then.
async fn trade(house: &House, rng: &mut fastrand::Rng, cashier: &Actor, step: usize) {
    let mut request =
        house.request(&house.rooms[rng.usize(0..3)], SaleInput::Amount(rng.i64(100..9_000))).await;
    let over_bank = cashier.staff().is_none() || rng.u8(0..3) == 0;
    if over_bank {
        request.payment =
            Payment::Channel { channel: "bank-transfer".into(), reference: format!("B-{step}") };
    }
    let sale_id = house.perform(cashier, request).await.unwrap().id;
    if !over_bank && rng.u8(0..4) == 0 {
        let request = VoidSale { key: house.key(), sale_id, reason: "typed wrongly".into() };
        let done = house.perform(cashier, request).await;
        // What was used on overdraft is of the next sale.
        assert!(matches!(done, Ok(_) | Err(Refused::Because(NoVoid::CreditUsed))), "{done:?}");
    }
}

/// Twenty days of sales at two desks and by a provider, voids, grants and use by three rooms; free electricity lasts for some of it.
async fn history(house: &House, rng: &mut fastrand::Rng) -> Vec<Actor> {
    let second = add_user(&house.db, &*house.clock, "second", Role::Cashier).await;
    house.open_shift(&second, 5_000).await;
    let provider = Actor::Provider(Provider { name: "alipay".into() });
    let people = vec![house.cashier.clone(), second, provider];
    let mut used_wh = [0_i64; 3];
    for room in 0..3 {
        grant(house, room, rng.i64(1_000..9_000)).await;
    }
    for step in 0..40 {
        house.clock.advance(rng.i64(HOUR_MS..DAY_MS));
        let cashier = &people[rng.usize(0..3)];
        trade(house, rng, cashier, step).await;
        let room = rng.usize(0..3);
        used_wh[room] += rng.i64(0..3_000);
        house.meter_says(&house.rooms[room], used_wh[room]).await;
        house.run_jobs().await;
    }
    house.clock.advance(DAY_MS);
    house.run_jobs().await;
    people
}

fn total(groups: &[Sold]) -> Sold {
    groups.iter().fold(Sold::default(), |mut total, one| {
        total.add(one);
        total
    })
}

async fn by_all(house: &House, filter: &Filter) -> [Vec<Sold>; 4] {
    let mut conn = house.db.read().await.unwrap();
    [
        sales::by_quarter(&mut conn, filter).await.unwrap(),
        sales::by_cashier(&mut conn, filter).await.unwrap(),
        sales::by_channel(&mut conn, filter).await.unwrap(),
        sales::by_building(&mut conn, filter).await.unwrap(),
    ]
}

/// From the transfers: what sales moved, and what voids moved back.
async fn books(house: &House, (from_ms, to_ms): (i64, i64)) -> (i64, i64) {
    let flows = flows::of_period(&mut house.db.read().await.unwrap(), from_ms, to_ms).await.unwrap();
    let sum = |wanted: &dyn Fn(&flows::Flow) -> bool| {
        flows.iter().filter(|flow| wanted(flow)).map(|flow| flow.amount_minor).sum()
    };
    let money_in = |account: &str| account == "cash" || account.starts_with("channel:");
    let sold = sum(&|flow| money_in(&flow.debit) && flow.credit == "prepaid");
    (sold, sum(&|flow| flow.debit == "prepaid" && money_in(&flow.credit)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sales_are_the_same_whichever_way_they_are_added_up() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_123);
        println!("SEED={seed}");
        let people = history(&house, &mut fastrand::Rng::with_seed(seed)).await;
        for (from_ms, to_ms) in
            [ALWAYS, (START_MS + 3 * DAY_MS, START_MS + 11 * DAY_MS), (START_MS, START_MS)]
        {
            let filter = Filter { from_ms, to_ms, ..Filter::default() };
            let (sold, voided) = books(&house, (from_ms, to_ms)).await;
            for groups in by_all(&house, &filter).await {
                let total = total(&groups);
                assert_eq!((total.sold_minor, total.voided_minor), (sold, voided), "{groups:?}");
            }
            let mut parts = Sold::default();
            for person in &people {
                let one = Filter { cashier_id: Some(person.id()), ..filter.clone() };
                parts.add(&total(&by_all(&house, &one).await[2]));
            }
            assert_eq!(parts, total(&by_all(&house, &filter).await[0]), "whoever sells makes the whole");
        }
        let (from_ms, to_ms) = ALWAYS;
        let all = Filter { from_ms, to_ms, ..Filter::default() };
        let cash = Filter { channel: Some("cash".into()), ..all.clone() };
        let day = figures::day_end(&mut house.db.read().await.unwrap(), from_ms, to_ms).await.unwrap();
        let channel = &day.channels[0];
        let sum = total(&by_all(&house, &cash).await[1]);
        assert_eq!((sum.sales, sum.sold_minor), (channel.sales.count, channel.sales.amount_minor));
        assert_eq!((sum.voids, sum.voided_minor), (channel.voids.count, channel.voids.amount_minor));
        assert_eq!(sum.net_wh(), channel.net_wh);
        let elsewhere = Filter { building_id: Some(BuildingId("elsewhere".into())), ..all };
        assert_eq!(by_all(&house, &elsewhere).await, [const { Vec::new() }; 4]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consumption_liability_and_free_electricity_are_the_balances_of_the_books() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_124);
        println!("SEED={seed}");
        history(&house, &mut fastrand::Rng::with_seed(seed)).await;
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
        let north = building(&house).await;
        let conn = &mut *house.db.read().await.unwrap();
        let of = async |conn: &mut sqlx::AnyConnection, account| balance(conn, &account).await.unwrap();
        let consumed = of(conn, Account::Consumed).await;
        assert!(consumed > 0);

        let middle_ms = START_MS + 9 * DAY_MS;
        let periods = Periods {
            from_ms: middle_ms,
            to_ms: ALWAYS.1,
            former_from_ms: ALWAYS.0,
            former_to_ms: middle_ms,
        };
        let rooms = consumption::by_room(conn, &periods, Some(&north)).await.unwrap();
        assert_eq!(rooms.len(), 4, "rooms that used nothing are there too");
        assert_eq!(rooms.iter().map(|room| room.used_wh() + room.former_wh).sum::<i64>(), consumed);
        let quarters = consumption::by_quarter(conn, ALWAYS, None).await.unwrap();
        assert_eq!(quarters.iter().map(|one| one.paid_wh + one.subsidy_wh).sum::<i64>(), consumed);
        let worth: i64 = quarters.iter().map(|one| one.paid_minor + one.subsidy_minor).sum();
        assert_eq!(worth, of(conn, Account::Revenue).await);
        assert_eq!(quarters, consumption::by_quarter(conn, ALWAYS, Some(&north)).await.unwrap());

        let owed = liability::by_building(conn, None).await.unwrap().remove(0);
        let (mut prepaid, mut purse, mut free) = (0, 0, 0);
        for room in &house.rooms[..3] {
            let tenancy = house.tenancy(room).await;
            prepaid += of(conn, Account::Prepaid(tenancy.clone())).await;
            purse += of(conn, Account::Purse(tenancy.clone())).await;
            free += of(conn, Account::SubsidyPurse(tenancy)).await;
        }
        assert_eq!((owed.prepaid_minor, owed.subsidy_left_wh), (prepaid, free));
        assert_eq!(owed.paid_left_wh - owed.overdrawn_wh, purse);

        let all = of_span(conn, ALWAYS, None).await.unwrap().remove(0);
        let granted = -of(conn, Account::Granted).await;
        assert_eq!((all.rooms, all.granted_wh, all.lapsed_wh), (3, granted, of(conn, Account::Lapsed).await));
        assert_eq!(all.granted_wh - all.used_wh, free);
        assert_eq!(all.used_minor, -of(conn, Account::Subsidy).await);
        let mut halves = Row::default();
        for span in [(ALWAYS.0, middle_ms), (middle_ms, ALWAYS.1)] {
            for half in of_span(conn, span, Some(&north)).await.unwrap() {
                halves.add(&half);
            }
        }
        assert_eq!((halves.granted_wh, halves.used_minor), (all.granted_wh, all.used_minor));
        assert_eq!(halves.lapsed_minor, all.lapsed_minor);
        let elsewhere = BuildingId("elsewhere".into());
        assert_eq!(of_span(conn, ALWAYS, Some(&elsewhere)).await.unwrap(), []);
    })
    .await;
}

/// Settled for 1 300 with a debt of 200; of 1 100 a first share of 600 is paid.
const SETTLED: [&str; 3] = [
    "INSERT INTO operations (id, idempotency_key, verb, request_hash, actor_kind, actor_id, actor_name, at_ms, subject)
     VALUES ('settled', 'settled', 'settle', '', 'staff', 'x', 'X', $1, '')",
    "INSERT INTO settlements (id, departure_id, tenancy_id, number, used_wh, lapsed_wh, returned_wh, lots_minor,
         set_off_minor, rounding_minor, refund_minor, owed_minor, split, needs_approval, actor_id, at_ms)
     SELECT 'settled', id, tenancy_id, 7, 0, 0, 26000, 1300, 200, 0, 1100, 0, 'equal', 0, 'x', $1 FROM departures",
    "INSERT INTO payouts (id, settlement_id, position, way, amount_minor, actor_id, at_ms)
     VALUES ('paid', 'settled', 0, 'cash', 600, 'x', $1)",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refunds_say_what_was_paid_and_what_is_open() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (room_id, tenancy_id) = (house.rooms[0].clone(), house.tenancy(&house.rooms[0]).await);
        let leaving = AskMoveOut { key: house.key(), room_id, tenancy_id };
        ask(&house.db, &*house.clock, &house.administrator, leaving).await.unwrap();
        house
            .db
            .write(START_MS, |at_ms, conn| {
                Box::pin(async move {
                    for statement in SETTLED {
                        sqlx::query::<sqlx::Any>(statement).bind(at_ms).execute(&mut *conn).await?;
                    }
                    Ok::<_, DbError>(())
                })
            })
            .await
            .unwrap();
        let conn = &mut *house.db.read().await.unwrap();
        let all = refunds::settled(conn, ALWAYS, None, 10).await.unwrap();
        let [one] = &all[..] else { panic!("{all:?}") };
        assert_eq!((one.number, one.returned_wh, one.refund_minor), (7, 26_000, 1_100));
        assert_eq!((one.paid_minor, one.open_minor(), one.rounding_minor()), (600, 500, 0));
        assert_eq!(refunds::settled(conn, (START_MS + 1, ALWAYS.1), None, 10).await.unwrap(), []);
        let elsewhere = BuildingId("elsewhere".into());
        assert_eq!(refunds::settled(conn, ALWAYS, Some(&elsewhere), 10).await.unwrap(), []);
        assert_eq!(liability::by_building(conn, None).await.unwrap()[0].refunds_minor, 500);
    })
    .await;
}
