//! The pages of free electricity: rules, previews, runs, the download, a grant by hand.

use axum::http::StatusCode;
use wattwarden::jobs;
use wattwarden::store;

use crate::support::database::on_sqlite;
use crate::support::web::{Answer, Browser, Office};

const DAY_MS: i64 = 24 * 3_600_000;

/// 6 kWh a room and 2.5 a person, on the first at half past midnight.
const RULE: [(&str, &str); 8] = [
    ("name", "Students"),
    ("room", "6"),
    ("person", "2.5"),
    ("carry", "keep"),
    ("first_month", "whole"),
    ("from", "2026-09-01"),
    ("day", "1"),
    ("time", "00:30"),
];

async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let key = page.hidden("key");
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(path, &fields).await
}

fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let rest = fields.iter().copied().filter(|field| field.0 != name);
    rest.chain([(name, value)]).collect()
}

async fn rules(office: &Office) -> Vec<store::allowance::Rule> {
    store::allowance::all(&mut office.house.db.read().await.unwrap()).await.unwrap()
}

/// A file without its quotes.
fn bare(csv: &str) -> String {
    csv.replace('"', "")
}

async fn work(office: &Office) {
    jobs::scheduler::run_due(&office.house.ops(), &jobs::all(), "this server").await.unwrap();
}

#[tokio::test]
async fn a_rule_is_written_previewed_run_and_downloaded() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let saved = send(&mut manager, "/allowances/rule", &RULE).await;
        assert_eq!(saved.location(), "/allowances", "{}", saved.body);
        let id = rules(&office).await[0].id.clone();
        let list = manager.get("/allowances").await;
        assert!(list.body.contains("6\u{a0}kWh a room, 2.5\u{a0}kWh a person"), "{}", list.body);
        assert!(list.body.contains("Next on 1 Oct 2026, 00:30"), "{}", list.body);

        let address = format!("/allowances/rules/{id}/runs");
        let preview = manager.get(&address).await;
        for text in ["3 rooms", "25.50\u{a0}kWh", "CNY\u{a0}13.95", "nobody lives there", "North 104"] {
            assert!(preview.body.contains(text), "{text}: {}", preview.body);
        }
        let period = preview.hidden("period");
        let begun = send(&mut manager, &address, &[("period", &period)]).await;
        let run = format!("{address}/2026-09");
        assert_eq!(begun.location(), run, "{}", begun.body);
        let waiting = manager.get(&run).await.body;
        assert!(waiting.contains("<progress") && waiting.contains("0 of 4 rooms"), "{waiting}");
        work(&office).await;
        let done = manager.get(&run).await.body;
        assert!(!done.contains("<progress") && done.contains("25.50\u{a0}kWh"), "{done}");
        assert!(done.contains("manager at work"), "{done}");

        let csv = manager.get(&format!("{run}/csv")).await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        let lines: Vec<_> = csv.body.lines().collect();
        assert_eq!(lines.len(), 4, "{}", csv.body);
        assert!(manager.get_bytes(&format!("{run}/excel")).await.starts_with(b"PK"));
        let cells: Vec<_> = lines[1].trim_matches('"').split("\",\"").collect();
        assert_eq!(cells[..8], ["North", "1", "101", "2026-09", "Students", "8.500", "0.5469", "4.65"]);

        let room = manager.get(&format!("/rooms/{}", office.house.rooms[0])).await.body;
        assert!(room.contains("Of it free") && room.contains("8.50\u{a0}kWh"), "{room}");
        let again = manager.get(&address).await.body;
        assert!(again.contains("There is nothing to grant."), "{again}");
    })
    .await;
}

