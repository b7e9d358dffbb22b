//! Amounts in English words, as on a cheque: `One thousand two hundred thirty-four and 50/100 yuan (CNY)`.

use domain::money::Currency;

use super::{currencies, split};

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// Names of 1000^1, 1000^2, …: as far as 64 bits go.
const GROUPS: [&str; 7] =
    ["", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion"];

/// The amount in words. The rest is a fraction of the whole unit, which no language's coins can confuse; an amount
/// without one ends with `only`.
pub(super) fn amount(amount_minor: i64, currency: &Currency) -> String {
    let (whole, rest) = split(amount_minor, currency.digits);
    let sign = if amount_minor < 0 { "minus " } else { "" };
    let (name, code) = (currencies::english(&currency.code), &currency.code);
    let unit = if name == code { name.to_owned() } else { format!("{name} ({code})") };
    let words = number(whole);
    let text = if rest == 0 {
        format!("{sign}{words} {unit} only")
    } else {
        let (width, of) = (currency.digits as usize, 10_u64.pow(currency.digits));
        format!("{sign}{words} and {rest:0width$}/{of} {unit}")
    };
    capitalised(&text)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn number(number: u64) -> String {
    if number == 0 {
        return SMALL[0].to_owned();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    for name in GROUPS {
        if !rest.is_multiple_of(1000) {
            groups.push(format!("{}{name}", below_thousand(rest % 1000)));
        }
        rest /= 1000;
    }
    groups.reverse();
    groups.join(" ")
}

fn below_thousand(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    match (hundreds, rest) {
        (0, _) => below_hundred(rest),
        (_, 0) => format!("{} hundred", word(&SMALL, hundreds)),
        _ => format!("{} hundred {}", word(&SMALL, hundreds), below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    match (number / 10, number % 10) {
        (0 | 1, _) => word(&SMALL, number).to_owned(),
        (tens, 0) => word(&TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", word(&TENS, tens), word(&SMALL, ones)),
    }
}

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(minor: i64, code: &str, digits: u32) -> String {
        amount(minor, &Currency { code: code.into(), digits })
    }

    #[test]
    fn amounts_are_said_in_full() {
        for (minor, text) in [
            (0, "Zero yuan (CNY) only"),
            (5, "Zero and 05/100 yuan (CNY)"),
            (100, "One yuan (CNY) only"),
            (123_450, "One thousand two hundred thirty-four and 50/100 yuan (CNY)"),
            (101_001_199, "One million ten thousand eleven and 99/100 yuan (CNY)"),
            (-1_900, "Minus nineteen yuan (CNY) only"),
            (10_000_000_000, "One hundred million yuan (CNY) only"),
        ] {
            assert_eq!(words(minor, "CNY", 2), text);
        }
    }

    #[test]
    fn currencies_have_no_two_or_three_digits() {
        assert_eq!(words(1_980, "JPY", 0), "One thousand nine hundred eighty yen (JPY) only");
        assert_eq!(words(12_005, "KWD", 3), "Twelve and 005/1000 Kuwaiti dinars (KWD)");
        assert_eq!(words(250, "XYZ", 2), "Two and 50/100 XYZ");
        for edge in [i64::MIN, i64::MAX] {
            assert!(words(edge, "JPY", 0).to_lowercase().contains("nine quintillion"));
        }
    }
}
