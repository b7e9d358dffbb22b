//! What happened can't be edited: triggers refuse UPDATE and DELETE on the tables of the books. A mistake is corrected by
//! an entry that reverses it, and `wattwarden check` can rely on what it reads.
//!
//! Triggers are the one thing that the engines spell differently, so they are not in the migrations.

use sqlx::migrate::{Migrate, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use super::Engine;
use super::error::DbError;

/// Rows of these are written once.
const TABLES: [&str; 18] = [
    "operations",
    "transfers",
    "sales",
    "sale_steps",
    "voids",
    "carried_lots",
    "grants",
    "lapses",
    "consumptions",
    "closings",
    "settlements",
    "settlement_debts",
    "settlement_shares",
    "settlement_approvals",
    "payouts",
    "adjustments",
    "documents",
    "document_originals",
];

/// Held while triggers are changed, so that two servers that start at once don't trip over each other. Any number that
/// nobody else uses.
const POSTGRES_LOCK: i64 = 0x7761_7474;

/// PostgreSQL: what its triggers run. 23000 is an integrity constraint violation.
const POSTGRES_FUNCTION: &str =
    "CREATE OR REPLACE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23000'; END $$";

/// Whether the schema is about to change.
pub(super) async fn migrations_are_due(
    conn: &mut AnyConnection,
    migrator: &Migrator,
) -> Result<bool, DbError> {
    conn.ensure_migrations_table(&migrator.table_name).await.map_err(DbError::Migrate)?;
    let applied = conn.list_applied_migrations(&migrator.table_name).await.map_err(DbError::Migrate)?;
    Ok(migrator.iter().any(|due| applied.iter().all(|done| done.version != due.version)))
}

/// Closes the tables to edits. To do so again changes nothing.
pub(super) async fn install(conn: &mut AnyConnection, engine: Engine) -> Result<(), DbError> {
    let mut statements = vec![];
    if engine == Engine::Postgres {
        statements.push(POSTGRES_FUNCTION.to_owned());
    }
    for table in TABLES {
        for event in ["UPDATE", "DELETE"] {
            statements.push(match engine {
                Engine::Sqlite => format!(
                    "CREATE TRIGGER IF NOT EXISTS {} BEFORE {event} ON {table}
                     BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                    name(table, event),
                ),
                Engine::Postgres => format!(
                    "CREATE OR REPLACE TRIGGER {} BEFORE {event} ON {table}
                     FOR EACH ROW EXECUTE FUNCTION refuse_edit()",
                    name(table, event),
                ),
            });
        }
    }
    run(conn, engine, statements).await
}

/// Opens the tables to edits.
pub(super) async fn lift(conn: &mut AnyConnection, engine: Engine) -> Result<(), DbError> {
    let mut statements = vec![];
    for table in TABLES {
        if !exists(conn, engine, table).await? {
            continue;
        }
        for event in ["UPDATE", "DELETE"] {
            statements.push(match engine {
                Engine::Sqlite => format!("DROP TRIGGER IF EXISTS {}", name(table, event)),
                Engine::Postgres => format!("DROP TRIGGER IF EXISTS {} ON {table}", name(table, event)),
            });
        }
    }
    run(conn, engine, statements).await
}

fn name(table: &str, event: &str) -> String {
    format!("{table}_refuse_{}", event.to_lowercase())
}

async fn exists(conn: &mut AnyConnection, engine: Engine, table: &str) -> Result<bool, DbError> {
    let text = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    Ok(sqlx::query_as::<sqlx::Any, (String,)>(text).bind(table).fetch_optional(conn).await?.is_some())
}

async fn run(conn: &mut AnyConnection, engine: Engine, statements: Vec<String>) -> Result<(), DbError> {
    let mut transaction = conn.begin().await?;
    if engine == Engine::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({POSTGRES_LOCK})");
        transaction.execute(AssertSqlSafe(lock)).await?;
    }
    for statement in statements {
        transaction.execute(AssertSqlSafe(statement)).await?;
    }
    Ok(transaction.commit().await?)
}
