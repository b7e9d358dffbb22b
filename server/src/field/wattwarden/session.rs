//! One visit to a meter of ours: whose envelopes it takes, reading it whole, sending it a command.

use line::LinkError;
use meter_core::envelope::{Command, Key, Refusal, derive_meter_key};
use meter_core::registers::LIVE_READS;
use meter_core::registers::{LIVE_BLOCK_LEN, household_address};
use meter_core::serial::Serial;
use tracing::{info, warn};

use super::mailbox::{self, Delivery};
use super::snapshot::{self, Snapshot};
use crate::field::bus::Bus;
use crate::field::call::Call;
use crate::field::met::Halt;
use crate::field::reading::{Reading, Unread};
use crate::field::shared::Shared;
use crate::store::meters::field::LineMeter;

/// A call at a meter of ours.
pub(super) struct Session<'a> {
    pub(super) shared: &'a Shared,
    pub(super) meter: &'a LineMeter,
    collector: &'a str,
    unit: u8,
    serial: Serial,
    key: Key,
}

impl<'a> Session<'a> {
    /// `None` if the row's serial number is none.
    pub(super) fn new(call: &Call<'a>) -> Option<Self> {
        let Call { shared, meter, collector, unit, .. } = *call;
        let serial = Serial::try_from(call.serial()).ok()?;
        let key = derive_meter_key(&shared.master_key, serial);
        Some(Self { shared, meter, collector, unit, serial, key })
    }

    /// The whole meter; the header first, so that a wrong one is asked nothing more.
    pub(super) async fn read(&self, bus: &mut Bus<'_>) -> Result<Reading<Snapshot>, Unread> {
        let mut registers = Vec::new();
        let mut read_ms = 0;
        for (index, (address, count)) in LIVE_READS.into_iter().enumerate() {
            registers.extend(bus.read(address, count).await?);
            if index == 0 {
                read_ms = self.shared.clock.now_ms();
                let header = snapshot::header(&registers).ok_or(Unread::NotAMeter)?;
                if header.serial != self.serial.get() {
                    return Err(Unread::WrongMeter(header.serial));
                }
            }
        }
        let seen = Snapshot::decode(&registers).ok_or(Unread::NotAMeter)?;
        Ok(Reading { seen, read_ms })
    }

    /// A household's live block anew.
    pub(super) async fn read_back(
        &self,
        bus: &mut Bus<'_>,
        position: i64,
        seen: &mut Snapshot,
    ) -> Result<(), Halt> {
        let (address, count) = live_block(position).ok_or(LinkError::Invalid("no such household"))?;
        let block = bus.read(address, count).await?;
        let state = snapshot::household_state(&block).ok_or(LinkError::BadReply("not a household".into()))?;
        let index = usize::try_from(position).unwrap_or(usize::MAX);
        if let Some(found) = seen.households.get_mut(index) {
            *found = state;
        }
        Ok(())
    }

    /// Sends a command; `household` is whose it is, for the log.
    pub(super) async fn send(
        &self,
        bus: &mut Bus<'_>,
        command: &Command,
        household: &str,
    ) -> Result<(), Halt> {
        let (collector, unit, serial) = (self.collector, self.unit, self.serial);
        match mailbox::put(bus, &self.key, self.serial, command).await? {
            Delivery::ReadBack => {
                info!(collector, unit, %serial, household, ?command, "command sent");
                Ok(())
            }
            Delivery::Refused(refusal) => {
                let reason = refusal.map_or_else(|| "unknown".to_owned(), |refusal| refusal.to_string());
                warn!(collector, unit, %serial, household, ?command, reason, "command refused");
                Err(refused(refusal))
            }
        }
    }
}

/// The address and length of a household's live block.
fn live_block(position: i64) -> Option<(u16, u16)> {
    let address = household_address(usize::try_from(position).ok()?)?;
    Some((address, LIVE_BLOCK_LEN))
}

fn refused(refusal: Option<Refusal>) -> Halt {
    match refusal {
        Some(Refusal::Hoarding) => Halt::Hoarding,
        // In force, but not over a power cut: the meter saves it again by itself, and where it could not, it differs after
        // the cut and is told again.
        refusal => Halt::Refused {
            why: refusal.map(|refusal| refusal.to_string()),
            lasting: refusal != Some(Refusal::NotSaved),
        },
    }
}
