//! The pages of price plans: groups, plans and their previews, what is wrong with them.

use axum::http::StatusCode;
use wattwarden::store;

use crate::support::database::on_sqlite;
use crate::support::web::{Answer, Browser, Office};

/// Fills in the form of a plan, and confirms its preview if there is one.
async fn set(browser: &mut Browser, group: &str, fields: &[(&str, &str)]) -> Answer {
    let preview = browser.post(&format!("/prices/groups/{group}/preview"), fields).await;
    if preview.status != StatusCode::OK {
        return preview;
    }
    let key = preview.hidden("key");
    for (name, value) in fields {
        assert_eq!(preview.hidden(name), *value, "what was typed is sent again");
    }
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&format!("/prices/groups/{group}"), &fields).await
}

async fn new_group(browser: &mut Browser, office: &Office, name: &str) -> String {
    let key = browser.get("/prices").await.hidden("key");
    let added = browser.post("/prices/groups", &[("key", &key), ("group_name", name)]).await;
    assert_eq!(added.location(), "/prices", "{}", added.body);
    let groups = store::plans::room_groups::all(&mut office.house.db.read().await.unwrap()).await.unwrap();
    groups.into_iter().find(|group| group.name == name).unwrap().id.to_string()
}

async fn place(browser: &mut Browser, group: &str, scope: &str) -> Answer {
    let key = browser.get("/prices").await.hidden("key");
    browser.post("/prices/rooms", &[("key", &key), ("group", group), ("scope", scope)]).await
}

const LADDER: [(&str, &str); 6] = [
    ("kind", "ladder"),
    ("per", "month"),
    ("s1_until", "100"),
    ("s1_price", "0.5"),
    ("s2_price", "0.8"),
    ("from", ""),
];

#[tokio::test]
async fn a_group_with_steps_of_its_own_is_sold_to_by_them() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let shops = new_group(&mut manager, &office, "Shops").await;
        let room = office.house.rooms[0].to_string();
        assert_eq!(place(&mut manager, &shops, &format!("room:{room}")).await.location(), "/prices");
        let preview = manager.post(&format!("/prices/groups/{shops}/preview"), &LADDER).await;
        // 200 kWh: 109.38 until then, 50 and 80 from then on.
        for text in ["CNY\u{a0}109.38", "CNY\u{a0}130.00", "CNY\u{a0}20.62", "<dd>1</dd>"] {
            assert!(preview.body.contains(text), "{text}: {}", preview.body);
        }
        assert!(!manager.get("/prices").await.body.contains("up to 100"), "a preview changes nothing");
        assert_eq!(set(&mut manager, &shops, &LADDER).await.location(), "/prices");
        let list = manager.get("/prices").await.body;
        assert!(list.contains("Bought in a month: up to 100\u{a0}kWh CNY\u{a0}0.5 per kWh"), "{list}");
        let sale = format!("/rooms/{room}/sale/preview");
        let quote = manager.post(&sale, &[("by", "energy"), ("value", "150")]).await.body;
        assert!(quote.contains("CNY\u{a0}90.00") && quote.contains("50.000\u{a0}kWh at"), "{quote}");
        let other = format!("/rooms/{}/sale/preview", office.house.rooms[1]);
        let quote = manager.post(&other, &[("by", "energy"), ("value", "150")]).await.body;
        assert!(quote.contains("CNY\u{a0}82.04"), "others pay as before: {quote}");
    })
    .await;
}

