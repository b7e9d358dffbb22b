//! Formula injection: a spreadsheet takes a cell that begins like a formula for one, whoever typed it. A resident named
//! `=HYPERLINK(…)` must stay a name.

use std::borrow::Cow;

/// What a formula may begin with, for one spreadsheet or another; also as East Asian input methods write it, since those
/// are narrowed on the way in. Source: OWASP, CSV Injection.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet might take the text for a formula. Spaces before it change nothing: some drop them.
#[must_use]
pub(super) fn is_formula(text: &str) -> bool {
    text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}']).starts_with(BEGINNINGS)
}

/// The text as text where a file has no other way of saying so: an apostrophe goes before it.
#[must_use]
pub(super) fn as_text(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_begins_like_a_formula_is_text() {
        for bomb in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{3000}＝1", "－2", "＠x"]
        {
            assert!(is_formula(bomb), "{bomb:?}");
            assert_eq!(as_text(bomb), format!("'{bomb}"));
        }
    }

    #[test]
    fn names_and_numbers_stay_as_they_are() {
        for plain in ["", " ", "李娜", "Room 3-12", "a=b", "'quoted'", "12.50", "–"] {
            assert_eq!(as_text(plain), plain);
        }
    }
}
