//! Documents on their pages: an original once, copies ever after, verified by number and code, many in one file.

use axum::http::StatusCode;
use domain::ids::OperationId;
use paper::Document;
use paper::parts::Moment;
use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::store::papers::documents::{self, NewDocument};
use words::Lang;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::markup::tags;
use crate::support::papers;
use crate::support::web::{Answer, Browser, Office};

/// Issues each content as a document of its own; the subjects are their places in the list.
pub async fn issue_all(db: &Db, contents: Vec<Document>, language: Lang) {
    for (at, content) in contents.into_iter().enumerate() {
        let subject = format!("{} {at}", language.code());
        db.write((content, subject), move |(content, subject), conn| {
            Box::pin(async move {
                let new = NewDocument {
                    operation: &OperationId(subject.clone()),
                    content,
                    language,
                    subject,
                    label: "North 0312",
                    issued_by: "a job",
                    issued: Moment { ms: 1_788_220_800_000, offset_s: 28_800 },
                };
                documents::issue(conn, &new).await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
    }
}

async fn sold(office: &Office) -> String {
    let house = &office.house;
    let request = house.request(&house.rooms[0], SaleInput::Amount(5_000)).await;
    let sold = house.perform(&house.cashier, request).await.unwrap();
    format!("/sales/{}", sold.id)
}

async fn print(browser: &mut Browser, sale: &str, to: &str) -> Answer {
    let key = browser.get(sale).await.hidden("key");
    browser.post(&format!("{sale}/receipt"), &[("key", &key), ("to", to)]).await
}

fn is_copy(answer: &Answer) -> bool {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body.contains("class=\"badge\"")
}

fn is_pdf(answer: &Answer, name: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/pdf");
    assert_eq!(
        answer.headers["content-disposition"],
        format!("attachment; filename=\"{name}.pdf\"").as_str()
    );
    assert!(answer.body.starts_with("%PDF-"));
}

#[tokio::test]
async fn a_receipt_is_an_original_once_and_a_copy_ever_after() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let sale = sold(&office).await;
        let mut desk = office.signed_in("desk").await;
        let first = print(&mut desk, &sale, "roll").await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
        assert!(first.location().starts_with("/documents/receipt/1/print?paper=80mm&original="));
        let paper = desk.get(first.location()).await;
        assert!(!is_copy(&paper));
        for text in ["No. RC-000001", "CNY\u{a0}50.00", "Fifty yuan (CNY) only", "roll-", "Resident 2026000"]
        {
            assert!(paper.body.contains(text), "{text} in {}", paper.body);
        }
        // The printer jams: the same person, at once, has the original still; as PDF too.
        assert!(!is_copy(&desk.get(first.location()).await));
        let pdf = first.location().replace("/print?paper=80mm&", ".pdf?");
        let original = desk.get(&pdf).await;
        is_pdf(&original, "RC-000001");
        // Printed again: the same number, a copy. Somebody else, or later: a copy.
        let again = print(&mut desk, &sale, "print").await;
        assert!(again.location().starts_with("/documents/receipt/1/print"));
        assert!(is_copy(&desk.get(again.location()).await));
        assert!(is_copy(&office.signed_in("manager").await.get(first.location()).await));
        office.house.clock.advance(16 * 60_000);
        assert!(is_copy(&desk.get(first.location()).await));
        let copy = desk.get("/documents/receipt/1.pdf").await;
        is_pdf(&copy, "RC-000001");
        assert_ne!(copy.body, original.body);
        office.house.clock.advance(900 * 86_400_000);
        let mut years_later = office.signed_in("desk").await;
        assert_eq!(years_later.get("/documents/receipt/1.pdf").await.body, copy.body, "the same bytes");
    })
    .await;
}

#[tokio::test]
async fn a_double_click_issues_one_receipt() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let sale = sold(&office).await;
        let mut desk = office.signed_in("desk").await;
        let key = desk.get(&sale).await.hidden("key");
        let (mut other, fields) = (desk.clone(), [("key", key.as_str()), ("to", "print")]);
        let path = format!("{sale}/receipt");
        let (one, two) = tokio::join!(desk.post(&path, &fields), other.post(&path, &fields));
        assert_eq!(one.location(), two.location());
        assert!(!is_copy(&desk.get(one.location()).await));
        let list = desk.get("/documents").await;
        assert!(list.body.contains("RC-000001") && !list.body.contains("RC-000002"));
        assert!(list.body.contains("handed out"));
        assert!(desk.get(&sale).await.body.contains("/documents/receipt/1\""));
    })
    .await;
}

