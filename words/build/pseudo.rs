//! A language made from the reference that shows what is wrong with a page: what carries no accents doesn't come from
//! the catalogue, what is cut off has no room for a longer language, and what lacks a bracket was put together of parts.

use std::path::Path;
use std::{fs, io};

use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};

use crate::catalogue::Folder;

/// The tag by which pseudo-languages go.
pub const TAG: &str = "en-XA";
/// A word of padding is added for so many letters: about a third more, as in German or French.
const LETTERS_A_WORD: usize = 12;
/// The word, which is as long as four letters with its space, so that a line can break where it would.
const PADDING: &str = " ~~~";

/// Writes the folder of the pseudo-language beside the generated code, so that it is read like any other.
pub fn write(reference: &Folder, out: &Path) -> io::Result<()> {
    let folder = out.join(TAG);
    // From an earlier build there may be files of subjects that are gone.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for (name, text) in &reference.files {
        fs::write(folder.join(name), lengthened(text))?;
    }
    Ok(())
}

fn lengthened(text: &str) -> String {
    // What doesn't parse is left out here; the reference itself stops the build with the place of it.
    let mut resource = parser::parse(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    for entry in &mut resource.body {
        match entry {
            Entry::Message(message) if is_for_programs(&message.id.name) => {}
            Entry::Message(message) if message.id.name.ends_with("-names") => {
                if let Some(names) = &mut message.value {
                    accented(names);
                }
            }
            Entry::Message(message) => message.value.iter_mut().for_each(bracketed),
            Entry::Term(term) => {
                accented(&mut term.value);
            }
            _ => {}
        }
    }
    serializer::serialize(&resource)
}

/// How dates are written and which numerals there are is said in the folder too, but nobody reads it.
fn is_for_programs(id: &str) -> bool {
    id.ends_with("-form") || id.ends_with("-numerals")
}

fn bracketed(pattern: &mut Pattern<String>) {
    let letters = accented(pattern);
    let padding = PADDING.repeat(letters.div_ceil(LETTERS_A_WORD));
    pattern.elements.insert(0, PatternElement::TextElement { value: "«".to_owned() });
    pattern.elements.push(PatternElement::TextElement { value: format!("{padding}»") });
}

/// Accents the letters, and says how many there are. What stands in braces stays, but for the wordings of a choice.
fn accented(pattern: &mut Pattern<String>) -> usize {
    let mut letters = 0;
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                letters += value.chars().filter(|letter| letter.is_alphabetic()).count();
                *value = value.chars().map(accent).collect();
            }
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                letters += variants.iter_mut().map(|variant| accented(&mut variant.value)).max().unwrap_or(0);
            }
            PatternElement::Placeable { .. } => {}
        }
    }
    letters
}

/// Letters of Latin-1 and Latin Extended-A, which the fonts of paper have as well.
fn accent(letter: char) -> char {
    const PLAIN: &str = "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    const ACCENTED: &str = "ÅåÇçĐđÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž";
    PLAIN
        .chars()
        .zip(ACCENTED.chars())
        .find(|(plain, _)| *plain == letter)
        .map_or(letter, |(_, accented)| accented)
}
