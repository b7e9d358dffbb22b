//! The power goes at any write: a trigger on every table of the books lets so many rows pass and then fails the transaction.

use sqlx::AssertSqlSafe;
use wattwarden::db::{Db, DbError};

/// What an operation may write.
const TABLES: [&str; 24] = [
    "operations",
    "transfers",
    "sales",
    "sale_steps",
    "voids",
    "carried_lots",
    "grants",
    "lapses",
    "consumptions",
    "purses",
    "quarantines",
    "shifts",
    "credit_accounts",
    "tenancies",
    "residents",
    "tenancy_residents",
    "departures",
    "settlements",
    "settlement_debts",
    "settlement_shares",
    "payouts",
    "adjustments",
    "documents",
    "document_numbers",
];

/// Writes that pass when nothing is armed.
const FOR_EVER: i64 = i64::MAX / 2;

async fn run(db: &Db, statements: Vec<String>) {
    db.write(statements, |statements, conn| {
        Box::pin(async move {
            for statement in statements {
                sqlx::query::<sqlx::Any>(AssertSqlSafe(statement.clone())).execute(&mut *conn).await?;
            }
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap();
}

/// Lays the triggers, unarmed.
pub async fn prepare(db: &Db) {
    let mut statements = vec![
        "CREATE TABLE crash (armed BIGINT NOT NULL, writes_left BIGINT NOT NULL)".to_owned(),
        format!("INSERT INTO crash (armed, writes_left) VALUES (0, {FOR_EVER})"),
    ];
    if db.engine() != wattwarden::db::Engine::Sqlite {
        statements.push(
            "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF (SELECT armed FROM crash) = 1 THEN
                     UPDATE crash SET writes_left = writes_left - 1;
                     IF (SELECT writes_left FROM crash) < 0 THEN RAISE EXCEPTION 'the power went'; END IF;
                 END IF;
                 RETURN NULL;
             END $$"
                .to_owned(),
        );
    }
    run(db, statements).await;
    also(db, &TABLES).await;
}

/// Lays the triggers on more tables.
pub async fn also(db: &Db, tables: &[&str]) {
    let on_sqlite = db.engine() == wattwarden::db::Engine::Sqlite;
    let mut statements = Vec::new();
    for table in tables {
        for event in ["INSERT", "UPDATE"] {
            let name = format!("crash_{table}_{event}");
            statements.push(if on_sqlite {
                format!(
                    "CREATE TRIGGER {name} AFTER {event} ON {table} WHEN (SELECT armed FROM crash) = 1
                     BEGIN UPDATE crash SET writes_left = writes_left - 1;
                     SELECT RAISE(ABORT, 'the power went') WHERE (SELECT writes_left FROM crash) < 0; END"
                )
            } else {
                format!(
                    "CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION crash()"
                )
            });
        }
    }
    run(db, statements).await;
}

/// From now on a transaction that writes more than `writes` rows fails.
pub async fn after(db: &Db, writes: i64) {
    run(db, vec![format!("UPDATE crash SET armed = 1, writes_left = {writes}")]).await;
}

/// The power is back.
pub async fn over(db: &Db) {
    run(db, vec![format!("UPDATE crash SET armed = 0, writes_left = {FOR_EVER}")]).await;
}

/// How many rows each table has, and what stands in those that are updated: the same before and after what failed.
pub async fn fingerprint(db: &Db) -> Vec<i64> {
    const SUMS: [&str; 4] = [
        "SELECT CAST(COALESCE(SUM(epoch * 7 + credited_wh * 3 + debited_wh), 0) AS BIGINT) FROM credit_accounts",
        "SELECT CAST(COALESCE(SUM(used_wh + paid_taken_wh * 3 + paid_valued_minor * 5 + subsidy_taken_wh * 7
             + subsidy_valued_minor * 11), 0) AS BIGINT) FROM purses",
        "SELECT COUNT(*) FROM quarantines WHERE decision IS NOT NULL",
        "SELECT CAST(COALESCE(SUM(last), 0) AS BIGINT) FROM document_numbers",
    ];
    let mut conn = db.read().await.unwrap();
    let mut figures = Vec::new();
    let counts = TABLES.iter().map(|table| format!("SELECT COUNT(*) FROM {table}"));
    for question in counts.chain(SUMS.map(str::to_owned)) {
        let (figure,) =
            sqlx::query_as::<_, (i64,)>(AssertSqlSafe(question)).fetch_one(&mut *conn).await.unwrap();
        figures.push(figure);
    }
    figures
}