#[tokio::test]
async fn number_and_code_of_a_paper_prove_it_and_nothing_else_does() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        issue_all(&office.house.db, vec![papers::samples(3).remove(1)], Lang::En).await;
        let mut desk = office.signed_in("desk").await;
        let page = desk.get("/documents/refund-statement/1").await;
        let code =
            page.body.split_once("Verification code <b>").unwrap().1.split_once('<').unwrap().0.to_owned();
        assert_eq!(code.len(), 11);
        let typed = code.to_lowercase().replace('-', "%20");
        let genuine = desk.get(&format!("/verify?number=rf-1&code={typed}")).await;
        assert!(genuine.body.contains("Genuine: RF-000001") && genuine.body.contains("CNY\u{a0}35.05"));
        let other = if code.starts_with('0') { '1' } else { '0' };
        for wrong in [
            format!("/verify?number=RF-1&code={other}{}", &code[1..]),
            format!("/verify?number=RC-1&code={code}"),
            format!("/verify?number=RF-2&code={code}"),
            "/verify?number=RF-1&code=".to_owned(),
            "/verify?number=%3Cscript%3E&code=1".to_owned(),
        ] {
            let page = desk.get(&wrong).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("do not belong together"), "{wrong}");
            assert!(!page.body.contains("CNY\u{a0}35.05") && !page.body.contains("<script>"), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_receipt_whose_sale_was_taken_back_since_is_called_invalid() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let house = &office.house;
        let request = house.request(&house.rooms[0], SaleInput::Amount(5_000)).await;
        let sale = house.perform(&house.actor("desk").await, request).await.unwrap();
        let (mut desk, sale) = (office.signed_in("desk").await, format!("/sales/{}", sale.id));
        print(&mut desk, &sale, "print").await;
        let code = |body: &str| {
            body.split_once("Verification code <b>").unwrap().1.split_once('<').unwrap().0.to_owned()
        };
        let before = desk.get("/documents/receipt/1").await.body;
        assert!(!before.contains("not valid any more"));
        let key = desk.get(&format!("{sale}/void")).await.hidden("key");
        let fields = [("key", key.as_str()), ("reason", "wrong room")];
        assert_eq!(desk.post(&format!("{sale}/void"), &fields).await.location(), sale);
        for page in ["/documents/receipt/1".to_owned(), format!("/verify?number=RC-1&code={}", code(&before))]
        {
            let body = desk.get(&page).await.body;
            assert!(body.contains("not valid any more"), "{body}");
            assert!(body.contains("RC-000001") && body.contains(&code(&before)), "the paper stays as it was");
        }
    })
    .await;
}

#[tokio::test]
async fn many_originals_come_in_one_file_and_those_handed_out_are_left_out() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let statements = (0..5).map(|_| papers::samples(3).remove(1)).collect();
        issue_all(&office.house.db, statements, Lang::Zh).await;
        let mut desk = office.signed_in("desk").await;
        let key = desk.get("/documents/refund-statement/2").await.hidden("key");
        let fields = [("key", key.as_str()), ("to", "pdf")];
        let one = desk.post("/documents/refund-statement/2/original", &fields).await;
        is_pdf(&desk.get(one.location()).await, "RF-000002");
        let key = desk.get("/documents?kind=refund-statement").await.hidden("key");
        let batch = [("key", key.as_str()), ("from", "RF-1"), ("to", "5"), ("what", "originals")];
        let all = desk.post("/documents/refund-statement/originals", &batch).await;
        assert_eq!(all.status, StatusCode::SEE_OTHER, "{}", all.body);
        let originals = desk.get(all.location()).await;
        is_pdf(&originals, "RF-000001_RF-000005");
        let copies = desk.get("/documents/refund-statement.pdf?numbers=1-5").await;
        is_pdf(&copies, "RF-000001_RF-000005");
        assert_ne!(originals.body, copies.body);
        // As the page of a print run lists them.
        let few = desk.get("/documents/refund-statement.pdf?numbers=1-2,4").await;
        is_pdf(&few, "RF-000001_RF-000004");
        assert!(few.body.len() < copies.body.len());
        let key = desk.get("/documents?kind=refund-statement").await.hidden("key");
        let listed = [("key", key.as_str()), ("numbers", "1-2,4"), ("what", "copies")];
        let listed = desk.post("/documents/refund-statement/originals", &listed).await;
        assert_eq!(listed.location(), "/documents/refund-statement.pdf?numbers=1-2,4");
        // Everything is handed out: nothing is left for a second run.
        let key = desk.get("/documents?kind=refund-statement").await.hidden("key");
        let batch = [("key", key.as_str()), ("from", "1"), ("to", "5"), ("what", "originals")];
        let none = desk.post("/documents/refund-statement/originals", &batch).await;
        assert_eq!(desk.get(none.location()).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn wrong_numbers_come_back_with_what_was_typed() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        issue_all(&office.house.db, vec![papers::samples(3).remove(1)], Lang::En).await;
        let mut desk = office.signed_in("desk").await;
        for (from, to, message) in [
            ("", "1", "Write a number"),
            ("RC-1", "1", "Write a number"),
            ("-1", "1", "Write a number"),
            ("2", "1", "must not be smaller"),
            ("1", "1001", "at most 1000"),
            ("7", "9", "no documents with these numbers"),
        ] {
            let fields = [("key", "12345678"), ("from", from), ("to", to), ("what", "copies")];
            let page = desk.post("/documents/refund-statement/originals", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} {to}");
            assert!(page.body.contains(message), "{message}: {}", page.body);
            assert!(page.body.contains(&format!("value=\"{to}\"")), "{to} is lost");
        }
        for lost in [
            "/documents/refund-statement/9",
            "/documents/refund-statement/x",
            "/documents/refund-statement/9.pdf",
            "/documents/paper/1",
            "/documents/refund-statement.pdf?numbers=9-9",
            "/documents/refund-statement.pdf?numbers=",
            "/documents/refund-statement.pdf?numbers=2-1",
            "/documents/refund-statement.pdf?numbers=1-9999999",
            "/documents/refund-statement",
        ] {
            assert_eq!(desk.get(lost).await.status, StatusCode::NOT_FOUND, "{lost}");
        }
    })
    .await;
}

