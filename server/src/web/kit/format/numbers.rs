//! Integers in a finer unit written as decimals of a coarser one, digits in groups of three.

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    group_digits(&number.to_string())
}

/// Puts a comma between each three digits, a leading sign aside.
pub(super) fn group_digits(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An integer in units of 10^-`places`, written out in full: `4998` at two places is `49.98`.
pub(super) fn decimal(number: i64, places: u32) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let unit = 10_u64.pow(places);
    let number = number.unsigned_abs();
    let whole = grouped(number / unit);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{:0width$}", number % unit, width = places as usize)
}

/// An integer in thousandths, rounded half away from zero to at most three `places`.
pub(super) fn thousandths(number: i64, places: u32) -> String {
    let step = 10_i64.pow(3 - places.min(3));
    let half = step / 2;
    let rounded = if number < 0 { number.saturating_sub(half) } else { number.saturating_add(half) } / step;
    decimal(rounded, places.min(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(group_digits("-123456"), "-123,456");
    }

    #[test]
    fn thousandths_round_half_away_from_zero() {
        assert_eq!(thousandths(1_250, 1), "1.3");
        assert_eq!(thousandths(-1_250, 1), "-1.3");
        assert_eq!(thousandths(-4, 2), "0.00");
        assert_eq!(thousandths(1_234, 3), "1.234");
        assert_eq!(thousandths(1_500, 0), "2");
    }
}
