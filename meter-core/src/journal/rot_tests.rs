//! Memory that rots: whatever one bit or one page does, it is repaired or told, and credit, epochs and
//! settings survive it. The oracle knows nothing of the journal: it compares what the meter says before and
//! after, and looks for the flag and the event where the server does.

use super::durable::DurableMeter;
use super::key::{EVENTS, PROFILE_HOURS};
use super::mock::Flash;
use super::power_cuts::{Step, commanded, commissioned, started, steps, take};
use super::profile::Reading;
use crate::events::{Event, EventKind};
use crate::meter::Meter;
use crate::registers::Header;
use std::format;
use std::string::String;
use std::vec::Vec;

/// Energy of so much was drawn in the seconds that a lost page may cost: two of the largest draw.
const TWO_SECONDS: u128 = 2 * 60_000_000 * 1000;

/// Everything that a meter tells of its past.
struct Told {
    meter: Meter,
    events: Vec<Option<Event>>,
    readings: Vec<Option<Reading>>,
}

fn told(mut durable: DurableMeter<Flash>) -> Told {
    let events = (0..EVENTS as u16).map(|place| durable.event(place)).collect();
    let readings = (0..PROFILE_HOURS as u16).map(|place| durable.reading(place)).collect();
    Told { meter: durable.meter().clone(), events, readings }
}

impl Told {
    fn says(&self, kind: EventKind) -> bool {
        self.events.iter().flatten().any(|event| event.kind == kind)
    }

    fn flagged(&self) -> bool {
        Header::of(&self.meter).flags & Header::MEMORY_ROTTED != 0
    }

    fn complains(&self) -> bool {
        self.flagged() && (self.says(EventKind::MemoryLost) || self.says(EventKind::MemoryRepaired))
    }
}

/// What an office has set is as it was.
fn same_commands(found: &Meter, sound: &Meter, place: &str) {
    assert_eq!(found.settings(), sound.settings(), "{place}: settings of the meter");
    assert_eq!(found.clock().generation(), sound.clock().generation(), "{place}: clock");
    assert_eq!(found.unproven(), 0, "{place}: one fault is not enough to doubt the state");
    for (index, (found, sound)) in found.households().iter().zip(sound.households()).enumerate() {
        assert_eq!(commanded(found), commanded(sound), "{place}: household {index}");
        assert_eq!(found.protection().saved(), sound.protection().saved(), "{place}: household {index}");
    }
}

/// How much energy the meters differ in, in total, mW·ms.
fn missing(found: &Meter, sound: &Meter) -> u128 {
    let ever = |meter: &Meter| -> Vec<u128> {
        let energies = meter.households().iter().map(crate::household::Household::energy);
        energies
            .map(|energy| u128::from(energy.total().0) * 3_600_000_000 + u128::from(energy.residue()))
            .collect()
    };
    let pairs = ever(found).into_iter().zip(ever(sound));
    pairs.map(|(found, sound)| sound.checked_sub(found).expect("energy from nowhere")).max().unwrap_or(0)
}

/// `found` is what `sound` was, or says that it is not. Returns whether anything is missing.
fn repaired_or_told(found: &Told, sound: &Told, place: &str) -> bool {
    same_commands(&found.meter, &sound.meter, place);
    let missing = missing(&found.meter, &sound.meter);
    assert!(missing <= TWO_SECONDS, "{place}: {missing} mW ms are missing");
    let known =
        |event: &&Option<Event>| event.is_some_and(|event| event.number <= sound.meter.latest_event());
    let old = |told: &Told| -> Vec<Option<Event>> {
        told.events.iter().map(|event| event.filter(|event| known(&&Some(*event)))).collect()
    };
    // A later event may have taken the place of an earlier one; where none has, it must be there.
    let overwritten =
        |place: usize| found.events.get(place).copied().flatten().is_some_and(|event| !known(&&Some(event)));
    let lost_event = old(found)
        .iter()
        .zip(&sound.events)
        .enumerate()
        .any(|(place, (now, before))| now != before && !overwritten(place));
    let lost_reading = found.readings != sound.readings;
    let lost = missing > 0 || lost_event || lost_reading;
    assert!(!lost || (found.flagged() && found.says(EventKind::MemoryLost)), "{place}: lost in silence");
    lost
}

/// A life in which the rings go round several times, and what the memory holds at its end.
fn lived(pages: u32, page_len: u32) -> Flash {
    let mut meter = commissioned(pages, page_len);
    steps().iter().for_each(|step| take(&mut meter, step));
    started(meter.memory()).memory().clone()
}

#[test]
fn a_sound_memory_says_nothing() {
    let sound = told(started(&lived(14, 512)));
    assert!(!sound.complains() && !sound.flagged() && sound.meter.unproven() == 0);
}

