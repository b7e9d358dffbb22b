//! A rule's month being granted: how far it has come. Whoever works on it holds its row, so servers take turns.

use domain::ids::{RoomId, RuleId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    /// The rule.
    pub rule_id: RuleId,
    /// The rule's name.
    pub rule_name: String,
    /// The month, such as `2026-09`.
    pub period: String,
    /// Its first instant.
    pub month_from_ms: i64,
    /// The next month's.
    pub month_until_ms: i64,
    /// When it was due.
    pub due_ms: i64,
    /// When it began.
    pub started_ms: i64,
    /// Who began it; `None` by itself.
    pub started_name: Option<String>,
    /// Rooms to look at.
    pub rooms_total: i64,
    /// Rooms looked at.
    pub rooms_seen: i64,
    /// Rooms that got something.
    pub rooms_granted: i64,
    /// What they got, in Wh.
    pub energy_wh: i64,
    /// What that is worth, in minor units.
    pub amount_minor: i64,
    /// When it ended.
    pub finished_ms: Option<i64>,
    /// Those who moved in before are done, site time.
    pub newcomers_ms: i64,
    /// When what was left of the month before had lapsed for every room.
    pub lapsed_ms: Option<i64>,
}

/// A run to begin.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The rule.
    pub rule_id: RuleId,
    /// The month.
    pub period: String,
    /// Its first instant, and those of its other days.
    pub days_ms: Vec<i64>,
    /// The next month's first instant.
    pub month_until_ms: i64,
    /// When it is due.
    pub due_ms: i64,
    /// Now, site time.
    pub started_ms: i64,
    /// A user, or `system`.
    pub started_by: String,
}

macro_rules! run_where {
    ($rest:literal) => {
        concat!(
            "SELECT n.rule_id, a.name AS rule_name, n.period, n.month_from_ms, n.month_until_ms, n.due_ms, n.started_ms,
                    u.display_name AS started_name, n.rooms_total, n.rooms_seen, n.rooms_granted, n.energy_wh,
                    n.amount_minor, n.finished_ms, n.newcomers_ms, n.lapsed_ms
             FROM allowance_runs n JOIN allowance_rules a ON a.id = n.rule_id
             LEFT JOIN users u ON u.id = n.started_by ",
            $rest
        )
    };
}

/// One run.
pub async fn get(conn: &mut AnyConnection, rule: &RuleId, period: &str) -> Result<Option<Run>, DbError> {
    Ok(sql_as!(Run, run_where!("WHERE n.rule_id = $1 AND n.period = $2"), rule.as_str(), period)
        .fetch_optional(conn)
        .await?)
}