#[tokio::test]
async fn the_job_grants_by_itself_once_however_often_it_looks() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        send(&mut manager, "/allowances/rule", &RULE).await;
        // It is eight in the morning of the first: what was due before the rule was written is not granted.
        work(&office).await;
        assert_eq!(office.house.credited_wh(&office.house.rooms[0]).await, 0);
        office.house.clock.advance(33 * DAY_MS);
        for _ in 0..3 {
            work(&office).await;
            office.house.clock.advance(2 * 3_600_000);
        }
        assert_eq!(office.house.credited_wh(&office.house.rooms[0]).await, 8_500);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_rule_says_what_is_wrong_and_keeps_what_was_typed() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for (name, value, message) in [
            ("name", " ", "Fill this in."),
            ("room", "-1", "more than zero"),
            ("room", "much", "Write a number"),
            ("person", "5000", "Between 0 and 1000"),
            ("undergraduate", "1.2345", "At most 3 digits"),
            ("carry_kwh", "x", "Write a number"),
            ("until", "2026-08-31", "This lies before the first day."),
            ("until", "soon", "Write a date"),
            ("from", "", "Write a date"),
            ("day", "29", "Between 1 and 28"),
            ("day", "first", "Write a whole number."),
            ("time", "25:00", "Write a time"),
        ] {
            let mut fields = with(&RULE, name, value);
            if name == "carry_kwh" {
                fields = with(&fields, "carry", "cap");
            }
            let answer = send(&mut manager, "/allowances/rule", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
            assert!(answer.body.contains(message), "{name} {value}: {}", answer.body);
            assert!(name == "person" || answer.body.contains("value=\"2.5\""), "what was typed is kept");
        }
        let nothing = with(&with(&RULE, "room", ""), "person", "0");
        let answer = send(&mut manager, "/allowances/rule", &nothing).await;
        assert!(answer.body.contains("Say how much a room or a person gets."), "{}", answer.body);
        let never: Vec<_> = (0..12).map(|month| format!("off{month}")).collect();
        let never: Vec<_> = RULE.into_iter().chain(never.iter().map(|name| (name.as_str(), "1"))).collect();
        let answer = send(&mut manager, "/allowances/rule", &never).await;
        assert!(answer.body.contains("At least one month must stay."), "{}", answer.body);
        assert!(rules(&office).await.is_empty());

        send(&mut manager, "/allowances/rule", &RULE).await;
        let other = send(&mut manager, "/allowances/rule", &with(&RULE, "name", "Others")).await;
        assert!(other.body.contains("The rule “Students” is for some of the same rooms"), "{}", other.body);
        let same = send(&mut manager, "/allowances/rule", &RULE).await;
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(rules(&office).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_changed_as_it_stands() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let fields = with(&with(&RULE, "carry", "cap"), "carry_kwh", "3");
        let fields = with(&with(&with(&fields, "off1", "1"), "staff", "0"), "until", "2027-07-31");
        send(&mut manager, "/allowances/rule", &fields).await;
        let before = rules(&office).await.remove(0);
        let address = format!("/allowances/rules/{}", before.id);
        let form = manager.get(&address).await.body;
        for text in ["value=\"3\"", "value=\"2027-07-31\"", "name=\"off1\" value=\"1\" checked"] {
            assert!(form.contains(text), "{text}: {form}");
        }
        assert_eq!(send(&mut manager, &address, &fields).await.location(), "/allowances");
        assert_eq!(rules(&office).await, [before]);
        let nowhere = manager.get("/allowances/rules/nothing").await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_room_gets_more_by_hand_with_a_reason_and_once() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let room = format!("/rooms/{}", office.house.rooms[0]);
        let address = format!("{room}/grant");
        let page = manager.get(&address).await;
        let (key, tenancy) = (page.hidden("key"), page.hidden("tenancy"));
        let fields = |energy, reason| {
            [("key", key.as_str()), ("tenancy", tenancy.as_str()), ("energy", energy), ("reason", reason)]
        };
        for (energy, reason, message) in [
            ("", "Flood", "Write a number"),
            ("-2", "Flood", "more than zero"),
            ("1000.001", "Flood", "1,000.000"),
            ("2", "", "Fill this in."),
        ] {
            let answer = manager.post(&address, &fields(energy, reason)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{energy} {reason}");
            assert!(answer.body.contains(message), "{energy} {reason}: {}", answer.body);
        }
        for _ in 0..2 {
            let answer = manager.post(&address, &fields("2.5", "A burst pipe")).await;
            assert_eq!(answer.location(), room, "{}", answer.body);
        }
        assert_eq!(office.house.credited_wh(&office.house.rooms[0]).await, 2_500);
        assert_eq!(office.wake.count(), 2);
        let page = manager.get(&room).await.body;
        assert!(page.contains("by hand — A burst pipe") && page.contains("2.500\u{a0}kWh"), "{page}");
        let stale = [("key", "another-key-1"), ("tenancy", "gone"), ("energy", "1"), ("reason", "x")];
        let answer = manager.post(&address, &stale).await;
        assert!(answer.body.contains("others live there by now"), "{}", answer.body);
    })
    .await;
}

