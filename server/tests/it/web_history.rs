//! What a meter remembers, on the pages: events with their evidence, consumption by the hour, its display, its loss.

use domain::health::MeterStatus;
use std::sync::Arc;

use axum::http::StatusCode;
use domain::clock::Clock;
use domain::ids::MeterId;
use meter_core::events::EventKind;
use meter_core::registers::{EventState, decode_event};
use simulator::collector::Mode;
use wattwarden::field::wattwarden::recorded::recorded;
use wattwarden::store;
use wattwarden::store::meters::displays::DisplayPage;
use wattwarden::store::meters::events::NewEvent;
use wattwarden::store::meters::field::{HistoryReport, MeterFacts, SettingsReport, VisitReport, put_visit};
use wattwarden::store::meters::hourly::NewHour;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::{House, START_MS};
use crate::support::web::{Browser, Office};

const HOUR_MS: i64 = 3_600_000;

async fn meter(house: &House) -> store::meters::equipment::Meter {
    let mut conn = house.db.read().await.unwrap();
    store::meters::equipment::meters(&mut conn).await.unwrap().remove(0)
}

/// Writes down a visit that fetched this.
async fn fetched(house: &House, history: HistoryReport) {
    let store::meters::equipment::Meter { id, collector_id, .. } = meter(house).await;
    let at_ms = house.clock.now_ms();
    let report = VisitReport {
        collector_id,
        meter_id: id,
        at_ms,
        facts: MeterFacts { status: MeterStatus::Online, seen_ms: Some(at_ms), ..MeterFacts::default() },
        households: vec![],
        details: vec![],
        counts: Vec::new(),
        settings: SettingsReport::default(),
        history,
        reading_span_ms: None,
    };
    house.db.write(report, |report, conn| Box::pin(put_visit(conn, report))).await.unwrap();
}

fn event(number: i64, kind: EventKind, data: i64, value: i64, registers: [u16; 20]) -> NewEvent {
    NewEvent {
        life: 0,
        number,
        position: Some(0),
        at_ms: Some(START_MS + number * 60_000),
        recorded: recorded(&EventState {
            kind: kind.code().into(),
            data: u16::try_from(data).unwrap(),
            value: i32::try_from(value).unwrap(),
            evidence: decode_event(&registers).unwrap().evidence,
            ..EventState::default()
        }),
        words: registers.iter().map(|word| format!("{word:04x}")).collect(),
        missed: 0,
    }
}

/// A kettle of 1840 W that a meter found, as its registers tell it.
fn kettle(number: u16) -> NewEvent {
    let code = EventKind::ViciousTrip.code().into();
    let registers = [0, number, 0, 0, code, 0, 0, 0, 0, 1_840, 1, 1_840, 800, 21, 1, 12, 4, 103, 0, 0];
    event(number.into(), EventKind::ViciousTrip, 0, 1_840, registers)
}

async fn in_chinese(browser: &mut Browser, path: &str) -> String {
    browser.post("/language", &[("language", "zh-CN"), ("back", "/")]).await;
    let page = browser.get(path).await;
    browser.post("/language", &[("language", "en"), ("back", "/")]).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    page.body
}

#[tokio::test]
async fn a_trip_is_told_with_its_evidence_and_gaps_are_said() {
    for_each_engine(|db| async move {
        let office = Office::open(db).await;
        let opened = event(8, EventKind::RelayOpened, 1 << 9, 4_200, [0; 20]);
        let events = vec![
            kettle(7),
            NewEvent { missed: 0, ..opened },
            NewEvent { missed: 3, at_ms: None, ..kettle(12) },
        ];
        fetched(&office.house, HistoryReport { events, ..HistoryReport::default() }).await;
        let mut desk = office.signed_in("desk").await;
        let room = format!("/rooms/{}", office.house.rooms[0]);
        let meter = format!("/equipment/meters/{}", meter(&office.house).await.id);
        for path in [room.clone(), meter.clone(), format!("{meter}/events")] {
            let body = desk.get(&path).await.body;
            for words in [
                "Heater or kettle of 1840\u{a0}W found: supply off",
                "resistive step of 8.00\u{a0}A, residual 2.1\u{a0}%",
                "inrush 1.03 times",
                "4.20\u{a0}kWh left",
                "the meter didn’t know the time",
                "3 events",
            ] {
                let words = words.replace('’', "&#39;");
                assert!(body.contains(&words), "{path} lacks {words}: {body}");
            }
            let chinese = in_chinese(&mut desk, &path).await;
            for words in
                ["发现电热类负载 1840\u{a0}W", "阻性突变", "残差 2.1\u{a0}%", "电表时间未知", "3 条事件"]
            {
                assert!(chinese.contains(words), "{path} lacks {words}");
            }
        }
        // Another room's page says nothing of it.
        let other = desk.get(&format!("/rooms/{}", office.house.rooms[1])).await.body;
        assert!(!other.contains("kettle"), "{other}");
    })
    .await;
}

