//! How far an installation has come from nothing to its first sale.

use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// 1 for each kind of thing of which there is at least one, otherwise 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Done {
    /// The site has been set up.
    pub sites: i64,
    /// A price has been set.
    pub prices: i64,
    /// Rooms.
    pub rooms: i64,
    /// Collectors.
    pub collectors: i64,
    /// Meter outlets that serve a room.
    pub outlets: i64,
    /// Tenancies.
    pub tenancies: i64,
    /// Sales.
    pub sales: i64,
}

/// How far the installation has come.
pub async fn done(conn: &mut AnyConnection) -> Result<Done, DbError> {
    let row = sql_as!(
        Done,
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM sites) THEN 1 ELSE 0 END AS sites,
                CASE WHEN EXISTS (SELECT 1 FROM price_plans WHERE group_id IS NOT NULL) THEN 1 ELSE 0 END AS prices,
                CASE WHEN EXISTS (SELECT 1 FROM rooms) THEN 1 ELSE 0 END AS rooms,
                CASE WHEN EXISTS (SELECT 1 FROM collectors) THEN 1 ELSE 0 END AS collectors,
                CASE WHEN EXISTS (SELECT 1 FROM outlets WHERE room_id IS NOT NULL) THEN 1 ELSE 0 END AS outlets,
                CASE WHEN EXISTS (SELECT 1 FROM tenancies) THEN 1 ELSE 0 END AS tenancies,
                CASE WHEN EXISTS (SELECT 1 FROM sales) THEN 1 ELSE 0 END AS sales",
    )
    .fetch_one(conn)
    .await?;
    Ok(row)
}
