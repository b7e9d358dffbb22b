//! The map: no overlaps, pinned addresses, and what is written by the table is read by the table.

use super::*;
use crate::events::EventKind;
use crate::meter::{Inputs, Measurement, Meter};
use crate::relay::SupplyMode;
use crate::settings::{
    CalendarHalf, CapSettings, CreditSettings, DayTable, DayType, HOUSEHOLD_BLOCKS, HouseholdBlock,
    HouseholdSettings, LoopId, METER_BLOCKS, MeterBlock, MeterSettings, OWNERS, Rule, SiteSettings,
    household_digest, meter_digest, whole_digest,
};
use crate::testing::{clock, drawing, durable, meter, meter_settings, open, serial, settings, supply};
use crate::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor};
use proptest::prelude::*;
use std::string::String;
use std::vec::Vec;

fn words(meter: &Meter, address: u16, count: u16) -> Result<Vec<u16>, OutsideMap> {
    let mut words = Vec::new();
    read(meter, address, count, &mut |word| words.push(word)).map(|()| words)
}

fn check_table<B>(registers: &[Register<B>], block_len: u16) {
    let mut next_free = 0;
    for register in registers {
        assert!(register.offset >= next_free, "{} overlaps", register.name);
        next_free = register.offset + register.shape.count();
    }
    assert!(next_free <= block_len);
}

#[test]
fn no_registers_overlap() {
    check_table(HEADER_REGISTERS, LIVE_BLOCK_LEN);
    check_table(HOUSEHOLD_REGISTERS, LIVE_BLOCK_LEN);
    check_table(CLOSING_REGISTERS, CLOSING_BLOCK_LEN);
    check_table(DETAIL_REGISTERS, DETAIL_BLOCK_LEN);
    check_table(EVENT_REGISTERS, EVENT_BLOCK_LEN);
    check_table(READING_REGISTERS, READING_BLOCK_LEN);
}

#[test]
fn pinned_header() {
    let mut meter = meter();
    meter.apply(&clock(0x0001_0002, 0x6000_0001)).unwrap();
    let _ = meter.apply(b"not an envelope");
    meter.tick(1000, &Inputs { frequency_chz: 4998, ..Inputs::default() });
    let [serial_3, serial_2, serial_1, serial_0] =
        [48, 32, 16, 0].map(|shift| (serial().get() >> shift) as u16);
    let words = words(&meter, 0, 30).unwrap();
    assert_eq!(words[..5], [4, serial_3, serial_2, serial_1, serial_0]);
    assert_eq!(words[5..10], [0x0001, 11, 1, 0x6000, 0x0002]);
    assert_eq!(words[10..17], [0, 1, 0, 1, 1, 2, 4998]);
    assert_eq!(words[17..24], [0, 1, 0, 1, u16::from(b'o'), u16::from(b'e'), 1]);
    assert_eq!(words[24..], [0, 0, 0, 0, 0, 2]);
    let mut later = meter.clone();
    later.tick(9000, &Inputs::default());
    later.apply(&clock(0x0001_0003, 0x6000_0001)).unwrap();
    assert_eq!(self::words(&later, 24, 6).unwrap(), [0xFFFF, 0xFFF6, 0, 10, 0, 3]);
}

/// As it comes with the three reads.
fn whole(meter: &Meter) -> u32 {
    decode_trailer(&words(meter, TRAILER_ADDRESS, TRAILER_LEN).unwrap()).unwrap().settings_digest
}

/// As a master sees them.
fn digests(meter: &Meter) -> [u32; OWNERS] {
    decode_digests(&words(meter, DIGESTS_ADDRESS, DIGESTS_LEN).unwrap()).unwrap()
}

