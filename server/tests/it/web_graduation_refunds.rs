//! The refunds of a graduation on its page: approved and paid all at once, bank accounts from a file, files to look through.

use axum::http::StatusCode;
use paper::roster::read_accounts;
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::moves::move_out::follow_up;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

/// Two rooms of the house have left by a run of the manager's, each with CNY 20 to get; refunds above CNY 10 need approval.
async fn seen_off(office: &Office, approval: &str) -> String {
    let house = &office.house;
    let mut boss = office.signed_in("boss").await;
    let key = boss.get("/moves").await.hidden("key");
    boss.post("/moves/terms", &[("key", key.as_str()), ("coin", "0.1"), ("approval", approval)]).await;
    for room in &house.rooms[..2] {
        let request = house.request(room, SaleInput::Amount(2_000)).await;
        house.perform(&house.actor("desk").await, request).await.unwrap();
    }
    let mut manager = office.signed_in("manager").await;
    let chosen = [("label", "Class of 2026"), ("sharing", "equal"), ("list", "101,102,103")];
    let seen = manager.post("/moves/graduation", &[&[("step", "preview")], &chosen[..]].concat()).await;
    let (key, digest) = (seen.hidden("key"), seen.hidden("seen"));
    let go = [("step", "go"), ("key", key.as_str()), ("seen", digest.as_str())];
    let run = manager.post("/moves/graduation", &[&go[..], &chosen[..]].concat()).await;
    house.run_jobs().await;
    for room in &house.rooms[..2] {
        house.meter_closes(room, 0).await;
    }
    follow_up(&house.ops()).await.unwrap();
    run.location().to_owned()
}

/// Presses the button of `what` on a run's page; the page afterwards.
async fn press(browser: &mut Browser, run: &str, what: &str) -> Answer {
    let key = format!("{}{}", browser.get(run).await.hidden("key"), &what[..1]);
    browser.post(&format!("{run}/refunds"), &[("key", key.as_str()), ("what", what)]).await
}

async fn send_file(browser: &mut Browser, run: &str, file: &[u8]) -> Answer {
    let key = format!("{}k", browser.get(run).await.hidden("key"));
    browser.upload(&format!("{run}/accounts"), &key, file).await
}

