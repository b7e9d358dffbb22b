//! Every page in every language, and in one that is made for this test and that no code knows: one heading, labels for inputs, no id twice, nothing left in the other language.

use axum::http::StatusCode;
use domain::ids::RuleId;
use wattwarden::ops::allowance::{RunByHand, tick};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::moves::move_out::settle;
use wattwarden::ops::people::first_administrator::new_setup_link;
use wattwarden::store;

use crate::ops_move_out::{leave, plainly};
use crate::support::database::on_sqlite;
use crate::support::house::House;
use crate::support::markup::{attributes, tags};
use crate::support::web::{Browser, Office};

/// Names that the fixtures bring; everything else on a Chinese page is Chinese, a unit, or a number.
const FIXTURES: [&str; 13] = [
    "Students",
    "Test Hall",
    "North",
    "Cellar",
    "Resident",
    "boss at work",
    "manager at work",
    "desk at work",
    "cashier",
    "admin",
    "boss",
    "manager",
    "desk",
];
/// Latin words that are the same in both languages.
const UNITS: &[&str] = &[
    "PDF",
    "Wattwarden",
    "kWh",
    "Wh",
    "W",
    "kW",
    "V",
    "A",
    "Hz",
    "CNY",
    "JPY",
    "Modbus",
    "TCP",
    "RTU",
    "over",
    "English",
    "Asia",
    "Shanghai",
    "A4",
    "RS485",
    "RF",
    "B",
    "Ctrl",
    "P",
    "Excel",
    "CSV",
    "MB",
    "xlsx",
    "csv",
];

/// A rule of free electricity with a run.
async fn granting(house: &House) -> RuleId {
    let (db, _clock, who) = (&house.db, &*house.clock, &house.administrator);
    let form = crate::ops_allowances::form(house);
    house.perform(who, form).await.unwrap();
    let id = store::allowance::all(&mut db.read().await.unwrap()).await.unwrap().remove(0).id;
    house
        .perform(who, RunByHand { key: house.key(), rule: id.clone(), period: "2026-09".into() })
        .await
        .unwrap();
    tick(&house.ops()).await.unwrap();
    id
}

