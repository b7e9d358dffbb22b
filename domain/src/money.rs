//! Money and prices: minor units in the books, decimals only here, and the one rounding rule.
//!
//! The rule: what the buyer names is exact, what follows from it is rounded to the nearest whole unit, halves away
//! from zero. A sale by amount rounds the energy to the nearest watt-hour; a sale by energy rounds the amount to the
//! nearest minor unit.

use std::str::FromStr;

use crate::text;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// A currency: its ISO 4217 code and how many digits its minor unit has (0–3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// For example `CNY`.
    pub code: String,
    /// Digits behind the point: 0 for JPY, 2 for CNY, 3 for KWD.
    pub digits: u32,
}

/// The price of a kilowatt-hour, in major units of the site's currency. Always positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(Decimal);

/// Digits that a price may have behind the point.
const PRICE_DIGITS: u32 = 6;
/// The highest price: beyond it a typing error is likelier than a tariff.
const HIGHEST_PRICE: i64 = 1_000_000;

/// Why a typed number was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not a plain decimal number such as `12.50`.
    #[error("not a number")]
    NotANumber,
    /// Zero or less.
    #[error("must be more than zero")]
    NotPositive,
    /// Below zero, where zero is taken.
    #[error("must not be less than zero")]
    Negative,
    /// More digits behind the point than the unit has.
    #[error("at most {0} digits behind the point")]
    TooFine(u32),
    /// Larger than anything that makes sense.
    #[error("too large")]
    TooLarge,
}

impl FromStr for Price {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let price = positive(text, PRICE_DIGITS)?;
        if price > Decimal::from(HIGHEST_PRICE) {
            return Err(ParseError::TooLarge);
        }
        Ok(Self(price.normalize()))
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Price {
    /// The energy, in Wh, that `amount_minor` buys; `None` when it fits no meter.
    #[must_use]
    pub fn energy_wh(self, amount_minor: i64, currency: &Currency) -> Option<i64> {
        let major = Decimal::try_from_i128_with_scale(i128::from(amount_minor), currency.digits).ok()?;
        round_half_up(major.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(self.0)?)
    }

    /// What `energy_wh` costs, in minor units; `None` when it is beyond any till.
    #[must_use]
    pub fn amount_minor(self, energy_wh: i64, currency: &Currency) -> Option<i64> {
        round_half_up(self.exact_minor(energy_wh, currency)?)
    }

    /// What `energy_wh` costs before it is rounded, in minor units: to be added up and rounded once.
    #[must_use]
    pub fn exact_minor(self, energy_wh: i64, currency: &Currency) -> Option<Decimal> {
        let kwh = Decimal::try_from_i128_with_scale(i128::from(energy_wh), 3).ok()?;
        let minor_per_major = Decimal::from(10_i64.pow(currency.digits));
        kwh.checked_mul(self.0)?.checked_mul(minor_per_major)
    }

    /// The energy, in Wh, that an amount that was not rounded buys.
    #[must_use]
    pub fn exact_wh(self, amount_minor: Decimal, currency: &Currency) -> Option<i64> {
        let minor_per_major = Decimal::from(10_i64.pow(currency.digits));
        let major = amount_minor.checked_div(minor_per_major)?;
        round_half_up(major.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(self.0)?)
    }

    /// The price that so much for so much comes to on average, for people: rounded to the digits a price may have.
    /// `None` when it is not positive.
    #[must_use]
    pub fn average(amount_minor: i64, energy_wh: i64, currency: &Currency) -> Option<Self> {
        let major = Decimal::try_from_i128_with_scale(i128::from(amount_minor), currency.digits).ok()?;
        let per_kwh = major.checked_mul(Decimal::ONE_THOUSAND)?.checked_div(Decimal::from(energy_wh))?;
        let per_kwh = per_kwh.round_dp_with_strategy(PRICE_DIGITS, RoundingStrategy::MidpointAwayFromZero);
        (per_kwh > Decimal::ZERO).then(|| Self(per_kwh.normalize()))
    }
}

/// To the nearest whole unit, halves away from zero: the one rule of rounding.
#[must_use]
pub fn round_half_up(exact: Decimal) -> Option<i64> {
    exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// A typed amount such as `12.50`, in minor units.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_amount(text: &str, currency: &Currency) -> Result<i64, ParseError> {
    scaled(positive(text, currency.digits)?, currency.digits)
}

/// As [`parse_amount`], and nothing is taken too: a drawer may be empty.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_sum(text: &str, currency: &Currency) -> Result<i64, ParseError> {
    match parse_amount(text, currency) {
        Err(ParseError::NotPositive) if text.contains('-') => Err(ParseError::Negative),
        Err(ParseError::NotPositive) => Ok(0),
        other => other,
    }
}

/// A typed energy in kWh such as `50` or `12.345`, in Wh.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_kwh(text: &str) -> Result<i64, ParseError> {
    scaled(positive(text, 3)?, 3)
}

