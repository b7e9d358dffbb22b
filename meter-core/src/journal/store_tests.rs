//! The store alone: the latest record counts, through rounds of the ring, wear, failure and any bytes.

use super::key::JournalKey;
use super::memory::{FRAM_PAGE_LEN, Fram, Memory, MemoryError};
use super::mock::{Bytes, Flash};
use super::store::Store;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::vec;
use std::vec::Vec;

const PAGES: u32 = 10;
const PAGE_LEN: u32 = 256;

fn content<M: Memory>(store: &mut Store<M>, key: JournalKey) -> Option<Vec<u8>> {
    store.get(key).unwrap().map(|record| record.content().to_vec())
}

#[test]
fn the_latest_record_counts_through_many_rounds() {
    let mut store = Store::open(Flash::new(PAGES, PAGE_LEN)).unwrap();
    store.put(JournalKey::Hour(7), b"stays").unwrap();
    for round in 0..500u32 {
        store.put(JournalKey::Event((round % 3) as u16), &round.to_be_bytes()).unwrap();
        if round % 37 == 0 {
            store = Store::open(store.memory().clone()).unwrap();
        }
        assert_eq!(
            content(&mut store, JournalKey::Event((round % 3) as u16)),
            Some(round.to_be_bytes().into())
        );
        assert_eq!(content(&mut store, JournalKey::Hour(7)), Some(b"stays".into()));
    }
    assert_eq!(content(&mut store, JournalKey::Event(3)), None);
}

#[test]
fn a_byte_writable_memory_holds_the_same() {
    let mut store = Store::open(Fram(Bytes(vec![0x5A; 8 * FRAM_PAGE_LEN as usize]))).unwrap();
    for round in 0..2000u32 {
        store.put(JournalKey::Event((round % 5) as u16), &round.to_be_bytes()).unwrap();
    }
    let mut store = Store::open(store.memory().clone()).unwrap();
    assert_eq!(content(&mut store, JournalKey::Event(4)), Some(1999u32.to_be_bytes().into()));
}

#[test]
fn what_does_not_fit_is_refused_and_harms_nothing() {
    assert_eq!(Store::open(Flash::new(2, PAGE_LEN)).err(), Some(MemoryError::TooSmall));
    assert_eq!(Store::open(Flash::new(10, 128)).err(), Some(MemoryError::TooSmall));
    let mut store = Store::open(Flash::new(PAGES, PAGE_LEN)).unwrap();
    let mut held = 0;
    while store.put(JournalKey::Hour(held), &[held as u8; 20]).is_ok() {
        held += 1;
    }
    assert!((40..=56).contains(&held), "3 to 4 pages of 7 records in each ring: {held}");
    for hour in 0..held {
        assert_eq!(content(&mut store, JournalKey::Hour(hour)), Some(vec![hour as u8; 20]));
    }
    let mut store = Store::open(store.memory().clone()).unwrap();
    for hour in 0..held {
        assert_eq!(content(&mut store, JournalKey::Hour(hour)), Some(vec![hour as u8; 20]), "{hour}");
    }
}

#[test]
fn a_worn_byte_only_costs_its_page() {
    let mut memory = Flash::new(PAGES, PAGE_LEN);
    memory.worn = Some(PAGE_LEN + 60);
    let mut store = Store::open(memory).unwrap();
    for round in 0..200u32 {
        store.put(JournalKey::Event(0), &round.to_be_bytes()).unwrap();
        let mut again = Store::open(store.memory().clone()).unwrap();
        assert_eq!(content(&mut again, JournalKey::Event(0)), Some(round.to_be_bytes().into()));
    }
}

#[test]
fn a_memory_that_fails_for_a_while_is_found_again() {
    let mut store = Store::open(Flash::new(PAGES, PAGE_LEN)).unwrap();
    store.put(JournalKey::Event(0), b"before").unwrap();
    let mut memory = store.memory().clone();
    memory.broken = true;
    let mut store = Store::open(memory).unwrap();
    assert_eq!(store.put(JournalKey::Event(0), b"failed"), Err(MemoryError::Device));
    assert_eq!(content(&mut store, JournalKey::Event(0)), Some(b"before".into()));
}

proptest! {
    #[test]
    fn any_history_reads_back(puts in prop::collection::vec((0u16..6, prop::collection::vec(any::<u8>(), 0..100), any::<bool>()), 0..120)) {
        let mut store = Store::open(Flash::new(16, 512)).unwrap();
        let mut expected = BTreeMap::new();
        for (place, bytes, reopen) in puts {
            store.put(JournalKey::Event(place), &bytes).unwrap();
            expected.insert(place, bytes);
            if reopen {
                store = Store::open(store.memory().clone()).unwrap();
            }
        }
        for place in 0..6 {
            prop_assert_eq!(content(&mut store, JournalKey::Event(place)), expected.get(&place).cloned());
        }
    }

    #[test]
    fn a_memory_of_any_bytes_opens(noise in prop::collection::vec(any::<u8>(), 2560), spared in 0usize..2560) {
        let mut store = Store::open(Flash::new(PAGES, PAGE_LEN)).unwrap();
        for round in 0..60u32 {
            store.put(JournalKey::Event(0), &round.to_be_bytes()).unwrap();
        }
        let mut memory = store.memory().clone();
        memory.bytes[spared..].copy_from_slice(&noise[spared..]);
        let mut store = Store::open(memory).unwrap();
        let _ = store.get(JournalKey::Event(0)).unwrap();
        store.put(JournalKey::Event(0), b"after").unwrap();
        prop_assert_eq!(content(&mut store, JournalKey::Event(0)), Some(b"after".into()));
    }
}
