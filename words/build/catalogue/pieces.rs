//! A text put together: terms and other messages filled in, so that only words, arguments and choices are left.

use std::collections::BTreeMap;

use fluent_syntax::ast::{
    CallArguments, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey,
};
use fluent_syntax::unicode::unescape_unicode_to_string;

use super::entries::{Entries, Place, is_kebab};
use super::{Fault, Folder};

/// How deep messages and terms may name each other; more is a circle.
const DEEPEST: usize = 8;

/// A message of one language.
pub struct Text {
    /// `sale-title`.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// The comment above it, line by line: there the reference says the order of the arguments.
    pub comment: Vec<String>,
    /// What it says.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// The value of an argument.
    Argument(String),
    /// One of several wordings, by a count.
    Choice(Choice),
}

/// Wordings by the count that an argument holds.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The argument with the count.
    pub argument: String,
    /// The wordings for certain counts, in order.
    pub variants: Vec<(Key, Vec<Piece>)>,
    /// The wording for every other count.
    pub other: Vec<Piece>,
}

/// The counts that a wording is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// This very number.
    Exactly(u64),
    /// The plural category of that name: `one`, `few`, …
    Category(String),
}

/// Puts every message of a language together.
pub fn put_together(folder: &Folder, entries: &Entries<'_>, faults: &mut Vec<Fault>) -> Vec<Text> {
    let mut texts = Vec::new();
    for (place, message) in &entries.messages {
        let id = message.id.name;
        let comment = message.comment.iter().flat_map(|c| &c.content).map(|&line| line.to_owned()).collect();
        let Some(pattern) = &message.value else { continue };
        let reader = Reader { entries, tag: &folder.tag, given: None, depth: 0 };
        match reader.pattern(pattern) {
            Ok(pieces) => texts.push(Text { id: id.to_owned(), place: place.clone(), comment, pieces }),
            Err(what) => faults.push(place.fault(id, what)),
        }
    }
    texts
}

/// What is given to a term where it is used: `{ -room(case: "dative") }`.
type Given = BTreeMap<String, String>;

struct Reader<'a, 'b> {
    entries: &'a Entries<'b>,
    tag: &'a str,
    /// Inside a term: what it was given.
    given: Option<Given>,
    depth: usize,
}

