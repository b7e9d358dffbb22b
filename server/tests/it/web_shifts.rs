//! Shifts page by page: opening where a sale needs it, counting, who sees what, and the day's end.

use axum::http::StatusCode;
use domain::actor::Role;
use wattwarden::db::DbError;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

const FIELDS: [&str; 7] = ["key", "tenancy", "amount_minor", "energy_wh", "price", "by", "value"];

async fn preview(browser: &mut Browser, office: &Office, amount: &str) -> Answer {
    let path = format!("/rooms/{}/sale/preview", office.house.rooms[0]);
    browser.post(&path, &[("by", "amount"), ("value", amount)]).await
}

async fn confirm(browser: &mut Browser, office: &Office, preview: &Answer, paid: &[(&str, &str)]) -> Answer {
    let values = FIELDS.map(|name| (name, preview.hidden(name)));
    let fields = values.iter().map(|(name, value)| (*name, value.as_str())).chain(paid.iter().copied());
    browser.post(&format!("/rooms/{}/sales", office.house.rooms[0]), &fields.collect::<Vec<_>>()).await
}

async fn open(browser: &mut Browser, float: &str, next: &str) -> Answer {
    let page = browser.get("/shift").await;
    let key = page.hidden("key");
    browser.post("/shift", &[("key", key.as_str()), ("float", float), ("next", next)]).await
}

async fn close(browser: &mut Browser, shift: &str, counted: &str, next_float: &str) -> Answer {
    let key = browser.get(&format!("{shift}/close")).await.hidden("key");
    let fields = [("key", key.as_str()), ("counted", counted), ("next_float", next_float), ("note", "")];
    browser.post(&format!("{shift}/close"), &fields).await
}

#[tokio::test]
async fn cash_without_a_shift_leads_to_opening_one_and_back() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let page = preview(&mut manager, &office, "50").await;
        assert!(page.body.contains("Open a shift to take cash"), "{}", page.body);
        let refused = confirm(&mut manager, &office, &page, &[("channel", "cash")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("You have no open shift"), "{}", refused.body);
        let next = refused.hidden("next").replace("&#38;", "&");
        let back = open(&mut manager, "100", &next).await;
        assert_eq!(back.location(), next, "{}", back.body);
        assert!(manager.get(&next).await.body.contains("value=\"50\""));
        let page = preview(&mut manager, &office, "50").await;
        assert!(!page.body.contains("Open a shift to take cash"));
        let sold = confirm(&mut manager, &office, &page, &[("channel", "cash")]).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER, "{}", sold.body);
        let shift = manager.get("/shift").await.location().to_owned();
        let live = manager.get(&shift).await;
        for text in ["CNY\u{a0}100.00", "CNY\u{a0}50.00", "CNY\u{a0}150.00", "Sales (1)"] {
            assert!(live.body.contains(text), "{text}: {}", live.body);
        }
    })
    .await;
}

#[tokio::test]
async fn another_site_is_never_gone_on_to() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let opened = open(&mut manager, "0", "https://evil.example/").await;
        assert!(opened.location().starts_with("/shifts/"), "{}", opened.location());
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_taken_by_its_reference_once() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let paid = [("channel", "bank-transfer"), ("reference", "ICBC 77")];
        let page = preview(&mut manager, &office, "50").await;
        let sold = confirm(&mut manager, &office, &page, &paid).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER, "{}", sold.body);
        let receipt = manager.get(sold.location()).await;
        assert!(receipt.body.contains("Bank transfer") && receipt.body.contains("ICBC77"));
        let page = preview(&mut manager, &office, "60").await;
        let refused = confirm(&mut manager, &office, &page, &paid).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("recorded for another sale"), "{}", refused.body);
        assert!(refused.body.contains("value=\"ICBC 77\""));
        let missing = [("channel", "telephone-bank"), ("reference", "")];
        let refused = confirm(&mut manager, &office, &refused, &missing).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Fill this in."), "{}", refused.body);
        let forged = confirm(&mut manager, &office, &refused, &[("channel", "revenue")]).await;
        assert_eq!(forged.status, StatusCode::BAD_REQUEST);
        assert_eq!(office.house.credited_wh(&office.house.rooms[0]).await, 91_424);
    })
    .await;
}

