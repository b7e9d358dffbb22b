//! No text is in the catalogue that nothing shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where texts are shown: the sources, and the templates.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = files(&root.join("templates"), "html");
    for entry in fs::read_dir(&root).expect("the project's folder") {
        let source = entry.expect("an entry").path().join("src");
        if source.is_dir() {
            files.extend(self::files(&source, "rs"));
        }
    }
    files
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// The names of every method that is called or named: `t.sell_title()`, `Lang::sell_title`.
fn named_methods(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices('.').chain(text.match_indices("Lang::")) {
        let rest = text[at..].trim_start_matches("Lang::").trim_start_matches('.');
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        names.insert(&rest[..end]);
    }
    names
}

fn without_tests(source: &str) -> String {
    source.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn every_text_is_shown_somewhere() {
    let texts: Vec<String> =
        sources().iter().map(|path| without_tests(&fs::read_to_string(path).unwrap())).collect();
    assert!(texts.len() > 100, "the sources were not found");
    let named: BTreeSet<&str> = texts.iter().flat_map(|text| named_methods(text)).collect();
    let english = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("en"), "ftl");
    let catalogue: String = english.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let begins_a_message = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let dead: Vec<&str> = catalogue
        .lines()
        .filter(begins_a_message)
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
        .filter(|id| !named.contains(id.replace('-', "_").as_str()))
        .filter(|id| !catalogue.contains(&format!("{{ {id} }}")))
        .collect();
    assert!(
        dead.is_empty(),
        "nothing shows these texts; delete them in every language:\n{}",
        dead.join("\n")
    );
}

/// What the glossary's table says in Chinese must not stand in a Chinese text, with what does.
fn forbidden() -> Vec<(String, String)> {
    let glossary = Path::new(env!("CARGO_MANIFEST_DIR")).join("glossary.md");
    let glossary = fs::read_to_string(glossary).expect("the glossary");
    let rows = glossary.lines().filter(|line| line.starts_with('|')).skip(2);
    let mut forbidden = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, _, right, _, wrong, _] = cells[..] else { panic!("not a row of four cells: {row}") };
        let words = wrong.split(", ").filter(|word| !word.is_empty());
        forbidden.extend(words.map(|word| (word.to_owned(), right.to_owned())));
    }
    forbidden
}

#[test]
fn one_notion_has_one_chinese_word() {
    let forbidden = forbidden();
    assert!(forbidden.len() > 10, "the glossary was not read");
    let mut drift = Vec::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("zh-CN"), "ftl") {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let found = forbidden.iter().filter(|(wrong, _)| line.contains(wrong.as_str()));
            drift.extend(found.map(|(wrong, right)| format!("{line}\n    {wrong} is {right}")));
        }
    }
    assert!(drift.is_empty(), "{}", drift.join("\n"));
}
