//! A meter's past in a visit: what it remembers is fetched a little at a time and kept for good.
//!
//! The live blocks tell what there is to fetch (the number of the latest event, the time), so that the usual visit
//! fetches nothing. After an outage each visit takes a few reads more until the gap is filled; commands and the polls of
//! other meters go before.

mod display;
mod events;
mod loss;
mod profile;

use tokio::sync::watch;

use super::bus::Bus;
use super::visit::{Halt, Met, Visitor};
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::Remembered;

pub(super) use loss::uncounted;

/// Reads of history in one visit while no other meter is due.
const MOST_READS: usize = 6;
/// Reads of history in one visit while others wait.
const FEWEST_READS: usize = 1;

/// How much of the past a visit may still fetch.
pub(super) struct Allowance<'a> {
    reads: usize,
    wake: &'a watch::Receiver<()>,
}

impl<'a> Allowance<'a> {
    /// More while nobody waits; nothing more once something is wanted (`wake`).
    pub(super) fn new(others_wait: bool, wake: &'a watch::Receiver<()>) -> Self {
        Self { reads: if others_wait { FEWEST_READS } else { MOST_READS }, wake }
    }

    /// Takes one read, if one may be made.
    fn take(&mut self) -> bool {
        let urgent = self.wake.has_changed().unwrap_or(false);
        let may = self.reads > 0 && !urgent;
        self.reads -= usize::from(may);
        may
    }
}

impl Visitor<'_> {
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

    /// Fetches what is new, as far as `allowance` goes: the display first, as somebody looks at it.
    pub(super) async fn fetch_history(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
        mut allowance: Allowance<'_>,
    ) -> Result<(), DbError> {
        if met.changing {
            return Ok(());
        }
        let before = met.remembered.reached();
        let fetched = self.fetch(bus, met, &mut allowance).await;
        met.note(None, fetched)?;
        let reached = met.remembered.reached();
        if reached != before {
            met.history.reached = Some(reached);
        }
        Ok(())
    }

    async fn fetch(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
        allowance: &mut Allowance<'_>,
    ) -> Result<(), Halt> {
        self.fetch_display(bus, met).await?;
        self.fetch_events(bus, met, allowance).await?;
        self.fetch_hours(bus, met, allowance).await
    }
}
