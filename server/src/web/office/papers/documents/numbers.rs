//! Which documents go into one file: `7`, `1-500`, `1-40,43,50-52`.

use std::fmt;
use std::str::FromStr;

/// Documents in one file: more would keep a browser waiting for a minute.
pub(super) const MOST: i64 = 1_000;

/// Ranges of numbers, both ends included, in the order in which they are printed; [`MOST`] documents at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbers(Vec<(i64, i64)>);

impl Numbers {
    /// From one number to another, both included; `None` when that is no range, or too many.
    pub(super) fn range(from: i64, to: i64) -> Option<Self> {
        Self::of(vec![(from, to)])
    }

    fn of(ranges: Vec<(i64, i64)>) -> Option<Self> {
        let mut count: i64 = 0;
        for &(from, to) in &ranges {
            if from < 1 || to < from {
                return None;
            }
            count = count.checked_add(to.checked_sub(from)?.checked_add(1)?)?;
        }
        (1..=MOST).contains(&count).then_some(Self(ranges))
    }

    /// The ranges.
    pub(super) fn ranges(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// The first and the last number that are printed.
    pub(super) fn ends(&self) -> (i64, i64) {
        (self.0.first().map_or(0, |range| range.0), self.0.last().map_or(0, |range| range.1))
    }
}

impl FromStr for Numbers {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| text.trim().parse::<i64>().map_err(drop);
        let range = |part: &str| match part.split_once('-') {
            Some((from, to)) => Ok((number(from)?, number(to)?)),
            None => number(part).map(|number| (number, number)),
        };
        let ranges = text.split(',').map(range).collect::<Result<Vec<_>, ()>>()?;
        Self::of(ranges).ok_or(())
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            if from == to { write!(f, "{comma}{from}")? } else { write!(f, "{comma}{from}-{to}")? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_written() {
        for (text, ranges) in [
            ("7", vec![(7, 7)]),
            ("1-500", vec![(1, 500)]),
            ("1-40,43,50-52", vec![(1, 40), (43, 43), (50, 52)]),
        ] {
            let numbers: Numbers = text.parse().unwrap();
            assert_eq!(numbers.ranges(), ranges);
            assert_eq!(numbers.to_string(), text);
        }
        assert_eq!("1-40,43,50-52".parse::<Numbers>().unwrap().ends(), (1, 52));
    }

    #[test]
    fn what_is_no_range_or_too_much_is_refused() {
        for text in
            ["", "-", "0", "5-4", "1-1001", "1-600,700-1200", "x", "1,,2", "1-9223372036854775807", "-3-4"]
        {
            assert_eq!(text.parse::<Numbers>(), Err(()), "{text}");
        }
        assert!("1-1000".parse::<Numbers>().is_ok());
    }
}
