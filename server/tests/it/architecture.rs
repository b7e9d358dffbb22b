//! The arrows between the parts of the house: an import against them fails here.

use std::fs;
use std::path::{Path, PathBuf};

/// The words every part may use: they know nothing of the others.
const DOMAIN: [&str; 12] = [
    "allowance",
    "books",
    "clock",
    "documents",
    "exports",
    "ids",
    "money",
    "month",
    "roster",
    "settings",
    "supply",
    "tariff",
];

/// Part → the other parts it may name, besides the domain.
const ARROWS: [(&str, &[&str]); 11] = [
    ("documents", &[]),
    ("exports", &[]),
    ("db", &[]),
    ("store", &["db"]),
    ("ops", &["store", "db"]),
    ("field", &["ops", "store", "db"]),
    ("jobs", &["ops", "store", "db"]),
    ("web", &["ops", "store", "db", "field"]),
    ("furnish.rs", &["ops", "store", "db"]),
    ("bench", &["furnish", "ops", "store", "db", "web", "field"]),
    ("check.rs", &["store", "db"]),
];

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.is_dir() || path.extension().is_some_and(|e| e == "rs"))
        .flat_map(|p| rust_files(&p))
        .collect()
}

fn source(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

/// Whether the module that declares this file does so under `#[cfg(test)]`.
fn only_for_tests(file: &Path) -> bool {
    let (folder, stem) = (file.parent().unwrap(), file.file_stem().unwrap().to_string_lossy());
    let parents = [folder.join("mod.rs"), folder.join("lib.rs"), folder.with_extension("rs")];
    parents.iter().filter_map(|parent| fs::read_to_string(parent).ok()).any(|text| {
        let lines: Vec<_> = text.lines().collect();
        lines.windows(2).any(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with(&format!("mod {stem};")))
    })
}

/// The modules of this crate that a file names as `crate::<module>`.
fn named_modules(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            named.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    named
}

#[test]
fn imports_follow_the_arrows() {
    let mut against = Vec::new();
    for (part, allowed) in ARROWS {
        let own = part.trim_end_matches(".rs");
        for file in rust_files(&source("server/src").join(part)) {
            let text = fs::read_to_string(&file).unwrap();
            for module in named_modules(&text) {
                let fine =
                    module == own || DOMAIN.contains(&module.as_str()) || allowed.contains(&module.as_str());
                if !fine {
                    against.push(format!("{}: crate::{module}", file.display()));
                }
            }
        }
    }
    assert!(against.is_empty(), "imports against the arrows:\n{}", against.join("\n"));
}

#[test]
fn pages_never_name_sql_and_operations_never_name_the_web() {
    for (part, forbidden) in [
        ("server/src/web", ["sqlx", "sql!", "simulator"].as_slice()),
        ("server/src/ops", &["axum", "askama", "tower_http", "simulator"]),
        ("server/src/store", &["axum", "tokio", "simulator", "begin("]),
        ("server/src/field", &["axum", "sqlx", "simulator"]),
        ("meter-core/src", &["std::", "alloc::", "unsafe "]),
        ("simulator/src", &["wattwarden::", "sqlx"]),
    ] {
        for file in rust_files(&source(part)) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_tests = only_for_tests(&file);
            for word in forbidden.iter().filter(|_| !is_tests) {
                let named =
                    code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
                assert!(!named, "{} names {word}", file.display());
            }
        }
    }
}

#[test]
fn only_db_knows_that_there_are_two_engines() {
    for part in ["store", "ops", "web", "field", "jobs"] {
        for file in rust_files(&source("server/src").join(part)) {
            let text = fs::read_to_string(&file).unwrap();
            for word in ["Engine::", ".engine()", "PRAGMA", "backend_name"] {
                assert!(!text.contains(word), "{} names {word}", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    for part in ["server/src", "simulator/src", "meter-core/src"] {
        for file in rust_files(&source(part)) {
            let text = fs::read_to_string(&file).unwrap();
            let says = text.lines().take(6).any(|line| line.starts_with("//!"));
            assert!(says, "{} does not begin by saying what it is for", file.display());
            let lines = text.lines().count();
            assert!(lines <= 450, "{} has {lines} lines: one idea a file", file.display());
        }
    }
}
