//! `check` is quiet about sound books and names every way in which they can be unsound.

use wattwarden::check::check;
use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;

use crate::support::database::for_each_engine;
use crate::support::house::House;

async fn meddle(db: &Db, sql: &'static str) {
    db.open_to_edits().await.unwrap();
    db.write((), move |(), conn| {
        Box::pin(async move {
            sqlx::query::<sqlx::Any>(sql).execute(conn).await?;
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap();
}

async fn house_with_sales(db: Db) -> House {
    let house = House::furnish(db).await;
    for room in &house.rooms[..3] {
        let request = house.request(room, SaleInput::Amount(2000)).await;
        house.perform(&house.cashier, request).await.unwrap();
    }
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sound_books_are_in_order_and_undelivered_credit_is_on_its_way() {
    for_each_engine(|db| async move {
        let house = house_with_sales(db).await;
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
        assert_eq!(report.on_its_way.len(), 3);
        assert_eq!(report.ledgers[0].total, 6000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_unsoundness_is_named() {
    const REPORT: &str = "INSERT INTO household_reports (household_id, seen_ms, epoch, credited_wh, debited_wh, used_wh,
        energy_total_wh, relay_commanded, relay_closed, relay_fault, open_reasons, supply_mode, supply_generation,
        supply_until_s, power_mw, voltage1_mv, voltage2_mv, voltage3_mv, current1_ma, current2_ma, current3_ma,
        power_factor_milli)
        SELECT household_id, 1, epoch, credited_wh + 1, debited_wh, 0, 0, 1, 1, 0, '', 'auto', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM credit_accounts WHERE tenancy_id IS NOT NULL";
    for meddling in [
        "UPDATE transfers SET amount = amount + 1 WHERE ledger = 'money'",
        "UPDATE transfers SET amount = amount - 1 WHERE ledger = 'energy'",
        "DELETE FROM transfers WHERE ledger = 'money'",
        "UPDATE transfers SET debit_account = 'money:cash:somebody' WHERE ledger = 'money'",
        "UPDATE sales SET cashier_id = 'nobody'",
        "UPDATE sales SET household_id = 'nowhere'",
        "UPDATE sales SET energy_wh = energy_wh + 1",
        "UPDATE credit_accounts SET credited_wh = credited_wh + 1 WHERE tenancy_id IS NOT NULL",
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         SELECT id, 7, 'money', 'money:cash:x', 'money:prepaid:x', 1 FROM operations WHERE verb = 'move-in'",
        "UPDATE shifts SET float_minor = 5",
        "UPDATE shifts SET closed_ms = 1, close_operation_id = 'x', counted_minor = 0, expected_minor = 6000",
        "UPDATE sales SET channel = 'bank-transfer', reference = 'B', shift_id = NULL",
        "INSERT INTO voids (id, sale_id, shift_id, reason, actor_id, at_ms, debited_after_wh)
         SELECT MIN(id), MIN(id), MIN(shift_id), 'x', 'x', 1, 0 FROM sales",
        REPORT,
    ] {
        for_each_engine(|db| async move {
            let house = house_with_sales(db).await;
            meddle(&house.db, meddling).await;
            let report = check(&house.db).await.unwrap();
            assert!(!report.clean(), "went unnoticed: {meddling}");
        })
        .await;
    }
}
