//! What each fuzz target does with arbitrary bytes: everything that comes from outside a meter is decoded here,
//! and must be refused or taken without a panic. `tests/fuzz_bodies.rs` runs the same bodies with random bytes.

use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};
use meter_core::envelope::{Key, VERSION, derive_meter_key, open};
use meter_core::journal::store::Store;
use meter_core::journal::{ByteMemory, DurableMeter, Fram, JournalKey, MemoryError};
use meter_core::meter::{HOUSEHOLDS, Inputs, Measurement, Meter};
use meter_core::metrology::{CHANNELS, Calibration, Metrology, NoLoad, SampleSet, Step, VOLTAGES, Wiring};
use meter_core::modbus::pdu::{Request, decode_reply};
use meter_core::modbus::splitter::RequestSplitter;
use meter_core::modbus::{MAX_PDU, rtu, slave, tcp};
use meter_core::protection::Flow;
use meter_core::protection::vicious::{Cause, Evidence, Mode, Settings, Verdict, Watch, Watched};
use meter_core::registers;
use meter_core::serial::Serial;
use meter_core::settings::{HouseholdBlock, LoopId, MeterBlock};
use meter_core::units::{MilliAmps, MilliVolts, MilliWatts};

const KEY: Key = [7; 16];

/// A name and what it does.
pub type Body = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: [Body; 9] = [
    ("envelope", envelope),
    ("life", life),
    ("settings", settings),
    ("registers", read_registers),
    ("modbus", modbus),
    ("slave", answer),
    ("journal", journal),
    ("records", records),
    ("samples", samples),
];

fn serial() -> Serial {
    Serial::try_from(240_000_000_017).expect("twelve digits are a serial number")
}

/// An envelope, with the right key and with another.
pub fn envelope(data: &[u8]) {
    let mut meter = Meter::new(serial(), KEY);
    let _ = meter.apply(data);
    let _ = open(&derive_meter_key(&KEY, serial()), serial(), 1, data);
}

/// What may happen to a meter, with the right tags: commands, time, currents, accusations, power cuts. The
/// relays stay closed exactly as long as nothing speaks against it, and its memory always starts it again.
pub fn life(data: &[u8]) {
    let mut meter =
        DurableMeter::commission(serial(), KEY, Fram(Ram::erased())).expect("a blank memory starts");
    let mut bytes = data.iter().copied();
    let mut happenings = 0;
    while let Some(what) = bytes.next().filter(|_| happenings < 200) {
        let [first, second] = [bytes.next().unwrap_or(0), bytes.next().unwrap_or(0)];
        happen(&mut meter, what, [first, second], &mut bytes);
        happenings += 1;
        for (index, household) in meter.meter().households().iter().enumerate() {
            assert_eq!(meter.meter().relays() >> index & 1 == 1, household.reasons().is_empty());
        }
    }
    let again = DurableMeter::start(serial(), KEY, meter.memory().clone()).expect("its own memory starts it");
    for (before, after) in meter.meter().households().iter().zip(again.meter().households()) {
        assert_eq!(before.credit().totals(), after.credit().totals());
        assert_eq!(before.protection().locked_out(), after.protection().locked_out());
    }
}

fn happen(
    meter: &mut DurableMeter<Fram<Ram>>,
    what: u8,
    [first, second]: [u8; 2],
    bytes: &mut impl Iterator<Item = u8>,
) {
    let household = first % 12;
    match what % 8 {
        0..=3 => {
            let header = [what / 8 % 10, if first == 0xFF { first } else { household }];
            let payload: Vec<u8> = bytes.take(usize::from(second % 66)).collect();
            let _ = meter.apply(&sealed(header, u32::from(second / 66), &payload));
        }
        4 => {
            let power = MilliWatts(i32::from(second) * 40_000 - 100_000);
            let measurement = Measurement { power, ..Measurement::default() };
            let inputs = Inputs {
                measurements: [measurement; HOUSEHOLDS],
                contacts_closed: meter.meter().relays(),
                ..Inputs::default()
            };
            meter.tick(u32::from(first) * 5000, &inputs);
        }
        5 => {
            let flow = Flow {
                voltage: [230_000, 1000 * u32::from(second) + 100, 230_000].map(MilliVolts),
                current: [MilliAmps(u32::from(second) * 200); 2],
            };
            for _ in 0..=first {
                meter.cycle(20_000, &[flow; HOUSEHOLDS]);
            }
        }
        6 => {
            let cause = Cause::from_code(u16::from(second % 5) + 1).expect("1 to 5 are causes");
            let id = if second & 0x80 == 0 { LoopId::Main } else { LoopId::Second };
            let evidence = Evidence { power_w: u32::from(second) * 20, ..Evidence::default() };
            meter.accuse(household, id, 0, &Verdict { cause, evidence });
        }
        _ if second & 1 == 0 => drop(meter.acknowledge(household)),
        _ => {
            let memory = meter.memory().clone();
            *meter = DurableMeter::start(serial(), KEY, memory).expect("its own memory starts it");
        }
    }
}

/// An envelope whose tag is right, whatever it asks for: kind and household, generation, payload.
fn sealed([kind, household]: [u8; 2], generation: u32, payload: &[u8]) -> Vec<u8> {
    let mut envelope = vec![VERSION, kind];
    envelope.extend(serial().get().to_be_bytes());
    envelope.extend([household, payload.len() as u8]);
    envelope.extend(generation.to_be_bytes());
    envelope.extend(payload);
    let mut mac = Cmac::<Aes128>::new(&KEY.into());
    mac.update(&envelope);
    envelope.extend(mac.finalize().into_bytes());
    envelope
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
    let _ = registers::decode_trailer(&words);
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
    let mut meter =
        DurableMeter::commission(serial(), KEY, Fram(Ram::erased())).expect("a blank memory starts");
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

/// A memory whose records are whole, but hold anything: place of the key, length, content, again and again. What
/// the meter starts from it can save, and start from again.
pub fn records(data: &[u8]) {
    let keys: Vec<JournalKey> = (0..=u16::MAX).filter_map(JournalKey::from_code).collect();
    assert!(!keys.is_empty());
    let mut store = Store::open(Fram(Ram::erased())).expect("a blank memory is begun");
    let mut rest = data;
    while let Some(([high, low, len], more)) = rest.split_first_chunk() {
        let key = keys[usize::from(u16::from_be_bytes([*high, *low])) % keys.len()];
        let (content, more) = more.split_at(usize::from(*len).min(more.len()));
        let _ = store.put(key, content);
        rest = more;
    }
    let Ok(mut meter) = DurableMeter::start(serial(), KEY, store.memory().clone()) else { return };
    meter.tick(1000, &Inputs::default());
    for place in 0..200 {
        let _ = (meter.event(place), meter.reading(place));
    }
    assert!(DurableMeter::start(serial(), KEY, meter.memory().clone()).is_ok());
}

/// Samples: every two bytes are one of voltage L1 and one of the current beside it.
pub fn samples(data: &[u8]) {
    let mut calibrations = [Calibration::nominal(120_000_000); CHANNELS];
    calibrations[..VOLTAGES].fill(Calibration::nominal(500_000_000));
    let no_load = NoLoad::class_1(5000, 230_000);
    let mut metrology: Metrology = Metrology::new(Wiring::multi_user(0), &calibrations, no_load);
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
#[derive(Clone)]
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