#[test]
fn digests_tell_whose_settings_changed() {
    let mut meter = meter();
    let before = (digests(&meter), whole(&meter));
    assert_eq!(whole_digest(&before.0), before.1);
    let credit = HouseholdBlock::Credit(CreditSettings { alarm_wh: 1, ..CreditSettings::FACTORY });
    meter.apply(&settings(10, 1, credit)).unwrap();
    let after = (digests(&meter), whole(&meter));
    assert_eq!((0..OWNERS).filter(|owner| before.0[*owner] != after.0[*owner]).collect::<Vec<_>>(), [10]);
    assert_ne!(before.1, after.1);
    // The same content with another generation is another setting.
    meter.apply(&settings(10, 2, credit)).unwrap();
    assert_ne!(digests(&meter)[10], after.0[10]);
    meter.apply(&meter_settings(1, MeterBlock::Calendar(0, CalendarHalf::FACTORY))).unwrap();
    assert_ne!(digests(&meter)[11], after.0[11]);
    assert_eq!(whole_digest(&digests(&meter)), whole(&meter));
}

#[test]
fn a_digest_is_that_of_the_blocks_as_a_master_reads_them() {
    let mut meter = meter();
    let cap = HouseholdBlock::Cap(LoopId::Second, CapSettings { delay_s: 9, recovery_s: 99 });
    meter.apply(&settings(3, 7, cap)).unwrap();
    let block = |number| {
        let address = household_settings_address(3, number).unwrap();
        decode_household_settings(number, &words(&meter, address, 32).unwrap()).unwrap()
    };
    assert_eq!(household_digest((0..HOUSEHOLD_BLOCKS).map(block)), digests(&meter)[3]);
    let block = |number| {
        let address = meter_settings_address(number).unwrap();
        decode_meter_settings(number, &words(&meter, address, 32).unwrap()).unwrap()
    };
    assert_eq!(meter_digest((0..METER_BLOCKS).map(block)), digests(&meter)[11]);
}

#[test]
fn pinned_digests() {
    // The factory's blocks, by another implementation: zlib over the bytes that the manual describes.
    assert_eq!(HouseholdSettings::FACTORY.digest(), 0xCBBB_1C3D);
    assert_eq!(MeterSettings::FACTORY.digest(), 0x4163_31B5);
}

#[test]
fn a_fresh_header_says_that_no_envelope_came() {
    let header = decode_header(&words(&meter(), 0, 30).unwrap()).unwrap();
    assert_eq!(header.last_result, NO_RESULT);
    assert_eq!(header.last_refusal(), None);
    assert!(!header.clock_known());
    assert_eq!(header.serial, serial().get());
}

#[test]
fn pinned_household() {
    let mut meter = meter();
    meter.apply(&open(9, 0x0001_0007, 0x0002_0000)).unwrap();
    meter.apply(&supply(9, SupplyMode::ForcedOff, 0x0003_0004, 0x0005_0006)).unwrap();
    let mut inputs = Inputs { contacts_closed: 1 << 9, ..Inputs::default() };
    inputs.measurements[9] = Measurement {
        voltage: [MilliVolts(230_049), MilliVolts(230_050), MilliVolts(u32::MAX)],
        current: [MilliAmps(4), MilliAmps(5), MilliAmps(1234)],
        power: MilliWatts(-2),
        power_factor: PowerFactor(-985),
        ..Measurement::default()
    };
    meter.tick(2001, &inputs);
    let words = words(&meter, 300, 30).unwrap();
    assert_eq!(words[..2], [0b10_0000_0000_1110, 0b100]);
    assert_eq!(words[2..12], [1, 7, 2, 0, 0, 0, 0, 0, 2, 0]);
    assert_eq!(words[12..18], [0, 0, 0, 0, 0xFFFF, 0xFFFE]);
    assert_eq!(words[18..25], [2300, 2301, 0xFFFF, 0, 1, 123, -985i16 as u16]);
    assert_eq!(words[25..], [1, 5, 6, 3, 4]);
}

#[test]
fn pinned_closing() {
    let mut meter = meter();
    meter.apply(&open(1, 6, 900)).unwrap();
    let inputs = drawing(&meter, 400_000);
    meter.tick(3_600_000, &inputs);
    meter.apply(&clock(1, 0x6000_0001)).unwrap();
    assert_eq!(words(&meter, 1024 + 16, 16), Ok(Vec::from([0; 16])), "none closed yet");
    meter.apply(&open(1, 7, 0)).unwrap();
    let words = words(&meter, 1024 + 16, 16).unwrap();
    assert_eq!(words, [0, 6, 0, 900, 0, 0, 0, 400, 0, 0, 0, 400, 0x6000, 1, 0, 0]);
    let closing = decode_closing(&words).unwrap();
    assert_eq!((closing.epoch, closing.used_wh, closing.closed_at_s), (6, 400, 0x6000_0001));
}

