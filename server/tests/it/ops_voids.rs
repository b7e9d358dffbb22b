//! Sales taken back: all of it or nothing, once, and only while the drawer is open and the credit is whole.

use domain::actor::{Actor, Role};
use domain::ids::OperationId;
use futures_util::future::join_all;
use wattwarden::check::check;
use wattwarden::ops::desk::sell::{Payment, SaleInput};
use wattwarden::ops::desk::void_sale::NoVoid;
use wattwarden::ops::desk::void_sale::{MAX_REASON, VoidSale};
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::move_out::AskMoveOut;
use wattwarden::store::books::purses;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::desk::sales::{self, Sale};
use wattwarden::store::meters::households;

use crate::support::database::for_each_engine;
use crate::support::house::{House, add_user};

const DAY_MS: i64 = 24 * 3_600_000;

fn request(house: &House, sale: &OperationId) -> VoidSale {
    VoidSale { key: house.key(), sale_id: sale.clone(), reason: "wrong room".into() }
}

async fn void(house: &House, actor: &Actor, sale: &OperationId) -> Result<(), Refused<NoVoid>> {
    house.perform(actor, request(house, sale)).await.map(|_| ())
}

async fn sold(house: &House, actor: &Actor, room: usize, amount_minor: i64) -> OperationId {
    house.clock.advance(1_000);
    let request = house.request(&house.rooms[room], SaleInput::Amount(amount_minor)).await;
    house.perform(actor, request).await.unwrap().id
}

async fn sale(house: &House, id: &OperationId) -> Sale {
    sales::get(&mut house.db.read().await.unwrap(), id).await.unwrap().unwrap()
}

async fn balances<const N: usize>(house: &House, accounts: [Account; N]) -> [i64; N] {
    let mut conn = house.db.read().await.unwrap();
    let mut found = [0; N];
    for (place, account) in found.iter_mut().zip(&accounts) {
        *place = balance(&mut conn, account).await.unwrap();
    }
    found
}

