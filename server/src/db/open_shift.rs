//! A sale into a drawer and the count of that drawer exclude each other.
//!
//! The statement that writes a sale looks up the open shift, and a lookup locks nothing: on PostgreSQL a shift could be
//! counted and closed while a sale into it is not committed yet. A trigger holds the shift for the sale, without a round
//! trip of its own; when the shift was closed meanwhile the sale is run again, and finds none. SQLite has one writer.

use sqlx::{AnyConnection, Connection, Executor};

use super::error::DbError;

const FUNCTION: &str =
    "CREATE OR REPLACE FUNCTION hold_open_shift() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 FROM shifts WHERE id = NEW.shift_id AND closed_ms IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the shift was closed meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END
$body$";

const TRIGGER: &str = "CREATE OR REPLACE TRIGGER sales_hold_open_shift BEFORE INSERT ON sales
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION hold_open_shift()";

/// Servers that start together install one after the other.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7290146)";

/// Installs the trigger; again does no harm.
pub(super) async fn install_on_postgres(conn: &mut AnyConnection) -> Result<(), DbError> {
    let mut transaction = conn.begin().await?;
    for statement in [ONE_AT_A_TIME, FUNCTION, TRIGGER] {
        transaction.execute(statement).await?;
    }
    Ok(transaction.commit().await?)
}
