//! Moving out page by page: asked, settled, approved, paid; and what a page says to whoever does it twice or wrongly.

use axum::http::StatusCode;
use wattwarden::ops::desk::sell::SaleInput;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

/// Leaves room 101 by its page; the page of the departure.
async fn leave(browser: &mut Browser, office: &Office, room: usize) -> String {
    let path = format!("/rooms/{}/move-out", office.house.rooms[room]);
    let page = browser.get(&path).await;
    let (key, tenancy) = (page.hidden("key"), page.hidden("tenancy"));
    let asked = browser.post(&path, &[("key", key.as_str()), ("tenancy", tenancy.as_str())]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    asked.location().to_owned()
}

async fn sold(office: &Office, room: usize, minor: i64) {
    let house = &office.house;
    let request = house.request(&house.rooms[room], SaleInput::Amount(minor)).await;
    house.perform(&house.actor("desk").await, request).await.unwrap();
}

async fn settle(browser: &mut Browser, departure: &str, fields: &[(&str, &str)]) -> Answer {
    let key = browser.get(departure).await.hidden("key");
    let mut all = vec![("key", key.as_str()), ("sharing", "equal")];
    all.extend_from_slice(fields);
    browser.post(&format!("{departure}/settlement"), &all).await
}

async fn pay(browser: &mut Browser, departure: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(departure).await;
    let key = wattwarden::ops::kit::Key::new(&wattwarden::process::clock::SystemClock);
    drop(page);
    let mut all = vec![("key", key.as_str()), ("position", "0")];
    all.extend_from_slice(fields);
    browser.post(&format!("{departure}/payouts"), &all).await
}

#[tokio::test]
async fn a_refund_goes_from_the_room_to_the_drawer_once() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        sold(&office, 0, 2_000).await;
        let mut manager = office.signed_in("manager").await;
        let room = format!("/rooms/{}", office.house.rooms[0]);
        assert!(manager.get(&room).await.body.contains("/move-out\""));
        let departure = leave(&mut manager, &office, 0).await;
        let waiting = manager.get(&departure).await;
        assert!(waiting.body.contains("The meter has been asked"), "{}", waiting.body);
        assert!(waiting.body.contains("Enter the reading seen at the meter"));
        assert!(manager.get(&room).await.body.contains("are not settled yet"));
        assert!(manager.get("/moves").await.body.contains("Waiting for the meter"));
        // Too early: the account has no end.
        let early = settle(&mut manager, &departure, &[]).await;
        assert!(early.status.is_client_error());
        assert!(early.body.contains("Nobody knows yet how the account ended"), "{}", early.body);

        office.house.meter_closes(&office.house.rooms[0], 0).await;
        let preview = manager.get(&departure).await;
        assert!(preview.body.contains("Closed by the meter") && preview.body.contains("CNY\u{a0}20.00"));
        let done = settle(&mut manager, &departure, &[("debt1", "Key card"), ("amount1", "5")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let twice = settle(&mut manager, &departure, &[]).await;
        assert!(twice.body.contains("settled already"), "{}", twice.body);

        let mut desk = office.signed_in("desk").await;
        let page = desk.get(&departure).await;
        assert!(page.body.contains("Pay CNY\u{a0}15.00 out"), "{}", page.body);
        let paid = pay(&mut desk, &departure, &[("way-0", "cash")]).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.body);
        let again = pay(&mut desk, &departure, &[("way-0", "cash")]).await;
        assert!(again.status.is_client_error());
        assert!(again.body.contains("paid out already"), "{}", again.body);
        let page = desk.get(&departure).await;
        assert!(page.body.contains("Paid out") && page.body.contains("Key card"), "{}", page.body);
        let shift = format!("/shifts/{}", office.house.desk_shift().await);
        assert!(desk.get(&shift).await.body.contains("CNY\u{a0}5.00"), "20 in, 15 out");
        let list = manager.get("/moves").await.body;
        assert!(list.contains("Nobody who left is waiting") && list.contains("Done lately"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn whoever_left_cannot_leave_again() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let path = format!("/rooms/{}/move-out", office.house.rooms[0]);
        let old = manager.get(&path).await;
        let (key, tenancy) = (old.hidden("key"), old.hidden("tenancy"));
        let first = manager.post(&path, &[("key", key.as_str()), ("tenancy", tenancy.as_str())]).await;
        let same = manager.post(&path, &[("key", key.as_str()), ("tenancy", tenancy.as_str())]).await;
        assert_eq!(same.location(), first.location(), "the same form twice is one move-out");
        let again =
            manager.post(&path, &[("key", "another-key-0123456789"), ("tenancy", tenancy.as_str())]).await;
        assert!(again.status.is_client_error());
        assert!(again.body.contains("moved out already"), "{}", again.body);
        let vacant = manager.get(&path).await;
        assert!(vacant.body.contains("Nobody lives here"), "{}", vacant.body);
        let change = manager.get(&format!("/rooms/{}/change", office.house.rooms[0])).await;
        assert!(change.body.contains("Nobody lives here"), "{}", change.body);
        let list = manager.get("/moves").await.body;
        assert_eq!(list.matches("/departures/").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn wrong_input_is_said_where_it_stands() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        sold(&office, 0, 2_000).await;
        let mut manager = office.signed_in("manager").await;
        let departure = leave(&mut manager, &office, 0).await;
        let reading = format!("{departure}/reading");
        for value in ["", "-1", "abc", "99999999"] {
            let key = manager.get(&departure).await.hidden("key");
            let fields = [("key", key.as_str()), ("kind", "used"), ("reading", value)];
            let refused = manager.post(&reading, &fields).await;
            assert!(refused.status.is_client_error(), "{value}: {}", refused.status);
            assert!(refused.body.contains("field-reading-error"), "{value}: {}", refused.body);
        }
        let key = manager.get(&departure).await.hidden("key");
        let taken =
            manager.post(&reading, &[("key", key.as_str()), ("kind", "used"), ("reading", "1.5")]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        assert!(manager.get(&departure).await.body.contains("Reading entered by hand"));
        for (fields, words) in [
            ([("debt1", "Key card"), ("amount1", "")], "field-amount1-error"),
            ([("debt1", ""), ("amount1", "5")], "field-debt1-error"),
            ([("debt1", "Key card"), ("amount1", "-5")], "field-amount1-error"),
            ([("sharing", "one"), ("payee", "")], "Choose one of the residents"),
            ([("sharing", "one"), ("payee", "nobody")], "Choose one of the residents"),
        ] {
            let key = manager.get(&departure).await.hidden("key");
            let mut all = vec![("key", key.as_str())];
            if fields[0].0 != "sharing" {
                all.push(("sharing", "equal"));
            }
            all.extend_from_slice(&fields);
            let refused = manager.post(&format!("{departure}/settlement"), &all).await;
            assert!(refused.status.is_client_error(), "{fields:?}: {}", refused.status);
            assert!(refused.body.contains(words), "{fields:?}: {}", refused.body);
        }
        let key = manager.get(&departure).await.hidden("key");
        let nobodys = "/departures/00000000-0000-7000-8000-000000000000/settlement";
        let odd = manager.post(nobodys, &[("key", key.as_str()), ("sharing", "equal")]).await;
        assert_eq!(odd.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_refund_above_the_limit_is_approved_by_somebody_else() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        sold(&office, 0, 2_000).await;
        let (mut boss, mut manager) = (office.signed_in("boss").await, office.signed_in("manager").await);
        let key = boss.get("/moves").await.hidden("key");
        let wrong =
            boss.post("/moves/terms", &[("key", key.as_str()), ("coin", "0"), ("approval", "x")]).await;
        assert!(wrong.body.contains("field-coin-error") && wrong.body.contains("field-approval-error"));
        let key = boss.get("/moves").await.hidden("key");
        let terms =
            boss.post("/moves/terms", &[("key", key.as_str()), ("coin", "0.1"), ("approval", "10")]).await;
        assert_eq!(terms.location(), "/moves", "{}", terms.body);
        let departure = leave(&mut manager, &office, 0).await;
        office.house.meter_closes(&office.house.rooms[0], 0).await;
        settle(&mut manager, &departure, &[]).await;
        let own = manager.get(&departure).await;
        assert!(
            own.body.contains("A second person has to approve") && !own.body.contains("Approve the refund")
        );
        let approval = format!("{departure}/approval");
        let refused = manager.post(&approval, &[("key", "approval-key-0123456789")]).await;
        assert!(refused.body.contains("somebody else has to approve"), "{}", refused.body);
        let mut desk = office.signed_in("desk").await;
        let early = pay(&mut desk, &departure, &[("way-0", "cash")]).await;
        assert!(early.status.is_client_error(), "{}", early.status);
        let key = boss.get(&departure).await.hidden("key");
        let approved = boss.post(&approval, &[("key", key.as_str())]).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
        let bank = [
            ("way-0", "bank"),
            ("account_name-0", "=HYPERLINK(1)"),
            ("account_number-0", "0012 3456"),
            ("bank-0", "Bank of Test"),
        ];
        let paid = pay(&mut desk, &departure, &bank).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.body);
        let file = desk.get("/moves/bank?from=2026-09-01&to=2026-09-01").await;
        assert!(
            file.body.contains("\"'=HYPERLINK(1)\",\"0012 3456\",\"Bank of Test\",\"20.00\",\"CNY\""),
            "{}",
            file.body
        );
        assert_eq!(desk.get("/moves/bank?from=soon&to=later").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn residents_change_rooms_on_one_page() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        sold(&office, 0, 2_000).await;
        let mut manager = office.signed_in("manager").await;
        leave(&mut manager, &office, 1).await;
        let path = format!("/rooms/{}/change", office.house.rooms[0]);
        let to = office.house.rooms[1].to_string();
        let page = manager.get(&path).await;
        let (key, tenancy) = (page.hidden("key"), page.hidden("tenancy"));
        let form = |to: &str| vec![("key", key.clone()), ("tenancy", tenancy.clone()), ("to", to.to_owned())];
        for (to, words) in [
            ("", ""),
            (to.as_str(), "has not closed"),
            (office.house.rooms[2].as_str(), "lives there already"),
        ] {
            let fields = form(to);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let refused = manager.post(&path, &fields).await;
            assert!(refused.status.is_client_error(), "{to}: {}", refused.status);
            assert!(
                refused.body.contains("field-to-error") && refused.body.contains(words),
                "{to}: {}",
                refused.body
            );
        }
        office.house.meter_closes(&office.house.rooms[1], 0).await;
        let fields = form(&to);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let changed = manager.post(&path, &fields).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        let page = manager.get(changed.location()).await;
        assert!(page.body.contains("Paid credit goes to room 102"), "{}", page.body);
    })
    .await;
}
