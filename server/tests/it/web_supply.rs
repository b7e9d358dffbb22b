//! Switching supply and moving in, at the page.

use axum::http::StatusCode;
use domain::clock::Clock;
use domain::supply::SupplyMode;
use wattwarden::store;

use crate::support::database::on_sqlite;
use crate::support::web::{Answer, Browser, Office};

async fn switch(browser: &mut Browser, office: &Office, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/rooms/{}/supply", office.house.rooms[0]);
    let key = browser.get(&path).await.hidden("key");
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&path, &fields).await
}

#[tokio::test]
async fn a_manager_switches_with_a_reason_and_sees_it_pending() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let room = &office.house.rooms[0];
        let done = switch(&mut manager, &office, &[("mode", "off"), ("reason", "Wiring check")]).await;
        assert_eq!((done.status, office.wake.count()), (StatusCode::SEE_OTHER, 1), "{}", done.body);
        let page = manager.get(&format!("/rooms/{room}")).await;
        assert!(page.body.contains("Wiring check") && page.body.contains("Pending until read back"));
        // 08:30 in Shanghai on the first day is half an hour ahead of the house's clock.
        let fields = [("mode", "on"), ("reason", "Exam week"), ("until", "2026-09-01T08:30")];
        assert_eq!(switch(&mut manager, &office, &fields).await.status, StatusCode::SEE_OTHER);
        let mut conn = office.house.db.read().await.unwrap();
        let outlet = store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap();
        let desired = store::meters::households::desired(&mut conn, &outlet.id).await.unwrap();
        assert_eq!(desired.supply_mode, SupplyMode::On);
        assert_eq!(desired.supply_until_ms, Some(office.house.clock.now_ms() + 30 * 60_000));
    })
    .await;
}

#[tokio::test]
async fn wrong_switches_say_what_is_wrong() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for (fields, message) in [
            (vec![("reason", "x")], "Choose one."),
            (vec![("mode", "sideways"), ("reason", "x")], "Choose one."),
            (vec![("mode", "off"), ("reason", "  ")], "Fill this in."),
            (vec![("mode", "on"), ("reason", "x")], "needs an end"),
            (vec![("mode", "on"), ("reason", "x"), ("until", "soon")], "Write a date"),
            (vec![("mode", "on"), ("reason", "x"), ("until", "2026-08-01T00:00")], "lies in the past"),
            (vec![("mode", "on"), ("reason", "x"), ("until", "2027-08-01T00:00")], "needs an end"),
        ] {
            let answer = switch(&mut manager, &office, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(answer.body.contains(message), "{fields:?}: {}", answer.body);
        }
        assert_eq!(office.wake.count(), 0);
    })
    .await;
}

#[tokio::test]
async fn residents_move_into_a_vacant_room_once() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let room = &office.house.rooms[3];
        let path = format!("/rooms/{room}/tenancy");
        let key = manager.get(&path).await.hidden("key");
        for wrong in [
            vec![("name1", "")],
            vec![("number1", "7"), ("name1", "")],
            vec![("number1", "7"), ("name1", "A"), ("number2", "8")],
            vec![("number1", "7"), ("name1", "A"), ("number2", "7"), ("name2", "B")],
        ] {
            let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(wrong.iter().copied()).collect();
            assert_eq!(
                manager.post(&path, &fields).await.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{wrong:?}"
            );
        }
        let fields =
            [("key", key.as_str()), ("number1", "7"), ("name1", "王芳"), ("number3", "8"), ("name3", "李雷")];
        for _ in 0..2 {
            assert_eq!(manager.post(&path, &fields).await.location(), format!("/rooms/{room}"));
        }
        let page = manager.get(&format!("/rooms/{room}")).await;
        assert!(page.body.contains("王芳") && page.body.contains("李雷"));
        let other = [("key", "some-other-key"), ("number1", "9"), ("name1", "Z")];
        let page = manager.post(&path, &other).await;
        assert!(page.body.contains("lives in this room already"), "{}", page.body);
    })
    .await;
}
