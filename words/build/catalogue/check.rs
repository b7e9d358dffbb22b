//! The languages held against each other: the same files, the same messages, the same arguments, plurals that exist.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::{Choice, Key, Piece, Text};
use super::plurals::Categories;
use super::{Fault, Folder, Language, REFERENCE};

/// Words of Rust that can't name a function or an argument.
const KEYWORDS: [&str; 38] = [
    "as", "break", "const", "continue", "crate", "else", "enum", "extern", "false", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while", "async", "await", "dyn",
    "gen",
];
/// Functions of a language that are not texts.
const TAKEN: [&str; 5] = ["code", "parse", "others", "default", "from_accept_language"];

/// What a text takes.
pub struct Signature {
    /// The function's name.
    pub name: String,
    /// Its arguments in order, and whether each is a count.
    pub arguments: Vec<(String, bool)>,
}

/// Compares every language with the reference, and says what each function takes.
pub fn compare(
    languages: &[Language],
    folders: &[Folder],
    faults: &mut Vec<Fault>,
) -> BTreeMap<String, Signature> {
    let mut signatures = BTreeMap::new();
    let Some(reference) = languages.iter().find(|language| language.tag == REFERENCE) else {
        faults.push(whole(REFERENCE, "This folder is missing: the other languages are held against it."));
        return signatures;
    };
    for text in &reference.texts {
        match signature(text) {
            Ok(signature) => drop(signatures.insert(text.id.clone(), signature)),
            Err(what) => faults.push(text.place.fault(&text.id, what)),
        }
    }
    for (language, folder) in languages.iter().zip(folders) {
        same_files(folder, &folders[0], faults);
        same_texts(language, reference, &signatures, faults);
        match Categories::of(&language.tag) {
            Some(categories) => language.texts.iter().for_each(|text| plurals(text, &categories, faults)),
            None => {
                faults.push(whole(&language.tag, "The folder's name is no language tag with known plurals."))
            }
        }
    }
    signatures
}

fn whole(file: &str, what: &str) -> Fault {
    Fault { file: file.to_owned(), line: 1, id: None, what: what.to_owned() }
}

/// The arguments of a text of the reference: in the order of the comment above it, which two or more must have,
/// since the order of a sentence changes with its wording.
fn signature(text: &Text) -> Result<Signature, String> {
    let name = text.id.replace('-', "_");
    if KEYWORDS.contains(&name.as_str()) || TAKEN.contains(&name.as_str()) {
        return Err("This name is taken. Choose another.".to_owned());
    }
    let declared = declared(&text.comment);
    let used = used(&text.pieces);
    let names: BTreeSet<_> = declared.iter().map(|(name, _)| name.clone()).collect();
    if let Some(keyword) = used.iter().find(|name| KEYWORDS.contains(&name.as_str())) {
        return Err(format!("`${keyword}` is a word of Rust. Choose another name."));
    }
    if names == used && declared.len() == used.len() {
        return Ok(Signature { name, arguments: declared });
    }
    match used.len() {
        0 if declared.is_empty() => Ok(Signature { name, arguments: Vec::new() }),
        1 if declared.is_empty() => {
            Ok(Signature { name, arguments: used.into_iter().map(|a| (a, false)).collect() })
        }
        _ => Err(format!("Say the arguments in their order in a comment above: `# {}`.", listed(&used))),
    }
}

/// What a comment says of the arguments: `# $rooms (Number), $place`.
fn declared(comment: &[String]) -> Vec<(String, bool)> {
    let lines = comment.iter().filter(|line| line.starts_with('$'));
    lines
        .flat_map(|line| line.split('$').skip(1))
        .map(|said| {
            let end = said.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(said.len());
            let (name, rest) = said.split_at(end);
            (name.replace('-', "_"), rest.trim_start().starts_with("(Number)"))
        })
        .collect()
}

fn used(pieces: &[Piece]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for piece in pieces {
        match piece {
            Piece::Words(_) => {}
            Piece::Argument(name) => drop(names.insert(name.clone())),
            Piece::Choice(choice) => {
                names.insert(choice.argument.clone());
                names.extend(choice.variants.iter().flat_map(|(_, pieces)| used(pieces)));
                names.extend(used(&choice.other));
            }
        }
    }
    names
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("${}", name.replace('_', "-"))).collect::<Vec<_>>().join(", ")
}