#[tokio::test]
async fn a_second_person_approves_them_all_and_the_desk_pays_them_all() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let run = seen_off(&office, "10").await;
        let house = &office.house;
        let mut manager = office.signed_in("manager").await;
        let page = manager.get(&run).await;
        assert!(page.body.contains("2 refunds above the limit were settled by you"), "{}", page.body);
        assert!(!page.body.contains("Approve 2 refunds"));
        let own = press(&mut manager, &run, "approve").await;
        assert!(own.status.is_client_error() && own.body.contains("nothing left for that"), "{}", own.body);
        let mut desk = office.signed_in("desk").await;
        assert!(!desk.get(&run).await.body.contains("Approve 2 refunds"));
        assert_eq!(press(&mut desk, &run, "approve").await.status, StatusCode::FORBIDDEN);
        let early = press(&mut desk, &run, "cash").await;
        assert!(early.body.contains("nothing left for that"), "{}", early.body);

        let mut boss = office.signed_in("boss").await;
        assert!(boss.get(&run).await.body.contains("Approve 2 refunds, CNY\u{a0}40.00"));
        let asked = press(&mut boss, &run, "approve").await;
        assert_eq!(asked.location(), format!("{run}#refunds"), "{}", asked.body);
        assert!(boss.get(&run).await.body.contains("<progress id=\"refunds-1\""));
        house.run_jobs().await;
        let page = boss.get(&run).await;
        assert!(page.body.contains("Done: 2, CNY\u{a0}40.00."), "{}", page.body);
        assert!(!page.body.contains("has to approve the refund"), "no exceptions of that kind are left");

        // The bank account of one of them is known.
        let file = "Number,Account holder,Account number,Bank\n2026000,Wang Fang,0062 7788,Bank of Test\n2026001,,,\n";
        let taken = send_file(&mut desk, &run, file.as_bytes()).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        let page = desk.get(&run).await;
        assert!(page.body.contains("Pay 1 by the bank"), "{}", page.body);
        assert!(page.body.contains("Pay 2 in cash today, CNY\u{a0}40.00"));
        press(&mut desk, &run, "bank").await;
        house.run_jobs().await;
        press(&mut desk, &run, "cash").await;
        house.run_jobs().await;
        let page = desk.get(&run).await;
        assert!(page.body.contains("Done: 1, CNY\u{a0}20.00.") && page.body.contains("2 residents&#39; shares"), "{}", page.body);
        assert!(!page.body.contains("in cash today,"), "all are paid: {}", page.body);
        let list = desk.get("/moves/bank?from=2026-09-01&to=2026-09-02").await;
        assert!(list.body.contains("\"Wang Fang\",\"0062 7788\",\"Bank of Test\",\"20.00\""), "{}", list.body);
        let shift = format!("/shifts/{}", house.desk_shift().await);
        assert!(desk.get(&shift).await.body.contains("CNY\u{a0}20.00"), "40 in, 20 out");
        let file = desk.get(&format!("{run}/refunds/csv")).await.body;
        assert!(file.contains("\"Paid: Bank account, by the list\"") && file.contains("\"Paid: Cash\""), "{file}");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_list_of_accounts_is_said_by_row() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let run = seen_off(&office, "").await;
        let mut desk = office.signed_in("desk").await;
        let head = "Number,Account holder,Account number,Bank\n";
        for (rows, words) in [
            ("2026000,,123,Bank\n", "Account holder is empty"),
            ("2026000,A,=1+1,Bank\n", "Account number is a formula"),
            ("2026000,A,12;34,Bank\n", "Account number has signs"),
            ("9999,A,1234,Bank\n", "Nobody has this number"),
            ("2026000,A,1,Bank\n2026000,A,2,Bank\n", "row 2"),
            ("2026000,,,\n", "No row of the file has a bank account"),
        ] {
            let refused = send_file(&mut desk, &run, format!("{head}{rows}").as_bytes()).await;
            assert!(refused.status.is_client_error(), "{rows}: {}", refused.status);
            assert!(refused.body.contains(words), "{rows}: {}", refused.body);
        }
        let refused = send_file(&mut desk, &run, b"Number,Name\n1,A\n").await;
        assert!(refused.body.contains("Account holder") && refused.body.contains("Bank"), "{}", refused.body);
        assert!(!desk.get(&run).await.body.contains("by the bank's list,"), "nothing was taken");
        // What the page hands out is what it takes in, in either language and kind.
        for (language, kind) in [("en", "csv"), ("zh", "csv"), ("en", "excel"), ("zh", "excel")] {
            desk.language = language.into();
            let file = desk.get_bytes(&format!("{run}/refunds/{kind}")).await;
            let lines = read_accounts(&file).unwrap();
            assert_eq!(lines.len(), 2, "{language} {kind}");
            assert!(lines.iter().all(|line| line.is_blank() && line.number.text.starts_with("2026")));
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_person_has_to_see_to_is_a_file_too() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let run = seen_off(&office, "10").await;
        let mut desk = office.signed_in("desk").await;
        let file = desk.get(&format!("{run}/exceptions/csv")).await.body;
        let lines: Vec<_> = file.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 4, "{file}");
        assert_eq!(
            lines[1],
            "\"North\",\"101\",\"A second person has to approve the refund.\",\"RF-000001\",\"20.00\""
        );
        assert!(lines[3].starts_with("\"North\",\"103\",\"The meter doesn"), "{file}");
        let book = desk.get_bytes(&format!("{run}/exceptions/excel")).await;
        assert!(book.starts_with(b"PK"));
        assert_eq!(desk.get(&format!("{run}/exceptions/pdf")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(desk.get("/moves/runs/nobody/exceptions/csv").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