#[tokio::test]
async fn reports_are_for_managers_and_a_shift_for_its_cashier() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let house = &office.house;
        issue_all(&house.db, papers::samples(3), Lang::En).await;
        let mut desk = office.signed_in("desk").await;
        let mut manager = office.signed_in("manager").await;
        for kind in ["subsidy-report", "shift-report", "sales-report"] {
            for page in [format!("/documents?kind={kind}"), format!("/documents/{kind}/1")] {
                assert_eq!(desk.get(&page).await.status, StatusCode::FORBIDDEN, "{page}");
                assert_eq!(manager.get(&page).await.status, StatusCode::OK, "{page}");
            }
        }
        sold(&office).await;
        let (shift, own) = (house.shift().await, house.desk_shift().await);
        house.close_shift(&house.cashier, &shift, 4_990).await;
        let key = manager.get(&format!("/shifts/{shift}")).await.hidden("key");
        let issued = manager.post(&format!("/shifts/{shift}/report"), &[("key", &key)]).await;
        assert_eq!(issued.location(), "/documents/shift-report/2", "{}", issued.body);
        let report = manager.get(issued.location()).await;
        assert!(
            report.body.contains("Shift report") && report.body.contains("CNY\u{a0}49.90"),
            "{}",
            report.body
        );
        assert_eq!(
            desk.post(&format!("/shifts/{shift}/report"), &[("key", &key)]).await.status,
            StatusCode::FORBIDDEN
        );
        // An open shift has no report yet.
        let key = house.key();
        let open = desk.post(&format!("/shifts/{own}/report"), &[("key", key.as_str())]).await;
        assert_eq!(open.location(), format!("/shifts/{own}"));
    })
    .await;
}

#[tokio::test]
async fn the_sales_of_a_day_and_a_month_agree_with_the_books() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        sold(&office).await;
        let mut manager = office.signed_in("manager").await;
        for (page, of) in [("/reports/day-end", "2026-09-01"), ("/reports/sales", "2026-09")] {
            let page = manager.get(page).await;
            assert_eq!(page.hidden("of"), of);
            let fields = [("key", page.hidden("key")), ("of", of.to_owned())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            let issued = manager.post("/reports/sales/document", &fields).await;
            assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.body);
            assert_eq!(manager.post("/reports/sales/document", &fields).await.location(), issued.location());
            let report = manager.get(issued.location()).await;
            assert!(report.body.contains("agree to the cent"), "{}", report.body);
            assert!(report.body.contains("CNY\u{a0}50.00"), "{}", report.body);
        }
        let wrong = manager.post("/reports/sales/document", &[("key", "12345678"), ("of", "tomorrow")]).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn the_letterhead_stands_on_what_is_issued_from_then_on() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let (first, second) = (sold(&office).await, sold(&office).await);
        let before = print(&mut boss, &first, "print").await;
        let key = boss.get("/installation/letterhead").await.hidden("key");
        let long = "x".repeat(81);
        let refused = boss.post("/installation/letterhead", &[("key", &key), ("line1", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let lines =
            [("key", key.as_str()), ("line1", "1 College Road 学院路 <1> 号"), ("line3", "Tel. 8888")];
        let saved = boss.post("/installation/letterhead", &lines).await;
        assert_eq!(saved.location(), "/installation/letterhead?saved=1", "{}", saved.body);
        let after = print(&mut boss, &second, "print").await;
        let (old, new) = (boss.get(before.location()).await, boss.get(after.location()).await);
        assert!(!old.body.contains("Tel. 8888") && new.body.contains("Tel. 8888"));
        assert!(new.body.contains("学院路 &#60;1&#62; 号"), "{}", new.body);
        assert_eq!(tags(&new.body, "h1").len(), 1);
    })
    .await;
}