impl Reader<'_, '_> {
    fn pattern(&self, pattern: &Pattern<&str>) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => pieces.push(Piece::Words((*value).to_owned())),
                PatternElement::Placeable { expression } => pieces.extend(self.expression(expression)?),
            }
        }
        Ok(joined(pieces))
    }

    fn expression(&self, expression: &Expression<&str>) -> Result<Vec<Piece>, String> {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => self.choice(selector, variants),
        }
    }

    fn inline(&self, inline: &InlineExpression<&str>) -> Result<Vec<Piece>, String> {
        Ok(match inline {
            InlineExpression::StringLiteral { value } => {
                vec![Piece::Words(unescape_unicode_to_string(value).into_owned())]
            }
            InlineExpression::NumberLiteral { value } => vec![Piece::Words((*value).to_owned())],
            InlineExpression::VariableReference { id } => match &self.given {
                Some(given) => vec![Piece::Words(given.get(id.name).cloned().unwrap_or_default())],
                None => vec![Piece::Argument(argument(id.name)?)],
            },
            InlineExpression::MessageReference { attribute: None, id } => self.other_message(id.name)?,
            InlineExpression::TermReference { attribute: None, id, arguments } => {
                self.term(id.name, arguments.as_ref())?
            }
            InlineExpression::Placeable { expression } => self.expression(expression)?,
            InlineExpression::FunctionReference { id, .. } => {
                return Err(format!("There is no function {}: what is given is written as it is.", id.name));
            }
            _ => return Err("Attributes are not used here: name a message or a term.".to_owned()),
        })
    }

    fn other_message(&self, id: &str) -> Result<Vec<Piece>, String> {
        let found = self.entries.messages.iter().find(|(_, message)| message.id.name == id);
        let (_, message) = found.ok_or_else(|| format!("There is no message `{id}` in {}.", self.tag))?;
        let pattern = message.value.as_ref().ok_or_else(|| format!("The message `{id}` is empty."))?;
        self.deeper(id, self.given.clone())?.pattern(pattern)
    }

    fn term(&self, id: &str, arguments: Option<&CallArguments<&str>>) -> Result<Vec<Piece>, String> {
        let (_, term) =
            self.entries.terms.get(id).ok_or_else(|| format!("There is no term `-{id}` in {}.", self.tag))?;
        let mut given = Given::new();
        for named in arguments.iter().flat_map(|arguments| &arguments.named) {
            let InlineExpression::StringLiteral { value } = &named.value else {
                return Err(format!("A term is given words in quotes: `-{id}({}: \"…\")`.", named.name.name));
            };
            given.insert(named.name.name.to_owned(), unescape_unicode_to_string(value).into_owned());
        }
        self.deeper(id, Some(given))?.pattern(&term.value)
    }

    /// The reader for what this one names.
    fn deeper(&self, id: &str, given: Option<Given>) -> Result<Self, String> {
        if self.depth == DEEPEST {
            return Err(format!("`{id}` names itself, by way of others."));
        }
        Ok(Self { entries: self.entries, tag: self.tag, given, depth: self.depth + 1 })
    }

    fn choice(
        &self,
        selector: &InlineExpression<&str>,
        variants: &[Variant<&str>],
    ) -> Result<Vec<Piece>, String> {
        let InlineExpression::VariableReference { id } = selector else {
            return Err("A choice goes by an argument, such as `{ $rooms -> … }`.".to_owned());
        };
        match &self.given {
            Some(given) => {
                self.pattern(&chosen(variants, given.get(id.name).map_or("", String::as_str)).value)
            }
            None => self.count_choice(argument(id.name)?, variants),
        }
    }

    fn count_choice(&self, argument: String, variants: &[Variant<&str>]) -> Result<Vec<Piece>, String> {
        let mut keyed = Vec::new();
        let mut other = None;
        for variant in variants {
            let pieces = self.pattern(&variant.value)?;
            if variant.default {
                if !matches!(variant.key, VariantKey::Identifier { name: "other" }) {
                    return Err(
                        "The variant with the star is the one for all other counts: `*[other]`.".to_owned()
                    );
                }
                other = Some(pieces);
                continue;
            }
            keyed.push((key(&variant.key)?, pieces));
        }
        let other = other.ok_or("A choice needs `*[other]`.")?;
        Ok(if keyed.is_empty() {
            other
        } else {
            vec![Piece::Choice(Choice { argument, variants: keyed, other })]
        })
    }
}

/// The variant of a term for the words it was given.
fn chosen<'a, 'b>(variants: &'a [Variant<&'b str>], given: &str) -> &'a Variant<&'b str> {
    let named = variants.iter().find(|variant| match variant.key {
        VariantKey::Identifier { name } => name == given,
        VariantKey::NumberLiteral { value } => value == given,
    });
    // The parser refuses a choice without a default.
    named.or_else(|| variants.iter().find(|variant| variant.default)).unwrap_or(&variants[0])
}

fn key(key: &VariantKey<&str>) -> Result<Key, String> {
    match key {
        VariantKey::Identifier { name } => Ok(Key::Category((*name).to_owned())),
        VariantKey::NumberLiteral { value } => {
            let number = value.parse().map_err(|_| format!("`[{value}]`: counts are whole numbers."))?;
            Ok(Key::Exactly(number))
        }
    }
}

fn argument(name: &str) -> Result<String, String> {
    if is_kebab(name) {
        return Ok(name.replace('-', "_"));
    }
    Err(format!("`${name}`: arguments are small letters, digits and dashes, such as `$rooms-left`."))
}

/// Words beside words made one piece.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Words(before)), Piece::Words(words)) => before.push_str(&words),
            (_, piece) => out.push(piece),
        }
    }
    out
}