#[tokio::test]
async fn wrong_plans_say_what_is_wrong_and_change_nothing() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let flat = |price: &'static str, from: &'static str| {
            vec![("kind", "flat"), ("price", price), ("from", from)]
        };
        let steps = |one: &'static str, two: &'static str| {
            let mut all = LADDER.to_vec();
            all.extend([("s2_until", one), ("s3_until", two), ("s3_price", "0.9")]);
            all
        };
        for (fields, message) in [
            (flat("-0.5", ""), "more than zero"),
            (flat("0", ""), "more than zero"),
            (flat("cheap", ""), "Write a number"),
            (flat("0.1234567", ""), "At most 6 digits"),
            (flat("0.6", "2020-01-01T00:00"), "in the past"),
            (flat("0.6", "2036-01-01T00:00"), "too far ahead"),
            (flat("0.6", "tomorrow"), "Write a date and a time"),
            (steps("100", ""), "each ends higher than the one before"),
            (steps("90", ""), "each ends higher than the one before"),
            (steps("200", "300"), "only the last has no end"),
            (steps("-5", ""), "more than zero"),
            (vec![("kind", "hours"), ("h1_from", "8"), ("h1_price", "0.5")], "Meters keep the credit"),
            (vec![("kind", "hours")], "Fill in at least one period"),
            (vec![("kind", "hours"), ("h1_from", "24"), ("h1_price", "0.5")], "Write a whole number"),
        ] {
            let answer = set(&mut manager, "default", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(answer.body.contains(message), "{fields:?}: {}", answer.body);
        }
        let all = store::plans::price_plans::all(&mut office.house.db.read().await.unwrap()).await.unwrap();
        assert_eq!(all.len(), 1, "only the price of the house");
        let strange = manager.post("/prices/groups/default/preview", &[("kind", "gift")]).await;
        assert_eq!(strange.status, StatusCode::BAD_REQUEST);
        let nobody = manager.get("/prices/groups/nobody").await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_plan_to_come_is_announced_and_taken_back() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let plan = [("kind", "flat"), ("price", "0.6"), ("from", "2026-10-01T00:00")];
        assert_eq!(set(&mut manager, "default", &plan).await.location(), "/prices");
        let twice = set(&mut manager, "default", &plan).await;
        assert!(twice.body.contains("begins at the same moment"), "{}", twice.body);
        let page = manager.get("/prices").await;
        assert!(page.body.contains("To come: 1 Oct 2026, 00:00"), "{}", page.body);
        let address = page.body.split("action=\"/prices/plans/").nth(1).unwrap().split('"').next().unwrap();
        let (address, key) = (format!("/prices/plans/{address}"), page.hidden("key"));
        assert_eq!(manager.post(&address, &[("key", &key)]).await.location(), "/prices");
        let gone = manager.get("/prices").await.body;
        assert!(!gone.contains("To come"), "{gone}");
        let again = manager.post(&address, &[("key", "another-key")]).await;
        assert!(again.body.contains("has begun already, or was taken back"), "{}", again.body);
    })
    .await;
}

#[tokio::test]
async fn hours_of_use_are_for_groups_without_meters_that_keep_credit() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let server = new_group(&mut manager, &office, "Kept by the server").await;
        let hours = [
            ("kind", "hours"),
            ("h1_from", "8"),
            ("h1_price", "0.6"),
            ("h2_from", "22"),
            ("h2_price", "0.3"),
            ("from", ""),
        ];
        let form = manager.get(&format!("/prices/groups/{server}?kind=hours")).await.body;
        assert!(form.contains("It counts only for rooms whose credit the server keeps"), "{form}");
        assert_eq!(set(&mut manager, &server, &hours).await.location(), "/prices");
        let refused = place(&mut manager, &server, &format!("room:{}", office.house.rooms[0])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("This group pays by the time of use"), "{}", refused.body);
        // The vacant room has no meter.
        let taken = place(&mut manager, &server, &format!("room:{}", office.house.rooms[3])).await;
        assert_eq!(taken.location(), "/prices", "{}", taken.body);
        let same = manager.get("/prices").await.hidden("key");
        let twice =
            manager.post("/prices/groups", &[("key", &same), ("group_name", "Kept by the server")]).await;
        assert!(twice.body.contains("There is a group of that name."), "{}", twice.body);
    })
    .await;
}
