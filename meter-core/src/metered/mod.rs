//! The metrology in front of a meter: samples in; cycles to the protection, seconds to the registers.
//!
//! The sample interrupt calls [`Metered::push`], the main loop [`Metered::step`]. A cycle of the mains is what
//! protection decides by, a second what energy is counted by.

mod place;

pub use place::Place;

use crate::envelope::HOUSEHOLDS;
use crate::journal::{DurableMeter, Memory};
use crate::meter::{Counted, Inputs, Measurement};
use crate::metrology::{
    CHANNELS, Calibration, CurrentCycle, MAX_CURRENTS, Metrology, NoLoad, Reading, SAMPLE_RATE_HZ, SampleSet,
    Step, VOLTAGES, Wiring,
};
use crate::protection::Flow;
use crate::protection::vicious::{Verdict, Watch};
use crate::settings::LoopId;
use crate::units::{MilliVolts, MilliWatts, PowerFactor};

/// A meter without second loops: what they would take of memory is not there.
pub type SingleLoops<M> = Metered<M, 17, 20>;

/// A meter with the metrology in front of it, in as much memory as its inputs need: `INPUTS` currents, the first
/// of the usual wiring, and `ROW` channels with the voltages.
#[derive(Clone)]
pub struct Metered<M, const INPUTS: usize = MAX_CURRENTS, const ROW: usize = CHANNELS> {
    meter: DurableMeter<M>,
    wiring: Wiring,
    metrology: Metrology<INPUTS, ROW>,
    watches: [Watch; INPUTS],
    flows: [Flow; HOUSEHOLDS],
    /// Voltages of the cycle, as far as a current has asked for them: the root is dear.
    voltages: [Option<MilliVolts>; VOLTAGES],
    cycle_us: u32,
    contacts: [u16; 2],
    /// Sample sets since the last tick, and what was less than a millisecond of them then.
    samples: u32,
    residue: u32,
    /// What each current's registers stood at then, mW·ms.
    counted: [Counted; INPUTS],
}

impl<M: Memory, const INPUTS: usize, const ROW: usize> Metered<M, INPUTS, ROW> {
    /// A meter of the usual wiring, with currents for the second loops of those households whose bit is set.
    /// `calibrations`: voltages first, then currents.
    pub fn new(
        meter: DurableMeter<M>,
        second_loops: u8,
        calibrations: &[Calibration; CHANNELS],
        no_load: NoLoad,
    ) -> Self {
        // The second loops' currents are the last ones.
        let wiring = Wiring::multi_user(if INPUTS < MAX_CURRENTS { 0 } else { second_loops });
        Self {
            meter,
            wiring,
            metrology: Metrology::new(wiring, calibrations, no_load),
            watches: core::array::from_fn(|_| Watch::new()),
            flows: [Flow::default(); HOUSEHOLDS],
            voltages: [None; VOLTAGES],
            cycle_us: 0,
            contacts: [0; 2],
            samples: 0,
            residue: 0,
            counted: [Counted::default(); INPUTS],
        }
    }

    /// The meter.
    pub const fn meter(&self) -> &DurableMeter<M> {
        &self.meter
    }

    /// The meter, to hand it frames and envelopes. Its time comes from the samples: it is not to be ticked.
    pub const fn meter_mut(&mut self) -> &mut DurableMeter<M> {
        &mut self.meter
    }

    /// The metrology.
    pub const fn metrology(&self) -> &Metrology<INPUTS, ROW> {
        &self.metrology
    }

    /// What the auxiliary contacts say, bit per household: closed, of the main loops and the second ones.
    pub const fn set_contacts(&mut self, main: u16, second: u16) {
        self.contacts = [main, second];
    }

    /// Takes one sample set: fit for the interrupt.
    pub fn push(&mut self, set: &SampleSet) {
        self.metrology.push(set);
        self.samples = self.samples.saturating_add(1);
    }

    /// Does a piece of work: a channel of a finished cycle. Returns whether there was one; call it until there
    /// is none, or at least 30 times a cycle. The relays follow within it.
    pub fn step(&mut self) -> bool {
        let (cycle, second) = match self.metrology.step() {
            None => return false,
            Some(Step::Voltage) => (false, false),
            Some(Step::Current(cycle)) => {
                let place = Place::of(cycle.current);
                let voltage =
                    &mut self.voltages[self.wiring.phase(cycle.current).unwrap_or_default().index()];
                let voltage = *voltage.get_or_insert_with(|| cycle.voltage());
                note(&mut self.flows, &place, voltage, &cycle);
                self.cycle_us = cycle.duration_us();
                let verdict = watch(&mut self.watches, &self.meter, &place, &cycle);
                if let Some(verdict) = verdict {
                    let household = place.household as u8;
                    self.meter.accuse(household, place.id, place.told_phase(), &verdict);
                }
                (false, false)
            }
            Some(Step::Cycle) => (true, false),
            Some(Step::Second) => (true, true),
        };
        if cycle {
            self.meter.cycle(self.cycle_us, &self.flows);
            self.flows = [Flow::default(); HOUSEHOLDS];
            self.voltages = [None; VOLTAGES];
        }
        if second {
            self.tick();
        }
        true
    }

