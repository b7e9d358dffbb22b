//! Settings in a visit: read what changed, send what is wanted, read it back.
//!
//! A digest that comes with the live blocks tells whether the meter still holds what was read back before, so that the usual visit reads
//! no settings at all.

mod held;
mod reading;
mod site;

use domain::settings::household_block;
use line::LinkError;
use meter_core::envelope::{Command, HOUSEHOLDS};
use meter_core::registers::{
    decode_household_settings, decode_meter_settings, household_settings_address, meter_settings_address,
};
use meter_core::settings::{HouseholdBlock, MeterBlock, SiteSettings};

use self::held::{HeldSettings, generation};
use super::planner::{BlockStep, block_step};
use crate::db::DbError;
use crate::field::bus::Bus;
use crate::field::met::{Halt, Met};
use crate::field::trouble;
use crate::field::wattwarden::session::Session;
use crate::field::wattwarden::snapshot::Snapshot;
use crate::store::meters::field as store;
use crate::store::meters::field::{OwnedBlock, SiteDays};

/// Most blocks that are sent in one visit: each takes two transactions, and others on the line wait, too.
const MOST_BLOCKS: usize = 8;
/// Most things done for one block in one visit: raise the generation, send; the rest is for answers that get lost.
const MOST_STEPS: usize = 4;

/// When there is nothing to do about a meter's settings: as long as all of this stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    digest: u32,
    wanted: i64,
    /// Outlets with a second loop, and those of which the office has said whether.
    second_loops: (i64, i64),
    site: Option<(SiteDays, i16)>,
}

