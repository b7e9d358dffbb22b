//! A whole campus from a seed: collectors, lines and meters, and the loop that lets its time pass.

use crate::bus::Bus;
use crate::collector::{Collector, Mode};
use crate::meter::VirtualMeter;
use crate::steps::steps;
use fastrand::Rng;
use meter_core::envelope::{Key, derive_meter_key};
use meter_core::serial::Serial;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Unit ids on an RS485 line run from 1 to 247.
pub const MAX_METERS_PER_LINE: u8 = 247;

/// How large a campus is, and who may command its meters.
#[derive(Clone, Copy, Debug)]
pub struct CampusSpec {
    /// Collectors, each with one line.
    pub collectors: u16,
    /// Meters on each line, units 1 and up, at most 247.
    pub meters_per_collector: u8,
    /// The site's master key, from which each meter's is derived.
    pub master_key: Key,
}

/// Simulated meters on lines; clones are the same campus.
#[derive(Clone, Debug)]
pub struct Campus {
    lines: Vec<Bus>,
}

impl Campus {
    /// Builds the meters. The same seed and spec give the same serials and the same loads.
    #[must_use]
    pub fn build(seed: u64, spec: &CampusSpec) -> Self {
        let mut rng = Rng::with_seed(seed);
        let per_line = spec.meters_per_collector.min(MAX_METERS_PER_LINE);
        let first_serial = first_serial(&mut rng);
        let lines = (0..u64::from(spec.collectors)).map(|line| {
            let bus = Bus::new();
            for unit in 1..=per_line {
                let number = first_serial + line * u64::from(per_line) + u64::from(unit - 1);
                if let Ok(serial) = Serial::try_from(number) {
                    let key = derive_meter_key(&spec.master_key, serial);
                    bus.attach(unit, VirtualMeter::new(serial, key, &mut rng));
                }
            }
            bus
        });
        Self { lines: lines.collect() }
    }

    /// The lines, one a collector.
    #[must_use]
    pub fn lines(&self) -> &[Bus] {
        &self.lines
    }

    /// Every meter: index of its line, unit id, serial.
    #[must_use]
    pub fn meters(&self) -> Vec<(usize, u8, Serial)> {
        let on_line = |(index, bus): (usize, &Bus)| -> Vec<(usize, u8, Serial)> {
            let serial = |unit: u8| bus.with_meter(unit, |meter| meter.meter().serial());
            bus.units().into_iter().filter_map(|unit| Some((index, unit, serial(unit)?))).collect()
        };
        self.lines.iter().enumerate().flat_map(on_line).collect()
    }

    /// Starts a collector a line, on consecutive ports from `first_port`, or on free ones if that is 0.
    ///
    /// # Errors
    /// Those of binding; collectors that were started already are stopped.
    pub async fn start_collectors(
        &self,
        ip: IpAddr,
        first_port: u16,
        mode: Mode,
    ) -> io::Result<Vec<Collector>> {
        let mut collectors = Vec::with_capacity(self.lines.len());
        for (index, bus) in self.lines.iter().enumerate() {
            let port = if first_port == 0 { 0 } else { port_after(first_port, index)? };
            collectors.push(Collector::start(SocketAddr::new(ip, port), bus.clone(), mode).await?);
        }
        Ok(collectors)
    }

    /// Lets simulated time pass for every meter, in steps of at most 1 s up to a minute and of at most a
    /// sixtieth of the whole above. It ends at `local_second_of_day`.
    pub fn advance_all(&self, elapsed_ms: u32, local_second_of_day: u32) {
        for step in steps(elapsed_ms, local_second_of_day) {
            self.lines.iter().for_each(|bus| bus.step(step));
        }
    }

    /// Follows a clock for ever: each `tick` of real time, the meters advance by what `clock` (Unix ms,
    /// local second of the day) has moved. A clock that runs faster makes a faster campus; one that is set
    /// back lets no time pass. Drop the future to stop.
    pub async fn run(&self, clock: impl Fn() -> (i64, u32), tick: Duration) {
        let (mut last_ms, _) = clock();
        loop {
            tokio::time::sleep(tick).await;
            let (now_ms, second_of_day) = clock();
            let elapsed_ms = now_ms.saturating_sub(last_ms).max(0);
            self.advance_all(u32::try_from(elapsed_ms).unwrap_or(u32::MAX), second_of_day);
            last_ms = now_ms;
        }
    }
}

/// Twelve digits: a type prefix, six digits from the seed, room for 99 999 meters.
fn first_serial(rng: &mut Rng) -> u64 {
    100_000_000_001 + rng.u64(0..900_000) * 100_000
}

fn port_after(first_port: u16, index: usize) -> io::Result<u16> {
    u16::try_from(index)
        .ok()
        .and_then(|index| first_port.checked_add(index))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not enough ports above the first"))
}
