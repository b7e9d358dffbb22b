//! The closing snapshot of a meter of ours: taken only if two reads agree and the meter's memory holds it.

use line::LinkError;
use meter_core::registers::{
    CLOSING_BLOCK_LEN, ClosingState, HEADER_ADDRESS, Header, LIVE_BLOCK_LEN, closing_address, decode_closing,
};

use super::snapshot;
use crate::field::bus::Bus;
use crate::field::met::Halt;
use crate::field::observation::{Closed, Closing, Counts};
use crate::field::trouble;

/// How the epoch before the open one was closed.
pub(super) async fn closed(bus: &mut Bus<'_>, position: i64) -> Result<Closed, Halt> {
    let Ok(index) = usize::try_from(position) else { return Ok(Closed::Never) };
    let state = read_twice(bus, index).await?;
    let block = bus.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
    let header = snapshot::header(&block).ok_or(trouble::NOT_A_BLOCK)?;
    if header.flags & Header::MEMORY_FAULT != 0 {
        // After a power cut it might close that epoch anew, and differently.
        return Ok(Closed::NotYet);
    }
    Ok(Closed::So(closing(&state)))
}

/// The snapshot, read twice: a refund hangs on each of its bits.
async fn read_twice(bus: &mut Bus<'_>, index: usize) -> Result<ClosingState, LinkError> {
    let address = closing_address(index).ok_or(trouble::NO_SUCH_BLOCK)?;
    let first = bus.read(address, CLOSING_BLOCK_LEN).await?;
    let second = bus.read(address, CLOSING_BLOCK_LEN).await?;
    if first != second {
        return Err(trouble::NOT_A_BLOCK);
    }
    decode_closing(&first).ok_or(trouble::NOT_A_BLOCK)
}

/// In the words of every meter.
pub(super) fn closing(state: &ClosingState) -> Closing {
    Closing {
        counts: Counts {
            epoch: state.epoch.into(),
            credited_wh: state.credited_wh.into(),
            debited_wh: state.debited_wh.into(),
            used_wh: state.used_wh.into(),
        },
        energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
        closed_s: (state.closed_at_s > 0).then(|| i64::from(state.closed_at_s)),
    }
}
