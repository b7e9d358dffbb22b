//! The first administrator, and those who come after.

use axum::http::StatusCode;
use domain::clock::ManualClock;
use wattwarden::ops::people::first_administrator::{SETUP_MS, new_setup_link};

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::START_MS;
use crate::support::web::{Browser, Office, PASSWORD, empty_office};

const FIRST: [(&str, &str); 4] =
    [("name", "Wang.Fang"), ("display_name", "王芳"), ("password", PASSWORD), ("language", "zh-CN")];

#[tokio::test]
async fn the_setup_link_creates_one_administrator_and_is_spent() {
    for_each_engine(|db| async move {
        let clock = ManualClock::at(START_MS);
        let old = new_setup_link(&db, &clock).await.unwrap().unwrap();
        let link = new_setup_link(&db, &clock).await.unwrap().unwrap();
        let mut browser = empty_office(db.clone(), clock);
        assert_eq!(browser.get(&format!("/setup/{old}")).await.status, StatusCode::GONE);
        let address = format!("/setup/{link}");
        assert_eq!(browser.get(&address).await.status, StatusCode::OK);
        let mut weak = FIRST;
        weak[2].1 = "password123";
        let page = browser.post(&address, &weak).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("an attacker tries") && page.body.contains("value=\"Wang.Fang\""));
        let page = browser.post(&address, &FIRST).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/installation"));
        // Signed in at once, in the language chosen, with the first steps ahead.
        let page = browser.get("/installation").await;
        assert!(
            page.body.contains("<html lang=\"zh-CN\">") && page.body.contains("初始设置"),
            "{}",
            page.body
        );
        assert_eq!(browser.post(&address, &FIRST).await.status, StatusCode::GONE);
        assert_eq!(new_setup_link(&db, &ManualClock::at(START_MS)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_setup_link_expires() {
    on_sqlite(|db| async {
        let link = new_setup_link(&db, &ManualClock::at(START_MS)).await.unwrap().unwrap();
        let mut browser = empty_office(db, ManualClock::at(START_MS + SETUP_MS));
        assert_eq!(browser.post(&format!("/setup/{link}"), &FIRST).await.status, StatusCode::GONE);
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_gets_from_nothing_to_a_sale() {
    on_sqlite(|db| async move {
        let clock = ManualClock::at(START_MS);
        let link = new_setup_link(&db, &clock).await.unwrap().unwrap();
        let mut browser = empty_office(db.clone(), clock);
        let mut first = FIRST;
        first[3].1 = "en";
        browser.post(&format!("/setup/{link}"), &first).await;
        let site = [
            ("site_name", "Hall"),
            ("currency", "cny"),
            ("currency_digits", "2"),
            ("time_zone", "Asia/Shanghai"),
            ("low_credit", "5"),
        ];
        post_with_key(&mut browser, "/installation", "/installation/site", &site).await;
        post_with_key(&mut browser, "/installation", "/installation/prices", &[("price", "0.55")]).await;
        post_with_key(&mut browser, "/installation", "/installation/buildings", &[("building_name", "北楼")])
            .await;
        let mut conn = db.read().await.unwrap();
        let building = wattwarden::store::places::rooms::buildings(&mut conn).await.unwrap().remove(0).id.0;
        let rooms = [("building", building.as_str()), ("floor", "1"), ("rooms", "101-120")];
        post_with_key(&mut browser, "/installation", "/installation/rooms", &rooms).await;
        let collector = [("name", "Cellar"), ("transport", "modbus-tcp"), ("address", "127.0.0.1:502")];
        post_with_key(&mut browser, "/equipment/collector", "/equipment/collector", &collector).await;
        let collector =
            wattwarden::store::meters::equipment::collectors(&mut conn).await.unwrap().remove(0).id.0;
        let room =
            wattwarden::store::places::board::rooms(&mut conn, None).await.unwrap().remove(0).room_id.0;
        let meter = [("serial", "500001"), ("unit", "1"), ("collector", &collector), ("outlet0", &room)];
        post_with_key(&mut browser, "/equipment/meter", "/equipment/meter", &meter).await;
        let tenancy = format!("/rooms/{room}/tenancy");
        let people = [("number1", "2026001"), ("name1", "李雷"), ("number2", "2026002"), ("name2", "韩梅梅")];
        post_with_key(&mut browser, &tenancy, &tenancy, &people).await;
        post_with_key(&mut browser, "/shift", "/shift", &[("float", "0")]).await;
        let preview = format!("/rooms/{room}/sale/preview");
        let page = browser.post(&preview, &[("by", "amount"), ("value", "55")]).await;
        assert!(page.body.contains("100.000\u{a0}kWh") && page.body.contains("韩梅梅"), "{}", page.body);
        let fields = ["key", "tenancy", "amount_minor", "energy_wh", "price", "by", "value"];
        let values = fields.map(|name| (name, page.hidden(name)));
        let fields: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sold = browser.post(&format!("/rooms/{room}/sales"), &fields).await;
        assert!(sold.location().starts_with("/sales/"), "{}", sold.body);
        // Nothing is left to do.
        assert!(!browser.get("/").await.body.contains("First steps"));
    })
    .await;
}

async fn post_with_key(browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) {
    let key = browser.get(page).await.hidden("key");
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    let answer = browser.post(path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
}

async fn id_of(office: &Office, name: &str) -> String {
    let mut conn = office.house.db.read().await.unwrap();
    let users = wattwarden::store::people::users::all(&mut conn).await.unwrap();
    users.into_iter().find(|user| user.name == name).unwrap().id.0
}

#[tokio::test]
async fn an_administrator_adds_and_disables_users() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let new = [("name", "li.lei"), ("display_name", "李雷"), ("password", PASSWORD), ("role", "cashier")];
        post_with_key(&mut boss, "/users", "/users", &new).await;
        let mut li = office.signed_in("li.lei").await;
        assert_eq!(li.get("/").await.status, StatusCode::OK);
        for (index, (wrong, message)) in
            [("LI.LEI", "is taken"), ("li lei", "letters, digits"), ("", "letters, digits")]
                .iter()
                .enumerate()
        {
            let mut fields = vec![("key", "another-key-1")];
            fields.extend(new);
            fields[1].1 = wrong;
            let page = boss.post("/users", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{index}");
            assert!(page.body.contains(message), "{wrong}: {}", page.body);
        }
        let status = format!("/users/{}/status", id_of(&office, "li.lei").await);
        assert_eq!(boss.post(&status, &[("disabled", "yes")]).await.location(), "/users");
        assert_eq!(li.get("/").await.status, StatusCode::SEE_OTHER);
        let page = office.browser().post("/sign-in", &[("name", "li.lei"), ("password", PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        boss.post(&status, &[("disabled", "no")]).await;
        office.house.clock.advance(10_000);
        office.signed_in("li.lei").await;
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let other = format!("/users/{}/status", id_of(&office, "admin").await);
        assert_eq!(boss.post(&other, &[("disabled", "yes")]).await.status, StatusCode::SEE_OTHER);
        let own = format!("/users/{}/status", id_of(&office, "boss").await);
        let page = boss.post(&own, &[("disabled", "yes")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("last active administrator"), "{}", page.body);
        assert_eq!(boss.get("/users").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_other_sessions() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let (mut here, mut there) = (office.signed_in("desk").await, office.signed_in("desk").await);
        let wrong = [("current", "not this one"), ("password", "lanterns hum all night")];
        assert_eq!(here.post("/account/password", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = [("current", PASSWORD), ("password", "lanterns hum all night")];
        assert_eq!(here.post("/account/password", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
        office.house.clock.advance(10_000);
        assert_eq!(here.post("/account/password", &right).await.location(), "/account?changed=1");
        assert_eq!(here.get("/").await.status, StatusCode::OK);
        assert_eq!(there.get("/").await.status, StatusCode::SEE_OTHER);
        let mut boss = office.signed_in("boss").await;
        let path = format!("/users/{}/password", id_of(&office, "desk").await);
        assert_eq!(boss.post(&path, &[("password", "short")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(boss.post(&path, &[("password", PASSWORD)]).await.location(), "/users");
        assert_eq!(here.get("/").await.status, StatusCode::SEE_OTHER);
        office.signed_in("desk").await;
    })
    .await;
}