async fn sound(house: &House) {
    let report = check(&house.db).await.unwrap();
    assert!(report.clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_and_energy_go_back_and_the_meter_confirms() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (room, tenancy) = (&house.rooms[0], house.tenancy(&house.rooms[0]).await);
        let id = sold(&house, &house.cashier, 0, 5_000).await;
        house.meter_says(room, 0).await;
        house.clock.advance(60_000);
        void(&house, &house.cashier, &id).await.unwrap();
        let accounts = [
            Account::Drawer(house.shift().await),
            Account::Prepaid(tenancy.clone()),
            Account::Purse(tenancy),
            Account::Issued,
            Account::Revenue,
        ];
        assert_eq!(balances(&house, accounts).await, [0; 5]);
        let wanted = {
            let mut conn = house.db.read().await.unwrap();
            households::desired(&mut conn, &house.household(room).await).await.unwrap()
        };
        assert_eq!((wanted.credited_wh, wanted.debited_wh), (91_424, 91_424));
        let voided = sale(&house, &id).await;
        assert!(voided.voided_ms.is_some() && !voided.given_back(), "the meter has not said so");
        sound(&house).await;
        house.meter_says(room, 0).await;
        assert!(sale(&house, &id).await.given_back());
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_take_it_back_once() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let id = sold(&house, &house.cashier, 0, 5_000).await;
        let kept = sold(&house, &house.cashier, 0, 700).await;
        let double_click = request(&house, &id);
        let requests =
            (0..8).map(|number| if number % 2 == 0 { double_click.clone() } else { request(&house, &id) });
        let outcomes = join_all(requests.map(|request| house.perform(&house.cashier, request))).await;
        for outcome in &outcomes {
            assert!(matches!(outcome, Ok(_) | Err(Refused::Because(NoVoid::Voided))), "{outcome:?}");
        }
        let first = outcomes.iter().filter(|outcome| outcome.as_ref().is_ok_and(|done| !done.replayed));
        assert_eq!(first.count(), 1);
        assert_eq!(balances(&house, [Account::Drawer(house.shift().await)]).await, [-700]);
        let refused = void(&house, &house.cashier, &id).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoVoid::Voided)), "{refused:?}");
        assert!(sale(&house, &kept).await.voided_ms.is_none());
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_touched_by_use_stands_and_what_came_later_does_not_have_to() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let first = sold(&house, &house.cashier, 0, 1_000).await;
        let second = sold(&house, &house.cashier, 0, 2_000).await;
        house.clock.advance(DAY_MS);
        // One watt-hour that no job has recognised yet.
        house.meter_says(&house.rooms[0], 1).await;
        let refused = void(&house, &house.cashier, &first).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoVoid::CreditUsed)), "{refused:?}");
        assert_eq!(balances(&house, [Account::Consumed]).await, [0], "a refusal changes nothing");
        void(&house, &house.cashier, &second).await.unwrap();
        assert_eq!(balances(&house, [Account::Consumed]).await, [1]);
        sound(&house).await;
        let third = sold(&house, &house.cashier, 0, 500).await;
        house.clock.advance(DAY_MS);
        house.meter_says(&house.rooms[0], sale(&house, &first).await.energy_wh).await;
        house.run_jobs().await;
        void(&house, &house.cashier, &third).await.unwrap();
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_and_what_cannot_be_changes_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let other = add_user(&house.db, &*house.clock, "other", Role::Cashier).await;
        let manager = add_user(&house.db, &*house.clock, "manager", Role::Manager).await;
        let id = sold(&house, &house.cashier, 0, 5_000).await;
        let refused = void(&house, &other, &id).await.unwrap_err();
        assert!(matches!(refused, Refused::Forbidden), "{refused:?}");
        let refused = void(&house, &house.cashier, &OperationId("none".into())).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoVoid::NoSale)), "{refused:?}");
        for reason in [" ".to_owned(), "x".repeat(MAX_REASON + 1)] {
            let request = VoidSale { reason, ..request(&house, &id) };
            let refused = house.perform(&house.cashier, request).await.unwrap_err();
            assert!(matches!(refused, Refused::Because(NoVoid::Reason(_))), "{refused:?}");
        }
        house.clock.advance(1_000);
        house.meter_says(&house.rooms[0], 4_000_000).await;
        let refused = void(&house, &house.cashier, &id).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoVoid::ReadingHeld)), "{refused:?}");

        let moved = sold(&house, &house.cashier, 1, 300).await;
        let (room_id, tenancy_id) = (house.rooms[1].clone(), house.tenancy(&house.rooms[1]).await);
        let leaving = AskMoveOut { key: house.key(), room_id, tenancy_id };
        house.perform(&house.administrator, leaving).await.unwrap();
        let refused = void(&house, &house.cashier, &moved).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoVoid::TenancyChanged)), "{refused:?}");

        let late = sold(&house, &house.cashier, 2, 200).await;
        assert_eq!(balances(&house, [Account::Drawer(house.shift().await)]).await, [-5_500]);
        house.close_shift(&house.cashier, &house.shift().await, 5_500).await;
        for actor in [&house.cashier, &manager] {
            let refused = void(&house, actor, &late).await.unwrap_err();
            assert!(matches!(refused, Refused::Because(NoVoid::ShiftClosed)), "{refused:?}");
        }
        let safe = [Account::Safe, Account::CashDifference, Account::Consumed];
        assert_eq!(balances(&house, safe).await, [-5_500, 0, 0]);
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_over_a_channel_is_a_managers_to_free_for_the_right_room() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let manager = add_user(&house.db, &*house.clock, "manager", Role::Manager).await;
        let over_bank = async |room: usize| {
            let mut request = house.request(&house.rooms[room], SaleInput::Amount(900)).await;
            request.payment = Payment::Channel { channel: "bank-transfer".into(), reference: "B-9".into() };
            house.perform(&house.cashier, request).await.map(|outcome| outcome.id)
        };
        let wrong = over_bank(0).await.unwrap();
        let refused = void(&house, &house.cashier, &wrong).await.unwrap_err();
        assert!(matches!(refused, Refused::Forbidden), "{refused:?}");
        void(&house, &manager, &wrong).await.unwrap();
        assert_eq!(balances(&house, [Account::Channel("bank-transfer".into())]).await, [0]);
        over_bank(1).await.unwrap();
        assert_eq!(balances(&house, [Account::Channel("bank-transfer".into())]).await, [-900]);
        sound(&house).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_void_is_before_the_count_or_refused() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let mut ids = Vec::new();
        for room in 0..3 {
            ids.push(sold(&house, &house.cashier, room, 100).await);
        }
        let shift = house.shift().await;
        let voids = join_all(ids.iter().map(|id| void(&house, &house.cashier, id)));
        let (voids, ()) = tokio::join!(voids, house.close_shift(&house.cashier, &shift, 0));
        for outcome in &voids {
            assert!(matches!(outcome, Ok(()) | Err(Refused::Because(NoVoid::ShiftClosed))), "{outcome:?}");
        }
        let voided = i64::try_from(voids.iter().filter(|outcome| outcome.is_ok()).count()).unwrap();
        assert_eq!(balances(&house, [Account::CashDifference]).await, [-100 * (3 - voided)]);
        sound(&house).await;
    })
    .await;
}

