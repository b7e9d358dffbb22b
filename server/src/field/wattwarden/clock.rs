//! Setting the meter's clock: ends of overrides go by it, so it comes first.

use line::LinkError;
use meter_core::envelope::Command;
use meter_core::registers::{HEADER_ADDRESS, LIVE_BLOCK_LEN};
use meter_core::units::UnixSeconds;

use super::planner;
use super::session::Session;
use super::snapshot::{self, Snapshot};
use crate::db::DbError;
use crate::field::bus::Bus;
use crate::field::met::{Halt, Met};
use crate::store::meters::field as store;

impl Session<'_> {
    /// Sets the clock if it needs that.
    pub(super) async fn set_clock(&self, bus: &mut Bus<'_>, met: &mut Met<Snapshot>) -> Result<(), Halt> {
        let tolerance_s = self.shared.clock_tolerance_s;
        let read_s = met.read_ms.div_euclid(1000);
        let header = &met.seen.header;
        if planner::clock_generation(header, 0, read_s, tolerance_s).is_none() {
            return Ok(());
        }
        let stored = self.stored_clock_generation().await?;
        let Some(generation) = planner::clock_generation(header, stored, read_s, tolerance_s) else {
            return Ok(());
        };
        if !self.raise_clock_generation(generation).await? {
            return Ok(());
        }
        let Ok(now_s @ 1..) = u32::try_from(self.shared.clock.now_ms().div_euclid(1000)) else {
            return Ok(());
        };
        self.send(bus, &Command::Clock { generation, now: UnixSeconds(now_s) }, "meter").await?;
        let block = bus.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
        met.read_ms = self.shared.clock.now_ms();
        met.seen.header = snapshot::header(&block).ok_or(LinkError::BadReply("not a header".into()))?;
        Ok(())
    }

    async fn stored_clock_generation(&self) -> Result<u32, DbError> {
        let mut conn = self.shared.db.read().await?;
        let stored = store::clock_generation(&mut conn, &self.meter.id).await?;
        Ok(u32::try_from(stored).unwrap_or(u32::MAX))
    }

    async fn raise_clock_generation(&self, generation: u32) -> Result<bool, DbError> {
        let context = (self.meter.id.clone(), i64::from(generation));
        self.shared
            .db
            .write(context, |(meter, generation), conn| {
                Box::pin(store::raise_clock_generation(conn, meter, *generation))
            })
            .await
    }
}
