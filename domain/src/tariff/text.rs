//! A tariff as it is stored: `flat 0.55`, `ladder month 100000:0.5 300000:0.6 0.8` (the Wh a step ends at, and its
//! price; the last has no end), `hours 0.3 0.3 …` (24 prices, from midnight on).

use std::fmt;
use std::str::FromStr;

use super::{Hours, Ladder, NotATariff, Per, Step, Tariff};
use crate::money::Price;

impl fmt::Display for Tariff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flat(price) => write!(f, "flat {price}"),
            Self::Ladder(ladder) => {
                write!(f, "ladder {}", ladder.per().as_str())?;
                for step in ladder.steps() {
                    match step.until_wh {
                        Some(until_wh) => write!(f, " {until_wh}:{}", step.price)?,
                        None => write!(f, " {}", step.price)?,
                    }
                }
                Ok(())
            }
            Self::TimeOfUse(hours) => {
                f.write_str("hours")?;
                hours.prices().iter().try_for_each(|price| write!(f, " {price}"))
            }
        }
    }
}

impl FromStr for Tariff {
    type Err = NotATariff;

    fn from_str(text: &str) -> Result<Self, NotATariff> {
        let mut words = text.split(' ');
        match words.next() {
            Some("flat") => match (words.next().map(price), words.next()) {
                (Some(price), None) => Ok(Self::Flat(price?)),
                _ => Err(NotATariff::Unreadable),
            },
            Some("ladder") => {
                let per = words.next().and_then(Per::parse).ok_or(NotATariff::Unreadable)?;
                Ok(Self::Ladder(Ladder::new(per, words.map(step).collect::<Result<_, _>>()?)?))
            }
            Some("hours") => {
                let prices: Vec<_> = words.map(price).collect::<Result<_, _>>()?;
                Ok(Self::TimeOfUse(Box::new(Hours::new(prices.try_into().map_err(|_| NotATariff::Hours)?))))
            }
            _ => Err(NotATariff::Unreadable),
        }
    }
}

fn price(text: &str) -> Result<Price, NotATariff> {
    text.parse().map_err(|_| NotATariff::Unreadable)
}

fn step(text: &str) -> Result<Step, NotATariff> {
    match text.split_once(':') {
        None => Ok(Step { until_wh: None, price: price(text)? }),
        Some((until, rest)) => {
            let until_wh = until.parse().map_err(|_| NotATariff::Unreadable)?;
            Ok(Step { until_wh: Some(until_wh), price: price(rest)? })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let hours = format!("hours{}", " 0.3".repeat(24));
        for text in ["flat 0.5469", "ladder month 100000:0.5 300000:0.6 0.8", "ladder year 0.5", &hours] {
            assert_eq!(text.parse::<Tariff>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_a_tariff() {
        for text in [
            "",
            "flat",
            "flat -1",
            "flat 0",
            "flat 1 2",
            "ladder week 1",
            "ladder month",
            "ladder month 5:1",
            "ladder month 5:1 4:2 3",
            "ladder month 1 5:2",
            "ladder month 0:1 2",
            "hours 1 2",
            "free",
        ] {
            assert!(text.parse::<Tariff>().is_err(), "{text}");
        }
    }
}
