//! The books as people see them: held readings, accounts of rooms, the trial balance.

use axum::http::StatusCode;
use domain::books::AccountEvent;
use domain::clock::Clock;
use domain::ids::RoomId;
use paper::{Document, Kind};
use wattwarden::check::check;
use wattwarden::db::Db;
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::books::{account, purses, quarantines};
use wattwarden::store::meters::households;
use wattwarden::store::papers::documents;

use crate::support::database::for_each_engine;
use crate::support::web::{Answer, Browser, Office};

const DAY_MS: i64 = 24 * 3_600_000;

/// An office whose first room bought 50 kWh and used 10 of them, recognised; then its meter says `then_wh`.
async fn office_with(db: Db, then_wh: i64) -> (Office, RoomId) {
    let office = Office::open(db).await;
    let (house, room) = (&office.house, office.house.rooms[0].clone());
    let request = house.request(&room, SaleInput::Energy(50_000)).await;
    house.perform(&house.cashier, request).await.unwrap();
    for used_wh in [10_000, then_wh] {
        house.clock.advance(DAY_MS);
        house.meter_says(&room, used_wh).await;
        house.run_jobs().await;
    }
    (office, room)
}

async fn held(office: &Office) -> String {
    let mut conn = office.house.db.read().await.unwrap();
    quarantines::open(&mut conn, 10).await.unwrap()[0].id.to_string()
}

async fn decide(office: &Office, id: &str, decision: &str, note: &str) -> Answer {
    // Signed in anew: a session ends while days go by.
    let mut browser: Browser = office.signed_in("manager").await;
    let key = office.house.key();
    let fields = [("key", key.as_str()), ("decision", decision), ("note", note)];
    browser.post(&format!("/books/held/{id}"), &fields).await
}

/// What the room's books say: paid energy left, used, and what its meter shall hold (credited less debited).
async fn figures(office: &Office, room: &RoomId) -> (i64, i64, i64) {
    let tenancy = office.house.tenancy(room).await;
    let household = office.house.household(room).await;
    let mut conn = office.house.db.read().await.unwrap();
    let purse = Account::Purse(tenancy.clone());
    let left_wh = balance(&mut conn, &purse).await.unwrap();
    let used_wh = purses::get(&mut conn, &tenancy).await.unwrap().used_wh;
    let desired = households::desired(&mut conn, &household).await.unwrap();
    let report = check(&office.house.db).await.unwrap();
    assert!(report.clean(), "{report}");
    let held_wh = desired.credited_wh - desired.debited_wh;
    assert_eq!(held_wh - used_wh, left_wh, "the meter would show another remainder than the books");
    (left_wh, used_wh, held_wh)
}

