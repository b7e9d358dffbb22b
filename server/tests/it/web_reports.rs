//! Reports page by page and file by file: the same figures everywhere, no formula in a cell, and plain words for what makes
//! no sense.

use std::io::Cursor;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use calamine::{Data, DataType, Range, Reader, Xlsx};
use domain::actor::Role;
use wattwarden::ops::desk::sell::{Payment, SaleInput};
use wattwarden::ops::places::rooms::AddBuilding;
use wattwarden::ops::places::rooms::AddRooms;
use wattwarden::store::places::rooms;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Browser, Office};

const REPORTS: [&str; 12] = [
    "sales-by-day",
    "sales-by-cashier",
    "sales-by-channel",
    "sales-by-building",
    "consumption-by-room",
    "consumption-by-building",
    "consumption-by-month",
    "outstanding-credit",
    "free-electricity-by-building",
    "free-electricity-by-month",
    "free-electricity-by-rule",
    "refunds",
];
const HOUR_MS: i64 = 3_600_000;

/// Two sales of `desk`, one over the bank by `manager`; then room 101 uses 5 kWh.
async fn busy(office: &Office) {
    let house = &office.house;
    let desk = house.actor("desk").await;
    for (room, amount) in [(0, 5_000), (1, 2_500)] {
        let request = house.request(&house.rooms[room], SaleInput::Amount(amount)).await;
        house.perform(&desk, request).await.unwrap();
    }
    let mut request = house.request(&house.rooms[2], SaleInput::Amount(700)).await;
    request.payment = Payment::Channel { channel: "bank-transfer".into(), reference: "B-1".into() };
    house.perform(&house.actor("manager").await, request).await.unwrap();
    house.clock.advance(24 * HOUR_MS);
    house.meter_says(&house.rooms[0], 5_000).await;
    house.run_jobs().await;
}

/// The sheet of a report's workbook.
async fn excel(browser: &mut Browser, path: &str) -> (Range<Data>, Range<String>) {
    let answer = browser.get_bytes(path).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer)).unwrap();
    let name = book.sheet_names()[0].clone();
    (book.worksheet_range(&name).unwrap(), book.worksheet_formula(&name).unwrap())
}

fn texts(sheet: &Range<Data>, row: usize) -> Vec<String> {
    sheet.rows().nth(row).unwrap().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_report_is_a_page_a_workbook_and_a_list() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        busy(&office).await;
        let mut manager = office.signed_in("manager").await;
        let index = manager.get("/reports").await;
        for report in REPORTS {
            assert!(index.body.contains(&format!("/reports/{report}\"")), "{report} is not listed");
            let page = manager.get(&format!("/reports/{report}")).await;
            assert_eq!(page.status, StatusCode::OK, "{report}: {}", page.body);
            let csv = manager.get(&format!("/reports/{report}/csv")).await;
            assert_eq!(csv.status, StatusCode::OK, "{report}");
            assert_eq!(csv.headers[CONTENT_TYPE], "text/csv; charset=utf-8");
            let disposition = csv.headers[CONTENT_DISPOSITION].to_str().unwrap().to_owned();
            assert!(disposition.contains(&format!("{report}-20")) && disposition.ends_with(".csv\""));
            let (sheet, formulas) = excel(&mut manager, &format!("/reports/{report}/excel")).await;
            assert!(formulas.used_cells().next().is_none(), "{report} has a formula");
            // Title, what it is of, nothing, headings: then as many lines as the list has.
            let lines = csv.body.trim_end().lines().count();
            assert_eq!(sheet.height(), 3 + lines, "{report}");
            let headings: Vec<_> = texts(&sheet, 3);
            let list = csv.body.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned();
            assert_eq!(format!("\"{}\"", headings.join("\",\"")), list, "{report}");
        }
    })
    .await;
}

