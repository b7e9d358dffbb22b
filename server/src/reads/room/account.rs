//! The accounts of those who live and lived in a room: each tenancy has one.

use domain::books::account::Entry;
use domain::ids::TenancyId;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::reads::scope::Seen;
use crate::store::books::account::{self, TenancyOfRoom};
use crate::store::people::residents::{self, Resident};

/// The tenancies of the room that may be seen, the latest first.
///
/// # Errors
/// The database's.
pub async fn tenancies(
    conn: &mut AnyConnection,
    seen: &Seen,
    limit: i64,
) -> Result<Vec<TenancyOfRoom>, DbError> {
    let mut all = account::tenancies_of(conn, seen.room_id(), limit).await?;
    all.retain(|one| seen.tenancy_id().is_none_or(|own| *own == one.id));
    Ok(all)
}

/// One of these accounts: everything that was booked, and who shares or shared it. `None` when it is not among them.
///
/// # Errors
/// The database's.
pub async fn account(
    conn: &mut AnyConnection,
    seen: &Seen,
    id: &TenancyId,
) -> Result<Option<(Vec<Entry>, Vec<Resident>)>, DbError> {
    let room = residents::room_of(conn, id).await?;
    let there = room.is_some_and(|(room, _)| room == *seen.room_id());
    if !there || seen.tenancy_id().is_some_and(|own| own != id) {
        return Ok(None);
    }
    Ok(Some((account::of_tenancy(conn, id).await?, residents::residents_of(conn, id).await?)))
}