#[test]
fn any_flipped_bit_is_repaired() {
    let memory = lived(14, 512);
    let sound = told(started(&memory));
    let mut complaints = 0;
    for address in 0..memory.bytes.len() {
        let mut rotten = memory.clone();
        rotten.bytes[address] ^= 1 << (address % 8);
        let place = format!("byte {address}");
        let meter = started(&rotten);
        let mended = meter.memory().clone();
        let found = told(meter);
        assert!(!repaired_or_told(&found, &sound, &place), "{place}: one bit loses nothing");
        complaints += usize::from(found.complains());
        if address % 16 == 5 {
            let again = told(started(&mended));
            assert!(!again.flagged(), "{place}: what was mended is whole");
            assert!(!repaired_or_told(&again, &sound, &place), "{place}, again");
        }
    }
    assert!(complaints * 2 > memory.bytes.len(), "most bytes matter, and each of them is told: {complaints}");
}

/// What may become of a page.
fn ruined(memory: &Flash, page: u32, page_len: u32, how: u8) -> Flash {
    let mut ruined = memory.clone();
    for offset in 0..page_len {
        let value = match how {
            0 => 0xFF,
            1 => 0,
            _ => (offset.wrapping_mul(2_654_435_761) >> 13) as u8,
        };
        ruined.bytes[(page * page_len + offset) as usize] = value;
    }
    ruined
}

#[test]
fn any_lost_page_is_told_and_costs_no_credit_and_no_setting() {
    for (pages, page_len) in [(14, 512), (40, 256), (10, 1024)] {
        let memory = lived(pages, page_len);
        let sound = told(started(&memory));
        let mut losses = 0;
        for page in 0..pages {
            for how in 0..3 {
                let place = format!("page {page} of {pages}, {how}");
                let meter = started(&ruined(&memory, page, page_len, how));
                let mended = meter.memory().clone();
                let found = told(meter);
                losses += usize::from(repaired_or_told(&found, &sound, &place));
                let again = told(started(&mended));
                assert!(!again.flagged(), "{place}: what was mended is whole");
                same_commands(&again.meter, &sound.meter, &place);
            }
        }
        assert!(losses > 0, "a page of history is gone and said so");
    }
}

/// The memory rots at some step and the meter lives on without a look at the whole.
fn rots_while_it_lives(pages: u32, page_len: u32, at_step: usize, name: &str, rot: impl Fn(&mut Flash)) {
    let mut meter = commissioned(pages, page_len);
    meter.memory_mut().rotten = true;
    let steps = steps();
    for (number, step) in steps.iter().chain(&steps).enumerate() {
        if number == at_step {
            rot(meter.memory_mut());
        }
        take(&mut meter, step);
    }
    // What is in force in the running meter is the truth.
    let found = told(started(meter.memory()));
    same_commands(&found.meter, meter.meter(), name);
    assert!(missing(&found.meter, meter.meter()) <= TWO_SECONDS, "{name}");
}

#[test]
fn a_bit_or_a_page_that_rots_while_the_ring_goes_round_costs_no_credit_and_no_setting() {
    let (pages, page_len) = (14, 512);
    let len = pages * page_len;
    for number in 0..150u32 {
        let at_step = (number * 7 % 100) as usize;
        let address = (number.wrapping_mul(2_654_435_761) % len) as usize;
        let name = format!("bit of byte {address} at step {at_step}");
        rots_while_it_lives(pages, page_len, at_step, &name, |memory| {
            memory.bytes[address] ^= 1 << (number % 8)
        });
        let page = number % pages;
        let name: String = format!("page {page} at step {at_step}");
        rots_while_it_lives(pages, page_len, at_step, &name, |memory| {
            *memory = ruined(memory, page, page_len, (number % 3) as u8);
        });
    }
}

#[test]
fn a_memory_that_lost_both_copies_says_so_and_takes_only_what_is_fresh() {
    let memory = lived(14, 512);
    for (first, second) in [(0, 7), (3, 9), (5, 12)] {
        // Of two neighbours at most one is the spare page, which holds nothing.
        let pages = [first, first + 1, second, second + 1];
        let meter =
            started(&pages.iter().fold(memory.clone(), |memory, page| ruined(&memory, *page, 512, 2)));
        let found = told(meter);
        assert_eq!(found.meter.unproven(), 0x87FF, "pages {first} and {second}");
        assert!(found.flagged() && found.says(EventKind::MemoryLost));
    }
    let wiped = told(started(&Flash::new(14, 512)));
    assert_eq!(wiped.meter.unproven(), 0x87FF, "what is blank proves nothing");
    assert!(matches!(steps().first(), Some(Step::Command(_))));
}
