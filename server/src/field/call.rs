//! The meter to be visited, and with what.

use super::shared::Shared;
use crate::store::meters::field::{LineMeter, SiteDays};

/// A call at a meter.
pub struct Call<'a> {
    pub(super) shared: &'a Shared,
    pub(super) meter: &'a LineMeter,
    /// The collector's name.
    pub(super) collector: &'a str,
    /// The unit id at which the meter is called.
    pub(super) unit: u8,
    /// What the settings of the site's meters follow from; `None` before it has been set up.
    pub(super) site: Option<&'a SiteDays>,
}

impl Call<'_> {
    /// Site time.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.shared.clock.now_ms()
    }

    /// The serial number of the meter that is called.
    #[must_use]
    pub fn serial(&self) -> u64 {
        u64::try_from(self.meter.serial).unwrap_or(0)
    }
}
