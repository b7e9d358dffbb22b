//! The settings pages: for whom, what is typed, what is shown until the meters hold it.

use axum::http::StatusCode;
use domain::settings::household_block;
use meter_core::settings::{DayTable, DayType, HouseholdBlock, LoopId, Rule};
use wattwarden::store;

use crate::support::database::on_sqlite;
use crate::support::web::{Answer, Browser, Office};

/// Opens a form, changes some of its fields, and sends it.
async fn submit(browser: &mut Browser, path: &str, scope: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&format!("{path}?scope={scope}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (key, scope) = (page.hidden("key"), page.hidden("scope"));
    let own = [("key", key.as_str()), ("scope", scope.as_str())];
    let fields: Vec<_> = own.into_iter().chain(fields.iter().copied()).collect();
    browser.post(path, &fields).await
}

async fn wanted(office: &Office, room: usize, number: i64) -> Option<HouseholdBlock> {
    let mut conn = office.house.db.read().await.unwrap();
    let outlet =
        store::meters::households::of_room(&mut conn, &office.house.rooms[room]).await.unwrap().unwrap();
    let blocks = store::meters::settings::wanted(&mut conn, &outlet.id).await.unwrap();
    let block = blocks.iter().find(|block| block.block == number)?;
    Some(household_block(number, &block.content).unwrap())
}

const CREDIT: [(&str, &str); 6] = [
    ("warning", "10"),
    ("alarm", "5.5"),
    ("drop_out", "20"),
    ("cut_off", ""),
    ("overdraft", "0"),
    ("hoarding", "300"),
];

#[tokio::test]
async fn a_manager_sets_credit_for_all_rooms_and_for_one() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let saved = submit(&mut manager, "/settings/credit", "site", &CREDIT).await;
        assert_eq!(saved.location(), "/settings?scope=site&saved=1", "{}", saved.body);
        assert_eq!(office.wake.count(), 1);
        for room in 0..3 {
            let Some(HouseholdBlock::Credit(credit)) = wanted(&office, room, 0).await else { panic!() };
            assert_eq!((credit.alarm_wh, credit.warning_wh, credit.drop_out_s), (5_500, 10_000, 20));
        }
        let page = manager.get(saved.location()).await;
        assert!(
            page.body.contains("Pending in 3 of 3") && page.body.contains("Reminder at 5.5"),
            "{}",
            page.body
        );
        let room = format!("room:{}", office.house.rooms[1]);
        let fields = [("alarm", "7"), ("drop_out", "0")];
        let saved = submit(&mut manager, "/settings/credit", &room, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let Some(HouseholdBlock::Credit(credit)) = wanted(&office, 1, 0).await else { panic!() };
        assert_eq!((credit.alarm_wh, credit.warning_wh, credit.drop_out_s), (7_000, 0, 0));
        let page = manager.get("/settings/credit?scope=site").await;
        assert!(page.body.contains("The rooms differ"), "{}", page.body);
        assert!(page.body.contains("value=\"5.5\""), "the form starts from what most rooms have");
        let page = manager.get(&format!("/rooms/{}", office.house.rooms[1])).await;
        assert!(page.body.contains("until acknowledged") && page.body.contains("Pending until read back"));
    })
    .await;
}

#[tokio::test]
async fn wrong_levels_say_what_is_wrong_and_keep_what_was_typed() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for (name, value, message) in [
            ("alarm", "much", "Write a number"),
            ("alarm", "-1", "more than zero"),
            ("alarm", "1.2345", "At most 3 digits"),
            ("cut_off", "6", "Above the cut-off level: between 6.001 and 10000"),
            ("overdraft", "99999999", "This is too large"),
            ("overdraft", "20000", "Between 0 and 10000"),
            ("drop_out", "", "Write a whole number."),
            ("drop_out", "256", "Between 0 and 255"),
            ("drop_out", "70000", "Write a whole number."),
        ] {
            let mut fields = CREDIT;
            for field in &mut fields {
                if field.0 == name {
                    field.1 = value;
                }
            }
            let answer = submit(&mut manager, "/settings/credit", "site", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
            assert!(answer.body.contains(message), "{name} {value}: {}", answer.body);
            assert!(answer.body.contains("value=\"300\""), "what was typed is kept");
        }
        assert_eq!((office.wake.count(), wanted(&office, 0, 0).await), (0, None));
    })
    .await;
}

