//! Typed text, checked and brought into one form in one place: what people see is trimmed and without what cannot be
//! seen; what is compared and searched for has one spelling, however it was typed.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// It is empty.
    #[error("is missing")]
    Missing,
    /// It has more characters than fit.
    #[error("is too long")]
    TooLong,
    /// It is not of the right form.
    #[error("has the wrong form")]
    Malformed,
}

/// Text of 1 to `longest` characters without control characters: [`clean`].
///
/// # Errors
/// What is wrong with it.
pub fn required(text: &str, longest: usize) -> Result<String, TextProblem> {
    measured(clean(text), longest)
}

/// As [`required`], but it may be empty.
///
/// # Errors
/// What is wrong with it.
pub fn optional(text: &str, longest: usize) -> Result<String, TextProblem> {
    match required(text, longest) {
        Err(TextProblem::Missing) => Ok(String::new()),
        other => other,
    }
}

/// A number or reference that names something: its [`identity`], of 1 to `longest` characters.
///
/// # Errors
/// What is wrong with it.
pub fn required_identity(text: &str, longest: usize) -> Result<String, TextProblem> {
    measured(identity(text), longest)
}

fn measured(text: String, longest: usize) -> Result<String, TextProblem> {
    if text.is_empty() {
        Err(TextProblem::Missing)
    } else if text.chars().count() > longest {
        Err(TextProblem::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(TextProblem::Malformed)
    } else {
        Ok(text)
    }
}

/// As it is shown: composed, trimmed, without characters that cannot be seen, but for the joiners that some scripts need
/// between their letters.
#[must_use]
pub fn clean(text: &str) -> String {
    let letters: Vec<char> = text.nfc().collect();
    let joins = |at: usize| {
        let script = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| needs_joiners(*c));
        script(at.checked_sub(1)) && script(at.checked_add(1))
    };
    let seen =
        letters.iter().enumerate().filter(|(at, c)| !is_invisible(**c) || (is_joiner(**c) && joins(*at)));
    let seen: String = seen.map(|(_, c)| *c).collect();
    seen.trim().to_owned()
}

/// How names are compared and searched for: full width as plain, without what cannot be seen, one space for many, lower
/// case.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How numbers and references are kept and compared: as [`folded`], but without any space, every kind of dash as `-`,
/// upper case.
#[must_use]
pub fn identity(text: &str) -> String {
    let plain = text.nfkc().filter(|c| !is_invisible(*c) && !c.is_whitespace());
    let plain: String = plain.map(|c| if is_dash(c) { '-' } else { c }).collect();
    plain.to_uppercase()
}

/// Full width as plain, without what cannot be seen, trimmed: what numbers are read from, and how rooms are called.
#[must_use]
pub fn plain(text: &str) -> String {
    let seen: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    seen.trim().to_owned()
}

/// Format characters: zero-width ones, joiners, marks of direction, the byte order mark, the soft hyphen; and what only
/// chooses a variant of the character before.
fn is_invisible(c: char) -> bool {
    c.general_category() == GeneralCategory::Format
        || matches!(c, '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}')
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Arabic and the scripts of India and its neighbours spell with joiners.
const fn needs_joiners(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1780}'..='\u{17FF}')
}

fn is_dash(c: char) -> bool {
    c.general_category() == GeneralCategory::DashPunctuation || c == '\u{2212}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_counted_in_characters_and_free_of_control() {
        assert_eq!(required("  北楼 101 ", 6), Ok("北楼 101".to_owned()));
        assert_eq!(required(" \u{3000} ", 6), Err(TextProblem::Missing));
        assert_eq!(required("\u{200B}\u{FEFF}", 6), Err(TextProblem::Missing));
        assert_eq!(required("北楼 1010", 6), Err(TextProblem::TooLong));
        assert_eq!(required("a\u{7}b", 6), Err(TextProblem::Malformed));
        assert_eq!(optional(" ", 6), Ok(String::new()));
        assert_eq!(optional("a\nb", 6), Err(TextProblem::Malformed));
    }

    #[test]
    fn what_cannot_be_seen_is_gone_and_what_spells_a_name_stays() {
        assert_eq!(clean("\u{200B}Cy\u{200B} \u{202E}Lu\u{202C}"), "Cy Lu");
        assert_eq!(clean("An\u{AD}na\u{FE0F}"), "Anna");
        assert_eq!(clean("علی\u{200C}رضا"), "علی\u{200C}رضا");
        assert_eq!(clean("\u{200C}علی\u{200C}"), "علی");
        assert_eq!(clean("e\u{301}"), "é");
    }

    #[test]
    fn one_reference_has_one_spelling() {
        let spellings = [
            "TX-2026a 17",
            " tx-2026A17 ",
            "ＴＸ－２０２６Ａ１７",
            "TX\u{2011}2026a\u{A0}17",
            "T\u{200B}X\u{2013}2026a17",
            "tx\u{2212}2026a\u{3000}17\u{FEFF}",
        ];
        for spelling in spellings {
            assert_eq!(identity(spelling), "TX-2026A17", "{spelling:?}");
        }
    }

    #[test]
    fn names_are_the_same_in_any_width_case_and_spacing() {
        assert_eq!(folded("Ｎorth\u{3000} hall"), folded("north Hall"));
        assert_ne!(folded("north hall"), folded("northhall"));
        assert_eq!(plain(" １２．５\u{200B}"), "12.5");
    }
}
