//! A whole metered meter with appliances behind its relays, sample by sample.

use crate::appliances::mains;
use crate::front_end::{AMPERES, VOLTS};
use crate::stage::{Appliance, POINTS};
use meter_core::credit::Totals;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, seal};
use meter_core::events::EventKind;
use meter_core::evidence::Evidence;
use meter_core::journal::{ByteMemory, DurableMeter, Fram, MemoryError};
use meter_core::metered::Metered;
use meter_core::metrology::{Calibration, NoLoad, Phase, SAMPLE_RATE_HZ, SampleSet, VOLTAGES, Wiring};
use meter_core::registers::DetailState;
use meter_core::relay::Reasons;
use meter_core::serial::Serial;
use meter_core::settings::{HouseholdBlock, MeterBlock, SiteSettings};
use meter_core::units::WattHours;

const KEY: Key = [9; 16];
const HZ: f64 = 50.0;

#[derive(Clone)]
struct Ram(Vec<u8>);

impl ByteMemory for Ram {
    fn len(&self) -> u32 {
        self.0.len() as u32
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        out.copy_from_slice(&self.0[address as usize..][..out.len()]);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        self.0[address as usize..][..bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
}

struct Plugged {
    household: usize,
    /// Current input, and whether its transformer is the wrong way round.
    input: usize,
    reversed: bool,
    appliance: Appliance,
    /// When its relay closed last, or it was plugged in, turns.
    since: Option<f64>,
}

/// The house. Only households of one phase, and those on L1, have appliances.
pub struct House {
    metered: Box<Metered<Fram<Ram>>>,
    plugged: Vec<Option<Plugged>>,
    samples: u64,
    voltage: f64,
    mains: [f64; POINTS],
}

impl House {
    /// Every household is in use; some settings.
    pub fn with(blocks: &[(u8, HouseholdBlock)]) -> Self {
        let serial = Serial::try_from(7).expect("a serial number");
        let memory = Fram(Ram(vec![0xFF; 1 << 17]));
        let meter = DurableMeter::commission(serial, KEY, memory).expect("a blank memory");
        let mut calibrations = [Calibration::nominal((AMPERES * 1e6) as u32); _];
        calibrations[..VOLTAGES].fill(Calibration::nominal((VOLTS * 1e6) as u32));
        let metered = Box::new(Metered::new(meter, 0, &calibrations, NoLoad::class_1(5000, 230_000)));
        let mut house = Self { metered, plugged: Vec::new(), samples: 0, voltage: 1.0, mains: mains() };
        for (household, block) in blocks {
            let command = Command::HouseholdSettings { household: *household, generation: 1, block: *block };
            house.command(&command);
        }
        for household in 0..11 {
            let totals = Totals { epoch: 1, credited: WattHours(100_000), debited: WattHours(0) };
            house.command(&Command::OpenEpoch { household, totals });
        }
        house
    }

    fn command(&mut self, command: &Command) {
        let mut envelope = [0; MAX_ENVELOPE];
        let serial = self.metered.meter().meter().serial();
        let length = seal(&KEY, serial, command, &mut envelope);
        self.metered.meter_mut().apply(&envelope[..length]).expect("the meter takes its own commands");
    }

    pub fn release(&mut self, household: u8, lockout: u32) {
        self.command(&Command::Release { household, lockout });
    }

    /// Plugs an appliance in; returns its number.
    pub fn plug(&mut self, household: usize, appliance: Appliance) -> usize {
        self.plug_input(household, household, false, appliance)
    }

    /// Plugs an appliance into a current input of a household, with its transformer put on either way.
    pub fn plug_input(
        &mut self,
        household: usize,
        input: usize,
        reversed: bool,
        appliance: Appliance,
    ) -> usize {
        self.plugged.push(Some(Plugged { household, input, reversed, appliance, since: None }));
        self.plugged.len() - 1
    }

    pub fn unplug(&mut self, number: usize) {
        self.plugged[number] = None;
    }

    /// The mains, as part of 230 V.
    pub fn set_voltage(&mut self, part: f64) {
        self.voltage = part;
    }

    pub fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds * f64::from(SAMPLE_RATE_HZ)) as u64 {
            let turns = self.samples as f64 * HZ / f64::from(SAMPLE_RATE_HZ);
            self.samples += 1;
            let relays = self.metered.meter().meter().relays();
            self.metered.set_contacts(relays, 0);
            let set = self.sample(turns, relays);
            self.metered.push(&set);
            while self.metered.step() {}
        }
    }

