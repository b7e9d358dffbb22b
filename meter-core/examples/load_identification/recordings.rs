//! Reads recorded appliances and cuts them into cycles aligned to their voltage.

use crate::front_end::Noise;
use crate::stage::{Appliance, POINTS};
use std::f64::consts::TAU;
use std::io;
use std::path::Path;

/// Samples of a recording.
const SAMPLES: usize = 3200;
/// Counts of an ampere and of a volt in the recordings.
const AMPERE: f64 = 41.4738;
const VOLT: f64 = 21.3872;

/// What a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(pub &'static str);

impl Class {
    pub const KETTLE: Self = Self("kettle");
    pub const ALL: [Self; 12] = [
        Self("water_heater"),
        Self("kettle"),
        Self("rice_cooker"),
        Self("water_dispenser"),
        Self("induction_cooker"),
        Self("fridge"),
        Self("desktop_pc"),
        Self("tv"),
        Self("range_hood"),
        Self("washing_machine"),
        Self("air_conditioner"),
        Self("laptop"),
    ];

    pub fn resistive(self) -> bool {
        matches!(self.0, "water_heater" | "kettle" | "rice_cooker" | "water_dispenser")
    }

    pub fn permitted(self) -> bool {
        !self.resistive() && self.0 != "induction_cooker"
    }
}

/// Every recording of every class.
pub struct Library {
    classes: Vec<(Class, Vec<Appliance>)>,
}

impl Library {
    pub fn read(directory: &Path) -> io::Result<Self> {
        let mut classes = Vec::new();
        for class in Class::ALL {
            let path = directory.join(class.0).with_extension("i16");
            let bytes = std::fs::read(&path)?;
            let numbers: Vec<f64> =
                bytes.as_chunks::<2>().0.iter().map(|pair| f64::from(i16::from_le_bytes(*pair))).collect();
            let recordings: Vec<_> = numbers.chunks_exact(2 * SAMPLES).map(cut).collect();
            if recordings.is_empty() {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{} is too short", path.display()),
                ));
            }
            classes.push((class, recordings));
        }
        Ok(Self { classes })
    }

    pub fn any_class(&self, noise: &mut Noise) -> Class {
        pick(Class::ALL.as_slice(), noise)
    }

    pub fn any_permitted(&self, noise: &mut Noise) -> Class {
        let permitted: Vec<_> = Class::ALL.into_iter().filter(|class| class.permitted()).collect();
        pick(&permitted, noise)
    }

    pub fn any_resistive(&self, noise: &mut Noise) -> Class {
        let resistive: Vec<_> = Class::ALL.into_iter().filter(|class| class.resistive()).collect();
        pick(&resistive, noise)
    }

    /// A recording of a class, at random.
    pub fn any_of(&self, class: Class, noise: &mut Noise) -> &Appliance {
        let recordings = &self.classes.iter().find(|(of, _)| *of == class).expect("every class was read").1;
        &recordings[(noise.bits() % recordings.len() as u64) as usize]
    }
}

fn pick(classes: &[Class], noise: &mut Noise) -> Class {
    classes[(noise.bits() >> 16) as usize % classes.len()]
}

/// Cuts a recording at the rising crossings of the voltage's fundamental.
fn cut(pairs: &[f64]) -> Appliance {
    let current: Vec<f64> = pairs.iter().step_by(2).map(|count| count / AMPERE).collect();
    let voltage: Vec<f64> = pairs.iter().skip(1).step_by(2).map(|count| count / VOLT).collect();
    let (mut currents, mut voltages) = (Vec::new(), Vec::new());
    let mut start = crossing(&voltage, 128.0);
    while start + 132.0 < SAMPLES as f64 {
        let next = start + 128.0;
        // The mains drifts by less than this within a cycle; at the end there is no whole cycle to look at.
        let crossed = crossing(&voltage, next);
        let next = if (crossed - next).abs() < 2.0 { crossed } else { next };
        let at = |samples: &[f64], point: usize| {
            between(samples, start + (next - start) * point as f64 / POINTS as f64)
        };
        currents.push(core::array::from_fn(|point| at(&current, point)));
        voltages.push(core::array::from_fn(|point| at(&voltage, point)));
        start = next;
    }
    // An even number, so that a load that pulses every other cycle goes on when it is repeated.
    currents.truncate(currents.len() / 2 * 2);
    Appliance { currents, voltage: mean(&voltages) }
}

/// The rising crossing of the voltage's fundamental nearest to `near`, from its phase over a cycle.
fn crossing(voltage: &[f64], near: f64) -> f64 {
    let mut at = near;
    for _ in 0..3 {
        let first = (at.round().max(0.0) as usize).min(voltage.len() - 128);
        let (mut sin, mut cos) = (0.0, 0.0);
        for (point, volt) in voltage[first..first + 128].iter().enumerate() {
            let (s, c) = (TAU * point as f64 / 128.0).sin_cos();
            (sin, cos) = (sin + volt * s, cos + volt * c);
        }
        at = first as f64 - cos.atan2(sin) / TAU * 128.0;
    }
    at
}

fn between(samples: &[f64], at: f64) -> f64 {
    let index = (at as usize).clamp(1, samples.len() - 3);
    let t = at - index as f64;
    let [a, b, c, d] = [samples[index - 1], samples[index], samples[index + 1], samples[index + 2]];
    b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
}

fn mean(cycles: &[[f64; POINTS]]) -> [f64; POINTS] {
    core::array::from_fn(|point| cycles.iter().map(|cycle| cycle[point]).sum::<f64>() / cycles.len() as f64)
}
