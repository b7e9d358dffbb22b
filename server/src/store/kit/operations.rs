//! Operations: the idempotency key and audit row of every write a person makes.

use domain::ids::OperationId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// One operation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Its id.
    pub id: OperationId,
    /// The key the form carried.
    pub idempotency_key: String,
    /// What was done: `sell`, `switch-supply`, …
    pub verb: String,
    /// SHA-256 of the request, in hex.
    pub request_hash: String,
    /// The kind of actor: `staff`, `resident`, `provider` or `schedule`.
    pub actor_kind: String,
    /// Who did it: the id of a user or a resident, a provider's name, or the house's.
    pub actor_id: String,
    /// Their name when they did it.
    pub actor_name: String,
    /// When, site time.
    pub at_ms: i64,
    /// What it was done to: the id of a room, a meter, the site.
    pub subject: String,
}

/// Writes `row`; `false` when its key stands there already.
pub async fn insert(conn: &mut AnyConnection, row: &Row) -> Result<bool, DbError> {
    let done = sql!(
        "INSERT INTO operations (id, idempotency_key, verb, request_hash, actor_kind, actor_id, actor_name, at_ms,
             subject)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (idempotency_key) DO NOTHING",
        row.id.as_str(),
        row.idempotency_key.as_str(),
        row.verb.as_str(),
        row.request_hash.as_str(),
        row.actor_kind.as_str(),
        row.actor_id.as_str(),
        row.actor_name.as_str(),
        row.at_ms,
        row.subject.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The operation that used `key`.
pub async fn by_key(conn: &mut AnyConnection, key: &str) -> Result<Option<Row>, DbError> {
    let row = sql_as!(
        Row,
        "SELECT id, idempotency_key, verb, request_hash, actor_kind, actor_id, actor_name, at_ms, subject
         FROM operations WHERE idempotency_key = $1",
        key,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}
