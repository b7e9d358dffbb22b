//! General rules of the meter, over random histories of commands, consumption and power cuts.

use super::*;
use crate::relay::SupplyMode;
use crate::testing::{KEY, clock, credit, drawing, meter, open, serial, supply};
use proptest::prelude::*;
use std::vec::Vec;

/// Something that happens to a meter.
#[derive(Clone, Debug)]
enum Event {
    Envelope(Vec<u8>),
    Draw { power_mw: i32, elapsed_ms: u32 },
    PowerCut,
}

/// Few households, epochs and generations, so that histories meet each other.
fn envelopes() -> impl Strategy<Value = Vec<u8>> {
    let modes = prop_oneof![Just(SupplyMode::Auto), Just(SupplyMode::ForcedOff), Just(SupplyMode::ForcedOn)];
    prop_oneof![
        (0u8..3, 1u32..4, 0u32..3000).prop_map(|(household, epoch, wh)| credit(household, epoch, wh)),
        (0u8..3, 1u32..4, 0u32..3000).prop_map(|(household, epoch, wh)| open(household, epoch, wh)),
        (0u8..3, modes, 0u32..5000, 1u32..5)
            .prop_map(|(household, mode, until, generation)| supply(household, mode, until, generation)),
        (1u32..5, 1u32..5000).prop_map(|(generation, now)| clock(generation, now)),
    ]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => envelopes().prop_map(Event::Envelope),
        4 => (-1_000_000i32..20_000_000, 0u32..3_600_000)
            .prop_map(|(power_mw, elapsed_ms)| Event::Draw { power_mw, elapsed_ms }),
        1 => Just(Event::PowerCut),
    ];
    prop::collection::vec(event, 0..60)
}

fn happen(meter: &mut Meter, event: &Event) {
    match event {
        Event::Envelope(envelope) => drop(meter.apply(envelope)),
        Event::Draw { power_mw, elapsed_ms } => {
            let inputs = drawing(meter, *power_mw);
            meter.tick(*elapsed_ms, &inputs);
        }
        Event::PowerCut => *meter = restarted(meter),
    }
}

fn restarted(meter: &Meter) -> Meter {
    let mut image = [0; IMAGE_LEN];
    meter.save(&mut image);
    Meter::restore(serial(), KEY, &image).unwrap()
}

fn after(events: &[Event]) -> Meter {
    let mut meter = meter();
    events.iter().for_each(|event| happen(&mut meter, event));
    meter
}

proptest! {
    #[test]
    fn a_relay_is_closed_exactly_when_there_is_no_reason(events in events()) {
        let meter = after(&events);
        for (index, household) in meter.households().iter().enumerate() {
            prop_assert_eq!(meter.relays() >> index & 1 == 1, household.reasons().is_empty());
            let supplied = !household.credit().is_vacant() && household.credit().remaining() > 0;
            match household.supply().effective(meter.clock().now()) {
                SupplyMode::Auto => prop_assert_eq!(household.relay_closed(), supplied),
                SupplyMode::ForcedOff => prop_assert!(!household.relay_closed()),
                SupplyMode::ForcedOn => prop_assert!(household.relay_closed()),
            }
        }
    }

    #[test]
    fn remaining_grows_only_with_a_higher_credited_total_or_a_new_epoch(events in events()) {
        let mut meter = meter();
        for event in &events {
            let before = meter.clone();
            happen(&mut meter, event);
            for (old, new) in before.households().iter().zip(meter.households()) {
                let (old, new) = (old.credit(), new.credit());
                let entitled = new.totals().epoch > old.totals().epoch
                    || new.totals().credited > old.totals().credited;
                prop_assert!(entitled || new.remaining() <= old.remaining());
                prop_assert!(new.totals().epoch >= old.totals().epoch);
            }
        }
    }

    #[test]
    fn replaying_what_was_ever_sent_raises_nothing_and_reopens_nothing(
        events in events(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        cut: bool,
    ) {
        // Only envelopes that the meter took: one that was never delivered is not a replay.
        let mut honest = meter();
        let mut taken = Vec::new();
        for event in &events {
            let accepted = matches!(event, Event::Envelope(envelope) if honest.clone().apply(envelope).is_ok());
            happen(&mut honest, event);
            if let (true, Event::Envelope(envelope)) = (accepted, event) {
                taken.push(envelope.clone());
            }
        }
        if cut {
            honest = restarted(&honest);
        }
        let mut attacked = honest.clone();
        for index in order.iter().filter(|_| !taken.is_empty()) {
            let envelope: &Vec<u8> = index.get(&taken);
            let _ = attacked.apply(envelope);
        }
        prop_assert_eq!(attacked.households(), honest.households());
        prop_assert_eq!(attacked.clock(), honest.clock());
        prop_assert_eq!(attacked.relays(), honest.relays());
    }

    #[test]
    fn a_power_cut_loses_no_credit(events in events()) {
        let before = after(&events);
        let after = restarted(&before);
        for (old, new) in before.households().iter().zip(after.households()) {
            prop_assert_eq!(old.credit(), new.credit());
            prop_assert_eq!(old.energy(), new.energy());
            prop_assert_eq!(old.supply(), new.supply());
        }
        prop_assert_eq!(after.boot_count(), before.boot_count() + 1);
        prop_assert_eq!(after.clock().generation(), before.clock().generation());
    }

    #[test]
    fn an_image_of_any_bytes_restores_without_panic(mut image in prop::collection::vec(any::<u8>(), IMAGE_LEN), right_crc: bool) {
        image[..6].copy_from_slice(b"WWIM\x00\x01");
        image[6..14].copy_from_slice(&serial().get().to_be_bytes());
        if right_crc {
            let crc = crate::crc32::crc32(&image[..IMAGE_LEN - 4]);
            image[IMAGE_LEN - 4..].copy_from_slice(&crc.to_be_bytes());
        }
        if let Ok(mut meter) = Meter::restore(serial(), KEY, &image) {
            let inputs = drawing(&meter, i32::MAX);
            meter.tick(u32::MAX, &inputs);
        }
    }

    #[test]
    fn any_bytes_as_an_envelope_change_nothing_but_the_counter(bytes: Vec<u8>) {
        let untouched = meter();
        let mut attacked = meter();
        prop_assert!(attacked.apply(&bytes).is_err());
        prop_assert_eq!(attacked.households(), untouched.households());
        prop_assert_eq!(attacked.envelopes().refused, 1);
    }
}