#[tokio::test]
async fn what_people_are_decides_their_share() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        send(&mut manager, "/allowances/rule", &with(&RULE, "postgraduate", "4")).await;
        let address = format!("/rooms/{}/residents", office.house.rooms[0]);
        let page = manager.get(&address).await;
        let (tenancy, key) = (page.hidden("tenancy"), page.hidden("key"));
        let field = page.body.split("name=\"kind-").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let field = format!("kind-{field}");
        let form = |value| [("key", key.as_str()), ("tenancy", tenancy.as_str()), (field.as_str(), value)];
        let wrong = manager.post(&address, &form("emperor")).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        let saved = manager.post(&address, &form("postgraduate")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let id = rules(&office).await[0].id.clone();
        let preview = manager.get(&format!("/allowances/rules/{id}/runs")).await.body;
        assert!(preview.contains("10.000\u{a0}kWh") && preview.contains("8.500\u{a0}kWh"), "{preview}");
    })
    .await;
}

#[tokio::test]
async fn a_download_of_a_bomb_is_text() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        send(&mut manager, "/allowances/rule", &with(&RULE, "name", "=HYPERLINK(\"http://x\")")).await;
        let id = rules(&office).await[0].id.clone();
        let address = format!("/allowances/rules/{id}/runs");
        send(&mut manager, &address, &[("period", "2026-09")]).await;
        work(&office).await;
        let csv = manager.get(&format!("{address}/2026-09/csv")).await.body;
        assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{csv}");
        let wrong = manager.get(&format!("{address}/never")).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_report_adds_up_by_month_rule_and_building() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        send(&mut manager, "/allowances/rule", &RULE).await;
        let id = rules(&office).await[0].id.clone();
        send(&mut manager, &format!("/allowances/rules/{id}/runs"), &[("period", "2026-09")]).await;
        work(&office).await;
        let grant = format!("/rooms/{}/grant", office.house.rooms[1]);
        let page = manager.get(&grant).await;
        let tenancy = page.hidden("tenancy");
        let extra = [("tenancy", tenancy.as_str()), ("energy", "2"), ("reason", "Flood")];
        send(&mut manager, &grant, &extra).await;
        let span = "from=2026-09-01&to=2026-09-30";
        let report = manager.get(&format!("/reports/free-electricity-by-rule?{span}")).await.body;
        for text in ["25.500\u{a0}kWh", "27.500\u{a0}kWh", "CNY\u{a0}15.04", "by hand", "North"] {
            assert!(report.contains(text), "{text}: {report}");
        }
        assert!(report.contains("/reports/subsidy?from=2026-09&#38;until=2026-09"), "{report}");
        let csv = manager.get(&format!("/reports/free-electricity-by-rule/csv?{span}")).await.body;
        assert!(bare(&csv).contains("Students,North,3,25.500,13.95,0.000,0.00,0.000,0.00"), "{csv}");
        assert!(bare(&csv).contains("by hand,North,1,2.000,1.09,"), "{csv}");
        let csv = manager.get(&format!("/reports/free-electricity-by-month/csv?{span}")).await.body;
        assert!(bare(&csv).contains("2026-09,4,27.500,15.04,"), "{csv}");
        let page = manager.get("/reports/subsidy?from=2026-09&until=2026-09").await;
        let key = page.hidden("key");
        let form = [("key", key.as_str()), ("from", "2026-09"), ("until", "2026-09")];
        for _ in 0..2 {
            let issued = manager.post("/reports/subsidy", &form).await;
            assert_eq!(issued.location(), "/documents/subsidy-report/1", "once: {}", issued.body);
        }
        let document = manager.get("/documents/subsidy-report/1").await.body;
        assert!(document.contains("Lapsed (CNY)"), "{document}");
        for (from, until, message) in [
            ("2026-09", "2026-08", "before the first month"),
            ("soon", "2026-08", "Choose a month."),
            ("2020-01", "2026-08", "At most 24 months"),
        ] {
            let form = [("key", "another-key"), ("from", from), ("until", until)];
            let refused = manager.post("/reports/subsidy", &form).await;
            assert!(refused.status.is_client_error(), "{from}: {}", refused.status);
            assert!(refused.body.contains(message), "{from}: {}", refused.body);
        }
    })
    .await;
}
