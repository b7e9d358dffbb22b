//! A graduation from the page: chosen, looked over, carried out by a job, settled as meters close, exceptions listed.

use axum::http::StatusCode;
use wattwarden::check::check;
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::moves::move_out::follow_up;
use wattwarden::store;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

const PATH: &str = "/moves/graduation";

async fn preview(browser: &mut Browser, chosen: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("step", "preview"), ("label", "Class of 2026"), ("sharing", "equal")];
    fields.extend_from_slice(chosen);
    browser.post(PATH, &fields).await
}

async fn go(browser: &mut Browser, preview: &Answer, chosen: &[(&str, &str)]) -> Answer {
    let (key, seen) = (preview.hidden("key"), preview.hidden("seen"));
    let mut fields = vec![("step", "go"), ("key", key.as_str()), ("seen", seen.as_str())];
    fields.extend([("label", "Class of 2026"), ("sharing", "equal")]);
    fields.extend_from_slice(chosen);
    browser.post(PATH, &fields).await
}

async fn building(office: &Office) -> String {
    let mut conn = office.house.db.read().await.unwrap();
    format!("building-{}", store::places::rooms::buildings(&mut conn).await.unwrap()[0].id)
}

#[tokio::test]
async fn a_building_graduates_room_by_room_and_what_is_left_is_listed() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let house = &office.house;
        for room in &house.rooms[..3] {
            let request = house.request(room, SaleInput::Amount(1_000)).await;
            house.perform(&house.cashier, request).await.unwrap();
        }
        let building = building(&office).await;
        let chosen = [(building.as_str(), "on"), ("list", "101")];
        let mut manager = office.signed_in("manager").await;
        let seen = preview(&mut manager, &chosen).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        assert!(seen.body.contains("Move out of 3 rooms"), "{}", seen.body);
        let started = go(&mut manager, &seen, &chosen).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.body);
        let run = started.location().to_owned();
        let same = go(&mut manager, &seen, &chosen).await;
        assert_eq!(same.location(), run, "the same form twice is one run");
        assert!(manager.get(&run).await.body.contains("0 of 3 rooms done"));

        // One leaves by hand before the job gets there.
        let path = format!("/rooms/{}/move-out", house.rooms[2]);
        let page = manager.get(&path).await;
        let (key, tenancy) = (page.hidden("key"), page.hidden("tenancy"));
        manager.post(&path, &[("key", key.as_str()), ("tenancy", tenancy.as_str())]).await;
        house.run_jobs().await;
        house.run_jobs().await;
        let page = manager.get(&run).await;
        assert!(page.body.contains("1 of 3 rooms done") && page.body.contains("They had moved out already"));
        assert!(page.body.contains("answer"), "the other meters are dark: {}", page.body);

        house.meter_closes(&house.rooms[0], 0).await;
        for _ in 0..2 {
            follow_up(&house.ops()).await.unwrap();
        }
        house.meter_closes(&house.rooms[1], 0).await;
        follow_up(&house.ops()).await.unwrap();
        let page = manager.get(&run).await;
        assert!(
            page.body.contains("3 of 3 rooms done") && page.body.contains("CNY\u{a0}20.00"),
            "{}",
            page.body
        );
        let key = page.hidden("key");
        let fields = [("key", key.as_str()), ("from", "1"), ("to", "2"), ("what", "originals")];
        let printed = manager.post("/documents/refund-statement/originals", &fields).await;
        let file = manager.get(printed.location()).await;
        assert!(file.body.starts_with("%PDF"), "{}", printed.location());
        let one = manager.get("/documents/refund-statement/1").await;
        assert!(one.body.contains("RF-000001"), "{}", one.status);
        assert!(manager.get(PATH).await.body.contains("Class of 2026"));
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test]
async fn who_is_not_meant_is_said_before_anything_happens() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let long = "1\n".repeat(2_001);
        for (chosen, words) in [
            (vec![], "Choose a building"),
            (vec![("list", "999, 101")], "Nobody lives in or has the number: 999."),
            (vec![("list", "104")], "Nobody lives in or has the number: 104."),
            (vec![("list", long.as_str())], "At most 2000 lines"),
            (vec![("list", "101"), ("label", "")], "field-label-error"),
            (vec![("building-nowhere", "on")], "Choose a building"),
        ] {
            let mut fields = vec![("step", "preview"), ("sharing", "equal")];
            if !chosen.iter().any(|(name, _)| *name == "label") {
                fields.push(("label", "Class of 2026"));
            }
            fields.extend(chosen.iter().copied());
            let refused = manager.post(PATH, &fields).await;
            assert!(refused.status.is_client_error(), "{words}: {}", refused.status);
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
        }
        // By number and by building and room.
        let seen = preview(&mut manager, &[("list", "2026001；North 101\nNorth 102")]).await;
        assert!(seen.body.contains("Move out of 2 rooms"), "{}", seen.body);
        // Somebody leaves between the preview and the job: look again.
        let path = format!("/rooms/{}/move-out", office.house.rooms[0]);
        let page = manager.get(&path).await;
        let (key, tenancy) = (page.hidden("key"), page.hidden("tenancy"));
        let chosen = [(building(&office).await, "on")];
        let chosen: Vec<_> = chosen.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let seen = preview(&mut manager, &chosen).await;
        manager.post(&path, &[("key", key.as_str()), ("tenancy", tenancy.as_str())]).await;
        let changed = go(&mut manager, &seen, &chosen).await;
        assert!(changed.status.is_client_error());
        assert!(changed.body.contains("Residents have changed since you looked"), "{}", changed.body);
        assert!(changed.body.contains("Move out of 2 rooms"));
    })
    .await;
}
