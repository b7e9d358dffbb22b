//! A sale at the desk, page by page, and everything that can go wrong with the form.

use axum::http::StatusCode;
use wattwarden::store;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

async fn preview(browser: &mut Browser, office: &Office, by: &str, value: &str) -> Answer {
    let room = &office.house.rooms[0];
    browser.post(&format!("/rooms/{room}/sale/preview"), &[("by", by), ("value", value)]).await
}

const FIELDS: [&str; 7] = ["key", "tenancy", "amount_minor", "energy_wh", "price", "by", "value"];

async fn confirm(browser: &mut Browser, office: &Office, preview: &Answer) -> Answer {
    let values = FIELDS.map(|name| (name, preview.hidden(name)));
    let fields: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("/rooms/{}/sales", office.house.rooms[0]), &fields).await
}

async fn sales(office: &Office) -> usize {
    let tenancy = office.house.tenancy(&office.house.rooms[0]).await;
    let mut conn = office.house.db.read().await.unwrap();
    store::desk::sales::of_tenancy(&mut conn, &tenancy, 100).await.unwrap().len()
}

#[tokio::test]
async fn a_cashier_finds_the_room_confirms_and_prints() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let room = &office.house.rooms[0];
        let found = desk.get("/sell?q=resident%202026000").await;
        assert!(found.body.contains(&format!("/rooms/{room}/sale")), "{}", found.body);
        assert_eq!(desk.get(&format!("/rooms/{room}/sale")).await.status, StatusCode::OK);
        let page = preview(&mut desk, &office, "amount", "50").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains("91.424\u{a0}kWh") && page.body.contains("CNY\u{a0}50.00"),
            "{}",
            page.body
        );
        assert_eq!((sales(&office).await, office.wake.count()), (0, 0));
        let sold = confirm(&mut desk, &office, &page).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER, "{}", sold.body);
        assert_eq!((sales(&office).await, office.wake.count()), (1, 1));
        let receipt = desk.get(sold.location()).await;
        assert_eq!(receipt.status, StatusCode::OK);
        for text in ["CNY\u{a0}50.00", "91.424\u{a0}kWh", "Resident 2026000", "desk at work", "On its way"] {
            assert!(receipt.body.contains(text), "{text} in {}", receipt.body);
        }
        assert_eq!(office.house.credited_wh(room).await, 91_424);
        let page = desk.get(&format!("/rooms/{room}")).await;
        assert!(page.body.contains("91.424\u{a0}kWh") && page.body.contains(sold.location()));
    })
    .await;
}

#[tokio::test]
async fn energy_sets_the_amount_when_sold_by_energy() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let page = preview(&mut desk, &office, "energy", "50").await;
        assert!(
            page.body.contains("50.000\u{a0}kWh") && page.body.contains("CNY\u{a0}27.35"),
            "{}",
            page.body
        );
        assert_eq!(confirm(&mut desk, &office, &page).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_double_click_is_one_sale_with_one_receipt() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let page = preview(&mut desk, &office, "amount", "20").await;
        let mut other_click = desk.clone();
        let (first, second) =
            tokio::join!(confirm(&mut desk, &office, &page), confirm(&mut other_click, &office, &page));
        assert_eq!(first.location(), second.location());
        office.house.clock.advance(1);
        office.house.set_price("9.99").await;
        let third = confirm(&mut other_click, &office, &page).await;
        assert_eq!(third.location(), first.location());
        assert_eq!(sales(&office).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_price_that_changed_is_confirmed_again() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let page = preview(&mut desk, &office, "amount", "50").await;
        office.house.clock.advance(1);
        office.house.set_price("1").await;
        let again = confirm(&mut desk, &office, &page).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.body.contains("price has changed") && again.body.contains("50.000\u{a0}kWh"));
        assert_ne!(again.hidden("key"), page.hidden("key"));
        assert_eq!(sales(&office).await, 0);
        assert_eq!(confirm(&mut desk, &office, &again).await.status, StatusCode::SEE_OTHER);
        assert_eq!(office.house.credited_wh(&office.house.rooms[0]).await, 50_000);
    })
    .await;
}

#[tokio::test]
async fn wrong_input_comes_back_with_what_was_typed() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        for (by, value, message) in [
            ("amount", "-5", "more than zero"),
            ("amount", "0", "more than zero"),
            ("amount", "five", "Write a number"),
            ("amount", "", "Write a number"),
            ("amount", "1e9", "Write a number"),
            ("amount", "12.345", "At most 2 digits"),
            ("amount", "99999999999999999999", "too large"),
            ("amount", "9999999", "Between CNY"),
            ("energy", "10001", "Between 0.001"),
            ("energy", "0.0001", "At most 3 digits"),
        ] {
            let page = preview(&mut desk, &office, by, value).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
            assert!(page.body.contains(message), "{value}: {}", page.body);
            assert!(page.body.contains(&format!("value=\"{value}\"")), "{value} is lost");
            assert!(page.body.contains("aria-invalid=\"true\""), "{value}");
        }
        assert_eq!(sales(&office).await, 0);
    })
    .await;
}

#[tokio::test]
async fn forged_and_stale_forms_change_nothing() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let page = preview(&mut desk, &office, "amount", "50").await;
        let (room, empty) = (office.house.rooms[0].clone(), office.house.rooms[3].clone());
        let values = FIELDS.map(|name| (name, page.hidden(name)));
        let with = |changed: &'static str, value: &'static str| {
            let replace = |(name, kept): &(&'static str, String)| {
                (*name, if *name == changed { value.to_owned() } else { kept.clone() })
            };
            values.iter().map(replace).collect::<Vec<_>>()
        };
        for (path, changed, value, status) in [
            (format!("/rooms/{room}/sales"), "energy_wh", "1000", StatusCode::CONFLICT),
            (format!("/rooms/{room}/sales"), "energy_wh", "99999999", StatusCode::UNPROCESSABLE_ENTITY),
            (
                format!("/rooms/{room}/sales"),
                "energy_wh",
                "9223372036854775807",
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            (format!("/rooms/{room}/sales"), "amount_minor", "-1", StatusCode::UNPROCESSABLE_ENTITY),
            (format!("/rooms/{room}/sales"), "amount_minor", "one", StatusCode::BAD_REQUEST),
            (format!("/rooms/{room}/sales"), "key", "", StatusCode::BAD_REQUEST),
            (format!("/rooms/{room}/sales"), "key", "<script>", StatusCode::BAD_REQUEST),
            (format!("/rooms/{room}/sales"), "tenancy", "another", StatusCode::CONFLICT),
            ("/rooms/none/sales".to_owned(), "by", "amount", StatusCode::NOT_FOUND),
            (format!("/rooms/{empty}/sales"), "by", "amount", StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let fields = with(changed, value);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = desk.post(&path, &fields).await;
            assert_eq!(answer.status, status, "{path} {changed}={value}: {}", answer.body);
        }
        assert_eq!(sales(&office).await, 0);
        // The key of a finished sale does not make another one.
        assert_eq!(confirm(&mut desk, &office, &page).await.status, StatusCode::SEE_OTHER);
        let other = preview(&mut desk, &office, "amount", "60").await;
        let values =
            FIELDS.map(|name| (name, if name == "key" { page.hidden(name) } else { other.hidden(name) }));
        let fields: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = desk.post(&format!("/rooms/{room}/sales"), &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(sales(&office).await, 1);
    })
    .await;
}
