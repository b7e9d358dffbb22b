//! The meter that is counted, and what flows through it.

use meter_core::credit::Totals;
use meter_core::envelope::{Command, HOUSEHOLDS, Key, MAX_ENVELOPE, seal};
use meter_core::journal::{ByteMemory, DurableMeter, Fram, MemoryError};
use meter_core::metered::Metered;
use meter_core::metrology::{CHANNELS, Calibration, MAX_CURRENTS, NoLoad, SampleSet, VOLTAGES, Wiring, trig};
use meter_core::serial::Serial;
use meter_core::settings::{HouseholdBlock, LoopId, OverCurrentSettings, ViciousSettings};
use meter_core::units::WattHours;

const KEY: Key = [9; 16];
const MEMORY: usize = 1 << 17;

/// FRAM, as an array.
#[derive(Clone)]
pub struct Ram([u8; MEMORY]);

impl ByteMemory for Ram {
    fn len(&self) -> u32 {
        MEMORY as u32
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        let kept = self.0.get(address as usize..).and_then(|rest| rest.get(..out.len()));
        out.copy_from_slice(kept.ok_or(MemoryError::Device)?);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        let kept = self.0.get_mut(address as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
        kept.ok_or(MemoryError::Device)?.copy_from_slice(bytes);
        Ok(())
    }
}

/// Current inputs that are fitted.
pub fn currents(second_loops: u8) -> usize {
    let wiring = Wiring::multi_user(second_loops);
    (0..MAX_CURRENTS).filter(|current| wiring.phase(*current).is_some()).count()
}

/// Every household in use, every loop watched and limited, every current's phase corrected.
pub fn whole_meter<const INPUTS: usize, const ROW: usize>(
    second_loops: u8,
) -> Metered<Fram<Ram>, INPUTS, ROW> {
    let serial = Serial::try_from(7).expect("a serial number");
    let meter = DurableMeter::commission(serial, KEY, Fram(Ram([0xFF; MEMORY]))).expect("a blank memory");
    let mut calibrations = [Calibration::nominal(100_000_000); CHANNELS];
    for (channel, calibration) in calibrations.iter_mut().enumerate() {
        if channel < VOLTAGES {
            calibration.full_scale = 500_000_000;
        } else {
            (calibration.transformer_corner, calibration.delay) = (100_000_000, 1 << 24);
        }
    }
    let mut metered = Metered::new(meter, second_loops, &calibrations, NoLoad::class_1(5000, 230_000));
    for household in 0..HOUSEHOLDS as u8 {
        set_up(&mut metered, serial, household);
    }
    metered.set_contacts(metered.meter().meter().relays(), metered.meter().meter().second_relays());
    metered
}

fn set_up<const INPUTS: usize, const ROW: usize>(
    metered: &mut Metered<Fram<Ram>, INPUTS, ROW>,
    serial: Serial,
    household: u8,
) {
    let watched = ViciousSettings { mode: 1, ..ViciousSettings::FACTORY };
    let limited = OverCurrentSettings { limit_ca: 4000, ..OverCurrentSettings::FACTORY };
    let totals = Totals { epoch: 1, credited: WattHours(100_000), debited: WattHours(0) };
    let mut take = |command: &Command| {
        let mut envelope = [0; MAX_ENVELOPE];
        let length = seal(&KEY, serial, command, &mut envelope);
        metered.meter_mut().apply(&envelope[..length]).is_ok()
    };
    let opened = take(&Command::OpenEpoch { household, totals });
    assert!(opened, "the meter takes its own commands");
    for id in [LoopId::Main, LoopId::Second] {
        let blocks = [HouseholdBlock::Vicious(id, watched), HouseholdBlock::OverCurrent(id, limited)];
        for block in blocks {
            let taken = take(&Command::HouseholdSettings { household, generation: 1, block });
            assert!(taken || id == LoopId::Second, "and settings of every loop that it has");
        }
    }
}

/// Sample set `sample` of 50 Hz: about 230 V, and 2 to 8 A on each current, each with a lag of its own; `more`
/// times as much while something else is switched on in every loop.
pub fn sample(sample: usize, more: i32) -> SampleSet {
    let mut set = SampleSet::ZERO;
    for (phase, value) in set.voltages.iter_mut().enumerate() {
        *value = trig::sine(sample + 128 - phase * 43) / 400;
    }
    for (current, value) in set.currents.iter_mut().enumerate() {
        *value = trig::sine(sample + 256 - current % 3 * 43 - current / 3) >> (11 + current % 3);
        *value *= more;
    }
    set
}