#[tokio::test]
async fn events_are_listed_page_by_page() {
    on_sqlite(|db| async move {
        let office = Office::open(db).await;
        let events = (1..=120).map(|number| event(number, EventKind::ClockSet, 0, number, [0; 20])).collect();
        fetched(&office.house, HistoryReport { events, ..HistoryReport::default() }).await;
        let mut desk = office.signed_in("desk").await;
        let mut path = format!("/equipment/meters/{}/events", meter(&office.house).await.id);
        let mut seen = Vec::new();
        loop {
            let body = desk.get(&path).await.body;
            seen.push(body.matches("The clock was set").count());
            let link = format!("href=\"{}?before=", path.split('?').next().unwrap());
            let Some((_, rest)) = body.split_once(&link) else { break };
            path = format!("{}?before={}", path.split('?').next().unwrap(), rest.split('"').next().unwrap());
        }
        assert_eq!(seen, [50, 50, 20]);
    })
    .await;
}

#[tokio::test]
async fn hours_that_nobody_recorded_are_shown_as_missing_and_not_as_zero() {
    for_each_engine(|db| async move {
        let office = Office::open(db).await;
        office.house.clock.advance(10 * HOUR_MS);
        // 500 Wh an hour; nothing is known of 4:00 and 5:00.
        let hours = [0, 1, 2, 3, 6, 7, 8, 9, 10].map(|hour| NewHour {
            at_ms: START_MS + hour * HOUR_MS,
            totals_wh: vec![1_000 + 500 * hour; 11],
        });
        fetched(&office.house, HistoryReport { hours: hours.into(), ..HistoryReport::default() }).await;
        let mut desk = office.signed_in("desk").await;
        let room = format!("/rooms/{}", office.house.rooms[0]);
        let body = desk.get(&room).await.body;
        assert_eq!(body.matches("class=\"bar\"").count(), 7, "{body}");
        assert_eq!(body.matches("class=\"gap\"").count(), 3, "{body}");
        assert!(body.contains("Hours that nobody recorded: 3"), "{body}");
        assert!(body.contains("0.50\u{a0}kWh"), "{body}");
        // The day's sum is known all the same, as its ends are.
        let week = desk.get(&format!("{room}?span=7d")).await.body;
        assert!(week.contains("aria-current=\"true\">7 days") && week.contains("kWh per day"), "{week}");
        let chinese = in_chinese(&mut desk, &room).await;
        assert!(chinese.contains("缺失 3 个小时"), "{chinese}");
    })
    .await;
}

async fn pages(house: &House, meter: &MeterId) -> Vec<DisplayPage> {
    let mut conn = house.db.read().await.unwrap();
    store::meters::displays::of_meter(&mut conn, meter).await.unwrap()
}

