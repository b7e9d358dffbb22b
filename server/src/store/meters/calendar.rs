//! The site's days: which weekdays are rest days, and dated exceptions.

use domain::settings::CalendarDays;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// The dated exceptions, in order.
pub async fn days(conn: &mut AnyConnection) -> Result<Vec<CalendarDays>, DbError> {
    let rows =
        sql_as!((i64, i64, String), "SELECT from_day, to_day, kind FROM calendar_days ORDER BY position")
            .fetch_all(conn)
            .await?;
    let day = |day: i64| u16::try_from(day).map_err(|_| DbError::Corrupt(format!("day {day}")));
    let range = |(from_day, to_day, kind): (i64, i64, String)| {
        Ok(CalendarDays { from_day: day(from_day)?, to_day: day(to_day)?, kind: kind.parse()? })
    };
    rows.into_iter().map(range).collect()
}

/// Replaces the dated exceptions.
pub async fn put_days(conn: &mut AnyConnection, days: &[CalendarDays]) -> Result<(), DbError> {
    sql!("DELETE FROM calendar_days").execute(&mut *conn).await?;
    for (position, days) in (0_i64..).zip(days) {
        sql!(
            "INSERT INTO calendar_days (position, from_day, to_day, kind) VALUES ($1, $2, $3, $4)",
            position,
            i64::from(days.from_day),
            i64::from(days.to_day),
            days.kind.as_str(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The rest days of the week: a bit per weekday, bit 0 Monday. `None` before the site has been set up.
pub async fn rest_weekdays(conn: &mut AnyConnection) -> Result<Option<i64>, DbError> {
    let row =
        sql_as!((i64,), "SELECT rest_weekdays FROM sites ORDER BY id LIMIT 1").fetch_optional(conn).await?;
    Ok(row.map(|(weekdays,)| weekdays))
}

/// Changes them.
pub async fn put_rest_weekdays(conn: &mut AnyConnection, weekdays: i64) -> Result<(), DbError> {
    sql!("UPDATE sites SET rest_weekdays = $1", weekdays).execute(conn).await?;
    Ok(())
}
