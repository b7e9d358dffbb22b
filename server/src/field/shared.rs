//! What every visit works with, whichever the meter.

use std::sync::Arc;

use domain::clock::Clock;
use meter_core::envelope::Key;

use crate::db::Db;

/// The books, the time, the key that meters' keys follow from.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) master_key: Key,
    /// By how much a meter's clock may be off, in seconds.
    pub(super) clock_tolerance_s: i64,
}
