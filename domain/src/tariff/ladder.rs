//! A ladder: the price of a kWh goes by how much was bought already since the month or year began. A sale that goes over
//! several steps is cut into pieces at one price each.
//!
//! Rounding: the steps' exact costs are added up first and each piece is the difference of two rounded sums, so that the
//! pieces add up to the sale, which is rounded once, by the one rule of `money`.

use rust_decimal::Decimal;

use super::NotATariff;
use crate::money::{Currency, Price, round_half_up};

/// The most steps that a person can be asked to understand.
pub const MAX_STEPS: usize = 6;

/// After what the ladder begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Each month of the site's calendar.
    Month,
    /// Each year.
    Year,
}

impl Per {
    /// As stored and as forms send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Month, Self::Year].into_iter().find(|per| per.as_str() == text)
    }
}

/// A step: up to so much bought in the period, at this price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it ends, in Wh bought since the period began; `None` for the last.
    pub until_wh: Option<i64>,
    /// Major units a kWh.
    pub price: Price,
}

/// Part of a sale at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// In Wh, more than zero.
    pub energy_wh: i64,
    /// In minor units.
    pub amount_minor: i64,
    /// Major units a kWh.
    pub price: Price,
}

/// One to [`MAX_STEPS`] steps that go up, the last without an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    per: Per,
    steps: Vec<Step>,
}

impl Ladder {
    /// # Errors
    /// [`NotATariff::Steps`].
    pub fn new(per: Per, steps: Vec<Step>) -> Result<Self, NotATariff> {
        let ends: Vec<_> = steps.iter().map(|step| step.until_wh).collect();
        let fine = match ends.split_last() {
            Some((None, ends)) => {
                let ends: Option<Vec<i64>> = ends.iter().copied().collect();
                ends.is_some_and(|ends| {
                    ends.first().is_none_or(|first| *first > 0)
                        && ends.windows(2).all(|pair| pair[0] < pair[1])
                })
            }
            _ => false,
        };
        if fine && steps.len() <= MAX_STEPS { Ok(Self { per, steps }) } else { Err(NotATariff::Steps) }
    }

    /// After what it begins anew.
    #[must_use]
    pub fn per(&self) -> Per {
        self.per
    }

    /// Its steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The price of the first step.
    #[must_use]
    pub fn first(&self) -> Price {
        self.steps[0].price
    }

    /// What `energy_wh` costs when `bought_wh` were bought before; `None` when it is nothing or beyond any till.
    #[must_use]
    pub fn by_energy(&self, bought_wh: i64, energy_wh: i64, currency: &Currency) -> Option<Vec<Piece>> {
        let mut cut = Cut::new(currency);
        let mut left_wh = energy_wh;
        for (room_wh, price) in self.ahead(bought_wh) {
            let wh = room_wh.map_or(left_wh, |room_wh| room_wh.min(left_wh));
            cut.energy(wh, price)?;
            left_wh -= wh;
            if left_wh == 0 {
                break;
            }
        }
        cut.pieces()
    }

    /// What `amount_minor` buys when `bought_wh` were bought before; `None` when that is nothing or fits no meter.
    #[must_use]
    pub fn by_amount(&self, bought_wh: i64, amount_minor: i64, currency: &Currency) -> Option<Vec<Piece>> {
        let mut cut = Cut::new(currency);
        for (room_wh, price) in self.ahead(bought_wh) {
            let left = Decimal::from(amount_minor).checked_sub(cut.exact_minor)?;
            let whole = room_wh.map(|wh| Some((wh, price.exact_minor(wh, currency)?)));
            match whole {
                Some(None) => return None,
                Some(Some((wh, cost))) if cost <= left => cut.energy(wh, price)?,
                _ => {
                    let wh = price.exact_wh(left, currency)?;
                    cut.energy(room_wh.map_or(wh, |room_wh| room_wh.min(wh)), price)?;
                    break;
                }
            }
        }
        let mut pieces = cut.pieces()?;
        // The buyer named the amount: the last piece takes what rounding of the energy left over.
        let total: i64 = pieces.iter().map(|piece| piece.amount_minor).sum();
        pieces.last_mut()?.amount_minor += amount_minor - total;
        Some(pieces)
    }

    /// From `bought_wh` on: how much each step still has room for (the last without limit), and its price.
    fn ahead(&self, bought_wh: i64) -> impl Iterator<Item = (Option<i64>, Price)> {
        let mut from_wh = bought_wh.max(0);
        self.steps.iter().filter_map(move |step| match step.until_wh {
            None => Some((None, step.price)),
            Some(until_wh) if until_wh > from_wh => {
                let room_wh = until_wh - from_wh;
                from_wh = until_wh;
                Some((Some(room_wh), step.price))
            }
            Some(_) => None,
        })
    }
}

/// Pieces being cut: their exact cost so far, and what of it is rounded into pieces.
struct Cut<'a> {
    currency: &'a Currency,
    pieces: Vec<Piece>,
    exact_minor: Decimal,
    rounded_minor: i64,
}