#[tokio::test]
async fn a_schedule_is_set_for_several_kinds_of_days_at_once() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let fields = [
            ("p1_from", "23:00"),
            ("p1_rule", "off"),
            ("p2_from", "06:00"),
            ("p2_rule", "on"),
            ("p8_from", "18:30"),
            ("p8_rule", "cap"),
            ("p8_watts", "800"),
            ("also_holiday", "1"),
        ];
        let saved = submit(&mut manager, "/settings/schedule/rest", "site", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let table = DayTable::new(&[(360, Rule::On), (1110, Rule::Capped(800)), (1380, Rule::Off)]).unwrap();
        for (day, number) in [(DayType::Rest, 4), (DayType::Holiday, 5)] {
            let expected = HouseholdBlock::Table(LoopId::Main, day, table);
            assert_eq!(wanted(&office, 2, number).await, Some(expected));
        }
        assert_eq!(wanted(&office, 2, 3).await, None, "working days were not meant");
        let page = manager.get("/settings/schedule/rest?scope=site").await;
        assert!(page.body.contains("00:00 on, 06:00 on, 18:30 on up to 800 W, 23:00 off"), "{}", page.body);
        let twice = [("p1_from", "06:00"), ("p3_from", "06:00")];
        let refused = submit(&mut manager, "/settings/schedule/rest", "site", &twice).await;
        assert!(refused.body.contains("Another period begins at 06:00, too."), "{}", refused.body);
        assert_eq!(manager.get("/settings/schedule/doomsday").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn friendly_times_and_the_calendar() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let fields = [
            ("w1_day0", "1"),
            ("w1_day6", "1"),
            ("w1_from", "22:00"),
            ("w1_to", "07:00"),
            ("d1_from", "2026-10-01"),
            ("d1_to", "2026-10-07"),
        ];
        let saved = submit(&mut manager, "/settings/friendly", "site", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = manager.get("/settings?scope=site").await;
        assert!(page.body.contains("Mon, Sun: 22:00 to 07:00"), "{}", page.body);
        assert!(page.body.contains("1 Oct 2026 to 7 Oct 2026"), "{}", page.body);
        let half = [("w2_from", "22:00"), ("d3_to", "2026-10-07")];
        let refused = submit(&mut manager, "/settings/friendly", "site", &half).await;
        assert!(refused.body.contains("Choose weekdays") && refused.body.contains("Write the first day"));

        let key = manager.get("/settings/calendar").await.hidden("key");
        let fields = [
            ("key", key.as_str()),
            ("rest6", "1"),
            ("x1_from", "2027-01-11"),
            ("x1_to", "2027-01-20"),
            ("x1_kind", "examination"),
        ];
        let saved = manager.post("/settings/calendar", &fields).await;
        assert_eq!(saved.location(), "/settings?saved=1", "{}", saved.body);
        let page = manager.get("/settings").await;
        assert!(page.body.contains("Rest days: Sun") && page.body.contains("11 Jan 2027 to 20 Jan 2027"));
        let wrong =
            [("key", "another-key"), ("x1_from", "2027-01-11"), ("x1_to", "2027-01-10"), ("x1_kind", "rest")];
        let refused = manager.post("/settings/calendar", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_is_none_is_not_found() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for scope in ["room:none", "floor:none", "building:none", "meter:1", "room"] {
            let page = manager.get(&format!("/settings/credit?scope={scope}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{scope}");
        }
        let fields = [("key", "some-key-1"), ("scope", "floor:none"), ("drop_out", "1")];
        assert_eq!(manager.post("/settings/credit", &fields).await.status, StatusCode::NOT_FOUND);
        let fields = [("key", "some-key-1"), ("scope", "everything"), ("drop_out", "1")];
        assert_eq!(manager.post("/settings/credit", &fields).await.status, StatusCode::BAD_REQUEST);
        let empty = manager.get(&format!("/settings?scope=room:{}", office.house.rooms[3])).await;
        assert!(empty.body.contains("No meter serves a room here yet."), "{}", empty.body);
    })
    .await;
}
