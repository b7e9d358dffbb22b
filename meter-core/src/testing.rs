//! What the tests of several modules share: one meter, its key, and sealing in one call.

use crate::bytes::Writer;
use crate::credit::Totals;
use crate::envelope::{self, Command, Key, MAX_ENVELOPE};
use crate::journal::DurableMeter;
use crate::journal::mock::Flash;
use crate::meter::{HOUSEHOLDS, Inputs, MAX_RECORD_LEN, Measurement, Meter, RecordKey};
use crate::relay::{Override, SupplyMode};
use crate::serial::Serial;
use crate::settings::{HouseholdBlock, MeterBlock};
use crate::units::{MilliWatts, UnixSeconds, WattHours};
use std::vec::Vec;

pub(crate) const KEY: Key = *b"0123456789abcdef";

pub(crate) fn serial() -> Serial {
    Serial::try_from(240_000_000_017).unwrap()
}

pub(crate) fn meter() -> Meter {
    Meter::new(serial(), KEY)
}

pub(crate) fn sealed(command: &Command) -> Vec<u8> {
    let mut out = [0; MAX_ENVELOPE];
    let length = envelope::seal(&KEY, serial(), command, &mut out);
    out[..length].to_vec()
}

pub(crate) fn sealed_fresh(command: &Command, nonce: u32) -> Vec<u8> {
    let mut out = [0; MAX_ENVELOPE];
    let length = envelope::seal_fresh(&KEY, serial(), command, nonce, &mut out);
    out[..length].to_vec()
}

pub(crate) fn totals(epoch: u32, credited: u32, debited: u32) -> Totals {
    Totals { epoch, credited: WattHours(credited), debited: WattHours(debited) }
}

pub(crate) fn credit(household: u8, epoch: u32, credited: u32) -> Vec<u8> {
    sealed(&Command::CreditTotals { household, totals: totals(epoch, credited, 0) })
}

pub(crate) fn open(household: u8, epoch: u32, credited: u32) -> Vec<u8> {
    sealed(&Command::OpenEpoch { household, totals: totals(epoch, credited, 0) })
}

pub(crate) fn supply(household: u8, mode: SupplyMode, until: u32, generation: u32) -> Vec<u8> {
    let until = (until != 0).then_some(UnixSeconds(until));
    sealed(&Command::Supply { household, supply: Override { mode, until, generation } })
}

pub(crate) fn clock(generation: u32, now: u32) -> Vec<u8> {
    sealed(&Command::Clock { generation, now: UnixSeconds(now) })
}

pub(crate) fn settings(household: u8, generation: u32, block: HouseholdBlock) -> Vec<u8> {
    sealed(&Command::HouseholdSettings { household, generation, block })
}

pub(crate) fn meter_settings(generation: u32, block: MeterBlock) -> Vec<u8> {
    sealed(&Command::MeterSettings { generation, block })
}

pub(crate) fn acknowledge(household: u8, reminder: u32) -> Vec<u8> {
    sealed(&Command::Acknowledge { household, reminder })
}

pub(crate) fn release(household: u8, lockout: u32) -> Vec<u8> {
    sealed(&Command::Release { household, lockout })
}

/// A meter with enough memory for all of its history.
pub(crate) fn durable() -> DurableMeter<Flash> {
    DurableMeter::commission(serial(), KEY, Flash::new(24, 4096)).unwrap()
}

/// The meter after a power cut that came right after everything was saved.
pub(crate) fn restarted(meter: &Meter) -> Meter {
    let mut again = self::meter();
    for key in RecordKey::all() {
        let mut record = [0; MAX_RECORD_LEN];
        let mut writer = Writer::new(&mut record);
        meter.write_record(key, &mut writer).unwrap();
        again.load_record(key, writer.written()).unwrap();
    }
    again.begin(meter.latest_event());
    again
}

/// Every household draws the same power, and the contacts follow the commands of `meter`.
pub(crate) fn drawing(meter: &Meter, power_mw: i32) -> Inputs {
    let measurement = Measurement { power: MilliWatts(power_mw), ..Measurement::default() };
    Inputs {
        measurements: [measurement; HOUSEHOLDS],
        contacts_closed: meter.relays(),
        frequency_chz: 5000,
        ..Inputs::default()
    }
}