async fn addresses(office: &Office) -> Vec<String> {
    let house = &office.house;
    let request = house.request(&house.rooms[0], SaleInput::Amount(5_000)).await;
    let sold = house.perform(&house.cashier, request).await.unwrap();
    for used_wh in [9_000, 8_000] {
        house.clock.advance(24 * 3_600_000);
        house.meter_says(&house.rooms[0], used_wh).await;
        house.run_jobs().await;
    }
    let mut conn = house.db.read().await.unwrap();
    let held = store::books::quarantines::open(&mut conn, 1).await.unwrap().remove(0).id;
    let meter = store::meters::equipment::meters(&mut conn).await.unwrap().remove(0).id;
    let collector = store::meters::equipment::collectors(&mut conn).await.unwrap().remove(0).id;
    let user = store::people::users::all(&mut conn).await.unwrap().remove(0).id;
    let [let_room, vacant] = [&house.rooms[0], &house.rooms[3]];
    let mut all: Vec<_> = [
        "/",
        "/moves",
        "/moves/list",
        "/moves/graduation",
        "/?state=on",
        "/sell",
        "/sell?q=101",
        "/sell?q=999999",
        "/equipment",
        "/installation",
    ]
    .into_iter()
    .chain(["/equipment/collector", "/equipment/meter", "/users", "/account", "/account?changed=1"])
    .map(str::to_owned)
    .collect();
    for room in [let_room, vacant] {
        for page in ["", "/account", "/sale", "/supply", "/tenancy"] {
            all.push(format!("/rooms/{room}{page}"));
        }
    }
    for part in ["", "/credit", "/friendly", "/cap", "/schedule/working", "/schedule/examination"] {
        all.push(format!("/settings{part}"));
        all.push(format!("/settings{part}?scope=room:{let_room}"));
    }
    let rule = granting(house).await;
    for room in [let_room, vacant] {
        all.extend(["/move-out", "/change"].map(|page| format!("/rooms/{room}{page}")));
    }
    let (shift, open) = (house.shift().await, house.desk_shift().await);
    drop(conn);
    for report in ["sales-by-day", "sales-by-cashier", "sales-by-channel", "sales-by-building", "refunds"] {
        all.push(format!("/reports/{report}"));
    }
    for report in
        ["consumption-by-room", "consumption-by-building", "consumption-by-month", "outstanding-credit"]
    {
        all.push(format!("/reports/{report}"));
    }
    all.extend(["building", "month"].map(|by| format!("/reports/free-electricity-by-{by}")));
    house.close_shift(&house.cashier, &shift, 4_990).await;
    let ((settled, _), (waiting, _)) = (leave(house, 1).await, leave(house, 2).await);
    house.meter_closes(&house.rooms[1], 0).await;
    let request = plainly(house, &settled);
    settle(&house.ops(), &house.administrator, request).await.unwrap();
    all.extend([settled, waiting].map(|departure| format!("/departures/{departure}")));
    all.extend([
        "/shift".to_owned(),
        "/shifts".to_owned(),
        "/shifts?date=2026-09-01".to_owned(),
        format!("/shifts/{shift}"),
        format!("/shifts/{open}"),
        format!("/shifts/{open}/close"),
        "/reports".to_owned(),
        "/reports/day-end".to_owned(),
        "/reports/day-end?date=2026-08-31".to_owned(),
        "/reports/sales".to_owned(),
        "/reports/sales?by=month".to_owned(),
        "/reports/subsidy".to_owned(),
        "/reports/subsidy?from=2026-09&until=2026-09".to_owned(),
        "/prices".to_owned(),
        "/prices/groups/default".to_owned(),
        "/prices/groups/default?kind=ladder".to_owned(),
        "/prices/groups/default?kind=hours".to_owned(),
        "/allowances".to_owned(),
        "/allowances/rule".to_owned(),
        format!("/allowances/rules/{rule}"),
        format!("/allowances/rules/{rule}/runs"),
        format!("/allowances/rules/{rule}/runs/2026-09"),
        format!("/rooms/{let_room}/grant"),
        format!("/rooms/{let_room}/residents"),
        "/books".to_owned(),
        "/books?date=2026-08-01".to_owned(),
        "/books/held".to_owned(),
        format!("/books/held/{held}"),
        "/settings/calendar".to_owned(),
        "/settings?saved=1".to_owned(),
        format!("/sales/{}", sold.id),
        "/documents".to_owned(),
        "/documents?kind=refund-statement".to_owned(),
        "/verify".to_owned(),
        "/verify?number=RF-1&code=0".to_owned(),
        "/installation/letterhead".to_owned(),
        format!("/sales/{}/void", sold.id),
        format!("/equipment/meters/{meter}"),
        format!("/equipment/meters/{meter}/events"),
        format!("/equipment/meters/{meter}/display"),
        format!("/rooms/{let_room}?span=7d"),
        format!("/equipment/collectors/{collector}"),
        format!("/users/{user}/password"),
    ]);
    all
}

fn check(address: &str, language: &str, body: &str) {
    let page = format!("{address} in {language}");
    assert!(body.contains(&format!("<html lang=\"{language}\">")), "{page}");
    assert_eq!(tags(body, "h1").len(), 1, "{page}: one heading");
    assert_eq!(tags(body, "main").len(), 1, "{page}: one main");
    let mut ids: Vec<_> = attributes(body, "id");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{page}: an id twice");
    let labelled = attributes(body, "for");
    for kind in ["input", "select", "textarea"] {
        for tag in tags(body, kind) {
            if ["type=\"hidden\"", "type=\"radio\"", "type=\"checkbox\""]
                .iter()
                .any(|kind| tag.contains(kind))
            {
                continue;
            }
            let id = attributes(tag, "id");
            assert!(id.iter().all(|id| labelled.contains(id)) && id.len() == 1, "{page}: no label for {tag}");
        }
    }
    for described in attributes(body, "aria-describedby").iter().flat_map(|ids| ids.split(' ')) {
        assert!(ids.contains(&described), "{page}: {described} describes nothing");
    }
    for inline in [" style=", " onclick=", "<style", "javascript:"] {
        assert!(!body.contains(inline), "{page}: {inline}");
    }
}

