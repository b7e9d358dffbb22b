//! What was used is recognised once, by the price of the lot it came from; what cannot have been used never is.

use domain::books::Purse;
use domain::ids::TenancyId;
use proptest::prelude::*;
use wattwarden::check::check;
use wattwarden::db::{Connection, Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::store::books::account::{KindBalance, trial_balance};
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::books::{purses, quarantines};
use wattwarden::store::reports::consumption::by_quarter;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::{House, START_MS};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

async fn sell_kwh(house: &House, room: usize, kwh: i64) {
    let request = house.request(&house.rooms[room], SaleInput::Energy(kwh * 1000)).await;
    house.perform(&house.cashier, request).await.unwrap();
}

async fn purse(house: &House, tenancy: &TenancyId) -> Purse {
    purses::get(&mut house.db.read().await.unwrap(), tenancy).await.unwrap()
}

async fn balances(db: &Db, accounts: &[Account]) -> Vec<i64> {
    let mut conn = db.read().await.unwrap();
    let mut figures = Vec::new();
    for account in accounts {
        figures.push(balance(&mut conn, account).await.unwrap());
    }
    figures
}

/// A free lot, as a grant would leave it.
async fn grant(house: &House, room: usize, energy_wh: i64) {
    const STATEMENTS: [&str; 4] = [
        "INSERT INTO operations (id, idempotency_key, verb, request_hash, actor_kind, actor_id, actor_name, at_ms, subject)
         VALUES ('grant-' || $1, 'grant-' || $1, 'grant', '', 'schedule', 'system', 'test', 0, '')",
        "INSERT INTO grants (room_id, period, operation_id, household_id, tenancy_id, epoch, energy_wh, price_per_kwh, at_ms,
             credited_after_wh)
         SELECT room_id, '2026-09', 'grant-' || $1, id, tenancy_id, epoch, CAST($2 AS BIGINT), '0.5', 0, 0
         FROM outlets JOIN credit_accounts ON household_id = id WHERE room_id = $1",
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         SELECT 'grant-' || $1, 0, 'energy', 'energy:granted', 'energy:subsidy:' || tenancy_id, CAST($2 AS BIGINT)
         FROM outlets JOIN credit_accounts ON household_id = id WHERE room_id = $1",
        "UPDATE credit_accounts SET credited_wh = credited_wh + $2
         WHERE household_id = (SELECT id FROM outlets WHERE room_id = $1)",
    ];
    house
        .db
        .write((house.rooms[room].clone(), energy_wh), |(room, energy_wh), conn| {
            Box::pin(async move {
                for statement in STATEMENTS {
                    let query = sqlx::query::<sqlx::Any>(statement).bind(room.as_str());
                    let query = if statement.contains("$2") { query.bind(energy_wh) } else { query };
                    query.execute(&mut *conn).await?;
                }
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn use_takes_free_energy_first_then_paid_lots_at_their_prices() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (room, tenancy) = (&house.rooms[0], house.tenancy(&house.rooms[0]).await);
        grant(&house, 0, 10_000).await;
        sell_kwh(&house, 0, 20).await; // 10.94
        house.clock.advance(1);
        house.set_price("0.8").await;
        sell_kwh(&house, 0, 10).await; // 8.00
        house.clock.advance(DAY_MS);
        house.meter_says(room, 35_000).await;
        assert_eq!(house.run_jobs().await, 1);

        let figures = balances(
            &house.db,
            &[
                Account::Prepaid(tenancy.clone()),
                Account::Revenue,
                Account::Subsidy,
                Account::Purse(tenancy.clone()),
                Account::SubsidyPurse(tenancy.clone()),
                Account::Consumed,
            ],
        )
        .await;
        // 10 kWh free at 0.50; 20 kWh for 10.94; 5 kWh of the third lot for 4.00.
        assert_eq!(figures, [400, 1094 + 400 + 500, -500, 5_000, 0, 35_000]);
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_day_of_a_month_is_of_that_month() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 50).await;
        // It is eight in the morning there on the first of a month of thirty days.
        let month_ends_ms = START_MS + 30 * DAY_MS - 8 * HOUR_MS;
        house.clock.advance(month_ends_ms + 2_000 - START_MS);
        house.meter_says(&house.rooms[0], 7_000).await;
        house.run_jobs().await;
        let mut conn = house.db.read().await.unwrap();
        let consumed = async |conn: &mut Connection, until_ms| {
            let kinds = trial_balance(conn, until_ms).await.unwrap();
            kinds.iter().find(|one| one.kind == "energy:consumed").map_or(0, KindBalance::balance)
        };
        assert_eq!(consumed(&mut conn, month_ends_ms).await, 7_000, "in the books");
        assert_eq!(consumed(&mut conn, month_ends_ms - 1).await, 0);
        let of_month = by_quarter(&mut conn, (START_MS, month_ends_ms), None).await.unwrap();
        assert_eq!(of_month.iter().map(|one| one.paid_wh).sum::<i64>(), 7_000, "in the report");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_is_run_again_recognises_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (room, tenancy) = (&house.rooms[0], house.tenancy(&house.rooms[0]).await);
        sell_kwh(&house, 0, 20).await;
        house.clock.advance(DAY_MS);
        house.meter_says(room, 7_000).await;
        assert_eq!(house.run_jobs().await, 1);
        assert_eq!(house.run_jobs().await, 0, "each day is run once");
        house.clock.advance(DAY_MS);
        assert_eq!(house.run_jobs().await, 1);
        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [7_000]);
        house.meter_says(room, 9_000).await;
        house.clock.advance(DAY_MS);
        house.run_jobs().await;
        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [9_000]);
        let purse = purse(&house, &tenancy).await;
        assert_eq!((purse.used_wh, purse.paid_taken_wh), (9_000, 9_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_total_that_went_back_or_jumped_is_held_and_not_billed() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        for room in 0..3 {
            sell_kwh(&house, room, 50).await;
        }
        house.clock.advance(DAY_MS);
        for room in &house.rooms[..3] {
            house.meter_says(room, 10_000).await;
        }
        house.run_jobs().await;
        house.clock.advance(DAY_MS);
        house.meter_says(&house.rooms[0], 9_999).await;
        house.meter_says(&house.rooms[1], 1_000_000_000).await;
        house.meter_says(&house.rooms[2], 11_000).await;
        house.run_jobs().await;

        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [31_000]);
        let held = quarantines::open(&mut house.db.read().await.unwrap(), 10).await.unwrap();
        let figures: Vec<_> = held.iter().map(|one| (one.from_used_wh, one.to_used_wh)).collect();
        assert_eq!(held.len(), 2, "{held:?}");
        assert!(figures.contains(&(10_000, 9_999)) && figures.contains(&(10_000, 1_000_000_000)));
        assert!(check(&house.db).await.unwrap().clean());

        // A reading that waits does not become right by waiting, however long.
        house.clock.advance(10_000 * DAY_MS);
        house.meter_says(&house.rooms[1], 1_000_000_001).await;
        house.run_jobs().await;
        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [31_000]);
        // But one that was a slip of the meter is over when the meter comes to its senses.
        house.meter_says(&house.rooms[1], 12_000).await;
        house.clock.advance(DAY_MS);
        house.run_jobs().await;
        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [33_000]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reading_of_another_epoch_is_not_this_ones() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 20).await;
        house.meter_says(&house.rooms[0], 5_000).await;
        let next_epoch = "UPDATE credit_accounts SET epoch = epoch + 1
                          WHERE household_id = (SELECT id FROM outlets WHERE position = 0)";
        house
            .db
            .write((), move |(), conn| {
                Box::pin(async move {
                    sqlx::query::<sqlx::Any>(next_epoch).execute(conn).await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
            .unwrap();
        house.clock.advance(DAY_MS);
        house.run_jobs().await;
        assert_eq!(balances(&house.db, &[Account::Consumed]).await, [0]);
    })
    .await;
}

#[derive(Clone, Debug)]
enum Act {
    Sell { room: usize, kwh: i64 },
    Use { room: usize, wh: i64 },
    Price(u32),
    Night,
    Day,
}

fn an_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..3_usize, 1..60_i64).prop_map(|(room, kwh)| Act::Sell { room, kwh }),
        (0..3_usize, 0..30_000_i64).prop_map(|(room, wh)| Act::Use { room, wh }),
        (1..2_000_u32).prop_map(Act::Price),
        Just(Act::Night),
        Just(Act::Day),
    ]
}

