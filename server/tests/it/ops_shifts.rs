//! Shifts: what must be in a drawer is what went in less what went out, whoever does what at the same moment.

use domain::actor::Role;
use domain::ids::{OperationId, SettlementId, ShiftId};
use futures_util::future::join_all;
use wattwarden::check::check;
use wattwarden::db::DbError;
use wattwarden::ops::desk::close_shift::CloseShift;
use wattwarden::ops::desk::close_shift::NoClosing;
use wattwarden::ops::desk::open_shift::NoOpening;
use wattwarden::ops::desk::open_shift::OpenShift;
use wattwarden::ops::desk::sell::NoSale;
use wattwarden::ops::desk::sell::{Payment, SaleInput, SellRequest};
use wattwarden::ops::desk::void_sale::VoidSale;
use wattwarden::ops::kit::Refused;
use wattwarden::store::books::transfers::{Account, Transfer, balance, record};
use wattwarden::store::desk::figures::{ShiftReport, shift_report};
use wattwarden::store::desk::shifts;

use crate::support::database::for_each_engine;
use crate::support::house::{House, add_user};

fn closing(house: &House, shift: &ShiftId, counted_minor: i64) -> CloseShift {
    let (shift_id, note) = (shift.clone(), String::new());
    CloseShift { key: house.key(), shift_id, counted_minor, next_float_minor: 0, note }
}

async fn report(house: &House, shift: &ShiftId) -> ShiftReport {
    let mut conn = house.db.read().await.unwrap();
    let shift = shifts::get(&mut conn, shift).await.unwrap().unwrap();
    shift_report(&mut conn, shift).await.unwrap()
}

async fn of(house: &House, account: Account) -> i64 {
    balance(&mut house.db.read().await.unwrap(), &account).await.unwrap()
}

async fn over_bank(house: &House, room: usize, reference: &str) -> SellRequest {
    let mut request = house.request(&house.rooms[room], SaleInput::Amount(700)).await;
    request.payment = Payment::Channel { channel: "bank-transfer".into(), reference: reference.into() };
    request
}

