//! Moving out: what is left of an account is worked out to the watt-hour and the last minor unit, paid back once, and the
//! books say the same.

use domain::actor::{Actor, Role};
use domain::books::settlement::Sharing;
use domain::ids::{OperationId, ResidentId, SettlementId, TenancyId};
use paper::content::RefundStatement;
use paper::{Document, Kind};
use wattwarden::check::check;
use wattwarden::ops::desk::sell::NoSale;
use wattwarden::ops::desk::sell::{SaleInput, SellRequest};
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::move_in::{MoveIn, NewResident};
use wattwarden::ops::moves::move_out::{
    AccountPart, ApproveRefund, NoApproval, NotEntered, NotPaid, NotSettled,
};
use wattwarden::ops::moves::move_out::{
    AskMoveOut, Debt, EnterReading, PayRequest, Seen, SettleRequest, Way, follow_up, settle,
};
use wattwarden::ops::moves::refund_terms::SetRefundTerms;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::moves::settlements::{Settlement, Share};
use wattwarden::store::moves::{adjustments, settlements};
use wattwarden::store::papers::documents;
use wattwarden::store::people::residents;
use words::Lang;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::{House, add_user};

pub async fn sell_kwh(house: &House, room: usize, kwh: i64) {
    let request = house.request(&house.rooms[room], SaleInput::Energy(kwh * 1000)).await;
    house.perform(&house.cashier, request).await.unwrap();
}

/// The residents of a room leave; the departure, and their tenancy.
pub async fn leave(house: &House, room: usize) -> (OperationId, TenancyId) {
    let room_id = house.rooms[room].clone();
    let tenancy_id = house.tenancy(&room_id).await;
    let request = AskMoveOut { key: house.key(), room_id, tenancy_id: tenancy_id.clone() };
    let asked = house.perform(&house.administrator, request).await.unwrap();
    (asked.id, tenancy_id)
}

pub fn plainly(house: &House, departure: &OperationId) -> SettleRequest {
    SettleRequest {
        key: house.key(),
        departure_id: departure.clone(),
        debts: Vec::new(),
        sharing: Sharing::Equal,
        payee: None,
        language: Lang::En,
    }
}

fn approval(house: &House, departure: &OperationId) -> ApproveRefund {
    ApproveRefund { key: house.key(), departure_id: departure.clone() }
}

async fn settle_by(house: &House, actor: &Actor, request: SettleRequest) -> Result<(), Refused<NotSettled>> {
    settle(&house.ops(), actor, request).await.map(drop)
}

async fn settlement(house: &House, departure: &OperationId) -> (Settlement, Vec<Share>) {
    let mut conn = house.db.read().await.unwrap();
    let found = settlements::of_departure(&mut conn, departure).await.unwrap().unwrap();
    let shares = settlements::shares_of(&mut conn, &found.id).await.unwrap();
    (found, shares)
}

async fn statement(house: &House, number: i64) -> RefundStatement {
    let mut conn = house.db.read().await.unwrap();
    match documents::get(&mut conn, Kind::RefundStatement, number).await.unwrap().unwrap().content {
        Document::RefundStatement(statement) => statement,
        other => panic!("{other:?}"),
    }
}

async fn balance_of(house: &House, account: Account) -> i64 {
    balance(&mut house.db.read().await.unwrap(), &account).await.unwrap()
}

async fn pay_in(
    house: &House,
    actor: &Actor,
    departure: &OperationId,
    way: Way,
) -> Result<(), Refused<NotPaid>> {
    let request = PayRequest { key: house.key(), departure_id: departure.clone(), position: 0, way };
    house.perform(actor, request).await.map(drop)
}

async fn terms(house: &House, smallest_coin_minor: i64, approval_above_minor: Option<i64>) {
    let request = SetRefundTerms { key: house.key(), smallest_coin_minor, approval_above_minor };
    house.perform(&house.administrator, request).await.unwrap();
}