    fn tick(&mut self) {
        let thousands = u64::from(self.samples) * 1000 + u64::from(self.residue);
        let rate = u64::from(SAMPLE_RATE_HZ);
        let elapsed_ms = u32::try_from(thousands / rate).unwrap_or(u32::MAX);
        (self.samples, self.residue) = (0, (thousands % rate) as u32);
        let inputs = self.take_inputs();
        self.meter.tick(elapsed_ms, &inputs);
    }

    fn take_inputs(&mut self) -> Inputs {
        let [contacts_closed, second_contacts_closed] = self.contacts;
        let mut inputs = Inputs { contacts_closed, second_contacts_closed, ..Inputs::default() };
        for current in (0..INPUTS).filter(|current| self.wiring.phase(*current).is_some()) {
            let (place, reading) = (Place::of(current), self.metrology.reading(current));
            let measurements = match place.id {
                LoopId::Main => inputs.measurements.get_mut(place.household),
                LoopId::Second => inputs.second_measurements.get_mut(place.household),
            };
            if let Some(measurement) = measurements {
                let active = self.metrology.energy(current).active;
                let counted = Counted { forward: active.forward_mw_ms(), reverse: active.reverse_mw_ms() };
                let before = core::mem::replace(&mut self.counted[current], counted);
                add(measurement, place.phase, &reading, active.flowing());
                sell(measurement, &counted, &before);
            }
            inputs.frequency_chz = u16::try_from(reading.frequency_mhz.div_ceil(10)).unwrap_or(u16::MAX);
        }
        inputs.measurements.iter_mut().chain(&mut inputs.second_measurements).for_each(set_power_factor);
        inputs
    }
}

fn note(flows: &mut [Flow; HOUSEHOLDS], place: &Place, voltage: MilliVolts, cycle: &CurrentCycle<'_>) {
    if let Some(flow) = flows.get_mut(place.household) {
        flow.voltage[place.phase] = voltage;
        let current = &mut flow.current[place.id.index()];
        *current = (*current).max(cycle.current());
    }
}

fn watch<M: Memory>(
    watches: &mut [Watch],
    meter: &DurableMeter<M>,
    place: &Place,
    cycle: &CurrentCycle<'_>,
) -> Option<Verdict> {
    let watched = meter.meter().watched(place.household, place.id)?;
    watches.get_mut(cycle.current)?.observe(cycle, &watched)
}

fn add(measurement: &mut Measurement, phase: usize, reading: &Reading, flowing: bool) {
    measurement.voltage[phase] = reading.voltage();
    measurement.current[phase] = reading.current();
    // Below the no-load threshold nothing is shown either: a meter does not creep.
    if flowing {
        measurement.power = measurement.power.saturating_add(reading.power());
        measurement.reversed |= u8::from(reading.power().0 < 0) << phase;
    }
}

/// What is sold is what the registers count, cycle by cycle: a burst between two readings as well.
fn sell(measurement: &mut Measurement, counted: &Counted, before: &Counted) {
    let since = Counted {
        forward: counted.forward.saturating_sub(before.forward),
        reverse: counted.reverse.saturating_sub(before.reverse),
    };
    measurement.counted = Some(measurement.counted.unwrap_or_default().plus(since));
}

/// Of all phases together: active power over the sum of voltage times current.
fn set_power_factor(measurement: &mut Measurement) {
    let pairs = measurement.voltage.iter().zip(&measurement.current);
    let apparent_uva: i64 = pairs.map(|(volt, ampere)| i64::from(volt.0) * i64::from(ampere.0)).sum();
    let MilliWatts(power_mw) = measurement.power;
    let thousandths = i64::from(power_mw) * 1_000_000 / apparent_uva.max(1);
    let thousandths = if apparent_uva == 0 { 0 } else { thousandths.clamp(-1000, 1000) };
    measurement.power_factor = PowerFactor(thousandths as i16);
}
