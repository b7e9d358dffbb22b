//! The first cycles of a change, point by point: was one appliance switched on, or two shortly after one another?
//!
//! Between the two switchings flows the current of the first alone, and what the settled step has more than that is
//! the second. That says what each of them is, even if no whole cycle lies between.

use super::share::share;
use crate::metrology::{CurrentCycle, POINTS, Wave};
use core::ops::Range;

/// Cycles that are kept: later ones alike make a plateau of their own.
const CYCLES: usize = 4;
/// Points of a cycle that are averaged, against noise.
const AVERAGED: usize = 4;
const COARSE: usize = POINTS / AVERAGED;
/// Fine counts in a step, as a power of two: 7 mA of a full scale of 120 A.
const BITS: u32 = 12;
/// Points from one switching to the next from which they are told apart: three sixteenths of a cycle.
const APART: usize = COARSE * 3 / 16;
/// What was added in the first cycles since a change.
#[derive(Clone, Debug)]
pub(super) struct Transition {
    points: [i16; CYCLES * COARSE],
    cycles: usize,
}

/// One of two appliances that were switched on shortly after one another, from less than all of its waveform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Power that it would have as a resistor, mW.
    pub(super) power_mw: i32,
    /// Share of its current that is not proportional to the voltage, thousandths.
    pub(super) residual: u16,
    /// By how much a shift of the phase counts for more there than over a whole cycle, thousandths: more around the
    /// voltage's crossings, less around its peaks.
    leeway: u16,
}

impl Part {
    /// Whether it is a resistor by a limit of thousandths, wherever in the cycle it was seen.
    pub(super) fn is_resistor(&self, limit: u16) -> bool {
        self.residual <= scaled(limit, self.leeway.min(1000))
    }

    /// Whether it is certainly something else.
    pub(super) fn is_other(&self, limit: u16) -> bool {
        self.residual > scaled(limit, self.leeway.max(1000))
    }
}

fn scaled(limit: u16, thousandths: u16) -> u16 {
    u16::try_from(u32::from(limit) * u32::from(thousandths) / 1000).unwrap_or(u16::MAX)
}

impl Transition {
    pub(super) const NONE: Self = Self { points: [0; CYCLES * COARSE], cycles: 0 };

    /// Forgets all.
    pub(super) const fn clear(&mut self) {
        self.cycles = 0;
    }

    /// Takes what a cycle has more than the settled load, until there are enough.
    pub(super) fn add(&mut self, added: &Wave) {
        if self.cycles < CYCLES {
            let slots = self.points.iter_mut().skip(self.cycles * COARSE);
            slots.zip(coarse(added)).for_each(|(slot, value)| *slot = value);
            self.cycles += 1;
        }
    }

    /// The two appliances whose sum is `whole`, if there were two: both drew power, and everything has
    /// settled within the cycles that are kept. `noticed`: square of a change that is noticed, fine counts².
    pub(super) fn parts(&self, whole: &Wave, cycle: &CurrentCycle, noticed: u64) -> Option<[Part; 2]> {
        let (whole, volts) = (collect(whole), collect(cycle.voltage_wave));
        let seen = &self.points[..self.cycles * COARSE];
        let (first, end) = between(seen, &whole, noticed >> (2 * BITS))?;
        if end == seen.len() || end - first < APART || !stands_out(seen, &whole, first..end) {
            return None;
        }
        // The edges are smeared over a point.
        let points = || seen.iter().enumerate().take(end - 1).skip(first + 1);
        let at = |point: usize| (volts[point % COARSE], volts[(point + COARSE / 4) % COARSE]);
        let one = points().map(|(point, ampere)| (at(point), i64::from(*ampere)));
        let other = points().map(|(point, ampere)| (at(point), whole[point % COARSE] - i64::from(*ampere)));
        let parts = [Part::of(one, &volts, cycle), Part::of(other, &volts, cycle)];
        parts.iter().all(|part| part.power_mw > 0).then_some(parts)
    }
}

