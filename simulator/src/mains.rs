//! The public grid: three phases that wander a little around 230 V and 50 Hz.

use fastrand::Rng;
use std::f64::consts::TAU;

const NOMINAL_V: f64 = 230.0;
const NOMINAL_HZ: f64 = 50.0;
/// Slow swing of the district's transformer, and a quicker one of the neighbours.
const SWINGS: [(f64, f64); 2] = [(3.0, 3571.0), (1.2, 397.0)];

/// The voltage and frequency at one place, a pure function of the time of day.
#[derive(Clone, Debug)]
pub struct Mains {
    shifts: [f64; 3],
    fault_v: Option<[f64; 3]>,
}

/// The grid at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// Phase voltages, V.
    pub voltage_v: [f64; 3],
    /// Frequency, Hz.
    pub frequency_hz: f64,
}

impl Mains {
    /// A grid that swings in its own rhythm.
    pub fn new(rng: &mut Rng) -> Self {
        Self { shifts: std::array::from_fn(|_| rng.f64() * TAU), fault_v: None }
    }

    /// Sags, surges and lost phases: so many volts from now on, or the grid's own wandering again.
    pub const fn set_voltage(&mut self, voltage_v: Option<[f64; 3]>) {
        self.fault_v = voltage_v;
    }

    /// The grid at a second of the local day.
    #[must_use]
    pub fn at(&self, second_of_day: u32) -> Supply {
        let t = f64::from(second_of_day);
        let swing = |shift: f64| -> f64 {
            SWINGS.iter().map(|(volts, period_s)| volts * (TAU * t / period_s + shift).sin()).sum()
        };
        Supply {
            voltage_v: self.fault_v.unwrap_or_else(|| self.shifts.map(|shift| NOMINAL_V + swing(shift))),
            frequency_hz: NOMINAL_HZ + 0.03 * (TAU * t / 911.0 + self.shifts[0]).sin(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_wanders_but_stays_within_two_percent() {
        let mains = Mains::new(&mut Rng::with_seed(1));
        let day: Vec<Supply> = (0..86_400).step_by(60).map(|second| mains.at(second)).collect();
        for supply in &day {
            assert!(supply.voltage_v.iter().all(|volts| (225.0..=235.0).contains(volts)), "{supply:?}");
            assert!((49.9..=50.1).contains(&supply.frequency_hz));
        }
        assert!(day.iter().any(|supply| supply.voltage_v[0] > 232.0));
        assert!(day.iter().any(|supply| supply.voltage_v[0] < 228.0));
    }
}
