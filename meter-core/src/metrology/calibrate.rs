//! Constants of a channel from readings beside a reference meter; the procedure is in
//! `docs/calibration.md`.
//!
//! Every function corrects the constants under which the readings were taken, so a second round improves
//! on the first.

use super::trig::Angle;
use super::{Calibration, Reading, SAMPLE_RATE_HZ};

/// A reading of the meter and what the reference meter said at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// By this meter over a second or more, sinusoidal voltage and current.
    pub read: Reading,
    /// By the reference: current, µA r.m.s.
    pub true_current_ua: u32,
    /// By the reference: how much the current lags the voltage.
    pub true_lag: Angle,
}

/// Why a current is measured too early or too late, when one frequency alone was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseCause {
    /// A current transformer: leads more at lower frequencies.
    Transformer,
    /// Filters and converters: a fixed time.
    Delay,
}

/// A voltage channel that read `read_uv` where the reference read `true_uv`.
#[must_use]
pub fn voltage(calibration: Calibration, read_uv: u32, true_uv: u32) -> Calibration {
    with_gain(calibration, read_uv, true_uv)
}

/// A current channel that read `current_ua` with nothing connected: its noise.
#[must_use]
pub fn noise(calibration: Calibration, current_ua: u32) -> Calibration {
    let fine = (u64::from(current_ua) << 26) / u64::from(calibration.full_scale.max(1));
    let square = fine.saturating_mul(fine).saturating_add(u64::from(calibration.noise_square));
    Calibration { noise_square: u32::try_from(square).unwrap_or(u32::MAX), ..calibration }.bounded()
}

/// The offset of a channel from raw samples with nothing on its input, at best of whole mains cycles.
#[must_use]
pub fn offset(calibration: Calibration, samples: impl IntoIterator<Item = i32>) -> Calibration {
    let (mut sum, mut count) = (0i64, 0i64);
    for sample in samples {
        sum = sum.saturating_add(i64::from(sample));
        count += 1;
    }
    let mean = if count == 0 { 0 } else { sum / count };
    Calibration { offset: i32::try_from(mean).unwrap_or(0), ..calibration }.bounded()
}

/// Gain and phase of a current channel from one point; `cause` says to what the phase error is put down.
#[must_use]
pub fn current(calibration: Calibration, point: &Point, cause: PhaseCause) -> Calibration {
    let (lead, frequency) = (lead_of(point), i128::from(point.read.frequency_mhz));
    let corrected = match cause {
        PhaseCause::Transformer => with_phase(calibration, 0, lead * frequency),
        PhaseCause::Delay => with_phase(calibration, lead * MILLI / frequency.max(1), 0),
    };
    with_gain(corrected, point.read.current_ua, point.true_current_ua)
}

/// Gain and phase of a current channel from two points at frequencies at least 2 Hz apart (the nominal
/// frequency's neighbourhood, 45 and 55 Hz at best): tells a transformer's lead from a fixed delay.
/// `None` if the frequencies are too close.
#[must_use]
pub fn current_at_two_frequencies(calibration: Calibration, points: &[Point; 2]) -> Option<Calibration> {
    let [low, high] = points.map(|point| i128::from(point.read.frequency_mhz));
    if (high - low).abs() < 2000 {
        return None;
    }
    // lead = a × f + b / f, two equations.
    let [lead_low, lead_high] = points.each_ref().map(lead_of);
    let divisor = high * high - low * low;
    let per_frequency = (lead_high * high - lead_low * low) * MILLI / divisor;
    let times_frequency = low * high / 1000 * (lead_low * high - lead_high * low) / divisor * 1000;
    let corrected = with_phase(calibration, per_frequency, times_frequency);
    let [read, truth] =
        [points.map(|point| point.read.current_ua), points.map(|point| point.true_current_ua)].map(mean);
    Some(with_gain(corrected, read, truth))
}

/// Thousandth parts in the frequency's unit, kept while dividing by one.
const MILLI: i128 = 1 << 20;

/// By how much the current is read too early, parts of a turn in 2^-32.
fn lead_of(point: &Point) -> i128 {
    i128::from(point.true_lag.0.wrapping_sub(point.read.lag().0))
}

fn mean([first, second]: [u32; 2]) -> u32 {
    first.midpoint(second)
}

/// Adds a lead of `per_frequency` (2^-52 turns a mHz) and one of `times_frequency` (2^-32 turns × mHz).
fn with_phase(calibration: Calibration, per_frequency: i128, times_frequency: i128) -> Calibration {
    let rate = i128::from(SAMPLE_RATE_HZ) * 1000;
    // turns/mHz × samples/s × 1000 = samples, from 2^-52 to 2^-24.
    let delay = (per_frequency * rate) >> 28;
    // ωc/6400 = lead in radians × ω / 6400 = turns × (2π)² × f / 6400, from 2^-32 to 2^-35.
    let corner = times_frequency * 8 * 39_478_418 / (rate * 1_000_000);
    let sum = |old: i32, more: i128| {
        let more = more.clamp(i128::from(i32::MIN), i128::from(i32::MAX)) as i32;
        old.saturating_add(more)
    };
    Calibration {
        delay: sum(calibration.delay, delay),
        transformer_corner: sum(calibration.transformer_corner, corner),
        ..calibration
    }
    .bounded()
}

fn with_gain(calibration: Calibration, read: u32, truth: u32) -> Calibration {
    let scaled = u64::from(calibration.full_scale) * u64::from(truth) / u64::from(read.max(1));
    Calibration { full_scale: u32::try_from(scaled).unwrap_or(u32::MAX), ..calibration }.bounded()
}