/// Cash out of the drawer for a refund, as its own operation pays it.
async fn pay_refund(house: &House, shift: &ShiftId, amount_minor: i64) {
    let id = OperationId::new(&*house.clock);
    house
        .db
        .write((id, shift.clone()), move |(id, shift), conn| {
            Box::pin(async move {
                let owed = Account::RefundsPayable(SettlementId("settled".into()));
                let paid = Transfer::new(owed, Account::Drawer(shift.clone()), amount_minor);
                record(conn, id, 0, &[paid]).await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drawer_is_filled_counted_and_emptied() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let cashier = add_user(&house.db, &*house.clock, "second", Role::Cashier).await;
        let shift = house.open_shift(&cashier, 20_000).await;
        house.clock.advance(60_000);
        let request = house.request(&house.rooms[0], SaleInput::Amount(5_000)).await;
        house.perform(&cashier, request).await.unwrap();
        assert_eq!(of(&house, Account::Drawer(shift.clone())).await, -25_000);
        assert_eq!(of(&house, Account::Safe).await, 20_000);
        let mut request = closing(&house, &shift, 24_950);
        request.next_float_minor = 20_000;
        request.note = "  five jiao short ".into();
        house.perform(&cashier, request).await.unwrap();
        let ShiftReport { shift, drawer, sales, .. } = report(&house, &shift).await;
        assert_eq!((drawer.float_minor, drawer.sales.count, sales.len()), (20_000, 1, 1));
        assert_eq!((shift.expected_minor, shift.difference_minor()), (Some(25_000), Some(-50)));
        assert_eq!((shift.to_safe_minor(), shift.note.as_str()), (4_950, "five jiao short"));
        assert_eq!(of(&house, Account::Drawer(shift.id.clone())).await, 0);
        assert_eq!(of(&house, Account::Safe).await, -4_950);
        assert_eq!(of(&house, Account::CashDifference).await, -50);
        let books = check(&house.db).await.unwrap();
        assert!(books.clean(), "{books}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_have_no_gaps_and_a_person_has_one_shift() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let mut people = Vec::new();
        for number in 0..8 {
            people
                .push(add_user(&house.db, &*house.clock, &format!("cashier {number}"), Role::Cashier).await);
        }
        let requests = people.iter().flat_map(|actor| [actor, actor]).map(|actor| {
            let request = OpenShift { key: house.key(), float_minor: 100 };
            house.perform(actor, request)
        });
        let opened = join_all(requests).await;
        assert_eq!(opened.iter().filter(|outcome| outcome.is_ok()).count(), 8);
        for outcome in opened {
            assert!(matches!(outcome, Ok(_) | Err(Refused::Because(NoOpening::Open))), "{outcome:?}");
        }
        let mut conn = house.db.read().await.unwrap();
        let all = shifts::list(&mut conn, &shifts::Filter::default(), 100).await.unwrap();
        assert_eq!(
            all.iter().map(|shift| shift.number).collect::<Vec<_>>(),
            (1..=9).rev().collect::<Vec<_>>()
        );
        drop(conn);
        assert_eq!(of(&house, Account::Safe).await, 800);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_is_before_the_count_or_refused() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let shift = house.shift().await;
        let mut requests = Vec::new();
        for n in 0..48 {
            requests.push(house.request(&house.rooms[n % 3], SaleInput::Amount(100)).await);
        }
        let late = requests.split_off(24);
        let sales = |requests: Vec<SellRequest>| {
            join_all(requests.into_iter().map(|r| house.perform(&house.cashier, r)))
        };
        let close = house.perform(&house.cashier, closing(&house, &shift, 0));
        let (early, closed, late) = tokio::join!(sales(requests), close, sales(late));
        closed.unwrap();
        let sold = early.iter().chain(&late).filter(|outcome| outcome.is_ok()).count();
        for outcome in early.iter().chain(&late) {
            assert!(matches!(outcome, Ok(_) | Err(Refused::Because(NoSale::NoShift))), "{outcome:?}");
        }
        let closed = report(&house, &shift).await;
        assert_eq!(closed.shift.expected_minor, Some(i64::try_from(sold).unwrap() * 100));
        assert_eq!(closed.sales.len(), sold);
        let books = check(&house.db).await.unwrap();
        assert!(books.clean(), "{books}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_expected_is_what_went_in_less_what_went_out() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
        println!("SEED={seed}");
        let mut rng = fastrand::Rng::with_seed(seed);
        for round in 0..6 {
            let cashier = add_user(&house.db, &*house.clock, &format!("round {round}"), Role::Cashier).await;
            let float_minor = rng.i64(0..50_000);
            let shift = house.open_shift(&cashier, float_minor).await;
            let mut expected_minor = float_minor;
            for step in 0..rng.u32(0..12) {
                house.clock.advance(rng.i64(1..7_200_000));
                match rng.u8(0..5) {
                    4 => {
                        let mut sales = report(&house, &shift).await.sales;
                        sales.retain(|sale| sale.voided_ms.is_none());
                        let Some(sale) = rng.choice(&sales) else { continue };
                        let (sale_id, reason) = (sale.id.clone(), "typed wrongly".to_owned());
                        let request = VoidSale { key: house.key(), sale_id, reason };
                        house.perform(&cashier, request).await.unwrap();
                        expected_minor -= sale.amount_minor;
                    }
                    0 => {
                        let paid_minor = rng.i64(1..900);
                        pay_refund(&house, &shift, paid_minor).await;
                        expected_minor -= paid_minor;
                    }
                    1 => {
                        let request = over_bank(&house, rng.usize(0..3), &format!("{round}-{step}")).await;
                        house.perform(&cashier, request).await.unwrap();
                    }
                    _ => {
                        let paid_minor = rng.i64(1..9_000);
                        let room = &house.rooms[rng.usize(0..3)];
                        let request = house.request(room, SaleInput::Amount(paid_minor)).await;
                        house.perform(&cashier, request).await.unwrap();
                        expected_minor += paid_minor;
                    }
                }
                assert_eq!(report(&house, &shift).await.drawer.expected_minor(), expected_minor);
            }
            let counted_minor = rng.i64(0..90_000);
            let request = closing(&house, &shift, counted_minor);
            house.perform(&cashier, request).await.unwrap();
            let closed = report(&house, &shift).await;
            assert_eq!(closed.shift.expected_minor, Some(expected_minor));
            assert_eq!(closed.drawer.expected_minor(), expected_minor);
            assert_eq!(closed.shift.difference_minor(), Some(counted_minor - expected_minor));
            assert_eq!(of(&house, Account::Drawer(shift)).await, 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_over_a_channel_pays_once_and_needs_no_shift() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let manager = add_user(&house.db, &*house.clock, "manager", Role::Manager).await;
        let first = over_bank(&house, 0, " B-17 ").await;
        house.perform(&manager, first).await.unwrap();
        assert_eq!(of(&house, Account::Channel("bank-transfer".into())).await, -700);
        let again = over_bank(&house, 1, "B-17").await;
        let refused = house.perform(&manager, again).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoSale::ReferenceUsed)), "{refused:?}");
        let nameless = over_bank(&house, 1, " ").await;
        let refused = house.perform(&manager, nameless).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoSale::Reference(_))), "{refused:?}");
        assert_eq!(house.credited_wh(&house.rooms[1]).await, 0);
        let mut other = over_bank(&house, 1, "B-17").await;
        other.payment = Payment::Channel { channel: "telephone-bank".into(), reference: "B-17".into() };
        house.perform(&manager, other).await.unwrap();
        let cash = house.request(&house.rooms[0], SaleInput::Amount(100)).await;
        let refused = house.perform(&manager, cash).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoSale::NoShift)), "{refused:?}");
        let books = check(&house.db).await.unwrap();
        assert!(books.clean(), "{books}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let second = add_user(&house.db, &*house.clock, "second", Role::Cashier).await;
        let manager = add_user(&house.db, &*house.clock, "manager", Role::Manager).await;
        let shift = house.shift().await;
        for float_minor in [-1, i64::MIN, i64::MAX] {
            let request = OpenShift { key: house.key(), float_minor };
            let refused = house.perform(&second, request).await.unwrap_err();
            assert!(matches!(refused, Refused::Because(NoOpening::Float { .. })), "{refused:?}");
        }
        let close = async |actor, request| house.perform(actor, request).await;
        let refused = close(&second, closing(&house, &shift, 0)).await.unwrap_err();
        assert!(matches!(refused, Refused::Forbidden), "{refused:?}");
        let refused = close(&house.cashier, closing(&house, &shift, -1)).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoClosing::Counted { .. })), "{refused:?}");
        let mut more = closing(&house, &shift, 10);
        more.next_float_minor = 11;
        let refused = close(&house.cashier, more).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoClosing::NextFloat { max_minor: 10 })), "{refused:?}");
        let refused = close(&house.cashier, closing(&house, &ShiftId("none".into()), 0)).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoClosing::NoShift)), "{refused:?}");
        assert_eq!(house.shift().await, shift);
        // A manager closes one that was forgotten; after that nobody does.
        close(&manager, closing(&house, &shift, 0)).await.unwrap();
        let refused = close(&house.cashier, closing(&house, &shift, 0)).await.unwrap_err();
        assert!(matches!(refused, Refused::Because(NoClosing::Closed)), "{refused:?}");
        assert_eq!(report(&house, &shift).await.shift.closed_by_name.as_deref(), Some("manager"));
    })
    .await;
}
