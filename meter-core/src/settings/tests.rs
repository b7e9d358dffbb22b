//! Blocks: numbers, lengths, every content there and back, any bytes without panic.

use super::*;
use crate::bytes::Writer;
use crate::envelope::Refusal;
use crate::local_time::LocalTime;
use proptest::prelude::*;
use std::vec::Vec;

fn household_bytes(block: &HouseholdBlock) -> Vec<u8> {
    let mut out = [0; MAX_BLOCK_LEN];
    let mut writer = Writer::new(&mut out);
    block.write(&mut writer).unwrap();
    writer.written().to_vec()
}

fn meter_bytes(block: &MeterBlock) -> Vec<u8> {
    let mut out = [0; MAX_BLOCK_LEN];
    let mut writer = Writer::new(&mut out);
    block.write(&mut writer).unwrap();
    writer.written().to_vec()
}

#[test]
fn every_number_is_one_block_that_reads_back() {
    let factory = HouseholdSettings::FACTORY;
    for number in 0..HOUSEHOLD_BLOCKS {
        let (generation, block) = factory.block(number).unwrap();
        let bytes = household_bytes(&block);
        assert_eq!((generation, block.number(), bytes.len()), (0, number, 2 * block.words()));
        assert_eq!(HouseholdBlock::read(number, &bytes), Ok(block));
        assert_eq!(HouseholdBlock::read(number, &bytes[2..]), Err(Refusal::Malformed));
    }
    for number in 0..METER_BLOCKS {
        let (generation, block) = MeterSettings::FACTORY.block(number).unwrap();
        let bytes = meter_bytes(&block);
        assert_eq!((generation, block.number(), bytes.len()), (0, number, 2 * block.words()));
        assert_eq!(MeterBlock::read(number, &bytes), Ok(block));
    }
    assert_eq!(factory.block(HOUSEHOLD_BLOCKS), None);
    assert_eq!(MeterSettings::FACTORY.block(METER_BLOCKS), None);
    assert_eq!(HouseholdBlock::read(HOUSEHOLD_BLOCKS, &[0; 4]), Err(Refusal::OutOfRange));
    assert_eq!(MeterBlock::read(METER_BLOCKS, &[0; 60]), Err(Refusal::OutOfRange));
}

#[test]
fn a_block_goes_to_its_own_place_and_no_other() {
    let table = DayTable::new(&[(60, Rule::Off)]).unwrap();
    for number in 3..7 {
        let mut settings = HouseholdSettings::FACTORY;
        let block = HouseholdBlock::read(
            number,
            &household_bytes(&HouseholdBlock::Table(LoopId::Main, DayType::Working, table)),
        )
        .unwrap();
        assert_eq!(settings.take(5, block), Ok(true));
        for other in 0..HOUSEHOLD_BLOCKS {
            let expected =
                if other == number { Some((5, block)) } else { HouseholdSettings::FACTORY.block(other) };
            assert_eq!(settings.block(other), expected, "{other} after {number}");
        }
    }
}