    /// Runs until something holds, at most so many seconds; returns how many it took.
    pub fn run_until(&mut self, holds: impl Fn(&Self) -> bool, most_s: f64) -> f64 {
        let mut ran_s = 0.0;
        while ran_s < most_s && !holds(self) {
            self.run(0.02);
            ran_s += 0.02;
        }
        ran_s
    }

    fn sample(&mut self, turns: f64, relays: u16) -> SampleSet {
        let mut set = SampleSet::ZERO;
        for (phase, count) in set.voltages.iter_mut().enumerate() {
            let volts = at(&self.mains, turns - phase as f64 / 3.0) * self.voltage;
            *count = counts(volts / VOLTS);
        }
        for plugged in self.plugged.iter_mut().flatten() {
            if relays >> plugged.household & 1 == 0 {
                plugged.since = None;
                continue;
            }
            let since = *plugged.since.get_or_insert(turns);
            // Single-phase households are spread over the phases.
            let angle = turns - phase_of(plugged.input) as f64 / 3.0;
            let cycles = &plugged.appliance.currents;
            let cycle = (turns - since) as usize % cycles.len();
            let ampere = at(&cycles[cycle], angle) * self.voltage;
            let sign = if plugged.reversed { -1.0 } else { 1.0 };
            set.currents[plugged.input] += counts(sign * ampere / AMPERES);
        }
        set
    }

    pub fn reasons(&self, household: usize) -> Reasons {
        self.metered.meter().meter().households()[household].reasons()
    }

    pub fn closed(&self, household: usize) -> bool {
        self.reasons(household).is_empty()
    }

    pub fn used_wh(&self, household: usize) -> f64 {
        let energy = self.metered.meter().meter().households()[household].energy();
        energy.total().0 as f64 + energy.residue() as f64 / 3.6e9
    }

    /// What the metrology's own register says of an input.
    pub fn registered_wh(&self, input: usize) -> f64 {
        self.metered.metrology().energy(input).active.forward_mw_ms() as f64 / 3.6e9
    }

    pub fn power_mw(&self, household: usize) -> i32 {
        self.metered.meter().meter().households()[household].power().0
    }

    /// A household as its details say.
    pub fn detail(&self, household: usize) -> DetailState {
        DetailState::of(&self.metered.meter().meter().households()[household], None)
    }

    /// Lets energy that flows backward count as used.
    pub fn count_reverse(&mut self) {
        let block = MeterBlock::Site(SiteSettings { reverse_counts: 1, ..SiteSettings::FACTORY });
        self.command(&Command::MeterSettings { generation: 1, block });
    }

    /// Value and evidence of every event of a kind.
    pub fn events(&mut self, kind: EventKind) -> Vec<(i32, Option<Evidence>)> {
        let meter = self.metered.meter_mut();
        let latest = meter.meter().latest_event();
        (1..=latest)
            .filter_map(|number| meter.event((number % 200) as u16))
            .filter(|event| event.kind == kind)
            .map(|event| (event.value, event.evidence))
            .collect()
    }
}

fn phase_of(input: usize) -> usize {
    Wiring::multi_user(0).phase(input).map_or(0, Phase::index)
}

fn at(cycle: &[f64; POINTS], turns: f64) -> f64 {
    let position = turns.rem_euclid(1.0) * POINTS as f64;
    let (point, part) = (position as usize % POINTS, position.fract());
    cycle[point] * (1.0 - part) + cycle[(point + 1) % POINTS] * part
}

fn counts(part: f64) -> i32 {
    (part * f64::from(1u32 << 23)).round() as i32
}
