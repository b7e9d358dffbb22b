//! The lots of a tenancy as the database has them.

use domain::books::{LotSource, Purse};
use domain::ids::TenancyId;
use domain::money::Currency;
use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::store::books::{lots, purses};
use wattwarden::store::meters::households;

use crate::support::database::for_each_engine;
use crate::support::house::House;

async fn write(db: &Db, sql: &'static str, binds: Vec<String>) {
    db.write(binds, move |binds, conn| {
        Box::pin(async move {
            let mut query = sqlx::query::<sqlx::Any>(sql);
            for bind in binds {
                query = query.bind(bind.as_str());
            }
            query.execute(conn).await?;
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lots_come_in_order_with_their_steps_and_without_what_was_taken_back() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let tenancy = house.tenancy(room).await;
        let mut sales = Vec::new();
        for amount in [1000, 2000, 3000] {
            let request = house.request(room, SaleInput::Amount(amount)).await;
            sales.push(house.perform(&house.cashier, request).await.unwrap().id);
            house.clock.advance(1000);
        }
        let (second, third) = (sales[1].to_string(), sales[2].to_string());
        let step = "INSERT INTO sale_steps (sale_id, position, energy_wh, amount_minor, price_per_kwh)
            VALUES ($1, 0, 1000, 500, '0.5'), ($1, 1, 2000, 2500, '1.25')";
        write(&house.db, step, vec![third.clone()]).await;
        let void = "INSERT INTO voids (id, sale_id, reason, actor_id, at_ms, debited_after_wh)
            VALUES ('void', $1, '', '', 0, 0)";
        write(&house.db, void, vec![second]).await;
        let carried =
            "INSERT INTO carried_lots (operation_id, position, tenancy_id, from_tenancy_id, energy_wh,
            amount_minor, price_per_kwh, at_ms) VALUES ('carry', 0, $1, 'old', 700, 70, '0.1', 0)";
        write(&house.db, carried, vec![tenancy.to_string()]).await;

        let found = lots::paid(&mut house.db.read().await.unwrap(), &tenancy).await.unwrap();
        let figures: Vec<_> =
            found.as_slice().iter().map(|lot| (lot.source, lot.position, lot.amount_minor)).collect();
        let sale = LotSource::Sale;
        assert_eq!(figures, [(LotSource::Carried, 0, 70), (sale, 0, 1000), (sale, 0, 500), (sale, 1, 2500)]);
        assert_eq!(found.as_slice()[1].energy_wh, 18_285);
        let nobody = TenancyId("nobody".to_owned());
        assert!(
            lots::paid(&mut house.db.read().await.unwrap(), &nobody).await.unwrap().as_slice().is_empty()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_is_worth_what_a_kilowatt_hour_was_on_its_day() {
    for_each_engine(|db| async move {
        let grant = "INSERT INTO grants (room_id, period, operation_id, household_id, tenancy_id, epoch, energy_wh,
            price_per_kwh, at_ms, credited_after_wh) VALUES ('room', $1, 'grant', 'h', 'tenancy', 1, 10001, $2, 5, 0)";
        write(&db, grant, vec!["2026-09".into(), "0.5469".into()]).await;
        let (tenancy, yuan) = (TenancyId("tenancy".into()), Currency { code: "CNY".into(), digits: 2 });
        let found = lots::subsidy(&mut db.read().await.unwrap(), &tenancy, &yuan).await.unwrap();
        assert_eq!((found.energy_wh(), found.amount_minor()), (10_001, 547));
        assert_eq!(found.as_slice()[0].source, LotSource::Grant);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purse_is_empty_at_first_and_keeps_what_is_put() {
    for_each_engine(|db| async move {
        let tenancy = TenancyId("tenancy".into());
        let purse = Purse { used_wh: 5, subsidy_taken_wh: 2, paid_taken_wh: 3, ..Purse::default() };
        assert_eq!(purses::get(&mut db.read().await.unwrap(), &tenancy).await.unwrap(), Purse::default());
        db.write((tenancy.clone(), purse), |(tenancy, purse), conn| {
            Box::pin(async move {
                assert_eq!(purses::lock(conn, tenancy).await?, Purse::default());
                purses::put(conn, tenancy, purse).await?;
                assert_eq!(purses::lock(conn, tenancy).await?, *purse);
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
        assert_eq!(purses::get(&mut db.read().await.unwrap(), &tenancy).await.unwrap(), purse);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debit_raises_the_total_of_those_who_live_there_only() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (room, tenancy) = (&house.rooms[0], house.tenancy(&house.rooms[0]).await);
        let outlet = households::of_room(&mut house.db.read().await.unwrap(), room).await.unwrap().unwrap();
        let debit = async |tenancy: TenancyId, wh: i64| {
            let debit = house.db.write((outlet.id.clone(), tenancy, wh), |(id, tenancy, wh), conn| {
                Box::pin(households::debit(conn, id, tenancy, *wh))
            });
            debit.await
        };
        let totals = debit(tenancy.clone(), 300).await.unwrap().unwrap();
        assert_eq!((totals.credited_wh, totals.debited_wh), (0, 300));
        assert_eq!(debit(tenancy.clone(), 200).await.unwrap().unwrap().debited_wh, 500);
        assert_eq!(debit(TenancyId("another".into()), 1).await.unwrap(), None);
        assert!(matches!(debit(tenancy, 1 << 33).await, Err(DbError::Constraint(_))));
    })
    .await;
}