impl<'a> Cut<'a> {
    fn new(currency: &'a Currency) -> Self {
        Self { currency, pieces: Vec::new(), exact_minor: Decimal::ZERO, rounded_minor: 0 }
    }

    fn energy(&mut self, energy_wh: i64, price: Price) -> Option<()> {
        if energy_wh > 0 {
            self.exact_minor = self.exact_minor.checked_add(price.exact_minor(energy_wh, self.currency)?)?;
            let rounded_minor = round_half_up(self.exact_minor)?;
            let amount_minor = rounded_minor - self.rounded_minor;
            self.rounded_minor = rounded_minor;
            self.pieces.push(Piece { energy_wh, amount_minor, price });
        }
        Some(())
    }

    fn pieces(self) -> Option<Vec<Piece>> {
        (!self.pieces.is_empty()).then_some(self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan() -> Currency {
        Currency { code: "CNY".into(), digits: 2 }
    }

    fn ladder(steps: &[(Option<i64>, &str)]) -> Ladder {
        let steps =
            steps.iter().map(|(until_wh, price)| Step { until_wh: *until_wh, price: price.parse().unwrap() });
        Ladder::new(Per::Month, steps.collect()).unwrap()
    }

    fn three() -> Ladder {
        ladder(&[(Some(100_000), "0.5"), (Some(300_000), "0.6"), (None, "0.9")])
    }

    fn figures(pieces: &[Piece]) -> Vec<(i64, i64, String)> {
        pieces.iter().map(|piece| (piece.energy_wh, piece.amount_minor, piece.price.to_string())).collect()
    }

    #[test]
    fn a_sale_goes_up_the_steps_from_what_was_bought_before() {
        let pieces = three().by_energy(90_000, 220_000, &yuan()).unwrap();
        assert_eq!(
            figures(&pieces),
            [(10_000, 500, "0.5".into()), (200_000, 12_000, "0.6".into()), (10_000, 900, "0.9".into())]
        );
        assert_eq!(
            figures(&three().by_energy(300_000, 1_000, &yuan()).unwrap()),
            [(1_000, 90, "0.9".into())]
        );
    }

    #[test]
    fn an_amount_buys_whole_steps_and_then_part_of_one() {
        let pieces = three().by_amount(0, 8_000, &yuan()).unwrap();
        assert_eq!(figures(&pieces), [(100_000, 5_000, "0.5".into()), (50_000, 3_000, "0.6".into())]);
        // A residue that buys nothing of the next step stays with the last piece.
        let steep = ladder(&[(Some(1_000), "0.5"), (None, "1000000")]);
        assert_eq!(figures(&steep.by_amount(0, 51, &yuan()).unwrap()), [(1_000, 51, "0.5".into())]);
    }

    fn any_ladder() -> impl Strategy<Value = Ladder> {
        let step = (1..400_000_i64, 1..3_000_000_i64);
        (prop::collection::vec(step, 0..5), 1..3_000_000_i64).prop_map(|(steps, last)| {
            let mut until_wh = 0;
            let price = |micro: i64| crate::money::format_amount(micro, 6).parse().unwrap();
            let mut all: Vec<_> = steps
                .into_iter()
                .map(|(wh, micro)| {
                    until_wh += wh;
                    Step { until_wh: Some(until_wh), price: price(micro) }
                })
                .collect();
            all.push(Step { until_wh: None, price: price(last) });
            Ladder::new(Per::Month, all).unwrap()
        })
    }

    proptest! {
        #[test]
        fn the_pieces_add_up_to_what_was_named(ladder in any_ladder(), bought in 0..2_000_000_i64, n in 1..1_000_000_i64) {
            if let Some(pieces) = ladder.by_energy(bought, n, &yuan()) {
                prop_assert_eq!(pieces.iter().map(|piece| piece.energy_wh).sum::<i64>(), n);
                prop_assert!(pieces.iter().all(|piece| piece.energy_wh > 0 && piece.amount_minor >= 0));
                prop_assert!(pieces.len() <= ladder.steps().len());
            }
            if let Some(pieces) = ladder.by_amount(bought, n, &yuan()) {
                prop_assert_eq!(pieces.iter().map(|piece| piece.amount_minor).sum::<i64>(), n);
                prop_assert!(pieces.iter().all(|piece| piece.energy_wh > 0 && piece.amount_minor >= 0));
            }
        }

        #[test]
        fn one_purchase_costs_what_several_cost_but_for_their_rounding(
            ladder in any_ladder(), parts in prop::collection::vec(1..200_000_i64, 1..6),
        ) {
            let total = |pieces: Option<Vec<Piece>>| pieces.unwrap().iter().map(|piece| piece.amount_minor).sum::<i64>();
            let whole = total(ladder.by_energy(0, parts.iter().sum(), &yuan()));
            let (mut bought, mut sum) = (0, 0);
            for part in &parts {
                sum += total(ladder.by_energy(bought, *part, &yuan()));
                bought += part;
            }
            prop_assert!((whole - sum).abs() <= i64::try_from(parts.len()).unwrap());
        }
    }
}
