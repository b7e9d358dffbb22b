//! The database itself refuses to have the past changed, on both engines.

use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::SaleInput;

use crate::support::database::for_each_engine;
use crate::support::house::House;

async fn run(db: &Db, sql: &'static str) -> Result<u64, DbError> {
    db.write((), move |(), conn| {
        Box::pin(async move { Ok(sqlx::query::<sqlx::Any>(sql).execute(conn).await?.rows_affected()) })
    })
    .await
}

/// A row of every table that is written once.
const ROWS: [&str; 6] = [
    "INSERT INTO sale_steps (sale_id, position, energy_wh, amount_minor, price_per_kwh) VALUES ('a', 0, 1, 1, '1')",
    "INSERT INTO voids (id, sale_id, reason, actor_id, at_ms, debited_after_wh) VALUES ('a', 'a', '', 'a', 0, 0)",
    "INSERT INTO carried_lots (operation_id, position, tenancy_id, from_tenancy_id, energy_wh, amount_minor,
         price_per_kwh, at_ms) VALUES ('a', 0, 'a', 'b', 1, 1, '1', 0)",
    "INSERT INTO grants (room_id, period, operation_id, household_id, tenancy_id, epoch, energy_wh, price_per_kwh, at_ms,
         credited_after_wh) VALUES ('a', '2026-09', 'a', 'a', 'a', 1, 1, '1', 0, 0)",
    "INSERT INTO lapses (operation_id, tenancy_id, energy_wh, at_ms) VALUES ('a', 'a', 1, 0)",
    "INSERT INTO consumptions (operation_id, tenancy_id, seen_ms, from_used_wh, to_used_wh, subsidy_wh, paid_wh,
         subsidy_minor, paid_minor) VALUES ('a', 'a', 0, 0, 1, 0, 1, 0, 0)",
];

const EDITS: [&str; 18] = [
    "UPDATE operations SET actor_id = 'somebody'",
    "DELETE FROM operations",
    "UPDATE transfers SET amount = amount + 1",
    "DELETE FROM transfers",
    "UPDATE sales SET amount_minor = amount_minor + 1",
    "DELETE FROM sales",
    "UPDATE sale_steps SET amount_minor = 2",
    "DELETE FROM sale_steps",
    "UPDATE voids SET reason = 'another'",
    "DELETE FROM voids",
    "UPDATE carried_lots SET amount_minor = 2",
    "DELETE FROM carried_lots",
    "UPDATE grants SET energy_wh = 2",
    "DELETE FROM grants",
    "UPDATE lapses SET energy_wh = 2",
    "DELETE FROM lapses",
    "UPDATE consumptions SET seen_ms = 2",
    "DELETE FROM consumptions",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_can_be_neither_edited_nor_deleted() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let request = house.request(&house.rooms[0], SaleInput::Amount(2000)).await;
        house.perform(&house.cashier, request).await.unwrap();
        for row in ROWS {
            assert_eq!(run(&house.db, row).await.unwrap(), 1);
        }
        for edit in EDITS {
            assert!(run(&house.db, edit).await.is_err(), "was taken: {edit}");
        }
        // Every start of the server asks for it again.
        house.db.migrate().await.unwrap();
        assert!(run(&house.db, EDITS[0]).await.is_err());
    })
    .await;
}

/// The statements of the test above are sound: without the protection they are taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_protection_refuses_them() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        house.db.open_to_edits().await.unwrap();
        for row in ROWS {
            run(&house.db, row).await.unwrap();
        }
        for edit in EDITS.iter().filter(|edit| !edit.contains("operations")) {
            run(&house.db, edit).await.unwrap();
        }
    })
    .await;
}
