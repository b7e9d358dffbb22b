//! `check` names each way in which lots, purses, use and grants can disagree with the transfers, by its own question.

use wattwarden::check::check;
use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;

use crate::support::database::for_each_engine;
use crate::support::house::House;

async fn run(db: &Db, statements: &[&'static str]) {
    for statement in statements {
        let statement: &'static str = statement;
        db.write((), move |(), conn| {
            Box::pin(async move {
                sqlx::query::<sqlx::Any>(statement).execute(conn).await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
    }
}

/// A free lot of 5 kWh of which a part lapses, a sale of 20 kWh taken back, and one that came along from another room,
/// as their operations leave them.
const HISTORY: [&str; 14] = [
    "INSERT INTO operations (id, idempotency_key, verb, request_hash, actor_kind, actor_id, actor_name, at_ms, subject)
     VALUES ('op-grant', 'op-grant', 'grant', '', 'schedule', 'system', 'test', 0, ''), ('op-void', 'op-void', 'void', '', 'schedule', 'system', 'test', 0, ''),
            ('op-lapse', 'op-lapse', 'lapse', '', 'schedule', 'system', 'test', 0, ''), ('op-carry', 'op-carry', 'carry', '', 'schedule', 'system', 'test', 0, '')",
    "INSERT INTO grants (room_id, period, operation_id, household_id, tenancy_id, epoch, energy_wh, price_per_kwh, at_ms,
         credited_after_wh) SELECT room_id, '2026-09', 'op-grant', id, tenancy_id, epoch, 5000, '0.5', 0, 0
     FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 0",
    "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
     SELECT 'op-grant', 0, 'energy', 'energy:granted', 'energy:subsidy:' || tenancy_id, 5000
     FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 0",
    "UPDATE credit_accounts SET credited_wh = credited_wh + 5000 WHERE household_id = (SELECT id FROM outlets WHERE position = 0)",
    // The first sale of the third room is taken back.
    "INSERT INTO voids (id, sale_id, shift_id, reason, actor_id, at_ms, debited_after_wh)
     SELECT 'op-void', s.id, s.shift_id, 'typing error', '', 0, s.energy_wh
     FROM sales s JOIN outlets h ON h.id = s.household_id WHERE h.position = 2 ORDER BY s.id LIMIT 1",
    "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
     SELECT 'op-void', t.position, t.ledger, t.credit_account, t.debit_account, t.amount
     FROM transfers t JOIN voids v ON v.sale_id = t.operation_id",
    "UPDATE credit_accounts SET debited_wh = 20000 WHERE household_id = (SELECT id FROM outlets WHERE position = 2)",
    "INSERT INTO lapses (operation_id, tenancy_id, energy_wh, at_ms)
     SELECT 'op-lapse', tenancy_id, 1000, 0 FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 0",
    "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
     SELECT 'op-lapse', 0, 'energy', 'energy:subsidy:' || tenancy_id, 'energy:lapsed', 1000
     FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 0",
    "UPDATE credit_accounts SET debited_wh = 1000 WHERE household_id = (SELECT id FROM outlets WHERE position = 0)",
    "INSERT INTO purses (tenancy_id, used_wh, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor)
     SELECT tenancy_id, 0, 1000, 50, 0, 0 FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 0",
    // A part of what is left in the third room goes along to the second one.
    "INSERT INTO carried_lots (operation_id, position, tenancy_id, from_tenancy_id, energy_wh, amount_minor, price_per_kwh,
         at_ms) SELECT 'op-carry', 0, h.tenancy_id, o.tenancy_id, 700, 38, '0.5469', 0
     FROM credit_accounts h, credit_accounts o WHERE h.household_id = (SELECT id FROM outlets WHERE position = 1)
       AND o.household_id = (SELECT id FROM outlets WHERE position = 2)",
    "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
     SELECT 'op-carry', 0, 'energy', 'energy:purse:' || o.tenancy_id, 'energy:purse:' || h.tenancy_id, 700
     FROM credit_accounts h, credit_accounts o WHERE h.household_id = (SELECT id FROM outlets WHERE position = 1)
       AND o.household_id = (SELECT id FROM outlets WHERE position = 2)
     UNION ALL
     SELECT 'op-carry', 1, 'money', 'money:prepaid:' || o.tenancy_id, 'money:prepaid:' || h.tenancy_id, 38
     FROM credit_accounts h, credit_accounts o WHERE h.household_id = (SELECT id FROM outlets WHERE position = 1)
       AND o.household_id = (SELECT id FROM outlets WHERE position = 2)",
    "UPDATE credit_accounts SET credited_wh = credited_wh + 700 WHERE household_id = (SELECT id FROM outlets WHERE position = 1)",
];
/// What the room that the lot came from had taken out of its purse.
const LEFT: [&str; 2] = [
    "INSERT INTO purses (tenancy_id, used_wh, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor)
     SELECT tenancy_id, 0, 0, 0, 700, 38 FROM outlets JOIN credit_accounts ON household_id = id WHERE position = 2",
    "UPDATE credit_accounts SET debited_wh = debited_wh + 700 WHERE household_id = (SELECT id FROM outlets WHERE position = 2)",
];

async fn house_with_a_history(db: Db) -> House {
    let house = House::furnish(db).await;
    for room in [&house.rooms[0], &house.rooms[1], &house.rooms[2], &house.rooms[2]] {
        let request = house.request(room, SaleInput::Energy(20_000)).await;
        house.perform(&house.cashier, request).await.unwrap();
    }
    run(&house.db, &HISTORY).await;
    run(&house.db, &LEFT).await;
    house.clock.advance(24 * 3_600_000);
    for (room, used_wh) in house.rooms.iter().zip([10_000, 5_000]) {
        house.meter_says(room, used_wh).await;
    }
    house.run_jobs().await;
    house
}

const USE: &str = "recognised use and the books differ (Wh)";
const ROW: &str = "row and its transfer differ";
const PURSE: &str = "purse and its lots differ (Wh)";
const GRANTS: &str = "purse and its grants differ (Wh)";
const PREPAID: &str = "prepaid money and its lots differ (minor units)";
const VALUE: &str = "taken lots are worth something else (minor units)";
const COST: &str = "cost of free electricity and its use differ (minor units)";
const STEPS: &str = "steps don't make up their sale";
const ORPHAN: &str = "row of an unknown operation, tenancy or sale";
const CAUSE: &str = "transfer without its cause";
const CREDITED: &str = "credited total is not the sum of its purses (Wh)";
const DEBITED: &str = "debited total is not the sum of its purses (Wh)";

/// What is meddled with, and the questions that have to name it.
const MEDDLINGS: [(&str, &[&str]); 24] = [
    ("UPDATE purses SET used_wh = used_wh + 1 WHERE used_wh > 0", &[USE]),
    ("UPDATE purses SET paid_taken_wh = paid_taken_wh + 1 WHERE used_wh > 0", &[PURSE]),
    ("UPDATE purses SET subsidy_taken_wh = subsidy_taken_wh - 1 WHERE subsidy_taken_wh > 0", &[GRANTS]),
    ("UPDATE purses SET paid_valued_minor = paid_valued_minor + 1 WHERE used_wh > 0", &[PREPAID, VALUE]),
    ("UPDATE purses SET subsidy_valued_minor = 1 WHERE subsidy_taken_wh > 0", &[VALUE]),
    ("DELETE FROM purses", &[USE, PURSE, GRANTS, PREPAID]),
    ("UPDATE consumptions SET paid_wh = paid_wh + 1, to_used_wh = to_used_wh + 1", &[ROW]),
    ("UPDATE consumptions SET paid_minor = paid_minor + 1", &[ROW]),
    ("UPDATE consumptions SET subsidy_minor = subsidy_minor + 1", &[COST]),
    ("DELETE FROM consumptions", &[CAUSE]),
    ("UPDATE consumptions SET tenancy_id = 'nobody' WHERE subsidy_wh > 0", &[ORPHAN, ROW]),
    ("UPDATE grants SET energy_wh = energy_wh + 1", &[ROW, GRANTS]),
    ("UPDATE grants SET price_per_kwh = '0.9'", &[VALUE]),
    ("DELETE FROM grants", &[CAUSE, GRANTS]),
    ("UPDATE lapses SET energy_wh = energy_wh + 1", &[ROW]),
    ("DELETE FROM lapses", &[CAUSE]),
    ("DELETE FROM voids", &[CAUSE, PURSE, PREPAID]),
    ("UPDATE voids SET sale_id = 'nothing'", &[ORPHAN]),
    ("UPDATE carried_lots SET amount_minor = amount_minor + 1", &[ROW, PREPAID]),
    ("DELETE FROM carried_lots", &[CAUSE, PURSE]),
    ("DELETE FROM operations WHERE id = 'op-lapse'", &[CAUSE, ORPHAN]),
    (
        "INSERT INTO sale_steps (sale_id, position, energy_wh, amount_minor, price_per_kwh)
         SELECT id, 0, energy_wh - 1, amount_minor, price_per_kwh FROM sales",
        &[STEPS],
    ),
    (
        "UPDATE credit_accounts SET debited_wh = debited_wh + 1 WHERE household_id = (SELECT id FROM outlets WHERE position = 0)",
        &[DEBITED],
    ),
    ("UPDATE transfers SET amount = amount + 1 WHERE operation_id = 'op-grant'", &[CREDITED, GRANTS, ROW]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_history_is_in_order() {
    for_each_engine(|db| async move {
        let house = house_with_a_history(db).await;
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_disagreement_is_named_by_its_question() {
    for_each_engine(|db| async move {
        let house = house_with_a_history(db).await;
        house.db.open_to_edits().await.unwrap();
        for (meddling, questions) in MEDDLINGS {
            let found = meddled(&house.db, meddling).await;
            for question in questions {
                assert!(found.contains(question), "{meddling}: {question} is not in {found:?}");
            }
        }
        assert!(check(&house.db).await.unwrap().clean(), "a meddling was not undone");
    })
    .await;
}

/// The questions that a meddling is found by; it is undone afterwards.
async fn meddled(db: &Db, meddling: &'static str) -> Vec<&'static str> {
    const TABLES: [&str; 10] = [
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
    ];
    let each = async |text: &str| {
        for table in TABLES {
            execute(db, text.replace("{}", table)).await;
        }
    };
    each("CREATE TABLE kept_{} AS SELECT * FROM {}").await;
    execute(db, "CREATE TABLE kept_households AS SELECT * FROM credit_accounts".to_owned()).await;
    execute(db, meddling.to_owned()).await;
    let report = check(db).await.unwrap();
    each("DELETE FROM {}").await;
    each("INSERT INTO {} SELECT * FROM kept_{}").await;
    let back =
        "UPDATE credit_accounts SET credited_wh = k.credited_wh, debited_wh = k.debited_wh FROM kept_households k
                WHERE k.household_id = credit_accounts.household_id";
    execute(db, back.to_owned()).await;
    each("DROP TABLE kept_{}").await;
    execute(db, "DROP TABLE kept_households".to_owned()).await;
    report.wrong.into_iter().filter(|(_, found)| !found.is_empty()).map(|(question, _)| question).collect()
}

async fn execute(db: &Db, text: String) {
    db.write(text, |text, conn| {
        Box::pin(async move {
            sqlx::query::<sqlx::Any>(sqlx::AssertSqlSafe(text.clone())).execute(conn).await?;
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap();
}
