//! The display: pinned pages, the rotation, and any state within twenty characters.

use super::*;
use crate::measurement::Measurement;
use crate::meter::{Inputs, Meter};
use crate::registers::{decode_page, display_address, read};
use crate::relay::SupplyMode;
use crate::settings::{
    CreditSettings, DayTable, DayType, HouseholdBlock, LoopId, MeterBlock, Rule, SiteSettings,
};
use crate::testing::{clock, drawing, meter, meter_settings, open, settings, supply};
use crate::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor};
use proptest::prelude::*;
use std::vec::Vec;

fn text(page: &Page) -> [&str; LINES] {
    [0, 1, 2, 3].map(|line| page.line(line))
}

fn overview_of(meter: &Meter, index: usize) -> Page {
    overview(index, meter.household(index).unwrap(), &meter.moment())
}

/// Household 3, marked 4, in use, 2026-10-31 13:05 local.
fn in_use() -> Meter {
    let mut meter = meter();
    let site = SiteSettings { utc_offset_min: 480, second_loops: 1 << 3, ..SiteSettings::FACTORY };
    meter.apply(&meter_settings(1, MeterBlock::Site(site))).unwrap();
    meter.apply(&clock(1, 1_793_423_100)).unwrap();
    meter.apply(&open(3, 1, 123_456)).unwrap();
    meter
}

fn with_load(meter: &mut Meter) {
    let mut inputs = Inputs { contacts_closed: meter.relays(), frequency_chz: 5001, ..Inputs::default() };
    inputs.measurements[3] = Measurement {
        voltage: [MilliVolts(229_600), MilliVolts(0), MilliVolts(0)],
        current: [MilliAmps(5449), MilliAmps(0), MilliAmps(0)],
        power: MilliWatts(1_234_567),
        power_factor: PowerFactor(985),
        ..Measurement::default()
    };
    meter.tick(3_600_000, &inputs);
}

#[test]
fn pinned_pages() {
    let mut meter = in_use();
    with_load(&mut meter);
    assert_eq!(
        text(&overview_of(&meter, 3)),
        ["Household 04   14:05", "Left       122.22kWh", "Month        1.23kWh", "ON             1234W"]
    );
    let household = meter.household(3).unwrap();
    let details: Vec<Page> = (0..=3).map(|page| detail(page, 3, household, &meter.moment())).collect();
    assert_eq!(
        text(&details[0]),
        ["Household 04  credit", "Bought     123.45kWh", "Used         1.23kWh", "Meter        1.23kWh"]
    );
    assert_eq!(
        text(&details[1]),
        ["Household 04 PF0.985", "Voltage         230V", "Current         5.4A", "Power        1234.5W"]
    );
    assert_eq!(
        text(&details[2]),
        ["Household 04  supply", "1 ON                ", "2 ON                ", "No alarm level      "]
    );
    assert_eq!(details[3], Page::default());
    assert_eq!(
        text(&meter_page(&meter)),
        ["Meter   240000000017", "2026-10-31     14:05", "Mains        50.01Hz", "State             OK"]
    );
    let fresh = crate::testing::meter();
    assert_eq!(meter_page(&fresh).line(1), "Time unknown   --:--");
    assert_eq!(overview_of(&fresh, 10).line(3), "OFF vacant        0W");
}

