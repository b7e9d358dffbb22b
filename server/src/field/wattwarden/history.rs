//! What our meter remembers, a little at a time: its display, its events, its hourly totals.

use super::session::Session;
use super::snapshot::Snapshot;
use crate::db::DbError;
use crate::field::bus::Bus;
use crate::field::history::Allowance;
use crate::field::met::{Halt, Met};

impl Session<'_> {
    /// Fetches what is new, as far as `allowance` goes: the display first, as somebody looks at it.
    pub(super) async fn fetch_history(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
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
        met: &mut Met<Snapshot>,
        allowance: &mut Allowance<'_>,
    ) -> Result<(), Halt> {
        self.fetch_display(bus, met).await?;
        self.fetch_events(bus, met, allowance).await?;
        self.fetch_hours(bus, met, allowance).await
    }
}
