//! The manual's register tables are those that the meter answers by.
#![allow(clippy::unwrap_used)]

use meter_core::registers::write_markdown;
use std::path::Path;

const BEGIN: &str = "<!-- registers:begin -->\n";
const END: &str = "<!-- registers:end -->";

#[test]
fn the_manual_is_not_stale() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/register-map.md");
    let manual = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = manual.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let mut tables = String::new();
    write_markdown(&mut tables).unwrap();
    let fresh = format!("{before}{BEGIN}\n{tables}\n{END}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, fresh).unwrap();
    } else {
        assert_eq!(manual, fresh, "stale: run UPDATE_DOCS=1 cargo test -p meter-core --test register_map");
    }
}