/// What a page shows, without the fixtures' names.
fn shown(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    for fixture in FIXTURES {
        text = text.replace(fixture, " ");
    }
    text
}

fn words(body: &str) -> Vec<String> {
    let text = shown(body);
    let latin = text.split(|character: char| !character.is_ascii_alphanumeric());
    latin
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map(str::to_owned)
        .collect()
}

/// The pseudo-language: every text of the catalogue stands in brackets.
const PSEUDO: &str = "en-XA";

/// What stands outside the brackets of the pseudo-language without an accent, and is neither a fixture nor a unit.
pub fn not_from_the_catalogue(text: &str) -> Vec<String> {
    let (mut outside, mut depth) = (String::new(), 0_usize);
    for letter in text.chars() {
        match letter {
            '«' => depth += 1,
            '»' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(letter),
            _ => {}
        }
    }
    let words = outside.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let foreign = |word: &&str| word.is_ascii() && word.starts_with(char::is_alphabetic) && !may_stand(word);
    words.filter(foreign).map(str::to_owned).collect()
}

/// A unit, an id, or a label of the fixtures.
fn may_stand(word: &str) -> bool {
    let id = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    id || UNITS.contains(&word) || word.starts_with("2026") || word.len() == 2 && word.starts_with('L')
}

fn all_chinese(address: &str, body: &str) {
    for word in words(body) {
        assert!(may_stand(&word), "{address}: “{word}” is not Chinese");
    }
}

async fn walk(browser: &mut Browser, addresses: &[String], language: &str) {
    browser.post("/language", &[("language", language)]).await;
    let mut foreign = Vec::new();
    for address in addresses {
        let in_place = |word: &String| format!("{address}: {word}");
        let page = browser.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.body);
        check(address, language, &page.body);
        match language {
            "zh-CN" => all_chinese(address, &page.body),
            PSEUDO => foreign.extend(not_from_the_catalogue(&shown(&page.body)).iter().map(in_place)),
            _ => {}
        }
    }
    assert!(foreign.is_empty(), "not from the catalogue:\n{}", foreign.join("\n"));
}

#[tokio::test]
async fn every_page_is_whole_in_every_language() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let addresses = addresses(&office).await;
        let mut boss = office.signed_in("boss").await;
        for language in ["en", "zh-CN", PSEUDO] {
            walk(&mut boss, &addresses, language).await;
            let mut stranger = office.browser();
            walk(&mut stranger, &["/sign-in".to_owned(), "/sign-in?out=1".to_owned()], language).await;
            let lost = boss.get("/no/such/page").await;
            assert_eq!(lost.status, StatusCode::NOT_FOUND);
            check("the error page", language, &lost.body);
        }
    })
    .await;
}

#[tokio::test]
async fn the_setup_page_is_whole_in_every_language() {
    on_sqlite(|db| async {
        let clock = domain::clock::ManualClock::at(crate::support::house::START_MS);
        let link = new_setup_link(&db, &clock).await.unwrap().unwrap();
        let mut browser = crate::support::web::empty_office(db, clock);
        for language in ["en", "zh-CN", PSEUDO] {
            walk(&mut browser, &[format!("/setup/{link}")], language).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_language_is_the_users_then_the_browsers() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut chinese = office.browser();
        chinese.language = "zh-CN,zh;q=0.9,en;q=0.5".into();
        assert!(chinese.get("/sign-in").await.body.contains("<html lang=\"zh-CN\">"));
        let switched = chinese.post("/language", &[("language", "en"), ("back", "/sign-in")]).await;
        assert_eq!(switched.location(), "/sign-in");
        assert!(chinese.get("/sign-in").await.body.contains("<html lang=\"en\">"));
        let mut desk = office.signed_in("desk").await;
        desk.post("/language", &[("language", "zh-CN"), ("back", "//evil.example")]).await;
        // On another machine the setting is still the user's.
        let mut elsewhere = office.signed_in("desk").await;
        assert!(elsewhere.get("/").await.body.contains("<html lang=\"zh-CN\">"));
        assert_eq!(desk.post("/language", &[("language", "tlh")]).await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}
