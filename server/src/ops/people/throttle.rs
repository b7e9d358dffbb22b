//! Slowing down who guesses passwords: a waiting time that grows with the failures, before anything is hashed.
//!
//! It never becomes a lock: whoever wants to shut an account out for good cannot, and its owner waits a minute at
//! most. An attempt counts as a failure while it is under way, so that many at a time gain nothing.

use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::people::throttles::{self, Row};

/// Failures that are forgotten after a day without one.
const MEMORY_MS: i64 = 24 * 3600 * 1000;
/// Failures that an address is allowed before it waits: behind one there may be a whole office.
const ADDRESS_ALLOWANCE: i64 = 20;

/// What is counted, and from how many failures on it waits.
struct Counter {
    key: String,
    allowance: i64,
}

fn counters(account: &str, address: &str) -> [Counter; 2] {
    [
        Counter { key: format!("account:{account}"), allowance: 0 },
        Counter { key: format!("address:{address}"), allowance: ADDRESS_ALLOWANCE },
    ]
}

/// How long to wait after so many failures, in ms.
fn wait_ms(failures: i64) -> i64 {
    match failures {
        ..=0 => 0,
        1..3 => 1_000,
        3..9 => 3_000,
        9..25 => 5_000,
        25..100 => 10_000,
        _ => 60_000,
    }
}

/// Counts an attempt as failed beforehand. `Some` is how long to wait, in ms: nothing may be looked at then.
///
/// # Errors
/// The database's.
pub(crate) async fn admit(
    conn: &mut AnyConnection,
    account: &str,
    address: &str,
    wall_ms: i64,
) -> Result<Option<i64>, DbError> {
    let counters = counters(account, address);
    let mut admitted = Vec::with_capacity(counters.len());
    let mut wait = 0;
    for counter in &counters {
        let row = remembered(throttles::locked(conn, &counter.key).await?, wall_ms);
        wait = wait.max(row.blocked_until_ms - wall_ms);
        admitted.push(row);
    }
    if wait > 0 {
        return Ok(Some(wait));
    }
    for (counter, row) in counters.iter().zip(admitted) {
        // The attempt under way blocks the next one only if others have failed: a double click is no attack.
        let blocked_until_ms = wall_ms + wait_ms(row.failures - counter.allowance);
        let counted = Row { failures: row.failures + 1, last_ms: wall_ms, blocked_until_ms };
        throttles::put(conn, &counter.key, counted).await?;
    }
    Ok(None)
}

/// The attempt failed indeed: the next one waits.
///
/// # Errors
/// The database's.
pub(crate) async fn failed(
    conn: &mut AnyConnection,
    account: &str,
    address: &str,
    wall_ms: i64,
) -> Result<(), DbError> {
    for counter in counters(account, address) {
        let row = throttles::locked(conn, &counter.key).await?;
        let blocked_until_ms = wall_ms + wait_ms(row.failures - counter.allowance);
        throttles::put(conn, &counter.key, Row { last_ms: wall_ms, blocked_until_ms, ..row }).await?;
    }
    Ok(())
}

/// The attempt succeeded: the account's failures are forgotten, the address's are one fewer.
///
/// # Errors
/// The database's.
pub(crate) async fn succeeded(conn: &mut AnyConnection, account: &str, address: &str) -> Result<(), DbError> {
    let [account, address] = counters(account, address);
    throttles::locked(conn, &account.key).await?;
    throttles::put(conn, &account.key, Row::default()).await?;
    let row = throttles::locked(conn, &address.key).await?;
    throttles::put(conn, &address.key, Row { failures: (row.failures - 1).max(0), ..row }).await?;
    Ok(())
}

fn remembered(row: Row, wall_ms: i64) -> Row {
    if wall_ms - row.last_ms > MEMORY_MS { Row::default() } else { row }
}

/// When what was last touched may be forgotten for good, wall time.
pub(crate) fn forgotten_before_ms(wall_ms: i64) -> i64 {
    wall_ms - MEMORY_MS
}

#[cfg(test)]
mod tests {
    use super::wait_ms;

    #[test]
    fn the_wait_grows_and_is_never_longer_than_a_minute() {
        let waits: Vec<_> = [0, 1, 2, 3, 8, 9, 24, 25, 99, 100, i64::MAX].map(wait_ms).to_vec();
        assert_eq!(waits, [0, 1_000, 1_000, 3_000, 3_000, 5_000, 5_000, 10_000, 10_000, 60_000, 60_000]);
    }
}
