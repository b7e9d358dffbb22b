//! Where the mains' cycles begin, to a fraction of a sample.
//!
//! Each cycle is measured between two boundaries. The phase of the reference voltage's fundamental within
//! it says where its zero crossing really was; the boundary after next is set on the predicted crossing.
//! Harmonics and noise hardly move the fundamental's phase, so nothing needs to be filtered before.

use super::SAMPLE_RATE_HZ;
use super::harmonics::Phasor;
use super::samples::{Position, SAMPLE};
use super::trig::{Angle, angle_of};
use super::wiring::{Phase, VOLTAGES};

/// Lowest frequency that is tracked, mHz.
pub const MIN_FREQUENCY_MHZ: u32 = 44_000;
/// Highest frequency that is tracked, mHz.
pub const MAX_FREQUENCY_MHZ: u32 = 66_500;

const NOMINAL_PERIOD: u32 = SAMPLE_RATE_HZ / 50 * SAMPLE;
const LONGEST_PERIOD: u32 = period_of(MIN_FREQUENCY_MHZ);
const SHORTEST_PERIOD: u32 = period_of(MAX_FREQUENCY_MHZ);
/// A cycle may be cut longer or shorter than any period, to get onto the crossings sooner.
const LONGEST_CUT: u32 = LONGEST_PERIOD / 20 * 21;
const SHORTEST_CUT: u32 = SHORTEST_PERIOD / 21 * 20;

const fn period_of(frequency_mhz: u32) -> u32 {
    (SAMPLE_RATE_HZ as u64 * SAMPLE as u64 * 1000 / frequency_mhz as u64) as u32
}

/// The frequency of a period in positions, mHz.
pub(super) const fn frequency_of(period: u64, cycles: u32) -> u32 {
    if period == 0 {
        return 0;
    }
    let numerator = SAMPLE_RATE_HZ as u64 * 1000 * cycles as u64;
    ((numerator as u128 * SAMPLE as u128 + period as u128 / 2) / period as u128) as u32
}

/// A hundredth of a turn: beyond that a cycle does not count as aligned.
const ALIGNED: u32 = 42_949_673;
/// Aligned cycles before the clock counts as locked.
const LOCK_CYCLES: u8 = 10;
/// A jump of the period beyond a 64th is followed at once, a smaller one smoothed.
const SMOOTHED_PART: u32 = 64;
/// Fundamental below which a phase is no reference: 1/32 of full scale (peak), squared, in fine counts².
const REFERENCE_FLOOR: u64 = 1 << 41;

/// One cycle as cut out by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: Position,
    /// Length in 2^-24 samples.
    pub(super) period: u32,
}

impl Span {
    pub(super) const fn end(self) -> Position {
        self.start.wrapping_add(self.period)
    }
}

/// Tracks the cycles of the first voltage that is alive.
#[derive(Clone, Debug)]
pub(super) struct CycleClock {
    current: Span,
    /// Smoothed distance of crossings.
    estimate: u32,
    /// How late the crossing was in the previous cycle, and whether that is known.
    late_before: Option<i32>,
    previous_period: u32,
    reference: Phase,
    /// Phase of each voltage relative to the boundaries while locked: where to go on when the reference
    /// dies.
    offsets: [Angle; VOLTAGES],
    /// Mean square of each fundamental in the previous cycle.
    levels: [u64; VOLTAGES],
    aligned_cycles: u8,
}

impl CycleClock {
    pub(super) const fn new(start: Position) -> Self {
        Self {
            current: Span { start, period: NOMINAL_PERIOD },
            estimate: NOMINAL_PERIOD,
            late_before: None,
            previous_period: NOMINAL_PERIOD,
            reference: Phase::A,
            offsets: [Angle(0); VOLTAGES],
            levels: [0; VOLTAGES],
            aligned_cycles: 0,
        }
    }

    /// The cycle that is being sampled.
    pub(super) const fn current(&self) -> Span {
        self.current
    }

    /// Whether boundaries are on the crossings, and a voltage is there.
    pub(super) const fn locked(&self) -> bool {
        self.aligned_cycles >= LOCK_CYCLES
    }

