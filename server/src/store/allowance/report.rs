//! What became of free electricity in a span of time: granted, used, lapsed, by rule and building.

use domain::ids::{BuildingId, lowest_at};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};
use crate::store::desk::sales::CLOCKS_APART_MS;

/// A span of time, site time, in ms: from (inclusive) until (exclusive).
pub type Span = (i64, i64);

/// Between which ids the operations of a span lie, however far apart the clocks of two servers are.
fn ids((from_ms, until_ms): Span) -> [String; 2] {
    [lowest_at(from_ms.saturating_sub(CLOCKS_APART_MS)), lowest_at(until_ms.saturating_add(CLOCKS_APART_MS))]
}

/// Grants that are alike.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Granted {
    /// The rule's name; empty by hand.
    pub rule: String,
    /// The building's name.
    pub building: String,
    /// Each of them, in Wh.
    pub energy_wh: i64,
    /// What a kWh was worth, decimal text.
    pub price_per_kwh: String,
    /// How many.
    pub grants: i64,
}

/// What was taken of free electricity.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Taken {
    /// The rule's name; empty where no rule gave anything.
    pub rule: String,
    /// The building's name.
    pub building: String,
    /// In Wh.
    pub energy_wh: i64,
    /// What it is worth, in minor units.
    pub amount_minor: i64,
}

/// Granted in a span, in one building or in all.
pub async fn granted(
    conn: &mut AnyConnection,
    span: Span,
    building: Option<&BuildingId>,
) -> Result<Vec<Granted>, DbError> {
    let [first, last] = ids(span);
    let rows = sql_as!(
        Granted,
        "SELECT COALESCE(a.name, '') AS rule, b.name AS building, g.energy_wh, g.price_per_kwh, COUNT(*) AS grants
         FROM grants g JOIN rooms r ON r.id = g.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id LEFT JOIN allowance_rules a ON a.id = g.rule_id
         WHERE g.operation_id >= $1 AND g.operation_id < $2 AND g.at_ms >= $3 AND g.at_ms < $4
           AND (CAST($5 AS TEXT) IS NULL OR b.id = $5)
         GROUP BY COALESCE(a.name, ''), b.name, g.energy_wh, g.price_per_kwh",
        first,
        last,
        span.0,
        span.1,
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Used in a span, by when the reading was taken. It counts for the rule that last gave the tenancy something before.
pub async fn used(
    conn: &mut AnyConnection,
    span: Span,
    building: Option<&BuildingId>,
) -> Result<Vec<Taken>, DbError> {
    // A reading is recognised after it was taken, perhaps much later.
    let [first, _] = ids(span);
    let rows = sql_as!(
        Taken,
        "SELECT u.rule, u.building, CAST(SUM(u.energy_wh) AS BIGINT) AS energy_wh,
                CAST(SUM(u.amount_minor) AS BIGINT) AS amount_minor
         FROM (SELECT b.name AS building, c.subsidy_wh AS energy_wh, c.subsidy_minor AS amount_minor,
                   COALESCE((SELECT a.name FROM grants g JOIN allowance_rules a ON a.id = g.rule_id
                       WHERE g.tenancy_id = c.tenancy_id AND g.at_ms <= c.seen_ms
                       ORDER BY g.at_ms DESC, g.operation_id DESC LIMIT 1), '') AS rule
               FROM consumptions c JOIN tenancies t ON t.id = c.tenancy_id JOIN rooms r ON r.id = t.room_id
               JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
               WHERE c.operation_id >= $1 AND c.seen_ms >= $2 AND c.seen_ms < $3 AND c.subsidy_wh > 0
                 AND (CAST($4 AS TEXT) IS NULL OR b.id = $4)) u
         GROUP BY u.rule, u.building",
        first,
        span.0,
        span.1,
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Lapsed in a span, in one building or in all.
pub async fn lapsed(
    conn: &mut AnyConnection,
    span: Span,
    building: Option<&BuildingId>,
) -> Result<Vec<Taken>, DbError> {
    let [first, last] = ids(span);
    let rows = sql_as!(
        Taken,
        "SELECT COALESCE(a.name, '') AS rule, b.name AS building, CAST(SUM(l.energy_wh) AS BIGINT) AS energy_wh,
                CAST(SUM(l.amount_minor) AS BIGINT) AS amount_minor
         FROM lapses l JOIN tenancies t ON t.id = l.tenancy_id JOIN rooms r ON r.id = t.room_id
         JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN allowance_rules a ON a.id = l.rule_id
         WHERE l.operation_id >= $1 AND l.operation_id < $2 AND l.at_ms >= $3 AND l.at_ms < $4
           AND (CAST($5 AS TEXT) IS NULL OR b.id = $5)
         GROUP BY COALESCE(a.name, ''), b.name",
        first,
        last,
        span.0,
        span.1,
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
