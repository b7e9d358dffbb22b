//! A meter's past in a visit: what it remembers is fetched a little at a time and kept for good.
//!
//! What there is to fetch is told by what was read anyway (the number of the latest event, the time), so that the usual
//! visit fetches nothing. After an outage each visit takes a few reads more until the gap is filled; commands and the polls
//! of other meters go before.

use tokio::sync::watch;

use super::call::Call;
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::Remembered;

/// Reads of history in one visit while no other meter is due.
const MOST_READS: usize = 6;
/// Reads of history in one visit while others wait.
const FEWEST_READS: usize = 1;

/// How much of the past a visit may still fetch.
pub struct Allowance<'a> {
    reads: usize,
    wake: &'a watch::Receiver<()>,
}

impl<'a> Allowance<'a> {
    /// More while nobody waits; nothing more once something is wanted (`wake`).
    pub(super) fn new(others_wait: bool, wake: &'a watch::Receiver<()>) -> Self {
        Self { reads: if others_wait { FEWEST_READS } else { MOST_READS }, wake }
    }

    /// Takes one read, if one may be made.
    pub fn take(&mut self) -> bool {
        let urgent = self.wake.has_changed().unwrap_or(false);
        let may = self.reads > 0 && !urgent;
        self.reads -= usize::from(may);
        may
    }
}

impl Call<'_> {
    /// What is known of the meter's past, looked up the first time.
    pub(super) async fn remembered(&self, known: &mut Option<Remembered>) -> Result<Remembered, DbError> {
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let mut conn = self.shared.db.read().await?;
        let found = store::remembered(&mut conn, &self.meter.id).await?;
        *known = Some(found.clone());
        Ok(found)
    }
}
