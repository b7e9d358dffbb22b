//! The bodies of the fuzz targets with random bytes, and with bytes that are nearly right.
#![allow(clippy::unwrap_used)]

#[path = "../fuzz/bodies.rs"]
mod bodies;

use bodies::ALL;
use proptest::prelude::*;
use std::path::Path;

#[test]
fn every_body_is_a_target() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let manifest = std::fs::read_to_string(targets.join("../Cargo.toml")).unwrap();
    for (name, _) in ALL {
        assert!(targets.join(format!("{name}.rs")).exists(), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    assert_eq!(std::fs::read_dir(targets).unwrap().count(), ALL.len());
}

/// Bytes that get past the first checks: small numbers, and heads of what a decoder expects.
fn nearly_right() -> impl Strategy<Value = Vec<u8>> {
    let heads = prop_oneof![
        Just(vec![]),
        (0u8..9, 0u8..20).prop_map(|(kind, household)| {
            [&[1, kind][..], &240_000_000_017u64.to_be_bytes(), &[household, 0]].concat()
        }),
        (0u8..20).prop_map(|number| vec![number]),
        (1u8..17, 0u8..0x60).prop_map(|(function, high)| vec![function, high, 0, 0, 8]),
        Just(b"WWJ1".to_vec()),
    ];
    let rest = prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..300);
    (heads, rest).prop_map(|(head, rest)| [head, rest].concat())
}

/// A life in which most commands have the length that their kind asks for: see `happen` in the bodies.
fn lives() -> impl Strategy<Value = Vec<u8>> {
    const LENGTHS: [u8; 8] = [12, 12, 6, 4, 32, 32, 0, 0];
    let small = || prop_oneof![0u8..4, any::<u8>()];
    let command = (0u8..8, small(), 0u8..3, prop::collection::vec(small(), 64)).prop_map(
        |(place, household, generation, payload)| {
            let length = LENGTHS[usize::from(place)];
            let head = [8 * (place + 1), household, length + 66 * generation];
            [&head[..], &payload[..usize::from(length)]].concat()
        },
    );
    let other = (4u8..8, small(), small()).prop_map(|(what, first, second)| vec![what, first, second]);
    prop::collection::vec(prop_oneof![command, other], 0..60).prop_map(|happenings| happenings.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_life_keeps_the_rules(bytes in lives()) {
        bodies::life(&bytes);
    }

    #[test]
    fn random_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        ALL.iter().for_each(|(_, body)| body(&bytes));
    }

    #[test]
    fn nearly_right_bytes_are_survived(bytes in nearly_right()) {
        ALL.iter().for_each(|(_, body)| body(&bytes));
    }
}
