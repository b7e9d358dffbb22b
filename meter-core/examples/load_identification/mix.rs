//! What is running and what is switched on.

use crate::front_end::Noise;
use crate::recordings::{Class, Library};
use crate::stage::{Appliance, POINTS, SWITCH_CYCLE, Source};

/// What is switched on.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One appliance of a class.
    Any(Class),
    /// The kettle behind a diode.
    HalfWave,
    /// The kettle behind a phase control at 40–120°.
    PhaseCut,
    /// A resistive load and another appliance within 100 ms, in either order.
    Two,
    /// Two permitted appliances within 100 ms.
    TwoPermitted,
}

/// One switch-on.
pub struct Scene {
    kind: Kind,
    appliances: Vec<(Class, Appliance, f64, usize)>,
}

impl Scene {
    pub fn make(library: &Library, kind: Kind, noise: &mut Noise) -> Self {
        let mut scene = Self { kind, appliances: Vec::new() };
        // Anywhere in the cycle.
        let at = SWITCH_CYCLE + noise.uniform();
        let soon = at + 5.0 * noise.uniform();
        match kind {
            Kind::Any(class) => scene.add(library, class, at, noise),
            Kind::HalfWave => {
                scene.add(library, Class::KETTLE, at, noise);
                scene.change(|point, ampere| if point < POINTS / 2 { ampere } else { 0.0 });
            }
            Kind::PhaseCut => {
                scene.add(library, Class::KETTLE, at, noise);
                let cut = (40.0 + 80.0 * noise.uniform()) / 180.0 * (POINTS / 2) as f64;
                scene.change(|point, ampere| if (point % (POINTS / 2)) as f64 >= cut { ampere } else { 0.0 });
            }
            Kind::Two => {
                let (heater, other) = (library.any_resistive(noise), library.any_class(noise));
                let heater_first = noise.bits() & 1 == 0;
                let (heater_at, other_at) = if heater_first { (at, soon) } else { (soon, at) };
                scene.add(library, heater, heater_at, noise);
                scene.add(library, other, other_at, noise);
            }
            Kind::TwoPermitted => {
                for start in [at, soon] {
                    let class = library.any_permitted(noise);
                    scene.add(library, class, start, noise);
                }
            }
        }
        for _ in 0..noise.bits() % 6 {
            let class = library.any_permitted(noise);
            scene.add(library, class, 0.0, noise);
        }
        scene
    }

    fn add(&mut self, library: &Library, class: Class, at: f64, noise: &mut Noise) {
        let appliance = library.any_of(class, noise).clone();
        let first = (noise.bits() as usize) % appliance.currents.len();
        self.appliances.push((class, appliance, at, first));
    }

    fn change(&mut self, change: impl Fn(usize, f64) -> f64) {
        for cycle in &mut self.appliances[0].1.currents {
            for (point, ampere) in cycle.iter_mut().enumerate() {
                *ampere = change(point, *ampere);
            }
        }
    }

    pub fn sources(&self) -> Vec<Source<'_>> {
        self.appliances
            .iter()
            .map(|(_, appliance, at, first)| Source {
                appliance,
                from_cycle: *at,
                until_cycle: f64::INFINITY,
                first: *first,
            })
            .collect()
    }

    /// The voltage of the appliance that is switched on.
    pub fn voltage(&self) -> &[f64; POINTS] {
        &self.appliances[0].1.voltage
    }

    pub fn describe(&self) -> String {
        let names: Vec<_> =
            self.appliances.iter().map(|(class, _, at, _)| format!("{}@{at:.2}", class.0)).collect();
        format!("{:?}: {}", self.kind, names.join(" "))
    }
}
