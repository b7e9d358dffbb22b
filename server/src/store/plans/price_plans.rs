//! Price plans: what a group of rooms pays from a moment on.

use domain::ids::{GroupId, PriceId, RoomId, UserId};
use domain::tariff::Tariff;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// The group that rooms are in before anybody places them.
pub const DEFAULT_GROUP: &str = "default";

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Plan {
    /// Its id.
    pub id: PriceId,
    /// Who pays by it; `None` for a draft.
    pub group_id: Option<GroupId>,
    /// The tariff, as stored.
    pub terms: String,
    /// From when, site time; `None` for a draft.
    pub from_ms: Option<i64>,
}

impl Plan {
    /// Its tariff.
    ///
    /// # Errors
    /// [`DbError::Corrupt`].
    pub fn tariff(&self) -> Result<Tariff, DbError> {
        tariff(&self.terms)
    }
}

/// A tariff as stored.
///
/// # Errors
/// [`DbError::Corrupt`].
pub fn tariff(terms: &str) -> Result<Tariff, DbError> {
    terms.parse().map_err(|_| DbError::Corrupt(format!("tariff {terms:?}")))
}

/// What a group pays at `at_ms`: its own plan, or that of the default group. `None` before any price was set.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`].
pub async fn of_group(
    conn: &mut AnyConnection,
    group: &GroupId,
    at_ms: i64,
) -> Result<Option<Tariff>, DbError> {
    let (terms,) = sql_as!(
        (Option<String>,),
        "SELECT COALESCE((SELECT terms FROM price_plans WHERE group_id = $1 AND from_ms <= $2
                          ORDER BY from_ms DESC LIMIT 1),
                         (SELECT terms FROM price_plans WHERE group_id = 'default' AND from_ms <= $2
                          ORDER BY from_ms DESC LIMIT 1))",
        group.as_str(),
        at_ms,
    )
    .fetch_one(conn)
    .await?;
    terms.as_deref().map(tariff).transpose()
}

/// The plan of its own that a group pays by at `at_ms`.
pub async fn own_of_group(
    conn: &mut AnyConnection,
    group: &GroupId,
    at_ms: i64,
) -> Result<Option<Plan>, DbError> {
    Ok(sql_as!(
        Plan,
        "SELECT id, group_id, terms, from_ms FROM price_plans WHERE group_id = $1 AND from_ms <= $2
         ORDER BY from_ms DESC LIMIT 1",
        group.as_str(),
        at_ms,
    )
    .fetch_optional(conn)
    .await?)
}

/// The plans of its own that a group pays by from `now_ms` on: that of now, if it has one, and those to come.
pub async fn from_now_on(
    conn: &mut AnyConnection,
    group: &GroupId,
    now_ms: i64,
) -> Result<Vec<Plan>, DbError> {
    Ok(sql_as!(
        Plan,
        "SELECT id, group_id, terms, from_ms FROM price_plans WHERE group_id = $1
           AND from_ms >= COALESCE((SELECT MAX(from_ms) FROM price_plans WHERE group_id = $1 AND from_ms <= $2), $2)
         ORDER BY from_ms",
        group.as_str(),
        now_ms,
    )
    .fetch_all(conn)
    .await?)
}

/// Takes back a plan that has not begun; `false` when there is none such.
pub async fn withdraw(conn: &mut AnyConnection, id: &PriceId, now_ms: i64) -> Result<bool, DbError> {
    let done = sql!("DELETE FROM price_plans WHERE id = $1 AND from_ms > $2", id.as_str(), now_ms)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// What a room pays at `at_ms`. `None` before any price was set.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`].
pub async fn of_room(conn: &mut AnyConnection, room: &RoomId, at_ms: i64) -> Result<Option<Tariff>, DbError> {
    let (terms,) = sql_as!(
        (Option<String>,),
        "SELECT COALESCE((SELECT p.terms FROM price_plans p JOIN rooms r ON r.group_id = p.group_id
                          WHERE r.id = $1 AND p.from_ms <= $2 ORDER BY p.from_ms DESC LIMIT 1),
                         (SELECT terms FROM price_plans WHERE group_id = 'default' AND from_ms <= $2
                          ORDER BY from_ms DESC LIMIT 1))",
        room.as_str(),
        at_ms,
    )
    .fetch_one(conn)
    .await?;
    terms.as_deref().map(tariff).transpose()
}

/// Every plan, the newest of each group first; drafts last.
pub async fn all(conn: &mut AnyConnection) -> Result<Vec<Plan>, DbError> {
    let rows = sql_as!(
        Plan,
        "SELECT id, group_id, terms, from_ms FROM price_plans
         ORDER BY CASE WHEN from_ms IS NULL THEN 1 ELSE 0 END, from_ms DESC, id DESC",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Adds a plan; without a group it is a draft.
///
/// # Errors
/// A unique violation when another one of the group begins at the same moment.
pub async fn add(
    conn: &mut AnyConnection,
    plan: &Plan,
    tariff: &Tariff,
    by: &UserId,
) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO price_plans (id, group_id, terms, base_per_kwh, from_ms, created_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        plan.id.as_str(),
        plan.group_id.as_ref().map(GroupId::as_str),
        plan.terms.as_str(),
        tariff.base().to_string(),
        plan.from_ms,
        by.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
