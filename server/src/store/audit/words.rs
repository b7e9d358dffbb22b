//! The words that stand in columns whose words are a closed list. The schema doesn't know the lists: the code does.

use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A word and how often it stands there.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredWord {
    /// Table and column, as `users.role`.
    pub place: String,
    /// The word.
    pub word: String,
    /// In how many rows.
    pub rows: i64,
}

macro_rules! words_of {
    ($($table:literal . $column:literal),+ $(,)?) => {
        concat!(
            $(
                "SELECT '", $table, ".", $column, "' AS place, ", $column, " AS word, COUNT(*) AS rows FROM ", $table,
                " WHERE ", $column, " IS NOT NULL GROUP BY ", $column, " UNION ALL ",
            )+
            "SELECT '' AS place, '' AS word, 0 AS rows WHERE 1 = 0 ORDER BY 1, 2"
        )
    };
}

/// Every word of every such column.
pub async fn stored(conn: &mut AnyConnection) -> Result<Vec<StoredWord>, DbError> {
    const WORDS: &str = words_of!(
        "allowance_rule_kinds"."kind",
        "allowance_rules"."carry",
        "allowance_rules"."first_month",
        "calendar_days"."kind",
        "collectors"."transport",
        "departure_run_items"."state",
        "departure_runs"."split",
        "document_numbers"."kind",
        "document_originals"."kind",
        "documents"."kind",
        "household_details"."resident_release",
        "household_details"."second_reasons",
        "household_reports"."anomaly",
        "household_reports"."open_reasons",
        "household_reports"."signs",
        "household_reports"."supply_mode",
        "job_runs"."state",
        "meter_kinds"."credit",
        "meter_kinds"."features",
        "meter_reports"."status",
        "operations"."actor_kind",
        "outlets"."supply_mode",
        "quarantines"."decision",
        "residents"."kind",
        "settlements"."split",
        "supply_changes"."mode",
        "transfers"."ledger",
        "users"."role",
    );
    Ok(sql_as!(StoredWord, WORDS).fetch_all(conn).await?)
}