/// The latest runs, the newest first.
pub async fn latest(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Run>, DbError> {
    Ok(sql_as!(Run, run_where!("ORDER BY n.period DESC, a.name LIMIT $1"), limit).fetch_all(conn).await?)
}

/// Runs that have not come to their end.
pub async fn unfinished(conn: &mut AnyConnection) -> Result<Vec<Run>, DbError> {
    Ok(sql_as!(Run, run_where!("WHERE n.finished_ms IS NULL ORDER BY n.period, a.name"))
        .fetch_all(conn)
        .await?)
}

/// Runs of a month that have.
pub async fn finished_of(conn: &mut AnyConnection, period: &str) -> Result<Vec<Run>, DbError> {
    Ok(sql_as!(Run, run_where!("WHERE n.finished_ms IS NOT NULL AND n.period = $1 ORDER BY a.name"), period)
        .fetch_all(conn)
        .await?)
}

/// When the days of a month begin; a month is written once.
pub async fn put_days(conn: &mut AnyConnection, period: &str, days_ms: &[i64]) -> Result<(), DbError> {
    for from_ms in days_ms {
        sql!(
            "INSERT INTO allowance_days (period, from_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            period,
            *from_ms,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Whether the days of a month are written.
pub async fn has_days(conn: &mut AnyConnection, period: &str) -> Result<bool, DbError> {
    let row = sql_as!((i64,), "SELECT from_ms FROM allowance_days WHERE period = $1 LIMIT 1", period)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Begins a run; `false` when there is one.
pub async fn start(conn: &mut AnyConnection, run: &NewRun) -> Result<bool, DbError> {
    put_days(conn, &run.period, &run.days_ms).await?;
    let done = sql!(
        "INSERT INTO allowance_runs (rule_id, period, month_from_ms, month_until_ms, due_ms, started_ms, started_by,
                                     rooms_total)
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                CAST($6 AS BIGINT), CAST($7 AS TEXT), COUNT(*) FROM rooms WHERE 1 = 1
         ON CONFLICT (rule_id, period) DO NOTHING",
        run.rule_id.as_str(),
        run.period.as_str(),
        run.days_ms.first().copied().unwrap_or(run.due_ms),
        run.month_until_ms,
        run.due_ms,
        run.started_ms,
        run.started_by.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Looks at every room again: those that got nothing may get something now. Nobody gets twice.
pub async fn restart(conn: &mut AnyConnection, rule: &RuleId, period: &str) -> Result<(), DbError> {
    sql!(
        "UPDATE allowance_runs SET after_room = '', rooms_seen = 0, finished_ms = NULL,
             rooms_total = (SELECT COUNT(*) FROM rooms)
         WHERE rule_id = $1 AND period = $2 AND finished_ms IS NOT NULL",
        rule.as_str(),
        period,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Holds the month until the transaction ends: rules never meet in a room.
pub async fn hold_month(conn: &mut AnyConnection, period: &str) -> Result<(), DbError> {
    sql!(
        "INSERT INTO allowance_months (period, granting) VALUES ($1, 1)
         ON CONFLICT (period) DO UPDATE SET granting = allowance_months.granting + 1",
        period,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The last room that an unfinished run has looked at (empty at first); holds the run until the transaction ends.
/// `None` once it is finished.
pub async fn hold(conn: &mut AnyConnection, rule: &RuleId, period: &str) -> Result<Option<String>, DbError> {
    let row = sql_as!(
        (String,),
        "UPDATE allowance_runs SET rooms_seen = rooms_seen
         WHERE rule_id = $1 AND period = $2 AND finished_ms IS NULL RETURNING after_room",
        rule.as_str(),
        period,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(after,)| after))
}

/// The last of the next `limit` rooms beyond `after`, and how many they are; `None` when there are no more.
pub async fn next_rooms(
    conn: &mut AnyConnection,
    after: &str,
    limit: i64,
) -> Result<Option<(RoomId, i64)>, DbError> {
    let (last, rooms) = sql_as!(
        (Option<RoomId>, i64),
        "SELECT MAX(id), COUNT(*) FROM (SELECT id FROM rooms WHERE id > $1 ORDER BY id LIMIT $2) n",
        after,
        limit,
    )
    .fetch_one(conn)
    .await?;
    Ok(last.map(|last| (last, rooms)))
}

/// What a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Rooms looked at.
    pub rooms_seen: i64,
    /// Rooms that got something.
    pub rooms_granted: i64,
    /// What they got, in Wh.
    pub energy_wh: i64,
    /// What that is worth, in minor units.
    pub amount_minor: i64,
}

/// Moves a run on; without a last room it is finished at `now_ms`.
pub async fn advance(
    conn: &mut AnyConnection,
    (rule, period): (&RuleId, &str),
    last: Option<&RoomId>,
    came: Came,
    now_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "UPDATE allowance_runs SET after_room = COALESCE($3, after_room), rooms_seen = rooms_seen + $4,
             rooms_granted = rooms_granted + $5, energy_wh = energy_wh + $6, amount_minor = amount_minor + $7,
             finished_ms = CASE WHEN $3 IS NULL THEN CAST($8 AS BIGINT) ELSE finished_ms END,
             newcomers_ms = CASE WHEN $3 IS NULL AND newcomers_ms = 0 THEN started_ms ELSE newcomers_ms END
         WHERE rule_id = $1 AND period = $2",
        rule.as_str(),
        period,
        last.map(RoomId::as_str),
        came.rooms_seen,
        came.rooms_granted,
        came.energy_wh,
        came.amount_minor,
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes what newcomers got after a run was finished.
pub async fn add_newcomers(
    conn: &mut AnyConnection,
    (rule, period): (&RuleId, &str),
    came: Came,
) -> Result<(), DbError> {
    sql!(
        "UPDATE allowance_runs SET rooms_granted = rooms_granted + $3, energy_wh = energy_wh + $4,
             amount_minor = amount_minor + $5
         WHERE rule_id = $1 AND period = $2",
        rule.as_str(),
        period,
        came.rooms_granted,
        came.energy_wh,
        came.amount_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that those who moved in before `until_ms` are done.
pub async fn seen_newcomers(
    conn: &mut AnyConnection,
    rule: &RuleId,
    period: &str,
    until_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "UPDATE allowance_runs SET newcomers_ms = $3 WHERE rule_id = $1 AND period = $2",
        rule.as_str(),
        period,
        until_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Rooms beyond `after`, in the order of their ids, whose residents moved in at or after `since_ms` and that have no grant
/// of the month yet.
pub async fn newcomers(
    conn: &mut AnyConnection,
    period: &str,
    since_ms: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<RoomId>, DbError> {
    let rows = sql_as!(
        (RoomId,),
        "SELECT t.room_id FROM tenancies t WHERE t.opened_ms >= $1 AND t.closed_ms IS NULL
           AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.room_id = t.room_id AND g.period = $2) AND t.room_id > $3
         ORDER BY t.room_id LIMIT $4",
        since_ms,
        period,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(room,)| room).collect())
}

/// Credit settings, as stored, that are wanted anywhere and not looked at yet.
pub async fn unknown_credit_settings(conn: &mut AnyConnection) -> Result<Vec<String>, DbError> {
    let rows = sql_as!(
        (String,),
        "SELECT DISTINCT s.content FROM household_settings s WHERE s.block = 0
           AND NOT EXISTS (SELECT 1 FROM hoarding_limits l WHERE l.content = s.content)",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(content,)| content).collect())
}

/// Notes the most that credit settings let a room hold, in Wh.
pub async fn put_hoarding_limit(
    conn: &mut AnyConnection,
    content: &str,
    limit_wh: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO hoarding_limits (content, limit_wh) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        content,
        limit_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}
