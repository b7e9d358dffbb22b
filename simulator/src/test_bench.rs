//! A bench for tests of anything that talks to meters: one collector, one line, units 1 to n, no loads but
//! what the test plugs in.

use crate::bus::Bus;
use crate::collector::{Collector, Mode};
use crate::faults::FaultPlan;
use crate::meter::VirtualMeter;
use fastrand::Rng;
use meter_core::envelope::{Key, derive_meter_key};
use meter_core::serial::Serial;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

/// A running bench; dropping it stops the collector.
#[derive(Debug)]
pub struct TestBench {
    bus: Bus,
    serials: Vec<Serial>,
    collector: Collector,
}

impl TestBench {
    /// Starts a collector on a free loopback port with `units` meters, keyed from `master_key`.
    ///
    /// # Errors
    /// Those of binding.
    pub async fn start(units: u8, seed: u64, master_key: &Key, mode: Mode) -> io::Result<Self> {
        let mut rng = Rng::with_seed(seed);
        let bus = Bus::new();
        let base = rng.u64(1..900_000) * 1_000_000;
        let serials: Vec<Serial> =
            (1..=u64::from(units)).filter_map(|unit| Serial::try_from(base + unit).ok()).collect();
        for (unit, serial) in (1..=units).zip(&serials) {
            let key = derive_meter_key(master_key, *serial);
            bus.attach(unit, VirtualMeter::without_loads(*serial, key, &mut rng));
        }
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let collector = Collector::start(loopback, bus.clone(), mode).await?;
        Ok(Self { bus, serials, collector })
    }

    /// Where the collector listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.collector.address()
    }

    /// The line.
    #[must_use]
    pub const fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The faults of the line and its collector.
    #[must_use]
    pub const fn faults(&self) -> &FaultPlan {
        self.bus.faults()
    }

    /// The serials of units 1, 2, ….
    #[must_use]
    pub fn serials(&self) -> &[Serial] {
        &self.serials
    }

    /// Lets simulated time pass at noon, in steps of at most 1 s.
    pub fn advance_ms(&self, elapsed_ms: u32) {
        const NOON_S: u32 = 43_200;
        for step_start_ms in (0..elapsed_ms).step_by(1000) {
            self.bus.advance((elapsed_ms - step_start_ms).min(1000), NOON_S);
        }
    }
}
