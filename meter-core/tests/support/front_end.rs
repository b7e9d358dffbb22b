//! A modelled front end: sources with harmonics, sensors with phase errors, noise, offset, quantisation
//! and clipping. Shared by tests and examples.
#![allow(dead_code, reason = "each user needs a part of it")]

use meter_core::metrology::{
    Calibration, MAX_CURRENTS, Metrology, NoLoad, Phase, SAMPLE_RATE_HZ, SampleSet, Step, VOLTAGES, Wiring,
};
use std::f64::consts::{SQRT_2, TAU};

/// Peak at full scale, V.
pub const VOLTS: f64 = 500.0;
/// Peak at full scale, A: a meter of 60 A with room for harmonics.
pub const AMPERES: f64 = 120.0;
/// Orders that the sources have.
pub const ORDERS: [u32; 4] = [1, 3, 5, 7];

/// Deterministic noise.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// 0..1.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Nearly normal with standard deviation 1: the sum of four uniform numbers.
    pub fn normal(&mut self) -> f64 {
        let bits = self.bits();
        let sum: u64 = (0..4).map(|part| bits >> (16 * part) & 0xFFFF).sum();
        (sum as f64 / 65_536.0 - 2.0) * 3f64.sqrt()
    }
}

/// Where a sensor's phase error comes from; degrees of lead at 50 Hz.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PhaseError {
    /// A transformer's magnetising current: more at lower frequencies, and a little attenuation.
    Transformer(f64),
    /// A fixed time: more at higher frequencies.
    Delay(f64),
    /// The same angle at any frequency.
    Constant(f64),
}

impl PhaseError {
    /// Lead (rad) and gain at `hz`.
    fn at(self, hz: f64) -> (f64, f64) {
        match self {
            Self::Transformer(degrees) => {
                let lead = (degrees.to_radians().tan() * 50.0 / hz).atan();
                (lead, lead.cos())
            }
            Self::Delay(degrees) => (degrees.to_radians() * hz / 50.0, 1.0),
            Self::Constant(degrees) => (degrees.to_radians(), 1.0),
        }
    }
}

/// One sinusoid with its harmonics: r.m.s., lag of the fundamental in radians, share of each further order.
#[derive(Clone, Copy, Debug)]
pub struct Wave {
    pub rms: f64,
    pub lag: f64,
    pub shares: [f64; 3],
}

impl Wave {
    pub fn sine(rms: f64, lag: f64) -> Self {
        Self { rms, lag, shares: [0.0; 3] }
    }

    /// R.m.s. and lag of each order.
    pub fn parts(&self) -> [(f64, f64); 4] {
        let [third, fifth, seventh] = self.shares;
        [(1.0, 0.0), (third, 0.4), (fifth, -0.7), (seventh, 1.1)]
            .map(|(share, shift)| (self.rms * share, self.lag + shift))
    }

    pub fn power_with(&self, other: &Self) -> f64 {
        self.parts().iter().zip(other.parts()).map(|(a, b)| a.0 * b.0 * (a.1 - b.1).cos()).sum()
    }
}

/// The model of the analogue side and its converter.
#[derive(Clone, Copy, Debug)]
pub struct FrontEnd {
    pub bits: u32,
    /// White noise on each current, A r.m.s.
    pub noise_a: f64,
    pub phase_error: PhaseError,
    /// Relative error of every gain before calibration.
    pub gain_error: f64,
    /// Offset of every input, part of full scale.
    pub offset: f64,
}

impl FrontEnd {
    /// `signal` (part of full scale) as the converter gives it, left-justified to 24 bits.
    fn convert(&self, signal: f64) -> i32 {
        let steps = f64::from(1u32 << (self.bits - 1));
        let count = ((signal * (1.0 + self.gain_error) + self.offset) * steps).round();
        (count.clamp(-steps, steps - 1.0) as i32) << (24 - self.bits)
    }
}

