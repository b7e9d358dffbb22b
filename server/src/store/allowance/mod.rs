//! Rules of free electricity, as the office wrote them.

pub mod candidates;
pub mod grants;
pub mod lapsed;
pub mod lapses;
pub mod report;
pub mod runs;

use domain::allowance::{Calendar, Carry, FirstMonth, ResidentKind};
use domain::ids::RuleId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: String,
    /// For the room, in Wh a month.
    pub room_wh: i64,
    /// For each person, in Wh a month.
    pub person_wh: i64,
    /// For persons of a kind, instead of `person_wh`.
    pub kinds: Vec<(ResidentKind, i64)>,
    /// Buildings and groups whose rooms it is for; none: all rooms.
    pub places: Vec<String>,
    /// What becomes of the rest.
    pub carry: Carry,
    /// For those who move in while the month runs.
    pub first_month: FirstMonth,
    /// When.
    pub calendar: Calendar,
    /// Since when there is the rule, site time.
    pub created_ms: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RuleId,
    name: String,
    room_wh: i64,
    person_wh: i64,
    carry: String,
    carry_wh: i64,
    first_month: String,
    months_off: i64,
    from_day: i64,
    until_day: Option<i64>,
    day: i64,
    minute: i64,
    created_ms: i64,
}

impl Row {
    async fn whole(self, conn: &mut AnyConnection) -> Result<Rule, DbError> {
        let id = self.id.as_str();
        let kinds = sql_as!(
            (String, i64),
            "SELECT kind, person_wh FROM allowance_rule_kinds WHERE rule_id = $1 ORDER BY kind",
            id,
        );
        let kinds = kinds.fetch_all(&mut *conn).await?.into_iter();
        let kinds = kinds.map(|(kind, wh)| Ok((kind.parse()?, wh))).collect::<Result<_, DbError>>()?;
        let places = sql_as!(
            (String,),
            "SELECT place_id FROM allowance_rule_places WHERE rule_id = $1 ORDER BY place_id",
            id,
        );
        let places = places.fetch_all(conn).await?.into_iter().map(|(place,)| place).collect();
        let first_month = FirstMonth::parse(&self.first_month)
            .ok_or_else(|| DbError::Corrupt(format!("first month {:?}", self.first_month)))?;
        let months_off = u32::try_from(self.months_off)
            .map_err(|_| DbError::Corrupt(format!("months off {}", self.months_off)))?;
        Ok(Rule {
            id: self.id,
            name: self.name,
            room_wh: self.room_wh,
            person_wh: self.person_wh,
            kinds,
            places,
            carry: Carry::read(&self.carry, self.carry_wh)?,
            first_month,
            calendar: Calendar {
                from_day: self.from_day,
                until_day: self.until_day,
                months_off,
                day: self.day,
                minute: self.minute,
            },
            created_ms: self.created_ms,
        })
    }
}

/// One rule.
pub async fn get(conn: &mut AnyConnection, id: &RuleId) -> Result<Option<Rule>, DbError> {
    let row = sql_as!(
        Row,
        "SELECT id, name, room_wh, person_wh, carry, carry_wh, first_month, months_off, from_day, until_day, day,
                minute, created_ms
         FROM allowance_rules WHERE id = $1",
        id.as_str(),
    )
    .fetch_optional(&mut *conn)
    .await?;
    match row {
        Some(row) => Ok(Some(row.whole(conn).await?)),
        None => Ok(None),
    }
}

/// Every rule, by name.
pub async fn all(conn: &mut AnyConnection) -> Result<Vec<Rule>, DbError> {
    let rows = sql_as!(
        Row,
        "SELECT id, name, room_wh, person_wh, carry, carry_wh, first_month, months_off, from_day, until_day, day,
                minute, created_ms
         FROM allowance_rules ORDER BY name",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut rules = Vec::with_capacity(rows.len());
    for row in rows {
        rules.push(row.whole(conn).await?);
    }
    Ok(rules)
}

/// Writes a rule, or changes it.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn put(conn: &mut AnyConnection, rule: &Rule) -> Result<(), sqlx::Error> {
    let (carry, carry_wh) = rule.carry.stored();
    let Calendar { from_day, until_day, months_off, day, minute } = rule.calendar;
    sql!(
        "INSERT INTO allowance_rules (id, name, room_wh, person_wh, carry, carry_wh, first_month, months_off, from_day,
                                      until_day, day, minute, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, room_wh = excluded.room_wh,
             person_wh = excluded.person_wh, carry = excluded.carry, carry_wh = excluded.carry_wh,
             first_month = excluded.first_month, months_off = excluded.months_off, from_day = excluded.from_day,
             until_day = excluded.until_day, day = excluded.day, minute = excluded.minute",
        rule.id.as_str(),
        rule.name.as_str(),
        rule.room_wh,
        rule.person_wh,
        carry,
        carry_wh,
        rule.first_month.as_str(),
        i64::from(months_off),
        from_day,
        until_day,
        day,
        minute,
        rule.created_ms,
    )
    .execute(&mut *conn)
    .await?;
    put_kinds(conn, rule).await?;
    put_places(conn, rule).await
}

async fn put_kinds(conn: &mut AnyConnection, rule: &Rule) -> Result<(), sqlx::Error> {
    sql!("DELETE FROM allowance_rule_kinds WHERE rule_id = $1", rule.id.as_str()).execute(&mut *conn).await?;
    for (kind, person_wh) in &rule.kinds {
        sql!(
            "INSERT INTO allowance_rule_kinds (rule_id, kind, person_wh) VALUES ($1, $2, $3)",
            rule.id.as_str(),
            kind.as_str(),
            *person_wh,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

async fn put_places(conn: &mut AnyConnection, rule: &Rule) -> Result<(), sqlx::Error> {
    sql!("DELETE FROM allowance_rule_places WHERE rule_id = $1", rule.id.as_str())
        .execute(&mut *conn)
        .await?;
    for place in &rule.places {
        sql!(
            "INSERT INTO allowance_rule_places (rule_id, place_id) VALUES ($1, $2)",
            rule.id.as_str(),
            place.as_str(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The name of a rule that is for some of the same rooms at some of the same dates; `None` when there is none.
pub async fn overlapping(conn: &mut AnyConnection, rule: &RuleId) -> Result<Option<String>, DbError> {
    let row = sql_as!(
        (String,),
        "SELECT o.name FROM allowance_rules o JOIN allowance_rules a ON a.id = $1
         WHERE o.id <> a.id AND (o.until_day IS NULL OR o.until_day >= a.from_day)
           AND (a.until_day IS NULL OR a.until_day >= o.from_day)
           AND EXISTS (SELECT 1 FROM rooms r JOIN floors f ON f.id = r.floor_id
               WHERE (NOT EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = o.id)
                      OR EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = o.id
                                 AND p.place_id IN (f.building_id, r.group_id)))
                 AND (NOT EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = a.id)
                      OR EXISTS (SELECT 1 FROM allowance_rule_places p WHERE p.rule_id = a.id
                                 AND p.place_id IN (f.building_id, r.group_id))))
         ORDER BY o.name LIMIT 1",
        rule.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(name,)| name))
}
