//! Free electricity that lapses: whose, and what is written of it.

use domain::ids::{HouseholdId, RoomId, RuleId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A month that is over, for a rule.
#[derive(Clone, Debug)]
pub struct Over {
    /// The rule.
    pub rule: RuleId,
    /// The month whose rest lapses.
    pub period: String,
    /// The month after it: what it granted does not lapse.
    pub next_period: String,
    /// When the next month's was due.
    pub due_ms: i64,
    /// What may be left, in Wh.
    pub stays_wh: i64,
}

/// Somebody who may have more left than may stay, as far as it is known before their use is recognised.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Left {
    /// The room.
    pub room_id: RoomId,
    /// The household that serves it.
    pub household_id: HouseholdId,
    /// Whose.
    pub tenancy_id: TenancyId,
    /// 1 when the meter has been read since the month was over: before that nobody knows what is left.
    pub read: i64,
    /// Granted to them up to the end of the month, in Wh.
    pub granted_wh: i64,
}

/// Those beyond the room `after`, in the order of room ids.
pub async fn left(
    conn: &mut AnyConnection,
    over: &Over,
    after: &str,
    limit: i64,
) -> Result<Vec<Left>, DbError> {
    let rows = sql_as!(
        Left,
        "SELECT l.room_id, l.household_id, l.tenancy_id, l.read, l.granted_wh FROM (
             SELECT g.room_id, g.household_id, g.tenancy_id,
                    CASE WHEN hr.epoch = g.epoch AND hr.seen_ms >= $4 THEN 1 ELSE 0 END AS read,
                    CAST(COALESCE((SELECT SUM(x.energy_wh) FROM grants x WHERE x.tenancy_id = g.tenancy_id
                        AND x.at_ms < $4 AND x.period <> $3), 0) AS BIGINT) AS granted_wh,
                    COALESCE(p.subsidy_taken_wh, 0) AS taken_wh
             FROM rooms r JOIN grants g ON g.room_id = r.id AND g.period = $2
             JOIN credit_accounts c ON c.household_id = g.household_id AND c.tenancy_id = g.tenancy_id
             JOIN tenancies t ON t.id = g.tenancy_id AND t.closed_ms IS NULL
             LEFT JOIN household_reports hr ON hr.household_id = c.household_id
             LEFT JOIN purses p ON p.tenancy_id = g.tenancy_id
             WHERE g.rule_id = $1 AND r.id > $6) l
         WHERE l.granted_wh - l.taken_wh > $5 ORDER BY l.room_id LIMIT $7",
        over.rule.as_str(),
        over.period.as_str(),
        over.next_period.as_str(),
        over.due_ms,
        over.stays_wh,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Months of rules that were granted and whose rest was not looked at for good, where it is time to look (again).
pub async fn open(conn: &mut AnyConnection, now_ms: i64) -> Result<Vec<(RuleId, String)>, DbError> {
    let rows = sql_as!(
        (RuleId, String),
        "SELECT rule_id, period FROM allowance_runs
         WHERE lapsed_ms IS NULL AND finished_ms IS NOT NULL AND lapse_again_ms <= $1 ORDER BY period, rule_id",
        now_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Notes that the rest of a month was looked at: for good (`again_ms` is `None`), or to be looked at again.
pub async fn looked(
    conn: &mut AnyConnection,
    (rule, period): (&RuleId, &str),
    now_ms: i64,
    again_ms: Option<i64>,
) -> Result<(), DbError> {
    sql!(
        "UPDATE allowance_runs SET lapse_again_ms = COALESCE($4, lapse_again_ms),
             lapsed_ms = CASE WHEN $4 IS NULL THEN CAST($3 AS BIGINT) END
         WHERE rule_id = $1 AND period = $2",
        rule.as_str(),
        period,
        now_ms,
        again_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