#[test]
fn pinned_layouts() {
    let credit = CreditSettings {
        alarm_wh: 0x0001_0002,
        warning_wh: 3,
        cut_off_wh: 4,
        overdraft_wh: 5,
        hoarding_wh: 6,
        drop_out_s: 7,
    };
    let words = |bytes: Vec<u8>| -> Vec<u16> {
        bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
    };
    let credit = words(household_bytes(&HouseholdBlock::Credit(credit)));
    assert_eq!(credit, [1, 2, 0, 3, 0, 4, 0, 5, 0, 6, 7]);
    let table = DayTable::new(&[(1, Rule::Off), (2, Rule::Capped(800)), (3, Rule::On)]).unwrap();
    let table = words(household_bytes(&HouseholdBlock::Table(LoopId::Second, DayType::Rest, table)));
    assert_eq!(table[..8], [1, 0, 2, 800, 3, 0xFFFF, 0xFFFF, 0xFFFF]);
    assert_eq!(table.len(), 24);
    let voltage = VoltageSettings {
        under_dv: 1800,
        over_dv: 2600,
        hysteresis_dv: 40,
        lost_dv: 600,
        delay_ms: 250,
        recovery_s: 30,
    };
    let voltage = words(household_bytes(&HouseholdBlock::Voltage(voltage)));
    assert_eq!(voltage, [1800, 2600, 40, 600, 250, 30]);
    let over_current = OverCurrentSettings {
        limit_ca: 1600,
        curve: 1,
        delay_ms: 900,
        instant_ca: 8000,
        wait_s: 61,
        trips: 4,
        window_min: 120,
        resident_release: 1,
    };
    let over_current = words(household_bytes(&HouseholdBlock::OverCurrent(LoopId::Second, over_current)));
    assert_eq!(over_current, [1600, 1, 900, 8000, 61, 4, 120, 1]);
    let mut vicious = ViciousSettings { mode: 2, night_cap_w: 500, trips: 5, ..ViciousSettings::FACTORY };
    vicious.bands[1] = PowerBand { from_w: 60, to_w: 90 };
    vicious.nights[0] = Window { weekdays: 0x7F, start_min: 1380, end_min: 360 };
    let vicious = words(household_bytes(&HouseholdBlock::Vicious(LoopId::Main, vicious)));
    assert_eq!(vicious[..7], [2, 1, 150, 0xFFFF, 60, 90, 0]);
    assert_eq!(vicious[14..], [500, 10, 0x7F, 1380, 360, 0, 0, 0, 60, 5, 60, 0]);
    let mut permitted = PermittedAppliances::FACTORY;
    permitted.appliances[1] = PermittedAppliance { power_w: 1200, tolerance_percent: 8 };
    let permitted = words(household_bytes(&HouseholdBlock::Permitted(LoopId::Main, permitted)));
    assert_eq!((&permitted[..5], permitted.len()), (&[0, 0, 1200, 8, 0][..], 20));
    let site = SiteSettings {
        utc_offset_min: -300,
        rest_weekdays: 64,
        second_loops: 129,
        rotation_s: 9,
        reverse_counts: 1,
    };
    assert_eq!(words(meter_bytes(&MeterBlock::Site(site))), [-300i16 as u16, 64, 129, 9, 1]);
    let half = CalendarHalf::new(&[(20_000, 20_006, DayType::Examination)]).unwrap();
    let half = words(meter_bytes(&MeterBlock::Calendar(1, half)));
    assert_eq!((&half[..4], half.len()), (&[20_000, 20_006, 3, 0][..], 30));
}

#[test]
fn the_layouts_of_the_manual_cover_every_word() {
    let words = |rows: &[Row]| rows.iter().map(|row| row.words).sum::<usize>();
    for (number, name, rows) in HOUSEHOLD_LAYOUTS {
        assert_eq!(words(rows), HouseholdSettings::FACTORY.block(number).unwrap().1.words(), "{name}");
    }
    for (number, name, rows) in METER_LAYOUTS {
        assert_eq!(words(rows), MeterSettings::FACTORY.block(number).unwrap().1.words(), "{name}");
    }
}

#[test]
fn a_date_goes_before_a_weekday() {
    let mut settings = MeterSettings::FACTORY;
    // Day 2 was a Saturday (1970-01-03), day 4 a Monday.
    let day_type = |settings: &MeterSettings, day| settings.day_type(LocalTime { day, minute: 0 });
    assert_eq!(day_type(&settings, 2), DayType::Rest);
    assert_eq!(day_type(&settings, 4), DayType::Working);
    let second = CalendarHalf::new(&[(2, 4, DayType::Examination)]).unwrap();
    settings.take(1, MeterBlock::Calendar(1, second)).unwrap();
    assert_eq!(day_type(&settings, 2), DayType::Examination);
    let first = CalendarHalf::new(&[(4, 4, DayType::Working)]).unwrap();
    settings.take(1, MeterBlock::Calendar(0, first)).unwrap();
    assert_eq!((day_type(&settings, 3), day_type(&settings, 4)), (DayType::Examination, DayType::Working));
}

proptest! {
    #[test]
    fn what_is_read_is_written_back(number in 0u8..20, words in prop::collection::vec(prop_oneof![0u16..8, any::<u16>()], 0..31)) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        if let Ok(block) = HouseholdBlock::read(number, &bytes) {
            prop_assert_eq!(block.number(), number);
            prop_assert_eq!(household_bytes(&block), bytes.clone());
        }
        if let Ok(block) = MeterBlock::read(number, &bytes) {
            prop_assert_eq!(block.number(), number);
            prop_assert_eq!(meter_bytes(&block), bytes);
        }
    }
}
