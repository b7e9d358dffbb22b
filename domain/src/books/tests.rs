//! What must hold for any lots and any way of using them.

use proptest::prelude::*;

use super::*;
use crate::ids::OperationId;

fn lot(number: usize, energy_wh: i64, amount_minor: i64) -> Lot {
    Lot {
        source: LotSource::Sale,
        operation_id: OperationId(format!("sale-{number}")),
        position: 0,
        at_ms: 0,
        energy_wh,
        amount_minor,
        price_per_kwh: String::new(),
    }
}

fn lots(figures: &[(i64, i64)]) -> Lots {
    Lots::new(figures.iter().enumerate().map(|(number, (wh, minor))| lot(number, *wh, *minor)).collect())
}

fn some_lots() -> impl Strategy<Value = Lots> {
    prop::collection::vec((1..2_000_000_i64, 0..500_000_i64), 0..8).prop_map(|figures| lots(&figures))
}

#[test]
fn a_lot_in_part_is_rounded_to_the_nearest_and_whole_is_exact() {
    let lots = lots(&[(3, 100), (1000, 1)]);
    assert_eq!([0, 1, 2, 3].map(|wh| lots.value_minor(wh)), [0, 33, 67, 100]);
    assert_eq!([3 + 499, 3 + 500, 3 + 1000, 9_999].map(|wh| lots.value_minor(wh)), [100, 101, 101, 101]);
    assert_eq!(lots.value_minor(-5), 0);
}

#[test]
fn a_refund_goes_by_the_price_of_each_lot() {
    // 50 kWh at 0.50 and 50 kWh at 0.80; 60 used: 40 are left, all of the second.
    let lots = lots(&[(50_000, 2_500), (50_000, 4_000)]);
    let rests = lots.rests(60_000);
    assert_eq!(rests.len(), 1);
    assert_eq!((rests[0].taken_wh, rests[0].energy_wh, rests[0].amount_minor), (10_000, 40_000, 3_200));
}

#[test]
fn free_electricity_goes_first() {
    let (subsidy, paid) = (lots(&[(10_000, 500)]), lots(&[(50_000, 2_500)]));
    let mut purse = Purse::default();
    let taken = purse.recognise(&subsidy, &paid, 4_000).unwrap();
    assert_eq!(taken, Taken { subsidy_wh: 4_000, subsidy_minor: 200, paid_wh: 0, paid_minor: 0 });
    let taken = purse.recognise(&subsidy, &paid, 30_000).unwrap();
    assert_eq!(taken, Taken { subsidy_wh: 6_000, subsidy_minor: 300, paid_wh: 20_000, paid_minor: 1_000 });
    assert_eq!(purse.recognise(&subsidy, &paid, 29_999), Err(Backwards));
    assert_eq!(purse.used_wh, 30_000);
}

#[test]
fn what_was_used_on_overdraft_is_valued_by_the_next_purchase() {
    let none = Lots::default();
    let mut purse = Purse::default();
    let taken = purse.recognise(&none, &lots(&[(1_000, 50)]), 1_400).unwrap();
    assert_eq!((taken.paid_wh, taken.paid_minor), (1_400, 50));
    let paid = lots(&[(1_000, 50), (1_000, 100)]);
    assert_eq!(purse.paid_left_wh(&paid), 600);
    let mut withdrawn = purse;
    let rest = withdrawn.withdraw(&paid);
    assert_eq!((rest.paid_wh, rest.paid_minor), (600, 60), "what is still to be booked is no refund");
    assert_eq!(withdrawn.recognise(&none, &paid, 1_400).unwrap().paid_minor, 40);
    let taken = purse.recognise(&none, &paid, 1_400).unwrap();
    assert_eq!((taken.paid_wh, taken.paid_minor), (0, 40));
}

#[test]
fn only_a_lot_that_nobody_touched_may_be_taken_back() {
    let lots = lots(&[(1_000, 50), (1_000, 50)]);
    let [first, second] = ["sale-0", "sale-1"].map(|id| OperationId(id.to_owned()));
    assert!(lots.untouched(&first, 0) && lots.untouched(&second, 1_000));
    assert!(!lots.untouched(&first, 1) && !lots.untouched(&second, 1_001));
    assert!(!lots.untouched(&OperationId("another".to_owned()), 0));
}