/// The figure that a page of the display shows at the right of a line.
fn figure(page: &DisplayPage, name: &str) -> String {
    let lines: Vec<_> = page.text.as_bytes().chunks(20).map(|line| String::from_utf8_lossy(line)).collect();
    let line = lines.iter().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{lines:?}"));
    line[name.len()..].trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_display_is_read_while_somebody_looks_and_agrees_with_the_office() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let office = Office::around(site.house.clone()).await;
        let (field, mut desk) = (site.start(), office.signed_in("desk").await);
        let room = site.house.rooms[1].clone();
        site.sell(&room, 12_340).await;
        field.wake();
        site.settled(&room).await;
        site.visited_again().await;
        let (meter, position) = (site.meter_id().await, site.outlet(&room).await.position);
        assert_eq!(pages(&site.house, &meter).await, [], "nobody looks");

        let path = format!("/equipment/meters/{meter}/display?outlet={position}");
        let first = desk.get(&path).await.body;
        assert!(first.contains("Not read yet"), "{first}");
        field.wake();
        let body = until("the display is shown", async || {
            Some(desk.get(&path).await.body).filter(|body| body.contains("Household 02"))
        })
        .await;
        let read = pages(&site.house, &meter).await;
        let numbers: Vec<_> = read.iter().map(|page| page.page).collect();
        assert_eq!(numbers, [0, 6, 7, 8, 9], "what is shown, and that outlet's");
        assert_eq!(figure(&read[1], "Left"), "12.34kWh");
        assert_eq!(figure(&read[2], "Bought"), "12.34kWh");
        assert!(body.contains("12.340\u{a0}kWh"), "the office has the same: {body}");
        assert_eq!(body.matches("class=\"lcd\"").count(), 5, "{body}");
        let shown = desk.get(&format!("/equipment/meters/{meter}")).await.body;
        assert!(shown.contains("class=\"lcd\""), "on the meter's page as well: {shown}");

        // Nobody has looked for a while: the line is left alone.
        site.house.clock.advance(20_000);
        site.visited_again().await;
        let before: Vec<_> = pages(&site.house, &meter).await;
        site.house.clock.advance(1_000);
        site.visited_again().await;
        assert_eq!(pages(&site.house, &meter).await, before);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_decides_on_the_meters_page_about_a_lost_memory() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let office = Office::around(site.house.clone()).await;
        let (field, room) = (site.start(), site.house.rooms[0].clone());
        site.sell(&room, 8_000).await;
        field.wake();
        site.settled(&room).await;
        site.forget_everything();
        until("the loss is noticed", async || site.loss().await).await;
        site.visited_again().await;

        let path = format!("/equipment/meters/{}", site.meter_id().await);
        let (mut desk, mut manager) = (office.signed_in("desk").await, office.signed_in("manager").await);
        let seen = desk.get(&path).await.body;
        assert!(seen.contains("lost its memory") && seen.contains("A manager can decide this."), "{seen}");
        assert!(!seen.contains("Send the credit anew"), "{seen}");
        assert!(desk.get("/equipment").await.body.contains("Lost its memory"));
        let at_room = desk.get(&format!("/rooms/{room}")).await.body;
        assert!(at_room.contains("has lost its memory"), "{at_room}");
        assert!(in_chinese(&mut desk, &path).await.contains("该电表存储内容已丢失"));

        let page = manager.get(&path).await;
        assert!(
            page.body.contains("Send the credit anew") && page.body.contains("8.000\u{a0}kWh"),
            "{}",
            page.body
        );
        let loss = site.loss().await.unwrap().id;
        let (key, credit) = (page.hidden("key"), format!("{path}/credit"));
        for _ in 0..2 {
            let sent = manager.post(&credit, &[("key", &key), ("loss", &loss)]).await;
            assert_eq!(
                (sent.status, sent.location()),
                (StatusCode::SEE_OTHER, path.as_str()),
                "{}",
                sent.body
            );
        }
        field.wake();
        assert_eq!(site.settled(&room).await.credited_wh, 8_000);
        site.visited_again().await;
        assert!(!manager.get(&path).await.body.contains("lost its memory"));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_elses_meter_and_no_such_meter() {
    on_sqlite(|db| async move {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        for page in ["", "/events", "/display", "/display?outlet=99"] {
            let path = format!("/equipment/meters/00000000-0000-7000-8000-000000000000{page}");
            assert_eq!(desk.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let path = format!("/equipment/meters/{}/display?outlet=abc", meter(&office.house).await.id);
        assert_eq!(desk.get(&path).await.status, StatusCode::OK);
        let wakes = Arc::clone(&office.wake).count();
        desk.get(&path).await;
        assert_eq!(office.wake.count(), wakes + 1, "a display that was never read is read at once");
    })
    .await;
}
