//! A campus of any size in a few statements: rooms for four, let since long, each with an outlet of a meter. To be
//! furnished room by room it would take longer than what is measured in it.

use futures_util::FutureExt;
use sqlx::AnyConnection;

use crate::db::{Db, DbError, sql};

/// Rooms a floor, and residents a room.
const FLOOR: i64 = 100;
const RESIDENTS: i64 = 4;
/// Outlets of a meter, and meters of a collector.
const OUTLETS: i64 = 11;
const METERS: i64 = 247;

/// The numbers 1 to `$1` as `n.i`, before what is selected from them.
macro_rules! numbered {
    ($insert:literal, $select:literal) => {
        concat!(
            $insert,
            " WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1) ",
            $select
        )
    };
}

/// Builds it into a database that has a site.
///
/// # Errors
/// The database's.
pub(super) async fn build(db: &Db, rooms: i64) -> Result<(), DbError> {
    db.write(rooms, |rooms, conn| {
        async move {
            places(conn, *rooms).await?;
            people(conn, *rooms).await?;
            equipment(conn, *rooms).await
        }
        .boxed()
    })
    .await
}

async fn places(conn: &mut AnyConnection, rooms: i64) -> Result<(), DbError> {
    sql!("INSERT INTO buildings (id, name, position) VALUES ('bench-b', 'Campus', 1)")
        .execute(&mut *conn)
        .await?;
    sql!(
        numbered!(
            "INSERT INTO floors (id, building_id, name, position)",
            "SELECT 'bench-f' || (1000000 + i), 'bench-b', CAST(i AS TEXT), i FROM n"
        ),
        rooms / FLOOR + 1,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO rooms (id, floor_id, name, position)",
            "SELECT 'bench-r' || (1000000 + i), 'bench-f' || (1000001 + (i - 1) / $2), CAST(i AS TEXT), i FROM n"
        ),
        rooms,
        FLOOR,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn people(conn: &mut AnyConnection, rooms: i64) -> Result<(), DbError> {
    sql!(
        numbered!(
            "INSERT INTO tenancies (id, room_id, opened_ms)",
            "SELECT 'bench-t' || (1000000 + i), 'bench-r' || (1000000 + i), 0 FROM n"
        ),
        rooms,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO residents (id, number, name, created_ms)",
            "SELECT 'bench-p' || (1000000 + i), 'P' || i, 'Resident', 0 FROM n"
        ),
        rooms * RESIDENTS,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO tenancy_residents (tenancy_id, resident_id, from_ms)",
            "SELECT 'bench-t' || (1000001 + (i - 1) / $2), 'bench-p' || (1000000 + i), 0 FROM n"
        ),
        rooms * RESIDENTS,
        RESIDENTS,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn equipment(conn: &mut AnyConnection, rooms: i64) -> Result<(), DbError> {
    let meters = rooms / OUTLETS + 1;
    sql!(
        numbered!(
            "INSERT INTO collectors (id, name, transport, address, enabled, created_ms)",
            "SELECT 'bench-c' || (1000000 + i), 'Campus ' || i, 'modbus-tcp', '127.0.0.1:1', 0, 0 FROM n"
        ),
        meters / METERS + 1,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO meters (id, serial, collector_id, unit, created_ms)",
            "SELECT 'bench-m' || (1000000 + i), 800000000 + i, 'bench-c' || (1000001 + (i - 1) / $2),
                    1 + (i - 1) % $2, 0 FROM n"
        ),
        meters,
        METERS,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO outlets (id, meter_id, position, phases, room_id)",
            "SELECT 'bench-h' || (1000000 + i), 'bench-m' || (1000001 + (i - 1) / $2), (i - 1) % $2, 1,
                    'bench-r' || (1000000 + i) FROM n"
        ),
        rooms,
        OUTLETS,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        numbered!(
            "INSERT INTO credit_accounts (household_id, tenancy_id, epoch)",
            "SELECT 'bench-h' || (1000000 + i), 'bench-t' || (1000000 + i), 1 FROM n"
        ),
        rooms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
