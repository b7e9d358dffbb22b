//! What a tenancy is paid back when it ends, and who gets how much. Pure.
//!
//! The rules, as the statement has them: what is left of the paid lots is worth what each was sold at; other debts are set
//! off, never below nothing; the rest is rounded to the smallest coin that is paid out, halves up. It is shared in coins
//! by the chosen rule; coins that cannot be shared go one each to whoever is furthest short of their part, and among
//! those to whose number comes first.

/// What a settlement comes to, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What the unused lots are worth.
    pub lots_minor: i64,
    /// What of it pays other debts.
    pub set_off_minor: i64,
    /// What rounding added, or took when below zero.
    pub rounding_minor: i64,
    /// What is paid out.
    pub refund_minor: i64,
    /// What of the debts is not covered.
    pub owed_minor: i64,
}

impl Sums {
    /// Works them out. `None` when the figures are beyond any till, or below zero.
    #[must_use]
    pub fn work_out(lots_minor: i64, debts_minor: &[i64], coin_minor: i64) -> Option<Self> {
        if lots_minor < 0 || coin_minor < 1 || debts_minor.iter().any(|debt| *debt < 0) {
            return None;
        }
        let debts_minor = debts_minor.iter().try_fold(0_i64, |sum, debt| sum.checked_add(*debt))?;
        let set_off_minor = debts_minor.min(lots_minor);
        let net_minor = lots_minor - set_off_minor;
        let refund_minor = net_minor.checked_add(coin_minor / 2)? / coin_minor * coin_minor;
        Some(Self {
            lots_minor,
            set_off_minor,
            rounding_minor: refund_minor - net_minor,
            refund_minor,
            owed_minor: debts_minor - set_off_minor,
        })
    }
}

/// How a refund is shared among the residents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// Everybody the same.
    #[default]
    Equal,
    /// By what each paid; what was paid without a name counts as paid by all alike.
    Paid,
    /// One of them gets it all.
    One,
}

impl Sharing {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Equal, Self::Paid, Self::One];

    /// As stored and as forms send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Paid => "paid",
            Self::One => "one",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// How much each paid, as weights: what was paid without a name is everybody's alike.
#[must_use]
pub fn weights_by_payment(named_minor: &[i64], unnamed_minor: i64) -> Vec<i128> {
    let people = i128::try_from(named_minor.len()).unwrap_or(1);
    let unnamed = i128::from(unnamed_minor.max(0));
    named_minor.iter().map(|named| i128::from((*named).max(0)) * people + unnamed).collect()
}

/// Shares `refund_minor`, a whole number of coins, by weights; the first are those whose number comes first. Without any
/// weight everybody gets the same.
#[must_use]
pub fn share(refund_minor: i64, coin_minor: i64, weights: &[i128]) -> Vec<i64> {
    let coins = i128::from(refund_minor / coin_minor.max(1));
    let even = vec![1; weights.len()];
    let sum: i128 = weights.iter().sum();
    let (weights, sum) = if sum > 0 { (weights, sum) } else { (&even[..], even.iter().sum()) };
    let mut shares: Vec<i128> = weights.iter().map(|weight| coins * weight / sum.max(1)).collect();
    let mut by_shortfall: Vec<usize> = (0..shares.len()).collect();
    by_shortfall.sort_by_key(|index| {
        std::cmp::Reverse(weights.get(*index).map(|weight| coins * weight % sum.max(1)))
    });
    let left = usize::try_from(coins - shares.iter().sum::<i128>()).unwrap_or(0);
    for index in by_shortfall.into_iter().take(left) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares.into_iter().map(|share| i64::try_from(share).unwrap_or(0) * coin_minor).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_settlement_as_an_office_would_do_it_by_hand() {
        // 36.47 left, a broken key card of 12.00, coins of 0.10: 24.50 is paid out.
        let sums = Sums::work_out(3647, &[1200], 10).unwrap();
        let expected = Sums {
            lots_minor: 3647,
            set_off_minor: 1200,
            rounding_minor: 3,
            refund_minor: 2450,
            owed_minor: 0,
        };
        assert_eq!(sums, expected);
        assert_eq!(share(2450, 10, &[1, 1, 1, 1]), [620, 610, 610, 610]);
        // Debts beyond what is left: nothing is paid, the rest is owed.
        let sums = Sums::work_out(500, &[300, 900], 1).unwrap();
        assert_eq!((sums.set_off_minor, sums.refund_minor, sums.owed_minor), (500, 0, 700));
        assert_eq!(Sums::work_out(-1, &[], 1), None);
        assert_eq!(Sums::work_out(1, &[i64::MAX, 1], 1), None);
    }

    #[test]
    fn who_paid_gets_back_by_what_was_paid() {
        // Ann paid 60, Bo 20, and 40 was paid without a name: 80 to 40.
        assert_eq!(share(600, 1, &weights_by_payment(&[60, 20], 40)), [400, 200]);
        assert_eq!(share(101, 1, &weights_by_payment(&[0, 0, 0], 0)), [34, 34, 33]);
        assert_eq!(share(500, 100, &weights_by_payment(&[1, 0], 0)), [500, 0]);
        assert_eq!(share(0, 1, &[]), [0_i64; 0]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made(
            lots in 0..1_000_000_000_i64,
            debts in prop::collection::vec(0..500_000_i64, 0..6),
            coin in prop::sample::select(vec![1_i64, 5, 10, 50, 100]),
        ) {
            let sums = Sums::work_out(lots, &debts, coin).unwrap();
            let all: i64 = debts.iter().sum();
            prop_assert_eq!(sums.lots_minor - sums.set_off_minor + sums.rounding_minor, sums.refund_minor);
            prop_assert_eq!(sums.set_off_minor + sums.owed_minor, all);
            prop_assert!(sums.refund_minor >= 0 && sums.refund_minor % coin == 0);
            prop_assert!(2 * sums.rounding_minor.abs() <= coin);
            prop_assert!(sums.owed_minor == 0 || sums.refund_minor == 0);
        }

        #[test]
        fn shares_add_up_and_nobody_is_off_by_a_coin(
            coins in 0..10_000_000_i64,
            coin in prop::sample::select(vec![1_i64, 10, 100]),
            weights in prop::collection::vec(0..1_000_000_i128, 1..12),
        ) {
            let shares = share(coins * coin, coin, &weights);
            prop_assert_eq!(shares.iter().sum::<i64>(), coins * coin);
            let sum: i128 = weights.iter().sum();
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(share % coin == 0 && *share >= 0);
                if sum > 0 {
                    let off = i128::from(*share) * sum - i128::from(coins * coin) * weight;
                    prop_assert!(off.abs() < i128::from(coin) * sum);
                }
            }
        }

        #[test]
        fn equal_shares_differ_by_a_coin_at_most_and_the_first_get_it(coins in 0..1_000_000_i64, people in 1..12_usize) {
            let shares = share(coins, 1, &vec![1; people]);
            prop_assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(shares[0] - shares[people - 1] <= 1);
        }
    }
}