async fn live(house: &House, acts: &[Act]) {
    let mut used_wh = [0; 3];
    for act in acts {
        house.clock.advance(HOUR_MS);
        match act {
            Act::Sell { room, kwh } => sell_kwh(house, *room, *kwh).await,
            Act::Use { room, wh } => {
                used_wh[*room] += wh.min(&20_000);
                house.meter_says(&house.rooms[*room], used_wh[*room]).await;
            }
            Act::Price(price) => house.set_price(&format!("{}.{:03}", price / 1000, price % 1000 + 1)).await,
            Act::Night => house.clock.advance(DAY_MS),
            Act::Day => _ = house.run_jobs().await,
        }
    }
    house.clock.advance(DAY_MS);
    house.run_jobs().await;
    let report = check(&house.db).await.unwrap();
    assert!(report.clean(), "{report}");
    assert_eq!(balances(&house.db, &[Account::Consumed]).await, [used_wh.iter().sum::<i64>()]);
    for room in &house.rooms[..3] {
        let tenancy = house.tenancy(room).await;
        let paid = wattwarden::store::books::lots::paid(&mut house.db.read().await.unwrap(), &tenancy)
            .await
            .unwrap();
        let purse = purse(house, &tenancy).await;
        let left = balances(&house.db, &[Account::Purse(tenancy.clone()), Account::Prepaid(tenancy)]).await;
        let rest_minor: i64 = paid.rests(purse.paid_taken_wh).iter().map(|rest| rest.amount_minor).sum();
        assert_eq!(left[0], paid.energy_wh() - purse.paid_taken_wh);
        // What was bought after overdraft is valued with the next use.
        let pending = paid.value_minor(purse.paid_taken_wh) - purse.paid_valued_minor;
        assert_eq!(left[1], rest_minor + pending);
    }
}

#[test]
fn the_books_balance_after_any_history_of_sales_and_use() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(acts in prop::collection::vec(an_act(), 1..40))| {
        runtime.block_on(on_sqlite(|db| {
            let acts = acts.clone();
            async move { live(&House::furnish(db).await, &acts).await }
        }));
    });
}