async fn sound(house: &House) {
    let report = check(&house.db).await.unwrap();
    assert!(report.clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unused_lots_are_refunded_at_the_price_they_were_bought_at() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        terms(&house, 10, None).await;
        sell_kwh(&house, 0, 20).await; // 10.94
        house.clock.advance(1);
        house.set_price("0.8").await;
        sell_kwh(&house, 0, 10).await; // 8.00
        house.clock.advance(24 * 3_600_000);
        let (departure, tenancy) = leave(&house, 0).await;
        let unknown = settle_by(&house, &house.administrator, plainly(&house, &departure)).await;
        assert!(matches!(unknown, Err(Refused::Because(NotSettled::ClosingUnknown))), "{unknown:?}");
        house.meter_closes(&house.rooms[0], 12_345).await;
        let debts = vec![Debt { text: "Key card".into(), amount_minor: 300 }];
        let request = SettleRequest { debts, ..plainly(&house, &departure) };
        settle_by(&house, &house.administrator, request).await.unwrap();

        // 7.655 kWh of the first lot: 10.94 less 6.75; the second whole: 4.19 + 8.00 − 3.00 = 9.19, paid as 9.20.
        let (settled, shares) = settlement(&house, &departure).await;
        assert_eq!((settled.used_wh, settled.returned_wh, settled.lots_minor), (12_345, 17_655, 1_219));
        assert_eq!((settled.set_off_minor, settled.rounding_minor, settled.refund_minor), (300, 1, 920));
        assert_eq!(shares.iter().map(|share| share.amount_minor).collect::<Vec<_>>(), [920]);
        let payable = Account::RefundsPayable(SettlementId(settled.id.0.clone()));
        assert_eq!(balance_of(&house, payable.clone()).await, 920);
        assert_eq!(balance_of(&house, Account::Prepaid(tenancy.clone())).await, 0);
        assert_eq!(balance_of(&house, Account::Purse(tenancy)).await, 0);
        assert_eq!(balance_of(&house, Account::Revenue).await, 675);
        sound(&house).await;

        let paper = statement(&house, settled.number).await;
        assert_eq!((paper.total_minor, paper.rounding_minor, paper.owed_minor), (920, 1, 0));
        assert_eq!((paper.opening.unwrap().total_wh, paper.closing.total_wh), (7_000, 19_345));
        assert_eq!(paper.purchases.iter().map(|line| line.amount_minor).collect::<Vec<_>>(), [1_094, 800]);
        let lots: Vec<_> = paper.refunded.iter().map(|lot| (lot.energy_wh, lot.amount_minor)).collect();
        assert_eq!(lots, [(7_655, 419), (10_000, 800)]);
        assert_eq!(paper.consumption.iter().map(|month| month.paid_wh).sum::<i64>(), 12_345);

        // Paid once, from the cashier's drawer.
        pay_in(&house, &house.cashier, &departure, Way::Cash).await.unwrap();
        let again = pay_in(&house, &house.cashier, &departure, Way::Cash).await;
        assert!(matches!(again, Err(Refused::Because(NotPaid::PaidOut))), "{again:?}");
        assert_eq!(balance_of(&house, payable).await, 0);
        assert_eq!(balance_of(&house, Account::Drawer(house.shift().await)).await, -(1_894 - 920));
        let again = settle_by(&house, &house.administrator, plainly(&house, &departure)).await;
        assert!(matches!(again, Err(Refused::Because(NotSettled::Settled))), "{again:?}");
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn debts_beyond_the_refund_stay_owed_and_nothing_is_paid() {
    on_sqlite(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 1, 10).await; // 5.47
        let (departure, _) = leave(&house, 1).await;
        house.meter_closes(&house.rooms[1], 0).await;
        let debts = vec![
            Debt { text: "Broken pane".into(), amount_minor: 500 },
            Debt { text: "Key card".into(), amount_minor: 300 },
        ];
        let request = SettleRequest { debts, ..plainly(&house, &departure) };
        settle_by(&house, &house.administrator, request).await.unwrap();
        let (settled, shares) = settlement(&house, &departure).await;
        assert_eq!((settled.set_off_minor, settled.refund_minor, settled.owed_minor), (547, 0, 253));
        assert!(shares.is_empty());
        assert_eq!(balance_of(&house, Account::SetOff).await, 547);
        let nothing = pay_in(&house, &house.cashier, &departure, Way::Cash).await;
        assert!(matches!(nothing, Err(Refused::Because(NotPaid::NoShare))), "{nothing:?}");
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overdraft_is_no_refund_and_the_account_is_empty() {
    on_sqlite(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 2).await;
        house.clock.advance(24 * 3_600_000);
        let (departure, tenancy) = leave(&house, 0).await;
        house.meter_closes(&house.rooms[0], 2_500).await;
        settle_by(&house, &house.administrator, plainly(&house, &departure)).await.unwrap();
        let (settled, _) = settlement(&house, &departure).await;
        assert_eq!((settled.used_wh, settled.returned_wh, settled.refund_minor), (2_500, 0, 0));
        assert_eq!(balance_of(&house, Account::Prepaid(tenancy)).await, 0);
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_refund_needs_a_second_person() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        terms(&house, 1, Some(1_000)).await;
        sell_kwh(&house, 0, 20).await;
        sell_kwh(&house, 1, 10).await;
        let manager = add_user(&house.db, &*house.clock, "mei", Role::Manager).await;
        let ((large, _), (small, _)) = (leave(&house, 0).await, leave(&house, 1).await);
        for (room, departure) in [(0, &large), (1, &small)] {
            house.meter_closes(&house.rooms[room], 0).await;
            settle_by(&house, &manager, plainly(&house, departure)).await.unwrap();
        }
        pay_in(&house, &house.cashier, &small, Way::Cash).await.unwrap();
        let refused = pay_in(&house, &house.cashier, &large, Way::Cash).await;
        assert!(matches!(refused, Err(Refused::Because(NotPaid::NotApproved))), "{refused:?}");
        let (_db, _clock) = (&house.db, &*house.clock);
        let own = house.perform(&manager, approval(&house, &large)).await;
        assert!(matches!(own, Err(Refused::Because(NoApproval::SecondPerson))), "{own:?}");
        let cashier = house.perform(&house.cashier, approval(&house, &large)).await;
        assert!(matches!(cashier, Err(Refused::Forbidden)), "{cashier:?}");
        house.perform(&house.administrator, approval(&house, &large)).await.unwrap();
        house.perform(&house.administrator, approval(&house, &large)).await.unwrap();
        pay_in(&house, &house.cashier, &large, Way::Cash).await.unwrap();
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_goes_out_only_where_it_is() {
    on_sqlite(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 20).await;
        let (departure, _) = leave(&house, 0).await;
        house.meter_closes(&house.rooms[0], 0).await;
        settle_by(&house, &house.administrator, plainly(&house, &departure)).await.unwrap();
        let late = add_user(&house.db, &*house.clock, "late", Role::Cashier).await;
        let refused = pay_in(&house, &late, &departure, Way::Cash).await;
        assert!(matches!(refused, Err(Refused::Because(NotPaid::NoShift))), "{refused:?}");
        house.open_shift(&late, 1_000).await;
        let refused = pay_in(&house, &late, &departure, Way::Cash).await;
        assert!(
            matches!(refused, Err(Refused::Because(NotPaid::DrawerShort { held_minor: 1_000 }))),
            "{refused:?}"
        );
        let bank = Way::Bank { account_name: "A".into(), account_number: "=1+1".into(), bank: "B".into() };
        let refused = pay_in(&house, &late, &departure, bank).await;
        assert!(
            matches!(refused, Err(Refused::Because(NotPaid::Account(AccountPart::Number, _)))),
            "{refused:?}"
        );
        let way = Way::Channel { name: "bank-transfer".into(), reference: "T-1".into() };
        pay_in(&house, &late, &departure, way).await.unwrap();
        assert_eq!(balance_of(&house, Account::Channel("bank-transfer".into())).await, 1_094);
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_seen_at_a_dark_meter_settles_and_the_difference_is_an_adjustment() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        for room in 0..2 {
            sell_kwh(&house, room, 20).await;
        }
        house.clock.advance(24 * 3_600_000);
        house.meter_says(&house.rooms[0], 3_000).await;
        for (room, entered_wh, found_wh) in [(0, 5_000, 5_250), (1, 4_000, 4_000)] {
            let (departure, _) = leave(&house, room).await;
            let reading = |seen| EnterReading { key: house.key(), departure_id: departure.clone(), seen };
            let (_db, _clock, boss) = (&house.db, &*house.clock, &house.administrator);
            if room == 0 {
                let low = house.perform(boss, reading(Seen::Used(2_999))).await;
                assert!(
                    matches!(low, Err(Refused::Because(NotEntered::Reading { min_wh: 3_000, .. }))),
                    "{low:?}"
                );
            }
            house.perform(boss, reading(Seen::Used(entered_wh))).await.unwrap();
            settle_by(&house, boss, plainly(&house, &departure)).await.unwrap();
            let (settled, _) = settlement(&house, &departure).await;
            assert_eq!(settled.returned_wh, 20_000 - entered_wh);
            assert!(statement(&house, settled.number).await.closing.entered);
            let late = house.perform(boss, reading(Seen::Used(9_000))).await;
            assert!(matches!(late, Err(Refused::Because(NotEntered::Settled))), "{late:?}");
            follow_up(&house.ops()).await.unwrap();
            house.meter_closes(&house.rooms[room], found_wh).await;
            for _ in 0..2 {
                follow_up(&house.ops()).await.unwrap();
            }
        }
        let mut conn = house.db.read().await.unwrap();
        let found = adjustments::latest(&mut conn, None, 10).await.unwrap();
        drop(conn);
        let figures: Vec<_> = found.iter().map(|one| (one.entered_used_wh, one.found_used_wh)).collect();
        assert_eq!(figures, [(5_000, 5_250)], "only where they differ, and once");
        assert_eq!(balance_of(&house, Account::Adjusted).await, -250);
        sound(&house).await;
    })
    .await;
}

/// A sale that a resident is said to have paid.
async fn paid_by(house: &House, number: &str, minor: i64) {
    let room = &house.rooms[0];
    let tenancy = house.tenancy(room).await;
    let people = residents::residents_of(&mut house.db.read().await.unwrap(), &tenancy).await.unwrap();
    let payer_id = people.into_iter().find(|one| one.number == number).map(|one| one.id);
    let request = SellRequest { payer_id, ..house.request(room, SaleInput::Amount(minor)).await };
    house.perform(&house.cashier, request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_is_shared_by_the_chosen_rule() {
    for (sharing, payee, expected) in [
        (Sharing::Equal, None, vec![("A1", 667), ("A2", 667), ("A3", 666)]),
        (Sharing::Paid, None, vec![("A1", 1_500), ("A2", 500)]),
        (Sharing::One, Some("A2"), vec![("A2", 2_000)]),
    ] {
        on_sqlite(async |db| {
            let house = House::furnish(db).await;
            let (before, _) = leave(&house, 0).await;
            house.meter_closes(&house.rooms[0], 0).await;
            settle_by(&house, &house.administrator, plainly(&house, &before)).await.unwrap();
            let residents =
                ["A3", "A1", "A2"].map(|number| NewResident { number: number.into(), name: number.into() });
            let form =
                MoveIn { key: house.key(), room_id: house.rooms[0].clone(), residents: residents.to_vec() };
            house.perform(&house.administrator, form).await.unwrap();
            paid_by(&house, "A1", 1_500).await;
            paid_by(&house, "A2", 500).await;
            let stranger = Some(ResidentId("nobody".into()));
            let request = house.request(&house.rooms[0], SaleInput::Amount(100)).await;
            let request = SellRequest { payer_id: stranger, ..request };
            let refused = house.perform(&house.cashier, request).await;
            assert!(matches!(refused, Err(Refused::Because(NoSale::NotTheirs))), "{refused:?}");
            let (departure, tenancy) = leave(&house, 0).await;
            house.meter_closes(&house.rooms[0], 0).await;
            let people =
                residents::residents_of(&mut house.db.read().await.unwrap(), &tenancy).await.unwrap();
            let payee =
                people.iter().find(|one| Some(one.number.as_str()) == payee).map(|one| one.id.clone());
            if sharing == Sharing::One {
                let nobody = SettleRequest { sharing, ..plainly(&house, &departure) };
                let refused = settle_by(&house, &house.administrator, nobody).await;
                assert!(matches!(refused, Err(Refused::Because(NotSettled::NoPayee))), "{refused:?}");
            }
            let request = SettleRequest { sharing, payee, ..plainly(&house, &departure) };
            settle_by(&house, &house.administrator, request).await.unwrap();
            let (_, shares) = settlement(&house, &departure).await;
            let got: Vec<_> = shares.iter().map(|one| (one.number.as_str(), one.amount_minor)).collect();
            assert_eq!(got, expected, "{sharing:?}");
        })
        .await;
    }
}