#[tokio::test]
async fn numbers_are_numbers_in_the_workbook_and_the_same_as_on_the_page() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        busy(&office).await;
        let mut manager = office.signed_in("manager").await;
        let page = manager.get("/reports/sales-by-cashier").await;
        for text in [
            "desk at work",
            "CNY\u{a0}75.00",
            "CNY\u{a0}82.00",
            "137.136\u{a0}kWh",
            "1 Sep 2026 to 2 Sep 2026",
        ] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        let (sheet, _) = excel(&mut manager, "/reports/sales-by-cashier/excel").await;
        assert_eq!(texts(&sheet, 0)[0], "Sales by cashier");
        assert_eq!(
            texts(&sheet, 3),
            ["Cashier", "Sales", "Energy (kWh)", "Sold (CNY)", "Voided (CNY)", "Takings (CNY)"]
        );
        let first: Vec<_> = sheet.rows().nth(4).unwrap().to_vec();
        assert_eq!(first[0], Data::String("desk at work".into()));
        assert_eq!(first[1..], [2.0, 137.136, 75.0, 0.0, 75.0].map(Data::Float));
        let total: Vec<_> = sheet.rows().next_back().unwrap().to_vec();
        assert_eq!((&total[0], &total[5]), (&Data::String("Total".into()), &Data::Float(82.0)));
        let (days, _) = excel(&mut manager, "/reports/sales-by-day/excel").await;
        let day = days.rows().nth(4).unwrap()[0].clone();
        assert!(matches!(&day, Data::DateTime(at) if at.is_datetime()), "{day:?}");
        let csv = manager.get("/reports/sales-by-day/csv").await;
        assert!(
            csv.body.contains("\"2026-09-01\",\"3\",\"149.935\",\"82.00\",\"0.00\",\"82.00\"\r\n"),
            "{}",
            csv.body
        );
        let csv = manager.get("/reports/consumption-by-room/csv").await;
        let line = "\"101\",\"North\",\"1\",\"5.000\",\"0.000\",\"2.73\",\"0.000\",\"\",\"0.0\"\r\n";
        assert!(csv.body.contains(line), "{}", csv.body);
        let csv = manager.get("/reports/outstanding-credit/csv").await;
        assert!(
            csv.body.contains("\"North\",\"3\",\"79.27\",\"144.935\",\"0.000\",\"0.000\",\"0.00\""),
            "{}",
            csv.body
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_never_a_formula() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let house = &office.house;
        let boss = house.actor("boss").await;
        let bomb = "=HYPERLINK(\"http://x.example\";A1)";
        house.perform(&boss, AddBuilding { key: house.key(), name: bomb.into() }).await.unwrap();
        let buildings = rooms::buildings(&mut house.db.read().await.unwrap()).await.unwrap();
        let building_id = buildings.into_iter().find(|building| building.name == bomb).unwrap().id;
        let names = vec!["-2+3".to_owned(), "@SUM(A1)".to_owned()];
        let rooms = AddRooms { key: house.key(), building_id, floor: "1".into(), names };
        house.perform(&boss, rooms).await.unwrap();
        let mut manager = office.signed_in("manager").await;
        let page = manager.get("/reports/consumption-by-room").await;
        assert!(page.body.contains("=HYPERLINK(&#34;http://x.example&#34;;A1)"), "{}", page.body);
        let csv = manager.get("/reports/consumption-by-room/csv").await;
        for text in ["\"'-2+3\"", "\"'@SUM(A1)\"", "\"'=HYPERLINK(\"\"http://x.example\"\";A1)\""] {
            assert!(csv.body.contains(text), "{text}: {}", csv.body);
        }
        let (sheet, formulas) = excel(&mut manager, "/reports/consumption-by-room/excel").await;
        assert!(formulas.used_cells().next().is_none());
        let words: Vec<_> = sheet.used_cells().filter_map(|(_, _, cell)| cell.get_string()).collect();
        for text in ["-2+3", "@SUM(A1)", bomb] {
            assert!(words.contains(&text), "{text} is lost: {words:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_said_at_its_field_and_gives_no_file() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        busy(&office).await;
        let mut manager = office.signed_in("manager").await;
        for (query, words) in [
            ("from=2026-09-10&to=2026-09-01", "The last day is before the first"),
            ("from=2026-02-30", "Choose a date."),
            ("to=tomorrow", "Choose a date."),
            ("from=2001-01-01&to=2026-09-01", "At most ten years"),
            ("building=nowhere", "Choose one from the list."),
            ("cashier=nobody", "Choose one from the list."),
            ("channel=revenue", "Choose one from the list."),
        ] {
            for path in ["", "/excel", "/csv"] {
                let refused = manager.get(&format!("/reports/sales-by-day{path}?{query}")).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {query}");
                assert!(refused.body.contains(words), "{query}: {}", refused.body);
                assert!(!refused.headers.contains_key(CONTENT_DISPOSITION));
            }
        }
        let refused = manager.get("/reports/sales-by-day?from=2026-02-30").await;
        assert!(refused.body.contains("value=\"2026-02-30\""), "what was typed is lost");
        for path in ["/reports/nothing", "/reports/nothing/csv", "/reports/refunds/pdf"] {
            assert_eq!(manager.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(manager.get("/reports/refunds?from=%ff").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn a_cashier_sees_the_own_sales_and_nothing_else() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        busy(&office).await;
        let house = &office.house;
        office.add_user("other", Role::Cashier).await;
        let mut desk = office.signed_in("desk").await;
        let own = desk.get("/reports/sales-by-channel").await;
        assert!(own.body.contains("CNY\u{a0}75.00") && !own.body.contains("CNY\u{a0}82.00"), "{}", own.body);
        let manager = house.actor("manager").await.id();
        let csv = desk.get(&format!("/reports/sales-by-day/csv?cashier={manager}")).await;
        assert!(csv.body.contains("\"75.00\"") && !csv.body.contains("\"7.00\""), "{}", csv.body);
        let mut other = office.signed_in("other").await;
        assert!(other.get("/reports/sales-by-day").await.body.contains("Nothing in this time."));
        let index = other.get("/reports").await;
        for report in REPORTS {
            let allowed = ["sales-by-day", "sales-by-channel", "sales-by-building"].contains(&report);
            assert_eq!(index.body.contains(&format!("/reports/{report}\"")), allowed, "{report}");
            for path in ["", "/csv", "/excel"] {
                let page = other.get(&format!("/reports/{report}{path}")).await;
                let status = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(page.status, status, "{report}{path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_period_is_of_the_sites_days_and_links_keep_it() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        busy(&office).await;
        let mut manager = office.signed_in("manager").await;
        // Sold at 08:00 of the first in Shanghai.
        let before = manager.get("/reports/sales-by-day?from=2026-08-01&to=2026-08-31").await;
        assert!(before.body.contains("Nothing in this time."), "{}", before.body);
        let page = manager.get("/reports/sales-by-building?from=2026-09-01&to=2026-09-01").await;
        let building =
            rooms::buildings(&mut office.house.db.read().await.unwrap()).await.unwrap().remove(0).id;
        let link = format!("/reports/sales-by-day?from=2026-09-01&#38;to=2026-09-01&#38;building={building}");
        assert!(page.body.contains(&link), "{}", page.body);
        let days = manager.get(&link.replace("&#38;", "&")).await;
        assert!(days.body.contains("CNY\u{a0}82.00") && days.body.contains("· North"), "{}", days.body);
        let month = manager.get("/reports/consumption-by-month?from=2026-09-15&to=2026-09-16").await;
        assert!(month.body.contains("1 Sep 2026 to 30 Sep 2026"), "{}", month.body);
        assert!(month.body.contains("5.000\u{a0}kWh"));
    })
    .await;
}
