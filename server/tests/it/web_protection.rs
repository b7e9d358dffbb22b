//! The pages of protection: what is typed is what is wanted; second loops are only set where they are.

use axum::http::StatusCode;
use domain::settings::household_block;
use meter_core::settings::{HouseholdBlock, LoopId, PermittedAppliance, PowerBand};
use wattwarden::store;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

/// Opens a form, keeps what it starts from where nothing else is said, and sends it.
async fn submit(browser: &mut Browser, path: &str, query: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&format!("{path}?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let own = ["key", "scope", "loop"].map(|name| (name, page.hidden(name)));
    let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &own.into_iter().chain(fields.iter().copied()).collect::<Vec<_>>()).await
}

async fn wanted(office: &Office, room: usize, number: i64) -> Option<HouseholdBlock> {
    let mut conn = office.house.db.read().await.unwrap();
    let outlet =
        store::meters::households::of_room(&mut conn, &office.house.rooms[room]).await.unwrap().unwrap();
    let blocks = store::meters::settings::wanted(&mut conn, &outlet.id).await.unwrap();
    let block = blocks.iter().find(|block| block.block == number)?;
    Some(household_block(number, &block.content).unwrap())
}

/// The path of the house's meter.
async fn meter_path(office: &Office) -> String {
    let mut conn = office.house.db.read().await.unwrap();
    let outlet =
        store::meters::households::of_room(&mut conn, &office.house.rooms[0]).await.unwrap().unwrap();
    format!("/equipment/meters/{}", outlet.meter_id)
}

const POLICY: [(&str, &str); 4] =
    [("wait", "60"), ("trips", "3"), ("window", "60"), ("resident_release", "1")];

fn over_current<'a>(limit: &'a str, delay: &'a str, instant: &'a str) -> Vec<(&'a str, &'a str)> {
    let own = [("limit", limit), ("curve", "1"), ("delay", delay), ("instant", instant)];
    own.into_iter().chain(POLICY).collect()
}

#[tokio::test]
async fn over_current_is_set_in_amperes_and_seconds() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let fields = over_current("10.5", "0.8", "60");
        let saved = submit(&mut manager, "/settings/over-current", "scope=site", &fields).await;
        assert_eq!(saved.location(), "/settings?scope=site&saved=1", "{}", saved.body);
        for room in 0..3 {
            let Some(HouseholdBlock::OverCurrent(LoopId::Main, set)) = wanted(&office, room, 13).await else {
                panic!()
            };
            assert_eq!((set.limit_ca, set.curve, set.delay_ms, set.instant_ca), (1_050, 1, 800, 6_000));
            assert_eq!((set.wait_s, set.trips, set.window_min, set.resident_release), (60, 3, 60, 1));
        }
        let page = manager.get(saved.location()).await;
        for words in ["Pending in 3 of 3", "Off above 10.50", "by the inverse curve", "button releases it"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        for (fields, message) in [
            (over_current("201", "1", ""), "Between 0 and 200"),
            (over_current("10.505", "1", ""), "At most 2 digits"),
            (over_current("ten", "1", ""), "Write a number"),
            (over_current("10", "61", ""), "Between 0 and 60"),
            (over_current("10", "1", "9"), "Not below the limit"),
        ] {
            let refused = submit(&mut manager, "/settings/over-current", "scope=site", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains(message), "{message}: {}", refused.body);
        }
    })
    .await;
}

#[tokio::test]
async fn vicious_loads_are_set_with_bands_night_and_policy() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let fields = [
            ("mode", "2"),
            ("sensitivity", "2"),
            ("b1_from", "300"),
            ("b3_from", "100"),
            ("b3_to", "200"),
            ("night_cap", "400"),
            ("night_delay", "30"),
            ("w1_day0", "1"),
            ("w1_from", "23:00"),
            ("w1_to", "06:00"),
        ];
        let fields: Vec<_> = fields.into_iter().chain(POLICY).collect();
        let saved = submit(&mut manager, "/settings/vicious", "scope=site", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let Some(HouseholdBlock::Vicious(LoopId::Main, set)) = wanted(&office, 2, 14).await else { panic!() };
        assert_eq!((set.mode, set.sensitivity, set.night_cap_w, set.night_delay_s), (2, 2, 400, 30));
        assert_eq!(set.bands[0], PowerBand { from_w: 300, to_w: u16::MAX });
        assert_eq!(set.bands[2], PowerBand { from_w: 100, to_w: 200 });
        assert_eq!((set.nights[0].weekdays, set.nights[0].start_min, set.nights[0].end_min), (1, 1_380, 360));
        let page = manager.get("/settings").await;
        assert!(page.body.contains("from 300 W, 100 to 200 W"), "{}", page.body);
        assert!(page.body.contains("At night at most 400 W"), "{}", page.body);
        let without_night: Vec<_> =
            fields.iter().copied().filter(|(name, _)| !name.starts_with('w')).collect();
        let without_night: Vec<_> =
            without_night.into_iter().chain([("wait", "60"), ("window", "60")]).collect();
        let refused = submit(&mut manager, "/settings/vicious", "scope=site", &without_night).await;
        assert!(refused.body.contains("Say when it is night"), "{}", refused.body);
        let blind: Vec<_> =
            [("mode", "1"), ("sensitivity", "1"), ("night_delay", "1")].into_iter().chain(POLICY).collect();
        let refused = submit(&mut manager, "/settings/vicious", "scope=site", &blind).await;
        assert!(refused.body.contains("Name a power to watch"), "{}", refused.body);
    })
    .await;
}

