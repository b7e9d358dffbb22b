//! Taking a sale back page by page: who sees it, what it says when it can't be, and the receipt afterwards.

use axum::http::StatusCode;
use domain::actor::Role;
use wattwarden::ops::desk::sell::SaleInput;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

/// A sale of `desk` over their open shift: the receipt's address.
async fn sold(office: &Office) -> String {
    let house = &office.house;
    house.clock.advance(1_000);
    let request = house.request(&house.rooms[0], SaleInput::Amount(5_000)).await;
    let sale = house.perform(&house.actor("desk").await, request).await.unwrap();
    format!("/sales/{}", sale.id)
}

async fn void(browser: &mut Browser, receipt: &str, reason: &str) -> Answer {
    let key = browser.get(&format!("{receipt}/void")).await.hidden("key");
    browser.post(&format!("{receipt}/void"), &[("key", key.as_str()), ("reason", reason)]).await
}

#[tokio::test]
async fn a_sale_is_taken_back_and_its_receipt_says_so() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let receipt = sold(&office).await;
        let mut desk = office.signed_in("desk").await;
        assert!(desk.get(&receipt).await.body.contains(&format!("{receipt}/void")));
        let page = desk.get(&format!("{receipt}/void")).await;
        for text in ["CNY\u{a0}50.00", "91.424\u{a0}kWh", "Give CNY\u{a0}50.00 back and void"] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        let refused = void(&mut desk, &receipt, "  ").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Fill this in."), "{}", refused.body);
        let wakes = office.wake.count();
        assert_eq!(void(&mut desk, &receipt, "wrong room").await.location(), receipt);
        assert_eq!(office.wake.count(), wakes + 1);
        let voided = desk.get(&receipt).await;
        assert!(voided.body.contains("This receipt is no longer valid"), "{}", voided.body);
        assert!(voided.body.contains("has still to give the credit back"), "{}", voided.body);
        assert!(!voided.body.contains(&format!("{receipt}/void")), "it can't be taken back twice");
        office.house.meter_says(&office.house.rooms[0], 0).await;
        assert!(desk.get(&receipt).await.body.contains("The meter has given the credit back."));
        let again =
            desk.post(&format!("{receipt}/void"), &[("key", "a-fresh-key"), ("reason", "twice")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("taken back already"), "{}", again.body);
        let shift = desk.get("/shift").await.location().to_owned();
        let live = desk.get(&shift).await;
        assert!(live.body.contains("Voids (1)") && live.body.contains("Voided"), "{}", live.body);
        let day = office.signed_in("manager").await.get("/reports/day-end").await;
        assert!(day.body.contains("Agrees to the last unit"), "{}", day.body);
        let room = desk.get(&format!("/rooms/{}", office.house.rooms[0])).await;
        assert!(room.body.contains("Voided"));
    })
    .await;
}

#[tokio::test]
async fn anothers_sale_is_theirs_and_the_managers() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        office.add_user("other", Role::Cashier).await;
        let receipt = sold(&office).await;
        let mut other = office.signed_in("other").await;
        assert!(!other.get(&receipt).await.body.contains("/void"));
        assert_eq!(other.get(&format!("{receipt}/void")).await.status, StatusCode::FORBIDDEN);
        let fields = [("key", "a-fresh-key"), ("reason", "mine now")];
        assert_eq!(other.post(&format!("{receipt}/void"), &fields).await.status, StatusCode::FORBIDDEN);
        let mut manager = office.signed_in("manager").await;
        assert_eq!(void(&mut manager, &receipt, "asked by phone").await.location(), receipt);
    })
    .await;
}

#[tokio::test]
async fn used_credit_and_a_counted_drawer_are_told_apart() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let (used, counted) = (sold(&office).await, sold(&office).await);
        let mut desk = office.signed_in("desk").await;
        office.house.clock.advance(3_600_000);
        office.house.meter_says(&office.house.rooms[0], 500).await;
        let refused = void(&mut desk, &used, "too late").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Some of this credit has been used"), "{}", refused.body);
        assert!(refused.body.contains("too late"), "what was typed is lost");
        let shift = office.house.desk_shift().await;
        office.house.close_shift(&office.house.actor("desk").await, &shift, 10_000).await;
        let refused = void(&mut desk, &counted, "too late").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("closed and counted"), "{}", refused.body);
        assert!(!desk.get(&counted).await.body.contains("/void"));
    })
    .await;
}
