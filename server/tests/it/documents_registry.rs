//! Documents keep their number and their content, and numbers have no gaps, whoever issues at once and whatever fails.

use domain::clock::ManualClock;
use domain::ids::OperationId;
use futures_util::future::join_all;
use paper::content::{Payee, Receipt, RefundStatement, RefundedLot, SetOff, Unequal};
use paper::parts::Moment;
use paper::{Document, Kind};
use proptest::prelude::*;
use wattwarden::db::{Db, DbError};
use wattwarden::store::audit::papers;
use wattwarden::store::papers::documents::{self, NewDocument};
use words::Lang;

use crate::support::database::for_each_engine;

fn receipt(amount_minor: i64) -> Document {
    Document::Receipt(Receipt { amount_minor, ..Receipt::default() })
}

/// Issues a document for `subject`; a transaction that fails afterwards when `fails`.
async fn issue(db: &Db, subject: String, content: Document, fails: bool) -> Result<i64, DbError> {
    let operation = OperationId::new(&ManualClock::at(1_000));
    db.write((operation, subject, content, fails), |(operation, subject, content, fails), conn| {
        Box::pin(async move {
            let new = NewDocument {
                operation,
                content,
                language: Lang::Zh,
                subject,
                label: "North 101",
                issued_by: "somebody",
                issued: Moment { ms: 5, offset_s: 28_800 },
            };
            let number = documents::issue(conn, &new).await?;
            if *fails { Err(DbError::Corrupt("on purpose".into())) } else { Ok(number) }
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_have_no_gaps_whoever_issues_and_whatever_fails() {
    for_each_engine(|db| async move {
        let db = &db;
        let issues =
            (0..60).map(|n| async move { (n, issue(db, format!("sale {n}"), receipt(n), n % 5 == 0).await) });
        let mut numbers = Vec::new();
        for (n, number) in join_all(issues).await {
            assert_eq!(number.is_err(), n % 5 == 0, "{n}: {number:?}");
            numbers.extend(number.ok());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=48).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thing_has_one_document_however_often_it_is_asked_for() {
    for_each_engine(|db| async move {
        let db = &db;
        let same = (0..8).map(|n| issue(db, "sale".into(), receipt(n), false));
        let numbers: Vec<_> = join_all(same).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, [1; 8]);
        assert_eq!(issue(db, "another".into(), receipt(9), false).await.unwrap(), 2);
        let mut conn = db.read().await.unwrap();
        let listed = documents::latest(&mut conn, Kind::Receipt, i64::MAX, 10).await.unwrap();
        assert_eq!(listed.iter().map(|document| document.number).collect::<Vec<_>>(), [2, 1]);
    })
    .await;
}

#[tokio::test]
async fn the_content_comes_back_as_it_was_issued_and_a_changed_one_is_noticed() {
    for_each_engine(|db| async move {
        let content = Document::RefundStatement(RefundStatement { total_minor: 1_234, ..Default::default() });
        let number = issue(&db, "settlement".into(), content.clone(), false).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let found = documents::get(&mut conn, Kind::RefundStatement, number).await.unwrap().unwrap();
        assert_eq!(
            (&found.content, found.language, found.numbered().as_str()),
            (&content, Lang::Zh, "RF-000001")
        );
        assert_eq!(documents::get(&mut conn, Kind::Receipt, number).await.unwrap(), None);
        drop(conn);
        let edited = write(&db, "UPDATE documents SET label = 'another'").await;
        assert!(edited.is_err(), "what was issued can't be edited");
        write(
            &db,
            "INSERT INTO documents (kind, number, operation_id, subject, label, language, layout, content, sha256,
                                    issued_ms, issued_offset_s, issued_by)
             SELECT kind, number + 1, operation_id, 'forged', label, language, layout,
                    REPLACE(content, '1234', '9234'), sha256, issued_ms, issued_offset_s, issued_by FROM documents",
        )
        .await
        .unwrap();
        let mut conn = db.read().await.unwrap();
        let refused = documents::get(&mut conn, Kind::RefundStatement, number + 1).await;
        assert!(matches!(refused, Err(DbError::Corrupt(_))), "{refused:?}");
        let damaged = papers::damaged(&mut conn).await.unwrap();
        assert_eq!(damaged.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["RF-000002"]);
        assert_eq!(papers::gaps(&mut conn).await.unwrap(), []);
        drop(conn);
        write(&db, "UPDATE document_numbers SET last = 5").await.unwrap();
        let mut conn = db.read().await.unwrap();
        let gaps = papers::gaps(&mut conn).await.unwrap();
        assert_eq!(gaps.iter().map(|gap| (gap.expected, gap.found)).collect::<Vec<_>>(), [(5, 2)]);
    })
    .await;
}

async fn write(db: &Db, statement: &'static str) -> Result<(), DbError> {
    db.write(statement, |statement, conn| {
        Box::pin(async move {
            sqlx::query::<sqlx::Any>(*statement).execute(conn).await?;
            Ok::<_, DbError>(())
        })
    })
    .await
}

proptest! {
    #[test]
    fn a_statement_whose_sums_agree_is_taken_and_another_is_not(
        lots in prop::collection::vec(0..100_000_i64, 0..6),
        debt in 0..50_000_i64,
        rounding in -5..=5_i64,
        off in prop_oneof![Just(0_i64), 1..9_i64],
    ) {
        let sum: i64 = lots.iter().sum();
        let owed = (debt - sum - rounding).max(0);
        let total = sum - debt + rounding + owed;
        let statement = RefundStatement {
            refunded: lots.iter().map(|&amount_minor| RefundedLot { amount_minor, ..Default::default() }).collect(),
            set_offs: vec![SetOff { text: "key".into(), amount_minor: debt }],
            rounding_minor: rounding,
            owed_minor: owed,
            total_minor: total,
            payees: vec![Payee { amount_minor: total + off, ..Default::default() }],
            ..Default::default()
        };
        let shares = total + off;
        let expected = if off == 0 { Ok(()) } else { Err(Unequal::Shares { shares, total }) };
        prop_assert_eq!(statement.verify(), expected);
        let wrong = RefundStatement { total_minor: total + 1, ..statement };
        prop_assert_eq!(wrong.verify(), Err(Unequal::Total { lines: total, total: total + 1 }));
    }
}