/// From which point to which neither nothing nor all flows: before it least of nothing else, after it least of
/// anything but `whole`, in least squares.
fn between(seen: &[i16], whole: &[i64; COARSE], noticed: u64) -> Option<(usize, usize)> {
    let square = |ampere: i64| ampere.pow(2);
    let mean = whole.iter().map(|ampere| square(*ampere)).sum::<i64>() / COARSE as i64;
    // What a point between costs: half of what is noticed at all, or a sixteenth of the step.
    let cost = (noticed.cast_signed() / 4).max(mean / 256);
    let nothing = |ampere: i16| square(ampere.into()) - cost;
    let rest = |point: usize, ampere: i16| square(whole[point % COARSE] - i64::from(ampere)) - cost;
    let mut after: i64 = seen.iter().enumerate().map(|(point, ampere)| rest(point, *ampere)).sum();
    // The best beginning so far and what it costs; the best of both.
    let (mut before, mut first) = (0, (0, 0));
    let mut best = (after, 0, 0);
    for (point, ampere) in seen.iter().enumerate() {
        before += nothing(*ampere);
        after -= rest(point, *ampere);
        first = first.min((before, point + 1));
        best = best.min((first.0 + after, first.1, point + 1));
    }
    let (_, first, end) = best;
    (first < end).then_some((first, end))
}

/// Whether what flows `between` differs more from nothing and from all than what runs beside it fluctuates.
fn stands_out(seen: &[i16], whole: &[i64; COARSE], between: Range<usize>) -> bool {
    let (mut within, mut elsewhere) = (0, 0);
    for (point, ampere) in seen.iter().enumerate() {
        let ampere = i64::from(*ampere);
        let off = ampere.pow(2).min((whole[point % COARSE] - ampere).pow(2));
        *(if between.contains(&point) { &mut within } else { &mut elsewhere }) += off;
    }
    let points = between.len() as i64;
    within * (seen.len() as i64 - points) >= 4 * elsewhere * points
}

impl Part {
    /// From the voltage, the voltage a quarter later, and the current at some points.
    fn of(
        points: impl Iterator<Item = ((i64, i64), i64)>,
        cycle_volts: &[i64; COARSE],
        cycle: &CurrentCycle,
    ) -> Self {
        let (mut product, mut volts, mut shifted, mut amperes) = (0i64, 0i64, 0i64, 0i64);
        for ((volt, later), ampere) in points {
            product += volt * ampere;
            volts += volt * volt;
            shifted += later * later;
            amperes += ampere * ampere;
        }
        let whole: i64 = cycle_volts.iter().map(|volt| volt * volt).sum();
        // What it would be over the whole cycle, as a mean of fine counts².
        let sum = i128::from(product) * i128::from(whole) / i128::from(volts.max(1));
        let mean = (sum << (2 * BITS)) / COARSE as i128;
        let power_uw = cycle.volts.product_micro(cycle.amperes, i64::try_from(mean).unwrap_or(0));
        let apparent = i128::from(volts) * i128::from(amperes);
        let lost = (apparent - i128::from(product) * i128::from(product)).max(0);
        let root = |value: i128| value.unsigned_abs().isqrt() as u64;
        Self {
            power_mw: i32::try_from(power_uw / 1000).unwrap_or(0),
            residual: share(root(lost), root(apparent)),
            leeway: share(root(shifted.into()), root(volts.into())),
        }
    }
}

/// Means of some points each, in steps.
fn coarse(wave: &Wave) -> impl Iterator<Item = i16> {
    let clamp = |mean: i32| mean.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    wave.as_chunks::<AVERAGED>()
        .0
        .iter()
        .map(move |points| clamp(points.iter().map(|point| point >> 2).sum::<i32>() >> BITS))
}

