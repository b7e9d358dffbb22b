//! Reading meters at once, since somebody waits for what they say. No decision, so no audit row.

use crate::ops::kit::Ops;

/// Asks the field layer not to wait for its next sweep.
pub fn read_now(ops: &Ops) {
    ops.wake();
}