/// Whatever is sold, used and taken back in whatever order: the purse is what was sold, less what was taken back and
/// used, and a sale is taken back exactly when nothing of it was used.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_history_leaves_what_was_sold_less_what_was_taken_back_and_used() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122);
        println!("SEED={seed}");
        let mut rng = fastrand::Rng::with_seed(seed);
        let (room, tenancy) = (house.rooms[0].clone(), house.tenancy(&house.rooms[0]).await);
        // The lots that stand, the first in first; what was used of them from the front.
        let (mut lots, mut gone, mut used_wh): (Vec<(OperationId, i64)>, Vec<OperationId>, i64) =
            Default::default();
        for _ in 0..40 {
            house.clock.advance(rng.i64(600_000..7_200_000));
            let standing_wh: i64 = lots.iter().map(|(_, energy_wh)| energy_wh).sum();
            match rng.u8(0..4) {
                0 | 1 => {
                    let id = sold(&house, &house.cashier, 0, rng.i64(1..600)).await;
                    let energy_wh = sale(&house, &id).await.energy_wh;
                    lots.push((id, energy_wh));
                }
                2 => {
                    used_wh += rng.i64(0..2_000).min(standing_wh - used_wh);
                    house.meter_says(&room, used_wh).await;
                    if rng.bool() {
                        house.run_jobs().await;
                    }
                }
                _ if lots.is_empty() => {}
                _ => {
                    let index = rng.usize(0..lots.len());
                    let before_wh: i64 = lots[..index].iter().map(|(_, energy_wh)| energy_wh).sum();
                    let done = void(&house, &house.cashier, &lots[index].0).await;
                    if before_wh >= used_wh {
                        done.unwrap();
                        gone.push(lots.remove(index).0);
                    } else {
                        assert!(matches!(done, Err(Refused::Because(NoVoid::CreditUsed))), "{done:?}");
                    }
                }
            }
            if let Some(id) = rng.choice(&gone) {
                let again = void(&house, &house.cashier, id).await.unwrap_err();
                assert!(matches!(again, Refused::Because(NoVoid::Voided)), "{again:?}");
            }
        }
        house.clock.advance(DAY_MS);
        house.run_jobs().await;
        let standing_wh: i64 = lots.iter().map(|(_, energy_wh)| energy_wh).sum();
        let accounts = [Account::Purse(tenancy.clone()), Account::Consumed, Account::Issued];
        assert_eq!(balances(&house, accounts).await, [standing_wh - used_wh, used_wh, -standing_wh]);
        let purse = purses::get(&mut house.db.read().await.unwrap(), &tenancy).await.unwrap();
        assert_eq!(purse.paid_taken_wh, used_wh);
        sound(&house).await;
    })
    .await;
}