#[tokio::test]
async fn wrong_floats_and_counts_come_back_with_what_was_typed() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        for (float, words) in [
            ("-5", "must not be less than zero"),
            ("", "Write a number"),
            ("ten", "Write a number"),
            ("0.001", "At most 2 digits"),
            ("9999999999", "Between CNY"),
        ] {
            let refused = open(&mut manager, float, "").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{float}");
            assert!(refused.body.contains(words), "{float}: {}", refused.body);
            assert!(refused.body.contains(&format!("value=\"{float}\"")), "{float} is lost");
        }
        assert_eq!(manager.get("/shift").await.status, StatusCode::OK);
        let mut desk = office.signed_in("desk").await;
        let shift = desk.get("/shift").await.location().to_owned();
        for (counted, next_float, words) in [
            ("-1", "", "must not be less than zero"),
            ("", "", "Write a number"),
            ("10", "10.01", "Between CNY"),
            ("10", "-1", "must not be less than zero"),
        ] {
            let refused = close(&mut desk, &shift, counted, next_float).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{counted} {next_float}");
            assert!(refused.body.contains(words), "{counted} {next_float}: {}", refused.body);
        }
        assert!(desk.get(&shift).await.body.contains("Close the shift"));
    })
    .await;
}

#[tokio::test]
async fn a_count_is_closed_once_shown_with_its_difference_and_handed_on() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        let page = preview(&mut desk, &office, "50").await;
        confirm(&mut desk, &office, &page, &[]).await;
        let shift = desk.get("/shift").await.location().to_owned();
        let closed = close(&mut desk, &shift, "49.50", "30").await;
        assert_eq!(closed.location(), shift, "{}", closed.body);
        let sheet = desk.get(&shift).await;
        for text in ["CNY\u{a0}-0.50", "CNY\u{a0}19.50", "Handed over by", "Closed by desk at work"] {
            assert!(sheet.body.contains(text), "{text}: {}", sheet.body);
        }
        assert_eq!(desk.get(&format!("{shift}/close")).await.location(), shift);
        let again = desk.post(&format!("{shift}/close"), &[("key", "another-key"), ("counted", "0")]).await;
        assert_eq!(again.location(), shift);
        assert!(desk.get(&shift).await.body.contains("CNY\u{a0}-0.50"));
        // The next float is what stayed in the drawer.
        assert!(desk.get("/shift").await.body.contains("value=\"30.00\""));
    })
    .await;
}

#[tokio::test]
async fn a_cashier_sees_the_own_shifts_and_a_manager_all() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let house = &office.house;
        office.add_user("other", Role::Cashier).await;
        let mut other = office.signed_in("other").await;
        let theirs = format!("/shifts/{}", house.desk_shift().await);
        for path in [theirs.clone(), format!("{theirs}/close")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let fields = [("key", "a-fresh-key"), ("counted", "0")];
        let refused = other.post(&format!("{theirs}/close"), &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(!other.get("/shifts").await.body.contains("desk at work"));
        let desk = house.actor("desk").await.id();
        assert!(!other.get(&format!("/shifts?cashier={desk}")).await.body.contains(&theirs));
        let mut manager = office.signed_in("manager").await;
        assert!(manager.get("/shifts").await.body.contains(&theirs));
        assert!(manager.get(&format!("/shifts?cashier={desk}")).await.body.contains(&theirs));
        assert!(!manager.get("/shifts?date=2026-08-31").await.body.contains(&theirs));
        let wrong = manager.get("/shifts?date=tomorrow").await;
        assert!(wrong.body.contains("Choose a date."), "{}", wrong.body);
        assert!(manager.get(&format!("{theirs}/close")).await.body.contains("only when it was forgotten"));
        assert_eq!(close(&mut manager, &theirs, "0", "").await.location(), theirs);
    })
    .await;
}

#[tokio::test]
async fn the_days_end_agrees_with_the_books_or_says_so() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        for (amount, paid) in [
            ("50", &[][..]),
            ("20", &[("channel", "telephone-bank"), ("reference", "T1")][..]),
            ("30", &[][..]),
        ] {
            let page = preview(&mut desk, &office, amount).await;
            assert_eq!(confirm(&mut desk, &office, &page, paid).await.status, StatusCode::SEE_OTHER);
        }
        let mut manager = office.signed_in("manager").await;
        let day = manager.get("/reports/day-end").await;
        for text in ["CNY\u{a0}80.00", "CNY\u{a0}20.00", "CNY\u{a0}100.00", "Agrees to the last unit"] {
            assert!(day.body.contains(text), "{text}: {}", day.body);
        }
        let days = manager.get("/reports/sales?of=2026-09").await;
        assert!(days.body.contains("CNY\u{a0}100.00") && days.body.contains("Telephone banking"));
        assert!(manager.get("/reports/sales?by=month&of=2026").await.body.contains("September 2026"));
        assert!(manager.get("/reports/sales?of=2026-08").await.body.contains("Nothing was sold"));
        office.house.db.open_to_edits().await.unwrap();
        let falsified = "UPDATE transfers SET amount = amount - 1 WHERE debit_account LIKE 'money:channel:%'";
        office
            .house
            .db
            .write((), move |(), conn| {
                Box::pin(async move {
                    sqlx::query::<sqlx::Any>(falsified).execute(conn).await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
            .unwrap();
        let day = manager.get("/reports/day-end").await;
        assert!(day.body.contains("Does not agree"), "{}", day.body);
    })
    .await;
}