    /// Takes the fundamentals of the cycle that has ended, and begins the next one.
    pub(super) fn advance(&mut self, fundamentals: &[Phasor; VOLTAGES]) {
        let ended = self.current;
        let angles = fundamentals.map(|phasor| angle_of(phasor.sin, phasor.cos));
        let next_period = match self.choose_reference(fundamentals) {
            Some(reference) => self.follow(ended, angles[reference.index()], self.offsets[reference.index()]),
            None => self.run_free(fundamentals),
        };
        if self.locked() {
            self.remember(&angles, fundamentals);
        }
        self.levels = fundamentals.map(Phasor::mean_square);
        self.previous_period = ended.period;
        let period = next_period.clamp(SHORTEST_CUT, LONGEST_CUT);
        self.current = Span { start: ended.end(), period };
    }

    fn choose_reference(&mut self, fundamentals: &[Phasor; VOLTAGES]) -> Option<Phase> {
        if !self.whole(self.reference, fundamentals) {
            let other = Phase::ALL.into_iter().find(|phase| self.whole(*phase, fundamentals))?;
            self.reference = other;
            if !self.locked() {
                // Nothing is known of how the phases lie: begin anew on this one.
                self.offsets = [Angle(0); VOLTAGES];
                self.late_before = None;
            }
        }
        Some(self.reference)
    }

    /// A voltage that dies or dips within the cycle has a wrong phase in it.
    fn whole(&self, phase: Phase, fundamentals: &[Phasor; VOLTAGES]) -> bool {
        let level = fundamentals[phase.index()].mean_square();
        level > REFERENCE_FLOOR && level > self.levels[phase.index()] / 4 * 3
    }

    /// The length of the cycle after `ended` that brings its end onto a crossing.
    fn follow(&mut self, ended: Span, angle: Angle, offset: Angle) -> u32 {
        let ahead = angle.0.wrapping_sub(offset.0);
        let late = ((-i64::from(ahead) * i64::from(ended.period)) >> 32) as i32;
        // The fundamental's phase is that of the middle of the cycle, whatever its length was.
        if let Some(late_before) = self.late_before {
            let (period, half) = (i64::from(ended.period), i64::from(ended.period / 2));
            let drift = (i64::from(late) - i64::from(late_before) + half).rem_euclid(period) - half;
            self.estimate_from((i64::from(self.previous_period) + period) / 2 + drift);
        }
        self.late_before = Some(late);
        let aligned = ahead.unsigned_abs() < ALIGNED;
        self.aligned_cycles = if aligned { self.aligned_cycles.saturating_add(1) } else { 0 };
        // From the crossing in the middle of the ended cycle one and a half periods on, less the half cycle
        // that is behind it.
        let next = i64::from(late) + (3 * i64::from(self.estimate) - i64::from(ended.period)) / 2;
        u32::try_from(next.max(0)).unwrap_or(u32::MAX)
    }

    fn estimate_from(&mut self, measured: i64) {
        let measured =
            u32::try_from(measured.max(0)).unwrap_or(u32::MAX).clamp(SHORTEST_PERIOD, LONGEST_PERIOD);
        let off = i64::from(measured) - i64::from(self.estimate);
        let jump = off.unsigned_abs() > u64::from(self.estimate / SMOOTHED_PART);
        let step = if jump { off } else { off / 4 };
        self.estimate = u32::try_from(i64::from(self.estimate) + step).unwrap_or(NOMINAL_PERIOD);
    }

    /// Without a sound voltage the last known period goes on; without any, nothing is locked.
    fn run_free(&mut self, fundamentals: &[Phasor; VOLTAGES]) -> u32 {
        self.late_before = None;
        if fundamentals.iter().all(|phasor| phasor.mean_square() <= REFERENCE_FLOOR) {
            self.aligned_cycles = 0;
        }
        self.estimate
    }

    fn remember(&mut self, angles: &[Angle; VOLTAGES], fundamentals: &[Phasor; VOLTAGES]) {
        for phase in Phase::ALL.into_iter().filter(|phase| *phase != self.reference) {
            if self.whole(phase, fundamentals) {
                self.offsets[phase.index()] = angles[phase.index()];
            }
        }
    }
}
