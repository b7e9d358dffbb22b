//! The arrows between the parts of the house: an import against them fails here.

use std::fs;
use std::path::{Path, PathBuf};

/// Crate → the crates of this house that it may depend on. Cargo holds the arrow once its manifest names no other.
const CRATES: [(&str, &[&str]); 7] = [
    ("meter-core", &[]),
    ("words", &[]),
    ("domain", &["meter-core"]),
    ("line", &["meter-core"]),
    ("paper", &["domain", "meter-core", "words"]),
    ("simulator", &["meter-core"]),
    ("server", &["domain", "line", "meter-core", "paper", "simulator", "words"]),
];

/// Part of the server → the other parts that it may name.
const ARROWS: [(&str, &[&str]); 10] = [
    ("db", &[]),
    ("store", &["db"]),
    ("reads", &["store", "db"]),
    ("ops", &["store", "db"]),
    ("field", &["ops", "store", "db"]),
    ("jobs", &["ops", "store", "db"]),
    ("web", &["reads", "ops", "db", "field"]),
    ("check", &["store", "db"]),
    ("tools", &["process", "web", "field", "jobs", "ops", "reads", "store", "db"]),
    ("process", &["tools", "check", "web", "field", "jobs", "ops", "reads", "store", "db"]),
];

/// What a part of the server, or a crate, never names.
const WALLS: [(&str, &[&str]); 10] = [
    ("meter-core/src", &["std::", "alloc::", "unsafe "]),
    (
        "domain/src",
        &["axum", "tokio", "askama", "AnyConnection", "sqlx::query", "SystemTime", "Timestamp::now"],
    ),
    ("words/src", &["sqlx", "axum", "tokio"]),
    ("paper/src", &["sqlx", "axum", "tokio", "askama"]),
    ("simulator/src", &["wattwarden::", "sqlx"]),
    ("server/src/web", &["sqlx", "sql!", "simulator"]),
    ("server/src/reads", &["axum", "askama", "simulator", ".write("]),
    ("server/src/ops", &["axum", "askama", "tower_http", "simulator"]),
    ("server/src/store", &["axum", "tokio", "simulator", "begin("]),
    ("server/src/field", &["axum", "sqlx", "simulator"]),
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

/// The crates of this house that a manifest depends on, outside tests.
fn depends_on(manifest: &str) -> Vec<&str> {
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let names = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| {
        let name = line.split(['.', ' ', '=']).next()?;
        CRATES.iter().any(|(own, _)| *own == name).then_some(name)
    });
    names.collect()
}

#[test]
fn crates_depend_along_the_arrows() {
    for (name, allowed) in CRATES {
        let manifest = fs::read_to_string(source(name).join("Cargo.toml")).unwrap();
        for other in depends_on(&manifest) {
            assert!(allowed.contains(&other), "the crate {name} depends on {other}");
        }
    }
}

#[test]
fn imports_follow_the_arrows() {
    let mut against = Vec::new();
    for (part, allowed) in ARROWS {
        let files = rust_files(&source("server/src").join(part));
        assert!(!files.is_empty(), "there is no part {part} any more");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for module in named_modules(&text) {
                if module != part && !allowed.contains(&module.as_str()) {
                    against.push(format!("{}: crate::{module}", file.display()));
                }
            }
        }
    }
    assert!(against.is_empty(), "imports against the arrows:\n{}", against.join("\n"));
}

#[test]
fn nothing_names_what_lies_behind_its_walls() {
    for (part, forbidden) in WALLS {
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
    for part in ["store", "ops", "reads", "web", "field", "jobs"] {
        for file in rust_files(&source("server/src").join(part)) {
            let text = fs::read_to_string(&file).unwrap();
            for word in ["Engine::", ".engine()", "PRAGMA", "backend_name"] {
                assert!(!text.contains(word), "{} names {word}", file.display());
            }
        }
    }
}

/// What only the driver of our own meter may name; the tools have the meters themselves, simulated.
const OURS: [&str; 8] = [
    "meter_core::registers",
    "meter_core::relay",
    "meter_core::events",
    "meter_core::evidence",
    "meter_core::journal",
    "meter_core::protection",
    "meter_core::meter",
    "HOUSEHOLDS",
];

#[test]
fn only_the_driver_of_our_meter_knows_its_registers() {
    let (driver, tools) = (source("server/src/field/wattwarden"), source("server/src/tools"));
    for part in ["server/src", "domain/src", "paper/src"] {
        for file in rust_files(&source(part)) {
            if file.starts_with(&driver) || file.starts_with(&tools) {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            for word in OURS {
                assert!(!text.contains(word), "{} names {word}", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    for (name, _) in CRATES {
        for file in rust_files(&source(name).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            let says = text.lines().take(6).any(|line| line.starts_with("//!"));
            assert!(says, "{} does not begin by saying what it is for", file.display());
            let lines = text.lines().count();
            assert!(lines <= 450, "{} has {lines} lines: one idea a file", file.display());
        }
    }
}