#[test]
fn remaining_is_held_within_32_bits() {
    let mut meter = meter();
    meter.apply(&open(0, 1, u32::MAX)).unwrap();
    let state = HouseholdState::of(meter.household(0).unwrap());
    assert_eq!(state.remaining_wh, i32::MAX);
}

#[test]
fn three_reads_give_the_whole_meter() {
    let mut meter = meter();
    meter.apply(&open(4, 3, 77)).unwrap();
    let all: Vec<u16> =
        LIVE_READS.iter().flat_map(|(address, count)| words(&meter, *address, *count).unwrap()).collect();
    let (live, trailer) = all.split_at(360);
    let (header, households) = live.split_at(30);
    assert_eq!(decode_trailer(trailer), Some(Trailer::of(&meter)));
    assert_eq!(decode_header(header), Some(Header::of(&meter)));
    for (household, words) in meter.households().iter().zip(households.chunks(30)) {
        assert_eq!(decode_household(words), Some(HouseholdState::of(household)));
    }
    assert_eq!(all.len(), 365);
}

#[test]
fn reads_stay_inside_the_map() {
    let meter = meter();
    let inside = [
        (0, 1),
        (359, 1),
        (0, 360),
        (240, 122),
        (1024, 1),
        (1199, 1),
        (1024, 176),
        (25, 10),
        (0x125F, 1),
        (0x1000, 608),
        (0x3C00, 96),
    ];
    let outside = [(0x0FFF, 2), (0x1260, 1), (0x125F, 2), (0x3C60, 1), (0x0A60, 1), (0x08FF, 1), (0x3FFF, 1)];
    let outside = outside.into_iter().chain([
        (390, 1),
        (389, 2),
        (1023, 1),
        (1023, 2),
        (1200, 1),
        (1199, 2),
        (2048, 1),
        (65535, 1),
        (65535, 2),
    ]);
    for (address, count) in inside {
        assert_eq!(words(&meter, address, count).map(|words| words.len()), Ok(usize::from(count)));
    }
    for (address, count) in outside {
        assert_eq!(words(&meter, address, count), Err(OutsideMap), "{count} from {address}");
    }
}

#[test]
fn settings_read_back_with_their_generation() {
    let credit = CreditSettings { alarm_wh: 0x0001_0002, drop_out_s: 9, ..CreditSettings::FACTORY };
    let credit = HouseholdBlock::Credit(credit);
    let half = CalendarHalf::new(&[(20_000, 20_006, DayType::Holiday)]).unwrap();
    let half = MeterBlock::Calendar(1, half);
    let mut meter = meter();
    meter.apply(&settings(10, 0x0003_0004, credit)).unwrap();
    meter.apply(&meter_settings(7, half)).unwrap();
    let block = words(&meter, 0x1000 + 10 * 0x400, 32).unwrap();
    assert_eq!(block[..6], [3, 4, 1, 2, 0, 0]);
    assert_eq!(block[12..14], [9, 0]);
    assert_eq!(decode_household_settings(0, &block), Some((0x0003_0004, credit)));
    let block = words(&meter, 0x3C00 + 2 * 32, 32).unwrap();
    assert_eq!(block[..6], [0, 7, 20_000, 20_006, 2, 0]);
    assert_eq!(decode_meter_settings(2, &block), Some((7, half)));
    for number in 0..HOUSEHOLD_BLOCKS {
        let address = household_settings_address(4, number).unwrap();
        let factory = HouseholdSettings::FACTORY.block(number);
        assert_eq!(decode_household_settings(number, &words(&meter, address, 32).unwrap()), factory);
    }
    assert_eq!(household_settings_address(11, 0), None);
    assert_eq!((meter_settings_address(2), meter_settings_address(3)), (Some(0x3C40), None));
}