const JUMP_WH: i64 = 3_000_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jump_that_is_rejected_is_credited_again_and_never_billed() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 1_500_000).await;
        let mut manager = office.signed_in("manager").await;
        assert!(manager.get(&format!("/rooms/{room}")).await.body.contains("waits for a decision"));
        let id = held(&office).await;
        let answer = decide(&office, &id, "rejected", "Counter card replaced").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/books/held"));
        assert_eq!(figures(&office, &room).await, (40_000, 1_500_000, 1_540_000));
        assert!(manager.get("/books/held").await.body.contains("Counter card replaced"));
        assert!(!manager.get(&format!("/rooms/{room}")).await.body.contains("waits for a decision"));
        // Use goes on from there, and is billed.
        office.house.clock.advance(DAY_MS);
        office.house.meter_says(&room, 1_502_000).await;
        office.house.run_jobs().await;
        assert_eq!(figures(&office, &room).await.0, 38_000);
        let again = decide(&office, &id, "rejected", "again").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("already"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jump_that_is_accepted_is_billed() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 1_500_000).await;
        let id = held(&office).await;
        let answer = decide(&office, &id, "accepted", "They ran a foundry").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(figures(&office, &room).await, (50_000 - 1_500_000, 1_500_000, 50_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_total_that_went_back_is_gone_on_from_or_waited_out() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 4_000).await;
        let id = held(&office).await;
        decide(&office, &id, "rejected", "To be looked at").await;
        assert_eq!(figures(&office, &room).await, (40_000, 10_000, 50_000));
        // It still says so on the next day: held again. This time it is believed.
        office.house.clock.advance(DAY_MS);
        office.house.run_jobs().await;
        let id = held(&office).await;
        decide(&office, &id, "accepted", "Memory module exchanged").await;
        assert_eq!(figures(&office, &room).await, (40_000, 4_000, 44_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_can_be_called_wrong_but_not_right() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, JUMP_WH).await;
        let id = held(&office).await;
        office.house.meter_says(&room, 11_000).await;
        let answer = decide(&office, &id, "accepted", "x").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("says something else by now"), "{}", answer.body);
        decide(&office, &id, "rejected", "One bad frame").await;
        assert_eq!(figures(&office, &room).await, (40_000, 10_000, 50_000));
        office.house.clock.advance(DAY_MS);
        office.house.run_jobs().await;
        assert_eq!(figures(&office, &room).await.0, 39_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_judgement_needs_a_choice_and_a_reason() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 1_500_000).await;
        let mut manager = office.signed_in("manager").await;
        let id = held(&office).await;
        for (decision, note, words) in [
            ("", "why", "Choose one of the two"),
            ("maybe", "why", "Choose one of the two"),
            ("accepted", " ", "field-note-error"),
            ("accepted", &"x".repeat(201), "field-note-error"),
        ] {
            let answer = decide(&office, &id, decision, note).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{decision} {note}");
            assert!(answer.body.contains(words), "{decision} {note}: {}", answer.body);
        }
        assert_eq!(figures(&office, &room).await, (40_000, 10_000, 50_000));
        assert_eq!(manager.get("/books/held/nothing").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_judges_once() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 1_500_000).await;
        let id = held(&office).await;
        let mut manager = office.signed_in("manager").await;
        let key = manager.get(&format!("/books/held/{id}")).await.hidden("key");
        let fields = [("key", key.as_str()), ("decision", "rejected"), ("note", "why")];
        for _ in 0..2 {
            let answer = manager.post(&format!("/books/held/{id}"), &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(figures(&office, &room).await, (40_000, 1_500_000, 1_540_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_shows_what_happened_with_what_stood_after_it() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 20_000).await;
        let tenancy = office.house.tenancy(&room).await;
        let entries =
            account::of_tenancy(&mut office.house.db.read().await.unwrap(), &tenancy).await.unwrap();
        let after: Vec<_> = entries.iter().map(|entry| (entry.paid_wh, entry.after.paid_wh)).collect();
        assert_eq!(after, [(50_000, 50_000), (-10_000, 40_000), (-10_000, 30_000)]);
        // 50 kWh for 27.35; 20 of them are worth 10.94.
        assert_eq!(entries.last().unwrap().after.prepaid_minor, 2735 - 1094);

        let mut desk = office.signed_in("desk").await;
        let page = desk.get(&format!("/rooms/{room}/account")).await;
        for figure in ["50.000\u{a0}kWh", "30.000\u{a0}kWh", "-10.000\u{a0}kWh", "CNY\u{a0}16.41"] {
            assert!(page.body.contains(figure), "{figure}: {}", page.body);
        }
        let first_day = format!("/rooms/{room}/account?from=2026-09-01&until=2026-09-01");
        let page = desk.get(&first_day).await.body;
        assert!(page.contains("50.000\u{a0}kWh") && !page.contains("30.000\u{a0}kWh"));
        let reversed = desk.get(&format!("/rooms/{room}/account?from=2026-09-05&until=2026-09-01")).await;
        assert!(reversed.body.contains("lies before the first one"));
        let wrong = desk.get(&format!("/rooms/{room}/account?from=yesterday")).await;
        assert!(wrong.body.contains("Choose a date."));
        let stranger = desk.get(&format!("/rooms/{room}/account?tenancy=somebody")).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let vacant = desk.get(&format!("/rooms/{}/account", office.house.rooms[3])).await;
        assert!(vacant.body.contains("Nobody has lived here"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trial_balance_sums_to_zero_on_every_day() {
    for_each_engine(|db| async move {
        let (office, _) = office_with(db, 20_000).await;
        let mut manager = office.signed_in("manager").await;
        let today = manager.get("/books").await.body;
        assert_eq!(today.matches("sums to zero</span>").count(), 2, "{today}");
        for figure in ["CNY\u{a0}16.41", "CNY\u{a0}10.94", "30.000\u{a0}kWh", "20.000\u{a0}kWh"] {
            assert!(today.contains(figure), "{figure}: {today}");
        }
        let before = manager.get("/books?date=2026-09-01").await.body;
        assert!(before.contains("CNY\u{a0}27.35") && !before.contains("CNY\u{a0}10.94"));
        let nothing = manager.get("/books?date=2026-08-01").await.body;
        assert_eq!(nothing.matches("Nothing has moved yet").count(), 2);
        assert!(manager.get("/books?date=soon").await.body.contains("Choose a date."));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_is_numbered_and_says_what_the_books_say() {
    for_each_engine(|db| async move {
        let (office, room) = office_with(db, 20_000).await;
        let tenancy = office.house.tenancy(&room).await;
        let mut desk = office.signed_in("desk").await;
        let address = format!("/rooms/{room}/account");
        let page = desk.get(&format!("{address}?from=2026-09-02&until=2026-09-30")).await;
        let (key, of) = (page.hidden("key"), page.hidden("tenancy"));
        assert_eq!(of, tenancy.as_str());
        let fields =
            [("key", key.as_str()), ("tenancy", &of), ("from", "2026-09-02"), ("until", "2026-09-30")];
        for _ in 0..2 {
            // A double click is one statement.
            let answer = desk.post(&address, &fields).await;
            let to = (answer.status, answer.location());
            assert_eq!(to, (StatusCode::SEE_OTHER, "/documents/account-statement/1"), "{}", answer.body);
        }
        let mut conn = office.house.db.read().await.unwrap();
        let issued = documents::get(&mut conn, Kind::AccountStatement, 1).await.unwrap().unwrap();
        let Document::AccountStatement(statement) = issued.content else { panic!("another kind") };
        // The sale was on the first day: it is what the statement begins with.
        assert_eq!((statement.opening.paid_wh, statement.opening.prepaid_minor), (50_000, 2735));
        let lines: Vec<_> = statement.lines.iter().map(|line| (line.event, line.paid_wh)).collect();
        assert_eq!(lines, [(AccountEvent::Use, -10_000), (AccountEvent::Use, -10_000)]);
        let left_wh = balance(&mut conn, &Account::Purse(tenancy.clone())).await.unwrap();
        let left_minor = balance(&mut conn, &Account::Prepaid(tenancy.clone())).await.unwrap();
        assert_eq!((statement.closing.paid_wh, statement.closing.prepaid_minor), (left_wh, left_minor));
        assert!(!statement.residents.is_empty() && statement.outlet.is_some());
        // Nothing is said of days to come.
        assert_eq!(statement.to.ms, office.house.clock.now_ms() + 1);
        drop(conn);
        for (from, until, words) in [
            ("2026-09-05", "2026-09-01", "lies before the first one"),
            ("2027-01-01", "2027-01-31", "too far ahead"),
            ("tomorrow", "2026-09-30", "Choose a date."),
        ] {
            let key = desk.get(&address).await.hidden("key");
            let fields = [("key", key.as_str()), ("tenancy", &of), ("from", from), ("until", until)];
            let answer = desk.post(&address, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(words), "{words}: {}", answer.body);
        }
        let key = desk.get(&address).await.hidden("key");
        let answer = desk.post(&address, &[("key", key.as_str()), ("tenancy", "somebody")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    })
    .await;
}
