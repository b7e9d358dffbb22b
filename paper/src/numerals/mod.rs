//! An amount in words, so that a figure on paper can't be altered unseen.

mod chinese;
mod currencies;
mod english;

use domain::money::Currency;

use words::Lang;

/// An amount in the words of a language; `None` for one whose catalogue names no numerals that there are.
#[must_use]
pub fn in_words(language: Lang, amount_minor: i64, currency: &Currency) -> Option<String> {
    match language.paper_numerals() {
        "english" => Some(english::amount(amount_minor, currency)),
        "chinese" => Some(chinese::amount(amount_minor, currency)),
        _ => None,
    }
}

/// The absolute value of an amount, in whole units and the rest in minor units.
fn split(amount_minor: i64, digits: u32) -> (u64, u64) {
    let unit = 10_u64.pow(digits);
    let minor = amount_minor.unsigned_abs();
    (minor / unit, minor % unit)
}
