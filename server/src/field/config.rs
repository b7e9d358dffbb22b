//! What the field layer is told when it starts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use line::{LinkConfig, Transport};
use meter_core::envelope::Key;

use super::drivers::Drivers;
use super::schedule::Pace;
use super::wattwarden::Wattwarden;
use crate::store::meters::kinds::OURS;

/// Keys and times of the field layer.
#[derive(Clone)]
pub struct FieldConfig {
    /// The site's master key; each meter's own key is derived from it and the serial number.
    pub master_key: Key,
    /// Names this process in the collectors' leases; another one each time it starts.
    pub holder: String,
    /// How often a live meter is read.
    pub poll_interval: Duration,
    /// The first pause before a meter or collector that does not answer; doubled with each failure in a row.
    pub first_pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
    /// How often the collectors and what is wanted of their meters are looked up in the database, for changes that no
    /// [`super::Waker`] told of.
    pub rescan_interval: Duration,
    /// How long a lease lasts when its holder no longer renews it; at least three times the rescan interval.
    pub lease: Duration,
    /// By how much a meter's clock may be off before it is set, in seconds of the site's time.
    pub clock_tolerance_s: i64,
    /// How each kind of meter is driven.
    pub drivers: Drivers,
    /// The times of a line, by its transport.
    pub link: Arc<dyn Fn(Transport) -> LinkConfig + Send + Sync>,
    /// Spreads retries.
    pub seed: u64,
}

impl FieldConfig {
    /// The usual times.
    #[must_use]
    pub fn new(master_key: Key, holder: String, seed: u64) -> Self {
        Self {
            master_key,
            holder,
            poll_interval: Duration::from_secs(10),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            rescan_interval: Duration::from_secs(3),
            lease: Duration::from_secs(15),
            clock_tolerance_s: 30,
            drivers: Drivers::default().with(OURS, Wattwarden),
            link: Arc::new(LinkConfig::usual),
            seed,
        }
    }

    pub(super) fn pace(&self) -> Pace {
        let Self { poll_interval: interval, first_pause, longest_pause, .. } = *self;
        Pace { interval, first_pause, longest_pause }
    }
}

impl fmt::Debug for FieldConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldConfig")
            .field("holder", &self.holder)
            .field("poll_interval", &self.poll_interval)
            .field("rescan_interval", &self.rescan_interval)
            .finish_non_exhaustive()
    }
}
