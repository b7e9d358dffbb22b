//! Fetching events: by their numbers, from the one after the latest that is kept.

use meter_core::envelope::WHOLE_METER;
use meter_core::journal::EVENTS;
use meter_core::registers::{EVENT_BLOCK_LEN, EventState, decode_event, event_address};

use super::recorded::recorded;
use super::session::Session;
use super::snapshot::Snapshot;
use crate::field::bus::Bus;
use crate::field::history::Allowance;
use crate::field::met::{Halt, Met};
use crate::field::trouble;
use crate::store::meters::events::NewEvent;

/// Events that one read gives: as many as 125 registers hold.
const EVENTS_A_READ: u32 = 125 / EVENT_BLOCK_LEN as u32;
const RING: u32 = EVENTS as u32;

impl Session<'_> {
    /// Fetches the events after the latest that is kept. One that is not in its place yet is waited for, unless a later
    /// one is: then it is gone.
    pub(super) async fn fetch_events(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        allowance: &mut Allowance<'_>,
    ) -> Result<(), Halt> {
        let latest = met.seen.header.latest_event;
        let kept = u32::try_from(met.remembered.event_number).unwrap_or(u32::MAX);
        let mut next = kept.saturating_add(1).max(latest.saturating_sub(RING - 1));
        while next <= latest && allowance.take() {
            let count = batch(next, latest);
            let words = bus.read(event_address(next), EVENT_BLOCK_LEN * count as u16).await?;
            for (number, block) in (next..).zip(words.chunks(usize::from(EVENT_BLOCK_LEN))) {
                let state = decode_event(block).ok_or(trouble::NOT_A_BLOCK)?;
                if state.number == number {
                    let event = event(&state, block, met.remembered.life, met.remembered.event_number);
                    met.remembered.event_number = event.number;
                    met.history.events.push(event);
                }
            }
            next = next.saturating_add(count);
        }
        Ok(())
    }
}

/// How many events from `next` on one read can give: to the end of the ring, or to the latest.
fn batch(next: u32, latest: u32) -> u32 {
    EVENTS_A_READ.min(RING - next % RING).min(latest - next + 1)
}

fn event(state: &EventState, words: &[u16], life: i64, before: i64) -> NewEvent {
    let number = i64::from(state.number);
    NewEvent {
        life,
        number,
        position: (state.household != u16::from(WHOLE_METER)).then_some(i64::from(state.household)),
        at_ms: (state.at_s > 0).then_some(i64::from(state.at_s) * 1000),
        recorded: recorded(state),
        words: words.iter().map(|word| format!("{word:04x}")).collect(),
        missed: number - before - 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_registers_are_an_event_or_none(words in proptest::collection::vec(any::<u16>(), 0..=60), life in 0..9i64) {
            let Some(state) = decode_event(&words) else {
                prop_assert_ne!(words.len(), usize::from(EVENT_BLOCK_LEN));
                return Ok(());
            };
            let event = event(&state, &words, life, i64::from(state.number).saturating_sub(1));
            prop_assert_eq!((event.number, event.missed), (i64::from(state.number), if state.number == 0 { -1 } else { 0 }));
            prop_assert_eq!(event.words.len(), 4 * words.len());
            prop_assert!(event.at_ms.is_none_or(|at_ms| at_ms > 0));
            // A position outside the meter is one that no outlet has, and fits the database all the same.
            prop_assert!(event.position.is_none_or(|position| (0..=0xFFFF).contains(&position)));
        }

        #[test]
        fn reads_stay_within_the_ring(next in any::<u32>(), further in any::<u32>()) {
            let latest = next.saturating_add(further);
            let count = batch(next, latest);
            prop_assert!((1..=EVENTS_A_READ).contains(&count) && next % RING + count <= RING && count - 1 <= latest - next);
        }
    }

    #[test]
    fn a_read_ends_where_the_ring_or_the_events_do() {
        assert_eq!(batch(1, 1), 1);
        assert_eq!(batch(1, 500), 6);
        assert_eq!(batch(195, 300), 5);
        assert_eq!(batch(200, 300), 6);
        assert_eq!(batch(u32::MAX, u32::MAX), 1);
    }
}
