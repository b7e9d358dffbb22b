//! What each fuzz target does with arbitrary bytes: everything that comes from outside a meter is decoded here,
//! and must be refused or taken without a panic. `tests/fuzz_bodies.rs` runs the same bodies with random bytes.

use meter_core::envelope::{Key, derive_meter_key, open};
use meter_core::journal::{ByteMemory, DurableMeter, Fram, MemoryError};
use meter_core::meter::{Inputs, Meter};
use meter_core::metrology::{CHANNELS, Calibration, Metrology, NoLoad, SampleSet, Step, VOLTAGES, Wiring};
use meter_core::modbus::pdu::{Request, decode_reply};
use meter_core::modbus::splitter::RequestSplitter;
use meter_core::modbus::{MAX_PDU, rtu, slave, tcp};
use meter_core::protection::vicious::{Mode, Settings, Watch, Watched};
use meter_core::registers;
use meter_core::serial::Serial;
use meter_core::settings::{HouseholdBlock, MeterBlock};

const KEY: Key = [7; 16];

/// A name and what it does.
pub type Body = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: [Body; 7] = [
    ("envelope", envelope),
    ("settings", settings),
    ("registers", read_registers),
    ("modbus", modbus),
    ("slave", answer),
    ("journal", journal),
    ("samples", samples),
];

fn serial() -> Serial {
    Serial::try_from(240_000_000_017).expect("twelve digits are a serial number")
}

/// An envelope, with the right key and with another.
pub fn envelope(data: &[u8]) {
    let mut meter = Meter::new(serial(), KEY);
    let _ = meter.apply(data);
    let _ = open(&derive_meter_key(&KEY, serial()), serial(), data);
}

/// A block of settings: its number, then its content. What is taken reads back the same.
pub fn settings(data: &[u8]) {
    let Some((number, content)) = data.split_first() else { return };
    if let Ok(block) = HouseholdBlock::read(*number, content) {
        assert_eq!(block.to_bytes(&mut [0; _]), content);
    }
    if let Ok(block) = MeterBlock::read(*number, content) {
        assert_eq!(block.to_bytes(&mut [0; _]), content);
    }
}

/// Registers as a master reads them.
pub fn read_registers(data: &[u8]) {
    let words: Vec<u16> = data.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let _ = (registers::decode_header(&words), registers::decode_household(&words));
    let _ = (registers::decode_closing(&words), registers::decode_reading(&words));
    let _ = registers::decode_detail(&words).map(|detail| detail.lockouts);
    let _ = registers::decode_event(&words).and_then(|event| event.event()).map(|event| event.reasons());
    let _ = (registers::decode_page(&words), registers::decode_digests(&words));
    for number in 0..=u8::MAX {
        let _ = registers::decode_household_settings(number, &words);
        let _ = registers::decode_meter_settings(number, &words);
    }
}

/// Frames and PDUs in both directions.
pub fn modbus(data: &[u8]) {
    let _ = (rtu::decode(data), rtu::request_len(data), rtu::reply_len(data), tcp::decode(data));
    if let Ok(request) = Request::decode(data) {
        let mut out = [0; MAX_PDU];
        let length = request.encode(&mut out).expect("what was decoded fits");
        assert_eq!(Request::decode(&out[..length]), Ok(request));
    }
    let (request, reply) = data.split_at(data.len() / 2);
    if let Ok(request) = Request::decode(request) {
        let _ = decode_reply(&request, reply);
    }
    let mut splitter = RequestSplitter::new();
    for bytes in data.chunks(7) {
        splitter.extend(bytes);
        while splitter.next_frame().is_some() {}
        let _ = splitter.silence();
    }
}

/// A request to a meter.
pub fn answer(data: &[u8]) {
    let mut meter = DurableMeter::start(serial(), KEY, Fram(Ram::erased())).expect("a blank memory starts");
    let mut out = [0; MAX_PDU];
    let length = slave::respond(&mut meter, data, &mut out);
    assert!(length <= MAX_PDU);
}

/// A memory that holds anything: the meter starts from it, or says why not.
pub fn journal(data: &[u8]) {
    let mut ram = Ram::erased();
    ram.0.iter_mut().zip(data.iter().cycle()).for_each(|(cell, byte)| *cell = *byte);
    if let Ok(mut meter) = DurableMeter::start(serial(), KEY, Fram(ram)) {
        meter.tick(1000, &Inputs::default());
        for place in 0..200 {
            let _ = meter.event(place);
        }
    }
}

/// Samples: every two bytes are one of voltage L1 and one of the current beside it.
pub fn samples(data: &[u8]) {
    let mut calibrations = [Calibration::nominal(120_000_000); CHANNELS];
    calibrations[..VOLTAGES].fill(Calibration::nominal(500_000_000));
    let no_load = NoLoad::class_1(5000, 230_000);
    let mut metrology = Metrology::new(Wiring::multi_user(0), &calibrations, no_load);
    let mut watch = Watch::new();
    let rules = Settings { mode: Mode::Trip, ..Settings::default() };
    let watched = Watched { rules: &rules, night: true, closed: true };
    for _ in 0..(1 + 20_000 / data.len().max(1)).min(40) {
        for [volt, ampere] in data.as_chunks().0 {
            let mut set = SampleSet::ZERO;
            set.voltages[0] = i32::from(volt.cast_signed()) << 16;
            set.currents[0] = i32::from(ampere.cast_signed()) << 16;
            metrology.push(&set);
            while let Some(step) = metrology.step() {
                if let Step::Current(cycle) = step
                    && cycle.current == 0
                {
                    let _ = watch.observe(&cycle, &watched);
                }
            }
        }
    }
}

/// 32 kB that can be written byte by byte.
struct Ram(Vec<u8>);

impl Ram {
    fn erased() -> Self {
        Self(vec![0xFF; 1 << 15])
    }
}

impl ByteMemory for Ram {
    fn len(&self) -> u32 {
        self.0.len() as u32
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