fn positive(text: &str, digits: u32) -> Result<Decimal, ParseError> {
    let text = text::plain(text);
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if !plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::NotANumber);
    }
    if text.len() > 24 {
        return Err(ParseError::TooLarge);
    }
    let number = Decimal::from_str_exact(&text).map_err(|_| ParseError::NotANumber)?.normalize();
    if number <= Decimal::ZERO {
        return Err(ParseError::NotPositive);
    }
    if number.scale() > digits {
        return Err(ParseError::TooFine(digits));
    }
    Ok(number)
}

fn scaled(number: Decimal, digits: u32) -> Result<i64, ParseError> {
    let factor = Decimal::from(10_i64.pow(digits));
    number.checked_mul(factor).and_then(|scaled| scaled.to_i64()).ok_or(ParseError::TooLarge)
}

/// An amount with its digits and without a currency sign: `1250` at two digits is `12.50`.
#[must_use]
pub fn format_amount(amount_minor: i64, digits: u32) -> String {
    let sign = if amount_minor < 0 { "-" } else { "" };
    let minor = amount_minor.unsigned_abs();
    if digits == 0 {
        return format!("{sign}{minor}");
    }
    let unit = 10_u64.pow(digits);
    format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = digits as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan() -> Currency {
        Currency { code: "CNY".into(), digits: 2 }
    }

    #[test]
    fn an_amount_buys_energy_rounded_to_the_nearest_watt_hour() {
        let price: Price = "0.5469".parse().unwrap();
        // 50.00 / 0.5469 = 91.424 392… kWh
        assert_eq!(price.energy_wh(5000, &yuan()), Some(91_424));
        assert_eq!("0.6".parse::<Price>().unwrap().energy_wh(100, &yuan()), Some(1667));
    }

    #[test]
    fn energy_costs_an_amount_rounded_to_the_nearest_minor_unit() {
        let price: Price = "0.5469".parse().unwrap();
        assert_eq!(price.amount_minor(50_000, &yuan()), Some(2735)); // 27.345 rounds away from zero
        let yen = Currency { code: "JPY".into(), digits: 0 };
        assert_eq!("31.5".parse::<Price>().unwrap().amount_minor(1_000, &yen), Some(32));
    }

    #[test]
    fn typed_numbers_are_plain_positive_decimals() {
        assert_eq!(parse_amount(" 12.5 ", &yuan()), Ok(1250));
        assert_eq!(parse_amount("12.505", &yuan()), Err(ParseError::TooFine(2)));
        assert_eq!(parse_amount("12.500", &yuan()), Ok(1250));
        assert_eq!(parse_amount("１２．５", &yuan()), Ok(1250));
        for wrong in ["", ".", "1e5", "１２，5", "12,5", "0x1", "+5", "five", "1.2.3", "--1"] {
            assert_eq!(parse_amount(wrong, &yuan()), Err(ParseError::NotANumber), "{wrong}");
        }
        assert_eq!(parse_amount("0.00", &yuan()), Err(ParseError::NotPositive));
        assert_eq!(parse_amount("-5", &yuan()), Err(ParseError::NotPositive));
        assert_eq!(parse_amount("99999999999999999999999", &yuan()), Err(ParseError::TooLarge));
        assert_eq!(parse_kwh("0.001"), Ok(1));
        assert_eq!(parse_kwh("0.0001"), Err(ParseError::TooFine(3)));
    }

    #[test]
    fn a_sum_may_be_nothing_but_not_less() {
        assert_eq!(parse_sum("0.00", &yuan()), Ok(0));
        assert_eq!(parse_sum("12.5", &yuan()), Ok(1250));
        assert_eq!(parse_sum("-0.01", &yuan()), Err(ParseError::Negative));
        assert_eq!(parse_sum("", &yuan()), Err(ParseError::NotANumber));
    }

    #[test]
    fn amounts_show_the_digits_of_their_currency() {
        assert_eq!(format_amount(1250, 2), "12.50");
        assert_eq!(format_amount(-5, 2), "-0.05");
        assert_eq!(format_amount(1250, 0), "1250");
        assert_eq!(format_amount(1250, 3), "1.250");
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_half_a_unit(minor in 1..10_000_000_i64, micro in 1..5_000_000_u32) {
            let price = Price(Decimal::new(i64::from(micro), 6));
            if let Some(wh) = price.energy_wh(minor, &yuan()) {
                let exact = i128::from(minor) * 10 * 1_000_000 / i128::from(micro);
                prop_assert!((i128::from(wh) - exact).abs() <= 1);
            }
        }

        #[test]
        fn formatting_and_parsing_agree(minor in 1..i64::from(u32::MAX), digits in 0..=3_u32) {
            let currency = Currency { code: "XXX".into(), digits };
            prop_assert_eq!(parse_amount(&format_amount(minor, digits), &currency), Ok(minor));
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in ".{0,40}") {
            let _ = parse_amount(&text, &yuan());
            let _ = parse_kwh(&text);
            let _ = text.parse::<Price>();
        }
    }
}
