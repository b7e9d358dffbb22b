//! What the files of a language say, entry by entry, as the parser of Fluent reads them.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Message, Term};
use fluent_syntax::parser;

use super::{Fault, Folder};

/// Where an entry stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// `zh-CN/desk.ftl`.
    pub file: String,
    /// From 1.
    pub line: usize,
}

impl Place {
    /// A mistake at this place.
    pub fn fault(&self, id: &str, what: impl Into<String>) -> Fault {
        Fault { file: self.file.clone(), line: self.line, id: Some(id.to_owned()), what: what.into() }
    }
}

/// The entries of a language.
#[derive(Default)]
pub struct Entries<'a> {
    /// Messages in the order of the files.
    pub messages: Vec<(Place, Message<&'a str>)>,
    /// Terms by their name, without the dash.
    pub terms: BTreeMap<&'a str, (Place, Term<&'a str>)>,
}

impl<'a> Entries<'a> {
    /// Reads every file of a folder.
    pub fn parse(folder: &'a Folder, faults: &mut Vec<Fault>) -> Self {
        let mut entries = Self::default();
        for (name, text) in &folder.files {
            entries.file(format!("{}/{name}", folder.tag), text, faults);
        }
        entries
    }

    fn file(&mut self, file: String, text: &'a str, faults: &mut Vec<Fault>) {
        let resource = parser::parse(text).unwrap_or_else(|(resource, errors)| {
            faults.extend(errors.iter().map(|error| Fault {
                file: file.clone(),
                line: text.bytes().take(error.pos.start).filter(|byte| *byte == b'\n').count() + 1,
                id: None,
                what: format!("This is not Fluent's syntax. {error}."),
            }));
            resource
        });
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let place = Place { file: file.clone(), line: line_of(text, message.id.name) };
                    self.message(place, message, faults);
                }
                Entry::Term(term) => {
                    let place = Place { file: file.clone(), line: line_of(text, term.id.name) };
                    let id = term.id.name;
                    if self.terms.contains_key(id) {
                        faults
                            .push(place.fault(&format!("-{id}"), "This term stands twice in this language."));
                    }
                    self.terms.insert(id, (place, term));
                }
                _ => {}
            }
        }
    }

    fn message(&mut self, place: Place, message: Message<&'a str>, faults: &mut Vec<Fault>) {
        let id = message.id.name;
        if let Some((first, _)) = self.messages.iter().find(|(_, other)| other.id.name == id) {
            let what = format!("This message stands twice: see {}:{}.", first.file, first.line);
            faults.push(place.fault(id, what));
        }
        if !is_kebab(id) {
            faults.push(place.fault(id, "Names are small letters, digits and dashes, such as `sale-title`."));
        }
        if !message.attributes.is_empty() {
            faults.push(place.fault(id, "Attributes are not used here: make a message of its own."));
        }
        self.messages.push((place, message));
    }
}

/// The line that a part of the file stands in, from 1.
fn line_of(text: &str, part: &str) -> usize {
    let offset = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Small letters, digits and single dashes between them.
pub fn is_kebab(id: &str) -> bool {
    id.split('-')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}