fn same_files(folder: &Folder, reference: &Folder, faults: &mut Vec<Fault>) {
    for file in reference.files.keys().filter(|file| !folder.files.contains_key(*file)) {
        faults.push(whole(&format!("{}/{file}", folder.tag), "This file is missing."));
    }
    for file in folder.files.keys().filter(|file| !reference.files.contains_key(*file)) {
        let what = format!("There is no such file in {REFERENCE}. Every language has the same files.");
        faults.push(whole(&format!("{}/{file}", folder.tag), &what));
    }
}

fn same_texts(
    language: &Language,
    reference: &Language,
    signatures: &BTreeMap<String, Signature>,
    faults: &mut Vec<Fault>,
) {
    let own: BTreeMap<_, _> = language.texts.iter().map(|text| (text.id.as_str(), text)).collect();
    for original in &reference.texts {
        let subject = original.place.file.split_once('/').map_or("", |(_, file)| file);
        match own.get(original.id.as_str()) {
            None => {
                let at = format!("{}/{subject}", language.tag);
                let what =
                    format!("This message is missing here. In {REFERENCE}: {}", plain(&original.pieces));
                faults.push(Fault { file: at, line: 1, id: Some(original.id.clone()), what });
            }
            Some(text) if !text.place.file.ends_with(&format!("/{subject}")) => {
                faults.push(text.place.fault(&text.id, format!("This message belongs in {subject}.")));
            }
            Some(text) => same_arguments(text, original, signatures, faults),
        }
    }
    for text in language.texts.iter().filter(|text| !reference.texts.iter().any(|other| other.id == text.id))
    {
        faults.push(text.place.fault(&text.id, format!("There is no such message in {REFERENCE}.")));
    }
}

fn same_arguments(
    text: &Text,
    original: &Text,
    signatures: &BTreeMap<String, Signature>,
    faults: &mut Vec<Fault>,
) {
    let (own, expected) = (used(&text.pieces), used(&original.pieces));
    if own != expected {
        let what = format!("It must use {}, and uses {}.", or_none(&expected), or_none(&own));
        faults.push(text.place.fault(&text.id, what));
    }
    let Some(signature) = signatures.get(&text.id) else { return };
    for choice in choices(&text.pieces) {
        if signature.arguments.iter().any(|(name, is_count)| *name == choice.argument && !is_count) {
            let name = choice.argument.replace('_', "-");
            let what =
                format!("To choose by `${name}`, the comment in {REFERENCE} must say `${name} (Number)`.");
            faults.push(text.place.fault(&text.id, what));
        }
    }
}

fn or_none(names: &BTreeSet<String>) -> String {
    if names.is_empty() { "no argument".to_owned() } else { listed(names) }
}

fn plain(pieces: &[Piece]) -> String {
    let words = pieces.iter().map(|piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Argument(name) => format!("{{ ${} }}", name.replace('_', "-")),
        Piece::Choice(choice) => plain(&choice.other),
    });
    words.collect()
}

fn choices(pieces: &[Piece]) -> Vec<&Choice> {
    let mut found = Vec::new();
    for piece in pieces {
        if let Piece::Choice(choice) = piece {
            found.push(choice);
            found.extend(choice.variants.iter().flat_map(|(_, pieces)| choices(pieces)));
            found.extend(choices(&choice.other));
        }
    }
    found
}

/// A choice has each category that everyday counts fall into, and none that the language doesn't have.
fn plurals(text: &Text, categories: &Categories, faults: &mut Vec<Fault>) {
    for choice in choices(&text.pieces) {
        let given: Vec<_> = choice.variants.iter().filter_map(|(key, _)| category(key)).collect();
        for name in given.iter().filter(|name| !categories.all.contains(name)) {
            let what = format!("`[{name}]` never happens here; counts are {}.", categories.all.join(", "));
            faults.push(text.place.fault(&text.id, what));
        }
        for name in categories.everyday.iter().filter(|name| **name != "other" && !given.contains(name)) {
            faults.push(text.place.fault(&text.id, format!("The wording for `[{name}]` is missing.")));
        }
    }
}

fn category(key: &Key) -> Option<&str> {
    match key {
        Key::Category(name) => Some(name),
        Key::Exactly(_) => None,
    }
}
