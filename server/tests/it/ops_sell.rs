//! A sale stands in the books exactly once, or not at all.

use futures_util::future::join_all;
use wattwarden::ops::desk::sell::NoSale;
use wattwarden::ops::desk::sell::{Payment, SaleInput, SellRequest};
use wattwarden::ops::kit::Refused;
use wattwarden::store::books::transfers::{Account, balance};

use crate::support::database::for_each_engine;
use crate::support::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_moves_money_and_energy_and_raises_the_total() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let request = house.request(room, SaleInput::Amount(5000)).await;
        assert_eq!(request.energy_wh, 91_424);
        house.perform(&house.cashier, request).await.unwrap();

        let tenancy = house.tenancy(room).await;
        let mut conn = house.db.read().await.unwrap();
        let cash = Account::Drawer(house.shift().await);
        assert_eq!(balance(&mut conn, &cash).await.unwrap(), -5000);
        assert_eq!(balance(&mut conn, &Account::Prepaid(tenancy.clone())).await.unwrap(), 5000);
        assert_eq!(balance(&mut conn, &Account::Purse(tenancy)).await.unwrap(), 91_424);
        assert_eq!(balance(&mut conn, &Account::Issued).await.unwrap(), -91_424);
        assert_eq!(house.credited_wh(room).await, 91_424);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_is_one_sale() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let request = house.request(room, SaleInput::Energy(50_000)).await;
        let clicks = (0..8).map(|_| house.perform(&house.cashier, request.clone()));
        let outcomes: Vec<_> = join_all(clicks).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(outcomes.iter().filter(|outcome| !outcome.replayed).count(), 1);
        assert!(outcomes.iter().all(|outcome| outcome.id == outcomes[0].id));
        assert_eq!(house.credited_wh(room).await, 50_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_is_answered_even_after_the_price_changed() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let request = house.request(&house.rooms[0], SaleInput::Energy(1_000)).await;
        let first = house.perform(&house.cashier, request.clone()).await.unwrap();
        house.clock.advance(1);
        house.set_price("0.8").await;
        let again = house.perform(&house.cashier, request).await.unwrap();
        assert_eq!((again.id, again.replayed), (first.id, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let good = house.request(room, SaleInput::Energy(10_000)).await;
        let refused = async |change: &dyn Fn(&mut SellRequest)| {
            let mut request = good.clone();
            request.key = house.key();
            change(&mut request);
            house.perform(&house.cashier, request).await.unwrap_err()
        };
        assert!(matches!(refused(&|r| r.energy_wh += 100).await, Refused::Because(NoSale::PriceChanged)));
        assert!(matches!(refused(&|r| r.amount_minor -= 1).await, Refused::Because(NoSale::PriceChanged)));
        assert!(matches!(
            refused(&|r| r.amount_minor = -5).await,
            Refused::Because(NoSale::Amount { .. } | NoSale::Energy { .. })
        ));
        assert!(matches!(
            refused(&|r| r.price_per_kwh = "0.1".into()).await,
            Refused::Because(NoSale::PriceChanged)
        ));
        assert!(matches!(
            refused(&|r| r.room_id.0 = "nowhere".into()).await,
            Refused::Because(NoSale::NoRoom)
        ));
        assert!(matches!(
            refused(&|r| r.tenancy_id.0 = "another".into()).await,
            Refused::Because(NoSale::TenancyChanged)
        ));
        assert!(matches!(
            refused(&|r| r.room_id = house.rooms[3].clone()).await,
            Refused::Because(NoSale::Vacant)
        ));

        house.perform(&house.cashier, good.clone()).await.unwrap();
        let mut reused = good.clone();
        reused.room_id = house.rooms[1].clone();
        let error = house.perform(&house.cashier, reused).await.unwrap_err();
        assert!(matches!(error, Refused::KeyReused));
        let error = house.perform(&house.administrator, good).await.unwrap_err();
        assert!(matches!(error, Refused::KeyReused));
        assert_eq!(house.credited_wh(room).await, 10_000);
        assert_eq!(house.credited_wh(&house.rooms[1]).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_total_beyond_what_the_meter_holds_is_refused() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let mut taken = 0;
        let refusal = loop {
            let request = house.request(room, SaleInput::Energy(10_000_000)).await;
            match house.perform(&house.cashier, request).await {
                Ok(_) => taken += 10_000_000,
                Err(error) => break error,
            }
        };
        assert!(matches!(refusal, Refused::Because(NoSale::MeterFull)), "{refusal:?}");
        assert_eq!(house.credited_wh(room).await, taken);
        assert!(taken <= i64::from(u32::MAX) && taken + 10_000_000 > i64::from(u32::MAX));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_cashiers_at_once_lose_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let mut requests = Vec::new();
        for n in 0..192 {
            requests.push(house.request(&house.rooms[n % 3], SaleInput::Energy(1_000)).await);
        }
        let sales = requests.into_iter().map(|r| house.perform(&house.cashier, r));
        assert!(join_all(sales).await.iter().all(Result::is_ok));
        for room in &house.rooms[..3] {
            assert_eq!(house.credited_wh(room).await, 64_000);
            let purse = Account::Purse(house.tenancy(room).await);
            assert_eq!(balance(&mut house.db.read().await.unwrap(), &purse).await.unwrap(), 64_000);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_needs_a_room_that_can_take_it() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let quote = async |room, input| {
            wattwarden::ops::desk::sell::quote(&house.db, &*house.clock, room, input).await.unwrap_err()
        };
        assert!(matches!(
            quote(&house.rooms[3], SaleInput::Amount(100)).await,
            Refused::Because(NoSale::Vacant)
        ));
        for input in [SaleInput::Amount(0), SaleInput::Amount(-1), SaleInput::Energy(10_000_001)] {
            assert!(
                matches!(
                    quote(&house.rooms[0], input).await,
                    Refused::Because(NoSale::Amount { .. } | NoSale::Energy { .. })
                ),
                "{input:?}"
            );
        }
        house.move_in(&house.rooms[3], "2026900").await;
        assert!(matches!(
            quote(&house.rooms[3], SaleInput::Amount(100)).await,
            Refused::Because(NoSale::NoMeter)
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_pays_once_however_its_reference_is_spelled() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let spellings = [
            "TX-2026a17",
            " tx-2026A17",
            "ＴＸ－２０２６Ａ１７",
            "TX\u{2011}2026a17",
            "T\u{200B}X-2026a17",
            "TX- 2026A17",
        ];
        let mut taken = 0;
        for spelling in spellings {
            let payment =
                Payment::Channel { channel: "bank-transfer".into(), reference: spelling.to_owned() };
            let request =
                SellRequest { payment, ..house.request(&house.rooms[0], SaleInput::Energy(1_000)).await };
            match house.perform(&house.cashier, request).await {
                Ok(_) => taken += 1,
                Err(Refused::Because(NoSale::ReferenceUsed)) => {}
                Err(other) => panic!("{spelling:?}: {other}"),
            }
        }
        assert_eq!(taken, 1);
    })
    .await;
}
