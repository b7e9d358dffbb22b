//! An amount in words, so that a figure on paper can't be altered unseen.

mod chinese;
mod currencies;
mod english;

use domain::money::Currency;

use super::Language;

/// An amount in the words of a language.
#[must_use]
pub fn in_words(language: Language, amount_minor: i64, currency: &Currency) -> String {
    match language {
        Language::En => english::amount(amount_minor, currency),
        Language::Zh => chinese::amount(amount_minor, currency),
    }
}

/// The absolute value of an amount, in whole units and the rest in minor units.
fn split(amount_minor: i64, digits: u32) -> (u64, u64) {
    let unit = 10_u64.pow(digits);
    let minor = amount_minor.unsigned_abs();
    (minor / unit, minor % unit)
}