#[tokio::test]
async fn presets_fill_the_form_and_set_nothing() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for (path, filled) in [
            (
                "/settings/vicious",
                "name=\"b1_from\" inputmode=\"numeric\" maxlength=\"5\" autocomplete=\"off\" value=\"300\"",
            ),
            ("/settings/over-current", "name=\"limit\" type=\"text\" value=\"10\""),
            ("/settings/voltage", "name=\"under\" type=\"text\" value=\"176\""),
        ] {
            let page = manager.get(&format!("{path}?scope=site&preset=dormitory")).await;
            assert!(page.body.contains(filled), "{path}: {}", page.body);
            for preset in ["shop", "factory", "none"] {
                assert_eq!(manager.get(&format!("{path}?preset={preset}")).await.status, StatusCode::OK);
            }
        }
        assert_eq!(wanted(&office, 0, 14).await, None);
    })
    .await;
}

#[tokio::test]
async fn voltage_and_permitted_appliances_say_what_is_wrong() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let volts = |under, over, lost| {
            vec![
                ("under", under),
                ("over", over),
                ("hysteresis", "5"),
                ("lost", lost),
                ("delay", "0.5"),
                ("recovery", "30"),
            ]
        };
        let saved = submit(&mut manager, "/settings/voltage", "scope=site", &volts("176", "253", "")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let Some(HouseholdBlock::Voltage(set)) = wanted(&office, 0, 12).await else { panic!() };
        assert_eq!((set.under_dv, set.over_dv, set.hysteresis_dv, set.delay_ms), (1_760, 2_530, 50, 500));
        for (fields, message) in [
            (volts("176", "180", ""), "Above 186 V"),
            (volts("176", "253", "180"), "Not above the limit"),
            (volts("176", "501", ""), "Between 0 and 500"),
        ] {
            let refused = submit(&mut manager, "/settings/voltage", "scope=site", &fields).await;
            assert!(refused.body.contains(message), "{message}: {}", refused.body);
        }
        let fields = [("a2_watts", "1000"), ("a2_percent", "10")];
        let saved = submit(&mut manager, "/settings/permitted", "scope=site", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let Some(HouseholdBlock::Permitted(LoopId::Main, set)) = wanted(&office, 0, 15).await else {
            panic!()
        };
        assert_eq!(set.appliances[1], PermittedAppliance { power_w: 1_000, tolerance_percent: 10 });
        let fields = [("a2_watts", "1000"), ("a2_percent", "60")];
        let refused = submit(&mut manager, "/settings/permitted", "scope=site", &fields).await;
        assert!(refused.body.contains("0 to 50 %"), "{}", refused.body);
    })
    .await;
}

#[tokio::test]
async fn a_second_loop_is_set_only_where_it_was_built_in() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let mut boss = office.signed_in("boss").await;
        let before = manager.get("/settings").await;
        assert!(!before.body.contains("Second loop:"), "{}", before.body);
        let fields = over_current("6", "1", "");
        let query = "scope=site&loop=second";
        let nowhere = submit(&mut manager, "/settings/over-current", query, &fields).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "no room has one");
        let path = meter_path(&office).await;
        let page = boss.get(&path).await;
        let key = page.hidden("key");
        let ticked = boss.post(&format!("{path}/second-loops"), &[("key", &key), ("outlet1", "1")]).await;
        assert_eq!(ticked.location(), path, "{}", ticked.body);
        let page = boss.get(&path).await;
        assert!(page.body.contains("name=\"outlet1\" value=\"1\" checked"), "{}", page.body);
        assert!(page.body.contains("doesn&#39;t hold this yet"), "{}", page.body);
        let overview = manager.get("/settings").await;
        assert!(overview.body.contains("Second loop: Over-current"), "{}", overview.body);
        let saved = submit(&mut manager, "/settings/over-current", query, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert_eq!(wanted(&office, 0, 16).await, None, "room 101 has no second loop");
        let Some(HouseholdBlock::OverCurrent(LoopId::Second, set)) = wanted(&office, 1, 16).await else {
            panic!()
        };
        assert_eq!(set.limit_ca, 600);
        assert_eq!(wanted(&office, 1, 13).await, None, "the main loop is another one");
        let forbidden = manager.post(&format!("{path}/second-loops"), &[("key", "some-key-1")]).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
        let nobody = boss.post("/equipment/meters/none/second-loops", &[("key", "some-key-2")]).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        let odd = manager.get("/settings/over-current?scope=site&loop=third").await;
        assert_eq!(odd.status, StatusCode::NOT_FOUND);
    })
    .await;
}