proptest! {
    #[test]
    fn values_telescope_and_never_fall(lots in some_lots(), mut points in prop::collection::vec(0..20_000_000_i64, 1..40)) {
        points.sort_unstable();
        let (mut before, mut sum) = (0, 0);
        for point in &points {
            let value = lots.value_minor(*point);
            prop_assert!(value >= before);
            sum += value - before;
            before = value;
        }
        prop_assert_eq!(sum, lots.value_minor(points[points.len() - 1]));
        prop_assert_eq!(lots.value_minor(i64::MAX), lots.amount_minor());
        prop_assert_eq!(lots.value_minor(lots.energy_wh()), lots.amount_minor());
    }

    #[test]
    fn used_and_rest_make_the_whole(lots in some_lots(), taken_wh in 0..20_000_000_i64) {
        let rests = lots.rests(taken_wh);
        let rest_wh: i64 = rests.iter().map(|rest| rest.energy_wh).sum();
        let rest_minor: i64 = rests.iter().map(|rest| rest.amount_minor).sum();
        prop_assert_eq!(rest_wh, (lots.energy_wh() - taken_wh).max(0));
        prop_assert_eq!(lots.value_minor(taken_wh) + rest_minor, lots.amount_minor());
        prop_assert!(rests.iter().all(|rest| rest.amount_minor >= 0 && rest.energy_wh > 0));
    }

    /// However the use is cut into readings, whatever is bought in between, and however often a reading is replayed: the
    /// counters end the same, each watt-hour is taken once, and what was booked is the value of what was taken.
    #[test]
    fn readings_may_come_in_any_pieces(
        subsidy in some_lots(),
        purchases in prop::collection::vec((1..2_000_000_i64, 0..500_000_i64), 0..8),
        steps in prop::collection::vec((0..500_000_i64, any::<bool>(), any::<bool>()), 1..40),
    ) {
        let (mut purse, mut bought, mut used_wh, mut booked) = (Purse::default(), 0, 0, Taken::default());
        for (step_wh, buys, replays) in steps {
            bought = (bought + usize::from(buys)).min(purchases.len());
            let paid = lots(&purchases[..bought]);
            used_wh += step_wh;
            for _ in 0..=usize::from(replays) {
                let taken = purse.recognise(&subsidy, &paid, used_wh).unwrap();
                prop_assert!(taken.paid_minor >= 0 && taken.subsidy_minor >= 0);
                booked.subsidy_wh += taken.subsidy_wh;
                booked.subsidy_minor += taken.subsidy_minor;
                booked.paid_wh += taken.paid_wh;
                booked.paid_minor += taken.paid_minor;
            }
        }
        let paid = lots(&purchases[..bought]);
        prop_assert_eq!(booked.subsidy_wh + booked.paid_wh, used_wh);
        prop_assert_eq!(booked.subsidy_wh, used_wh.min(subsidy.energy_wh()));
        prop_assert_eq!(booked.subsidy_minor, subsidy.value_minor(booked.subsidy_wh));
        prop_assert_eq!(booked.paid_minor, paid.value_minor(booked.paid_wh));
        let rest_minor: i64 = paid.rests(purse.paid_taken_wh).iter().map(|rest| rest.amount_minor).sum();
        let withdrawn = purse.withdraw(&paid);
        prop_assert_eq!(withdrawn.paid_minor, rest_minor);
        prop_assert_eq!(booked.paid_minor + withdrawn.paid_minor, paid.amount_minor());
        prop_assert!(purse.withdraw(&paid).is_nothing());
        let lapsed = purse.lapse(&subsidy, i64::MAX);
        prop_assert_eq!(booked.subsidy_minor + lapsed.subsidy_minor, subsidy.amount_minor());
        prop_assert_eq!(purse.subsidy_left_wh(&subsidy), 0);
    }
}