impl Session<'_> {
    /// Brings the meter's settings to what is wanted. `settled` is what an earlier visit ended with, and this one ends
    /// with.
    pub(super) async fn drive_settings(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        site: Option<&SiteDays>,
        settled: &mut Option<Settled>,
    ) -> Result<(), DbError> {
        let now_ms = self.shared.clock.now_ms();
        let site = site.and_then(|site| Some((site.clone(), site::utc_offset_min(&site.time_zone, now_ms)?)));
        let mark = self.mark(met.seen.trailer.settings_digest, site);
        if met.changing || settled.as_ref() == Some(&mark) {
            return Ok(());
        }
        let (mut held, wanted) = self.load(met).await?;
        *settled = None;
        let read = self.read_changed(bus, mark.digest, &mut held).await;
        held.report.confirmed = read.is_ok();
        met.note(None, read)?;
        let sent = match &mark.site {
            _ if met.changing => 0,
            site => self.bring_all(bus, met, &mut held, site.as_ref(), &wanted).await?,
        };
        met.settings = held.report;
        if sent == 0 && !met.changing {
            *settled = Some(mark);
        }
        // What was sent changed the digest: the next visit compares it with what was read back.
        met.changing |= sent > 0;
        Ok(())
    }

    fn mark(&self, digest: u32, site: Option<(SiteDays, i16)>) -> Settled {
        let meter = self.meter;
        let second_loops = (meter.second_loops, meter.second_loops_known);
        Settled { digest, wanted: meter.settings, second_loops, site }
    }

    async fn load(&self, met: &Met<Snapshot>) -> Result<(HeldSettings, Vec<OwnedBlock>), DbError> {
        let mut conn = self.shared.db.read().await?;
        let wanted = store::wanted_settings(&mut conn, &self.meter.id).await?;
        let households = store::reported_settings(&mut conn, &self.meter.id).await?;
        let meter = store::reported_meter_settings(&mut conn, &self.meter.id).await?;
        Ok((HeldSettings::new(&met.wanted, &households, &meter)?, wanted))
    }

    /// The meter's own blocks first: schedules go by its local time. Returns how many blocks were sent.
    async fn bring_all(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        held: &mut HeldSettings,
        site: Option<&(SiteDays, i16)>,
        wanted: &[OwnedBlock],
    ) -> Result<usize, DbError> {
        let mut sent = 0;
        let blocks =
            site.map_or_else(Vec::new, |(days, offset)| site::wanted(days, *offset, self.built(held)));
        for block in blocks {
            let brought = self.bring_meter_block(bus, held, block, &mut sent).await;
            met.note(None, brought)?;
            if met.changing {
                return Ok(sent);
            }
        }
        for block in wanted {
            let Some(position) = u8::try_from(block.position).ok().filter(|at| usize::from(*at) < HOUSEHOLDS)
            else {
                continue;
            };
            let brought = self.bring_block(bus, held, position, block, &mut sent).await;
            met.note(Some(position.into()), brought)?;
            if met.changing || sent >= MOST_BLOCKS {
                break;
            }
        }
        Ok(sent)
    }

    /// The site's block as the meter holds it, with the second loops that the office knows of.
    fn built(&self, held: &HeldSettings) -> SiteSettings {
        let site = held.site();
        SiteSettings { second_loops: self.meter.second_loops(site.second_loops), ..site }
    }

    async fn bring_meter_block(
        &self,
        bus: &mut Bus<'_>,
        held: &mut HeldSettings,
        wanted: MeterBlock,
        sent: &mut usize,
    ) -> Result<(), Halt> {
        let number = wanted.number();
        for _ in 0..MOST_STEPS {
            let Some((generation, block)) = held.meter(number) else { return Ok(()) };
            // What is wanted of a meter has no generation until it is sent.
            let next = match block_step(block == wanted, 0, generation) {
                BlockStep::NeedsGeneration(next) => self.meter_generation(number, next).await?,
                BlockStep::Done | BlockStep::Send(_) => return Ok(()),
                BlockStep::Exhausted => return Err(Halt::Exhausted),
            };
            *sent += 1;
            let command = Command::MeterSettings { generation: next, block: wanted };
            self.send(bus, &command, "meter").await?;
            held.read_meter(read_meter_block(bus, number).await?);
        }
        Ok(())
    }

    async fn meter_generation(&self, number: u8, least: u32) -> Result<u32, Halt> {
        let context = (self.meter.id.clone(), i64::from(number), i64::from(least));
        let stored = self.shared.db.write(context, |(meter, number, least), conn| {
            Box::pin(store::next_meter_settings_generation(conn, meter, *number, *least))
        });
        u32::try_from(stored.await?).map_err(|_| Halt::Exhausted)
    }

    async fn bring_block(
        &self,
        bus: &mut Bus<'_>,
        held: &mut HeldSettings,
        position: u8,
        wanted: &OwnedBlock,
        sent: &mut usize,
    ) -> Result<(), Halt> {
        let mut row = wanted.block.clone();
        for _ in 0..MOST_STEPS {
            let (wanted_generation, block) = (generation(&row)?, household_block(row.block, &row.content)?);
            let number = block.number();
            let Some((held_generation, found)) = held.household(position.into(), number) else {
                return Ok(());
            };
            match block_step(found == block, wanted_generation, held_generation) {
                BlockStep::Done => return Ok(()),
                BlockStep::Exhausted => return Err(Halt::Exhausted),
                BlockStep::NeedsGeneration(next) => {
                    let context = (wanted.household_id.clone(), row.block, i64::from(next));
                    let raised = self.shared.db.write(context, |(household, block, next), conn| {
                        Box::pin(store::raise_settings_generation(conn, household, *block, *next))
                    });
                    // A person may have changed it meanwhile: one generation must not mean two things.
                    let Some(raised) = raised.await? else { return Ok(()) };
                    row = raised;
                }
                BlockStep::Send(generation) => {
                    *sent += 1;
                    let command = Command::HouseholdSettings { household: position, generation, block };
                    self.send(bus, &command, wanted.household_id.as_str()).await?;
                    held.read_household(position.into(), read_block(bus, position, number).await?);
                }
            }
        }
        Ok(())
    }
}

async fn read_block(bus: &mut Bus<'_>, position: u8, number: u8) -> Result<(u32, HouseholdBlock), LinkError> {
    let address = household_settings_address(position.into(), number).ok_or(trouble::NO_SUCH_BLOCK)?;
    let words = bus.read(address, meter_core::registers::SETTINGS_BLOCK_LEN).await?;
    decode_household_settings(number, &words).ok_or(trouble::NOT_A_BLOCK)
}

async fn read_meter_block(bus: &mut Bus<'_>, number: u8) -> Result<(u32, MeterBlock), LinkError> {
    let address = meter_settings_address(number).ok_or(trouble::NO_SUCH_BLOCK)?;
    let words = bus.read(address, meter_core::registers::SETTINGS_BLOCK_LEN).await?;
    decode_meter_settings(number, &words).ok_or(trouble::NOT_A_BLOCK)
}
