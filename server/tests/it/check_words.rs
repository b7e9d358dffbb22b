//! `check` finds a word that this program does not know, in each column whose words are a closed list.

use wattwarden::check::check;
use wattwarden::db::{Db, DbError};

use crate::support::database::for_each_engine;
use crate::support::house::House;

const UNKNOWN: &str = "word that this program doesn't know (rows)";

/// A column, and how a row with another word comes into it.
const WORDS: [(&str, &str); 27] = [
    (
        "allowance_rules.carry",
        "INSERT INTO allowance_rules (id, name, room_wh, person_wh, carry, carry_wh, first_month, months_off, from_day,
             day, minute, created_ms) VALUES ('a', 'a', 1, 0, 'nonsense', 0, 'whole', 0, 0, 1, 0, 0)",
    ),
    (
        "allowance_rules.first_month",
        "INSERT INTO allowance_rules (id, name, room_wh, person_wh, carry, carry_wh, first_month, months_off, from_day,
             day, minute, created_ms) VALUES ('b', 'b', 1, 0, 'keep', 0, 'nonsense', 0, 0, 1, 0, 0)",
    ),
    (
        "allowance_rule_kinds.kind",
        "INSERT INTO allowance_rule_kinds (rule_id, kind, person_wh) VALUES ('a', 'nonsense', 1)",
    ),
    (
        "calendar_days.kind",
        "INSERT INTO calendar_days (position, from_day, to_day, kind) VALUES (0, 1, 2, 'nonsense')",
    ),
    (
        "collectors.transport",
        "INSERT INTO collectors (id, name, transport, address, enabled, created_ms)
         VALUES ('c', 'c', 'nonsense', '127.0.0.1:1', 0, 0)",
    ),
    (
        "departure_runs.split",
        "INSERT INTO departure_runs (id, label, split, language, actor_id, at_ms) VALUES ('r', '', 'one', 'en', '', 0)",
    ),
    (
        "departure_run_items.state",
        "INSERT INTO departure_run_items (run_id, position, room_id, tenancy_id, state) VALUES ('r', 0, '', '', 'nonsense')",
    ),
    ("document_numbers.kind", "INSERT INTO document_numbers (kind, last) VALUES ('nonsense', 1)"),
    (
        "document_originals.kind",
        "INSERT INTO document_originals (kind, number, operation_id, actor_id, at_ms) VALUES ('nonsense', 1, '', '', 0)",
    ),
    (
        "documents.kind",
        "INSERT INTO documents (kind, number, operation_id, subject, label, language, layout, content, sha256, issued_ms,
             issued_offset_s, issued_by) VALUES ('nonsense', 1, '', '', '', 'en', 1, '{}', '', 0, 0, '')",
    ),
    (
        "household_details.second_reasons",
        "INSERT INTO household_details (household_id, seen_ms, lockouts, second_reasons, second_power_mw,
             second_current_ma, over_current_left_s, over_current_trips, vicious_left_s, vicious_trips,
             second_over_current_left_s, second_over_current_trips, second_vicious_left_s, second_vicious_trips,
             resident_release)
         SELECT household_id, 0, 0, 'nonsense', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '' FROM household_reports",
    ),
    ("household_details.resident_release", "UPDATE household_details SET resident_release = 'nonsense'"),
    ("household_reports.anomaly", "UPDATE household_reports SET anomaly = 'nonsense'"),
    ("household_reports.open_reasons", "UPDATE household_reports SET open_reasons = 'vacant nonsense'"),
    ("household_reports.signs", "UPDATE household_reports SET signs = 'nonsense'"),
    ("household_reports.supply_mode", "UPDATE household_reports SET supply_mode = 'nonsense'"),
    ("meter_kinds.credit", "UPDATE meter_kinds SET credit = 'nonsense'"),
    ("meter_kinds.features", "UPDATE meter_kinds SET features = 'display nonsense'"),
    ("outlets.supply_mode", "UPDATE outlets SET supply_mode = 'nonsense'"),
    (
        "job_runs.state",
        "INSERT INTO job_runs (id, name, occasion, due_ms, created_ms, state) VALUES ('j', 'j', 'j', 0, 0, 'nonsense')",
    ),
    (
        "meter_reports.status",
        "INSERT INTO meter_reports (meter_id, status, at_ms, failures, requests, failed_requests)
         SELECT id, 'nonsense', 0, 0, 0, 0 FROM meters WHERE true
         ON CONFLICT (meter_id) DO UPDATE SET status = excluded.status",
    ),
    (
        "quarantines.decision",
        "INSERT INTO quarantines (id, household_id, tenancy_id, epoch, seen_ms, from_used_wh, to_used_wh, allowed_wh,
             decision) VALUES ('q', 'h', 't', 1, 0, 0, 1, 0, 'nonsense')",
    ),
    ("residents.kind", "UPDATE residents SET kind = 'nonsense'"),
    (
        "settlements.split",
        "INSERT INTO settlements (id, departure_id, tenancy_id, number, used_wh, lapsed_wh, returned_wh, lots_minor,
             set_off_minor, rounding_minor, refund_minor, owed_minor, split, needs_approval, actor_id, at_ms)
         SELECT 's', d.id, d.tenancy_id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 'nonsense', 0, '', 0 FROM departures d",
    ),
    (
        "supply_changes.mode",
        "INSERT INTO supply_changes (id, household_id, mode, reason, generation, actor_id, at_ms)
         SELECT o.id, h.id, 'nonsense', '', 1, u.id, 0 FROM operations o, outlets h, users u ORDER BY o.id LIMIT 1",
    ),
    (
        "transfers.ledger",
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         VALUES ('o', 0, 'nonsense', 'a', 'b', 1)",
    ),
    ("users.role", "UPDATE users SET role = 'nonsense'"),
];

/// A departure for the settlement, and what a meter said.
const BEFORE: &str = "INSERT INTO departures (id, tenancy_id, room_id, epoch, asked_ms, asked_by)
    SELECT 'd', id, room_id, 1, 0, '' FROM tenancies ORDER BY id LIMIT 1";

async fn run(db: &Db, statement: &'static str) {
    let written = db
        .write((), move |(), conn| {
            Box::pin(async move {
                Ok::<_, DbError>(sqlx::query::<sqlx::Any>(statement).execute(conn).await?.rows_affected())
            })
        })
        .await
        .unwrap();
    assert!(written > 0, "wrote nothing: {statement}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_of_no_list_is_found_wherever_it_stands() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        house.meter_says(&house.rooms[0], 1).await;
        run(&house.db, BEFORE).await;
        house.db.open_to_edits().await.unwrap();
        let found = |report: wattwarden::check::Report| {
            let kind = report.wrong.into_iter().find(|(kind, _)| *kind == UNKNOWN).unwrap();
            kind.1.into_iter().map(|one| one.subject).collect::<Vec<_>>()
        };
        assert!(found(check(&house.db).await.unwrap()).is_empty());
        for (place, statement) in WORDS {
            run(&house.db, statement).await;
            let places = found(check(&house.db).await.unwrap());
            assert!(places.iter().any(|one| one == place), "went unnoticed: {place}, of {places:?}");
        }
        assert_eq!(found(check(&house.db).await.unwrap()).len(), WORDS.len());
    })
    .await;
}
