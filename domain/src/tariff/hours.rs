//! Prices by the time of use: what a household's hourly totals cost. For credit that the server keeps: a meter that
//! counts down watt-hours knows no hours' prices.

use rust_decimal::Decimal;

use crate::money::{Currency, Price, round_half_up};

/// Hours of a day.
pub const HOURS: usize = 24;

/// A price for each hour of the day, from midnight on, by the site's clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours(Box<[Price; HOURS]>);

impl Hours {
    /// One price an hour.
    #[must_use]
    pub fn new(prices: [Price; HOURS]) -> Self {
        Self(Box::new(prices))
    }

    /// The prices, from midnight on.
    #[must_use]
    pub fn prices(&self) -> &[Price; HOURS] {
        &self.0
    }

    /// The price of the dearest hour: what energy used at an unknown hour is worth at most.
    #[must_use]
    pub fn highest(&self) -> Price {
        self.0.iter().copied().max().unwrap_or(self.0[0])
    }

    /// What hourly totals cost, in minor units, rounded once in the end: (hour of the site's day, Wh used in it).
    /// `None` when an hour is none, a total is negative, or the sum is beyond any till.
    #[must_use]
    pub fn cost_minor(&self, totals: &[(usize, i64)], currency: &Currency) -> Option<i64> {
        let mut exact = Decimal::ZERO;
        for (hour, used_wh) in totals {
            if *used_wh < 0 {
                return None;
            }
            exact = exact.checked_add(self.0.get(*hour)?.exact_minor(*used_wh, currency)?)?;
        }
        round_half_up(exact)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan() -> Currency {
        Currency { code: "CNY".into(), digits: 2 }
    }

    fn hours(cheap: &str, dear: &str) -> Hours {
        let (cheap, dear): (Price, Price) = (cheap.parse().unwrap(), dear.parse().unwrap());
        Hours::new(std::array::from_fn(|hour| if (8..22).contains(&hour) { dear } else { cheap }))
    }

    #[test]
    fn each_hour_costs_its_price() {
        let day = hours("0.3", "0.6");
        assert_eq!(day.cost_minor(&[(3, 10_000), (12, 10_000)], &yuan()), Some(900));
        assert_eq!(day.cost_minor(&[], &yuan()), Some(0));
        assert_eq!(day.cost_minor(&[(24, 1)], &yuan()), None);
        assert_eq!(day.cost_minor(&[(3, -1)], &yuan()), None);
        assert_eq!(day.highest(), "0.6".parse().unwrap());
    }

    proptest! {
        #[test]
        fn with_one_price_it_is_the_flat_price(totals in prop::collection::vec((0..24_usize, 0..100_000_i64), 0..100)) {
            let flat: Price = "0.5469".parse().unwrap();
            let sum: i64 = totals.iter().map(|(_, wh)| wh).sum();
            prop_assert_eq!(hours("0.5469", "0.5469").cost_minor(&totals, &yuan()), flat.amount_minor(sum, &yuan()));
        }

        #[test]
        fn it_lies_between_the_cheapest_and_the_dearest(totals in prop::collection::vec((0..24_usize, 0..100_000_i64), 0..100)) {
            let sum: i64 = totals.iter().map(|(_, wh)| wh).sum();
            let cost = hours("0.3", "0.6").cost_minor(&totals, &yuan()).unwrap();
            let at = |price: &str| price.parse::<Price>().unwrap().amount_minor(sum, &yuan()).unwrap();
            prop_assert!((at("0.3")..=at("0.6")).contains(&cost));
        }
    }
}