#[test]
fn pinned_detail() {
    let credit = CreditSettings { alarm_wh: 500, drop_out_s: 60, ..CreditSettings::FACTORY };
    let table = DayTable::new(&[(0, Rule::Capped(900))]).unwrap();
    let site = SiteSettings { second_loops: 1 << 2, ..SiteSettings::FACTORY };
    let mut meter = meter();
    // 1970-01-05 was a Monday.
    meter.apply(&clock(1, 4 * 86_400)).unwrap();
    meter.apply(&settings(2, 1, HouseholdBlock::Credit(credit))).unwrap();
    let day = HouseholdBlock::Table(LoopId::Second, DayType::Working, table);
    meter.apply(&settings(2, 1, day)).unwrap();
    meter.apply(&meter_settings(1, MeterBlock::Site(site))).unwrap();
    meter.apply(&open(2, 1, 1001)).unwrap();
    let mut inputs = Inputs::default();
    inputs.second_measurements[2] = Measurement {
        current: [MilliAmps(8000), MilliAmps(0), MilliAmps(0)],
        power: MilliWatts(1_800_000),
        power_factor: PowerFactor(978),
        ..Measurement::default()
    };
    meter.tick(1_002_000, &inputs);
    let block = words(&meter, 0x0900 + 2 * 32, 32).unwrap();
    assert_eq!(block[..10], [0, 1, 2, 60, 0, 0xFFFF, 0, 900, 1200, 0b10_1000]);
    assert_eq!(block[10..16], [27, 0x7740, 800, 978, 0, 501]);
    assert_eq!(block[16..], [0; 16]);
    let detail = decode_detail(&block).unwrap();
    assert_eq!((detail.second_power_mw, detail.reminders), (1_800_000, 1));
    let live = decode_household(&words(&meter, 90, 30).unwrap()).unwrap();
    assert_eq!((live.power_mw, live.remaining_wh, live.flags), (1_800_000, 500, 1 << 7));
}

#[test]
fn events_and_readings_are_found_by_number_and_hour() {
    const HOUR_S: u32 = 3600;
    let start_s = 500_000 * HOUR_S;
    let mut meter = durable();
    meter.apply(&clock(1, start_s - 1)).unwrap();
    meter.apply(&open(2, 1, 1_000_000)).unwrap();
    let inputs = drawing(meter.meter(), 3_600_000);
    for _ in 0..3 {
        meter.tick(3_600_000, &inputs);
    }
    let mut words_of = |address: u16, count: u16| {
        let mut words = Vec::new();
        read_durable(&mut meter, address, count, &mut |word| words.push(word)).map(|()| words)
    };
    for (hour, total_wh) in [(0, 1), (1, 3601), (2, 7201)] {
        let at_s = start_s + hour * HOUR_S;
        let reading = decode_reading(&words_of(reading_address(at_s), 24).unwrap()).unwrap();
        assert_eq!((reading.at_s, reading.totals_wh), (at_s, [total_wh; 11]));
    }
    assert_eq!(
        decode_reading(&words_of(reading_address(start_s + 3 * HOUR_S), 24).unwrap()).unwrap().at_s,
        0
    );
    let header = decode_header(&words_of(0, 30).unwrap()).unwrap();
    let events: Vec<_> = (1..=header.latest_event)
        .map(|number| decode_event(&words_of(event_address(number), 20).unwrap()).unwrap().event().unwrap())
        .map(|event| (event.number, event.kind, event.household, event.data, event.value))
        .collect();
    assert_eq!(
        events,
        [
            (1, EventKind::Started, 0xFF, 0, 1),
            (2, EventKind::ClockSet, 0xFF, 0, 0),
            (3, EventKind::EpochOpened, 2, 0, 1),
            (4, EventKind::RelayClosed, 2, 0, 1_000_000),
        ]
    );
    assert_eq!(words_of(event_address(5), 20).unwrap(), [0; 20]);
    let pinned = words_of(event_address(4), 20).unwrap();
    assert_eq!(pinned[..4], [0, 4, 0x6B49, 0xD1FF]);
    assert_eq!(pinned[4..10], [3, 2, 0, 0, 15, 0x4240]);
    assert_eq!(pinned[10..], [0; 10]);
    assert_eq!((event_address(200), event_address(199)), (0x4000, 0x4000 + 3980));
    assert_eq!((reading_address(959 * HOUR_S), reading_address(960 * HOUR_S)), (0x5000 + 23_016, 0x5000));
    for (address, count) in [(0x4000, 4000), (0x5000, 23_040), (360, 0), (0x1000, 1)] {
        assert!(words_of(address, count).is_ok() || count == 0, "{address}");
    }
    for (address, count) in [(0x3FFF, 2), (0x4000 + 3999, 2), (0x5000 + 23_039, 2), (2048, 1)] {
        assert_eq!(words_of(address, count), Err(OutsideMap), "{address}");
    }
}