fn collect(wave: &Wave) -> [i64; COARSE] {
    let mut points = [0; COARSE];
    points.iter_mut().zip(coarse(wave)).for_each(|(slot, value)| *slot = value.into());
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::Calibration;
    use std::f64::consts::{SQRT_2, TAU};

    const VOLTS: Calibration = Calibration::nominal(500_000_000);
    const AMPERES: Calibration = Calibration::nominal(120_000_000);
    /// Of 75 W at 230 V.
    const NOTICED: u64 = (0.33 / 120.0 * 67_108_864.0 * (0.33 / 120.0 * 67_108_864.0)) as u64;
    const LIMIT: u16 = 90;

    /// `(watts, lag in degrees, from which turn on)` each, over the cycles that are kept.
    fn parts(loads: &[(f64, f64, f64)]) -> Option<[Part; 2]> {
        let current = |turn: f64, from: f64| {
            let on = loads.iter().filter(|load| turn >= load.2.min(from));
            let amperes =
                on.map(|(watts, lag, _)| watts / 115.0 * (TAU * turn - lag.to_radians()).sin() / SQRT_2);
            (amperes.sum::<f64>() / 120.0 * 67_108_864.0) as i32
        };
        let turn = |cycle: usize, point: usize| cycle as f64 + point as f64 / POINTS as f64;
        let wave = |cycle: usize, from: f64| -> Wave {
            core::array::from_fn(|point| current(turn(cycle, point), from))
        };
        let mut transition = Transition::NONE;
        (0..CYCLES + 1).for_each(|cycle| transition.add(&wave(cycle, f64::INFINITY)));
        let volts: Wave =
            core::array::from_fn(|point| ((TAU * turn(0, point)).sin() * 0.65 * 67_108_864.0) as i32);
        let whole = wave(0, 0.0);
        let cycle = CurrentCycle::simulated(0, (&volts, &VOLTS), (&whole, &AMPERES), 20_000);
        transition.parts(&whole, &cycle, NOTICED)
    }

    #[test]
    fn a_heater_is_told_from_what_comes_a_third_of_a_cycle_later_or_earlier() {
        for (heater, other) in [(0.4, 0.75), (0.75, 0.4), (0.1, 2.3), (1.9, 0.6)] {
            let [first, second] = parts(&[(800.0, 2.0, heater), (700.0, 25.0, other)]).unwrap();
            let (is_heater, is_other) = if heater < other { (first, second) } else { (second, first) };
            assert!(
                is_heater.is_resistor(LIMIT) && !is_other.is_resistor(LIMIT),
                "{heater} {other}: {first:?} {second:?}"
            );
            assert!((f64::from(is_heater.power_mw) / 800_000.0 - 1.0).abs() < 0.05, "{is_heater:?}");
        }
    }

    #[test]
    fn two_that_look_like_a_heater_together_are_none() {
        for (first, second) in [(0.0, 0.3), (0.4, 1.0), (0.8, 2.6)] {
            let parts = parts(&[(500.0, 14.0, first), (500.0, -14.0, second)]).unwrap();
            assert!(parts.iter().all(|part| part.is_other(LIMIT)), "{first} {second}: {parts:?}");
        }
    }

    #[test]
    fn one_alone_has_no_parts_and_neither_have_two_at_once_or_what_goes_on() {
        assert_eq!(parts(&[(1000.0, 0.0, 0.3)]), None);
        assert_eq!(parts(&[(600.0, 10.0, 0.3), (600.0, -10.0, 0.4)]), None);
        assert_eq!(parts(&[(600.0, 0.0, 0.3), (600.0, 0.0, 9.0)]), None);
        assert_eq!(Transition::NONE.parts(&[0; POINTS], &nothing(), NOTICED), None);
    }

    fn nothing() -> CurrentCycle<'static> {
        const NOTHING: Wave = [0; POINTS];
        CurrentCycle::simulated(0, (&NOTHING, &VOLTS), (&NOTHING, &AMPERES), 20_000)
    }
}