#[test]
fn the_state_says_why() {
    let levels =
        CreditSettings { alarm_wh: 5000, warning_wh: 123_456, overdraft_wh: 900, ..CreditSettings::FACTORY };
    let mut meter = in_use();
    meter.apply(&settings(3, 1, HouseholdBlock::Credit(levels))).unwrap();
    assert_eq!(overview_of(&meter, 3).line(3), "ON low credit     0W");
    let inputs = drawing(&meter, 120_000_000);
    meter.tick(3_600_000, &inputs);
    assert_eq!(overview_of(&meter, 3).line(3), "OFF low cred 120000W", "figures go before words");
    meter.acknowledge(3);
    let inputs = drawing(&meter, 4_000_000);
    meter.tick(3_600_000, &inputs);
    assert_eq!(overview_of(&meter, 3).line(3), "ON overdraft   4000W");
    assert_eq!(overview_of(&meter, 3).line(1), "Left        -0.54kWh");
    meter.tick(3_600_000, &inputs);
    assert_eq!(overview_of(&meter, 3).line(3), "OFF no credit  4000W");
    meter.apply(&supply(3, SupplyMode::ForcedOn, u32::MAX, 1)).unwrap();
    assert_eq!(overview_of(&meter, 3).line(3), "ON by office   4000W");
    meter.apply(&supply(3, SupplyMode::ForcedOff, 0, 2)).unwrap();
    let table = DayTable::new(&[(0, Rule::Capped(800))]).unwrap();
    meter.apply(&settings(3, 1, HouseholdBlock::Table(LoopId::Second, DayType::Rest, table))).unwrap();
    let page = detail(2, 3, meter.household(3).unwrap(), &meter.moment());
    assert_eq!(text(&page)[1..], ["1 OFF by office     ", "2 OFF by office 800W", "Alarm at     5.00kWh"]);
}

#[test]
fn the_display_rotates_and_a_key_asks_for_details() {
    let mut meter = in_use();
    meter.apply(&open(9, 1, 1000)).unwrap();
    let heads = |meter: &mut Meter, count: usize| -> Vec<Page> {
        (0..count)
            .map(|_| {
                let page = meter.screen().page(meter);
                let inputs = drawing(meter, 0);
                meter.tick(5000, &inputs);
                page
            })
            .collect()
    };
    let first = |page: &Page| std::string::String::from(&page.line(0)[..12]);
    let shown: Vec<_> = heads(&mut meter, 4).iter().map(first).collect();
    assert_eq!(shown, ["Meter   2400", "Household 04", "Household 10", "Meter   2400"]);
    meter.show(9);
    let shown = heads(&mut meter, 4);
    assert_eq!(shown[0].line(0), "Household 10  credit");
    assert_eq!(shown[2].line(0), "Household 10  supply");
    assert_eq!(first(&shown[3]), "Household 04", "and back to the rotation");
    meter.show(9);
    meter.show(9);
    assert_eq!(meter.screen().page(&meter).line(1), "U             0 0 0V", "the next page by another press");
    meter.show(200);
}

#[test]
fn registers_show_the_same_pages() {
    let mut meter = in_use();
    with_load(&mut meter);
    let page_at = |address: u16| {
        let mut words = Vec::new();
        read(&meter, address, 40, &mut |word| words.push(word)).unwrap();
        decode_page(&words).unwrap()
    };
    assert_eq!(page_at(0xB000), meter.screen().page(&meter));
    assert_eq!(page_at(0xB000 + 40), meter_page(&meter));
    let household = meter.household(3).unwrap();
    assert_eq!(page_at(display_address(3, 0).unwrap()), overview_of(&meter, 3));
    for page in 0..DETAIL_PAGES {
        let address = display_address(3, 1 + page).unwrap();
        assert_eq!(page_at(address), detail(page, 3, household, &meter.moment()));
    }
    assert_eq!((display_address(10, 3), display_address(11, 0)), (Some(0xB000 + 45 * 40), None));
    assert_eq!(display_address(0, 4), None);
    let mut words = [0x4F4B; 40];
    words[0] = 0x0AFF;
    assert_eq!(decode_page(&words).unwrap().line(0), "??OKOKOKOKOKOKOKOKOK");
}

proptest! {
    #[test]
    fn any_state_is_printable(power: i32, elapsed_ms: u32, credited: u32, now in 1u32.., level: u32, page in 0usize..5) {
        let mut meter = meter();
        let levels = CreditSettings { alarm_wh: level, warning_wh: level, ..CreditSettings::FACTORY };
        meter.apply(&settings(8, 1, HouseholdBlock::Credit(levels))).unwrap();
        meter.apply(&clock(1, now)).unwrap();
        meter.apply(&open(8, 1, credited)).unwrap();
        let inputs = drawing(&meter, power);
        meter.tick(elapsed_ms, &inputs);
        let household = meter.household(8).unwrap();
        for page in [detail(page, 8, household, &meter.moment()), overview_of(&meter, 8), meter_page(&meter)] {
            prop_assert!(page.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(page.line(3).len(), COLUMNS);
        }
    }
}
