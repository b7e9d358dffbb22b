//! The functions as Rust text: the type of the language from the folders, and a method of it for each message.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Language;
use super::check::Signature;
use super::pieces::{Choice, Key, Piece, Text};

/// The whole generated file.
pub fn code(languages: &[Language], signatures: &BTreeMap<String, Signature>) -> String {
    let variants = variants(languages);
    let mut out = String::new();
    declare(&mut out, languages, &variants);
    out.push_str("impl Lang {\n");
    let all: Vec<BTreeMap<_, _>> = languages
        .iter()
        .map(|language| language.texts.iter().map(|text| (text.id.as_str(), text)).collect())
        .collect();
    for text in &languages[0].texts {
        let texts: Vec<&Text> = all.iter().filter_map(|texts| texts.get(text.id.as_str()).copied()).collect();
        if let Some(signature) = signatures.get(&text.id) {
            method(&mut out, signature, &variants, &texts);
        }
    }
    out.push_str("}\n");
    out
}

/// `En`, `Zh`: the first folder of a language has its name, a further one its whole tag.
fn variants(languages: &[Language]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for language in languages {
        let short = capital(language.tag.split('-').next().unwrap_or_default());
        let long = language.tag.split('-').map(capital).collect();
        names.push(if names.contains(&short) { long } else { short });
    }
    names
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
}

fn declare(out: &mut String, languages: &[Language], variants: &[String]) {
    let mut declared = String::new();
    let mut codes = String::new();
    for (index, (language, variant)) in languages.iter().zip(variants).enumerate() {
        let default = if index == 0 { "#[default] " } else { "" };
        let _ = writeln!(declared, "    /// `{}`\n    {default}{variant},", language.tag);
        let _ = writeln!(codes, "            Self::{variant} => {:?},", language.tag);
    }
    let list = variants.iter().map(|variant| format!("Self::{variant}")).collect::<Vec<_>>().join(", ");
    let _ = write!(
        out,
        "/// A language of pages and paper: one for each folder of the catalogue.\n\
         #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         pub enum Lang {{\n{declared}}}\n\
         impl Lang {{\n\
         \x20   /// Every language, the one that the others are held against first.\n\
         \x20   pub const ALL: [Self; {count}] = [{list}];\n\
         \x20   /// As stored, as sent by forms, and as in `<html lang>`.\n\
         \x20   #[must_use]\n\
         \x20   pub const fn code(self) -> &'static str {{\n        match self {{\n{codes}        }}\n    }}\n\
         }}\n",
        count = variants.len(),
    );
}

fn method(out: &mut String, signature: &Signature, variants: &[String], texts: &[&Text]) {
    let arguments: String = signature
        .arguments
        .iter()
        .map(|(name, is_count)| {
            format!(", {name}: impl {}", if *is_count { "crate::Count" } else { "Display" })
        })
        .collect();
    let (constant, result) =
        if signature.arguments.is_empty() { ("const ", "&'static str") } else { ("", "String") };
    let doc = format!("`{}`", shown(&texts[0].pieces));
    let _ = write!(
        out,
        "    #[doc = {doc:?}]\n    #[must_use]\n    pub {constant}fn {}(self{arguments}) -> {result} {{\n\
         \x20       match self {{\n",
        signature.name
    );
    for (variant, text) in variants.iter().zip(texts) {
        let value = if signature.arguments.is_empty() {
            format!("{:?}", shown(&text.pieces))
        } else {
            formatted(variant, &text.pieces)
        };
        let _ = writeln!(out, "            Self::{variant} => {value},");
    }
    out.push_str("        }\n    }\n");
}

/// The text with its arguments in braces; of a choice, the wording for most counts.
fn shown(pieces: &[Piece]) -> String {
    let shown = pieces.iter().map(|piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Argument(name) => format!("{{{name}}}"),
        Piece::Choice(choice) => shown(&choice.other),
    });
    shown.collect()
}

/// An expression that makes the text: one `format!`, or one for each wording of its first choice.
fn formatted(variant: &str, pieces: &[Piece]) -> String {
    let first = pieces.iter().position(|piece| matches!(piece, Piece::Choice(_)));
    match first.map(|at| (&pieces[..at], &pieces[at], &pieces[at + 1..])) {
        Some((before, Piece::Choice(choice), after)) => {
            let whole = |middle: &[Piece]| formatted(variant, &[before, middle, after].concat());
            chosen(variant, choice, whole)
        }
        _ => leaf(pieces),
    }
}

fn chosen(variant: &str, choice: &Choice, whole: impl Fn(&[Piece]) -> String) -> String {
    let mut arms = String::new();
    for (key, pieces) in &choice.variants {
        let pattern = match key {
            Key::Exactly(number) => format!("({number}, _)"),
            Key::Category(name) => {
                format!("(_, intl_pluralrules::PluralCategory::{})", name.to_ascii_uppercase())
            }
        };
        let _ = write!(arms, "{pattern} => {}, ", whole(pieces));
    }
    let other = whole(&choice.other);
    format!("match crate::plural::of(Self::{variant}, {}) {{ {arms}_ => {other} }}", choice.argument)
}

fn leaf(pieces: &[Piece]) -> String {
    let has_arguments = pieces.iter().any(|piece| matches!(piece, Piece::Argument(_)));
    let text: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) if has_arguments => words.replace('{', "{{").replace('}', "}}"),
            piece => shown(std::slice::from_ref(piece)),
        })
        .collect();
    if has_arguments { format!("format!({text:?})") } else { format!("String::from({text:?})") }
}
