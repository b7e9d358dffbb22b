//! From simultaneous samples to what was used: voltage, current, power, frequency, harmonics, energy.
//!
//! The sample interrupt calls [`Metrology::push`] for every sample set; the main loop calls
//! [`Metrology::step`], which works through one channel of a finished cycle at a time. Each cycle of each
//! channel is resampled to exactly [`POINTS`] points between two boundaries of the mains' cycle, so that
//! sums over it are whole periods at any frequency, and the phase error of a current sensor is undone by
//! where the points are read. Everything is integers: samples are kept as *fine counts*, an eighth of a
//! count of a 24-bit converter, whose full scale is 2^26.

pub mod calibrate;
mod calibration;
mod channel;
mod current_cycle;
mod cycle_clock;
mod energy;
mod engine;
mod harmonics;
mod reading;
mod samples;
mod sums;
pub mod trig;
mod wiring;

pub use calibration::Calibration;
pub use current_cycle::CurrentCycle;
pub use cycle_clock::{MAX_FREQUENCY_MHZ, MIN_FREQUENCY_MHZ};
pub use energy::{EnergyRegister, Flow, NoLoad, RESIDUE_PER_WATT_HOUR};
pub use engine::{Metrology, Step};
pub use harmonics::{Harmonics, ORDERS, Phasor};
pub use reading::Reading;
pub use wiring::{CHANNELS, MAX_CURRENTS, Phase, SampleSet, VOLTAGES, Wiring};

/// Sample sets a second: 128 a cycle at 50 Hz.
pub const SAMPLE_RATE_HZ: u32 = 6400;

/// Points to which every cycle is resampled.
pub const POINTS: usize = 128;

/// From counts to fine counts.
const FINE_BITS: u32 = 3;

/// One resampled cycle of a channel, in fine counts.
pub type Wave = [i32; POINTS];