/// What is connected: one voltage on all three inputs (turned by thirds), and every current.
pub struct Bench {
    pub front: FrontEnd,
    pub hz: f64,
    pub voltage: Wave,
    pub currents: [Wave; MAX_CURRENTS],
    /// Multiplies all currents: for surges.
    pub surge: f64,
    angle: f64,
    noise: Noise,
}

impl Bench {
    pub fn new(front: FrontEnd, hz: f64, voltage: Wave, currents: [Wave; MAX_CURRENTS]) -> Self {
        Self { front, hz, voltage, currents, surge: 1.0, angle: 0.7, noise: Noise::new(0x5EED) }
    }

    /// Phase of the mains, turns.
    pub fn turns(&self) -> f64 {
        self.angle / TAU
    }

    /// All inputs on one phase: a table of one current against another needs no other voltage.
    pub fn wiring() -> Wiring {
        Wiring::new([Some(Phase::A); MAX_CURRENTS])
    }

    /// Coefficients of cosine and sine of each order for the current inputs, as the sensors give them.
    fn sensed(&self) -> [[(f64, f64); 4]; MAX_CURRENTS] {
        self.currents.map(|wave| {
            let mut order = 0;
            wave.parts().map(|(rms, lag)| {
                let (lead, gain) = self.front.phase_error.at(self.hz * f64::from(ORDERS[order]));
                order += 1;
                let (peak, phase) = (rms * SQRT_2 * gain / AMPERES, lead - lag);
                (peak * phase.sin(), peak * phase.cos())
            })
        })
    }

    /// Runs `samples` sample sets through `meter`; `each` gets every step.
    pub fn run(&mut self, meter: &mut Metrology, samples: u64, mut each: impl FnMut(&Step)) {
        self.each_sample(samples, |set| {
            meter.push(set);
            while let Some(step) = meter.step() {
                each(&step);
            }
        });
    }

    /// Hands out `samples` sample sets.
    pub fn each_sample(&mut self, samples: u64, mut each: impl FnMut(&SampleSet)) {
        let sensed = self.sensed();
        let voltage = self.voltage.parts();
        for _ in 0..samples {
            each(&self.sample(&voltage, &sensed));
        }
    }

    fn sample(&mut self, voltage: &[(f64, f64); 4], sensed: &[[(f64, f64); 4]; MAX_CURRENTS]) -> SampleSet {
        self.angle = (self.angle + TAU * self.hz / f64::from(SAMPLE_RATE_HZ)) % TAU;
        let mut set = SampleSet::ZERO;
        for phase in 0..VOLTAGES {
            let turned = self.angle - TAU / 3.0 * phase as f64;
            let sum: f64 = voltage
                .iter()
                .zip(ORDERS)
                .map(|((rms, lag), order)| rms * SQRT_2 * (f64::from(order) * turned - lag).sin())
                .sum();
            let noise = 0.02 * self.noise.normal();
            set.voltages[phase] = self.front.convert((sum + noise) / VOLTS);
        }
        let tones = ORDERS.map(|order| (f64::from(order) * self.angle).sin_cos());
        for (count, parts) in set.currents.iter_mut().zip(sensed) {
            let sum: f64 = parts.iter().zip(tones).map(|((cos, sin), (s, c))| cos * c + sin * s).sum();
            let noise = self.front.noise_a * self.noise.normal() / AMPERES;
            *count = self.front.convert(sum * self.surge + noise);
        }
        set
    }
}

/// A meter with nominal constants.
pub fn meter(wiring: Wiring) -> Metrology {
    let mut calibrations = [Calibration::nominal((AMPERES * 1e6) as u32); VOLTAGES + MAX_CURRENTS];
    calibrations[..VOLTAGES].fill(Calibration::nominal((VOLTS * 1e6) as u32));
    Metrology::new(wiring, &calibrations, NoLoad::class_1(5000, 230_000))
}