#[test]
fn addresses_of_households() {
    assert_eq!(
        (household_address(0), household_address(10), household_address(11)),
        (Some(30), Some(330), None)
    );
    assert_eq!(
        (closing_address(0), closing_address(10), closing_address(11)),
        (Some(1024), Some(1184), None)
    );
}

#[test]
fn the_manual_lists_every_register() {
    let mut manual = String::new();
    write_markdown(&mut manual).unwrap();
    for row in [
        "| 0x0001 | 2 | R | 4 | u64 |  | Serial: ",
        "| 0x0028 | 41 | R | 2 | s32 | Wh | Remaining: ",
        "| 0x0800 | 2049 | W | ≤ 48 |",
        "| 10 | 0x014A | 331 | 0x04A0 | 1185 |",
    ] {
        assert!(manual.contains(row), "{row}\n{manual}");
    }
    let rows = manual.lines().filter(|line| line.starts_with("| 0x")).count();
    let settings = 10
        + crate::settings::HOUSEHOLD_LAYOUTS.iter().map(|(_, _, rows)| rows.len()).sum::<usize>()
        + crate::settings::METER_LAYOUTS.iter().map(|(_, _, rows)| rows.len()).sum::<usize>();
    let tables = HEADER_REGISTERS.len()
        + HOUSEHOLD_REGISTERS.len()
        + CLOSING_REGISTERS.len()
        + DETAIL_REGISTERS.len()
        + EVENT_REGISTERS.len()
        + READING_REGISTERS.len()
        + TRAILER_REGISTERS.len();
    assert_eq!(rows, tables + settings + 2, "the digests and the mailbox have one each");
}

proptest! {
    #[test]
    fn any_words_decode_and_encode_back(all in prop::collection::vec(any::<u16>(), 30)) {
        let state = decode_household(&all).unwrap();
        let mut again = [0; 30];
        table::encode(HOUSEHOLD_REGISTERS, &state, &mut again);
        prop_assert_eq!(&again[..], &all[..], "every register of the block is defined");
        prop_assert!(decode_header(&all).is_some());
        prop_assert!(decode_closing(&all[..16]).is_some());
        for number in 0..=u8::MAX {
            let _ = decode_household_settings(number, &[&all[..], &[0, 0]].concat());
            let _ = decode_meter_settings(number, &[&all[..], &[0, 0]].concat());
        }
    }

    #[test]
    fn a_wrong_number_of_words_is_none(all in prop::collection::vec(any::<u16>(), 0..70)) {
        prop_assert_eq!(decode_header(&all).is_some(), all.len() == 30);
        prop_assert_eq!(decode_household(&all).is_some(), all.len() == 30);
        prop_assert_eq!(decode_closing(&all).is_some(), all.len() == 16);
    }

    #[test]
    fn any_split_of_a_read_gives_the_same(address in 0u16..360, first in 0u16..120, second in 0u16..120) {
        let meter = meter();
        prop_assume!(address + first + second <= 360);
        let whole = words(&meter, address, first + second).unwrap();
        let parts = [words(&meter, address, first), words(&meter, address + first, second)];
        prop_assert_eq!(whole, parts.map(Result::unwrap_or_default).concat());
    }
}
