//! Changing rooms: the residents are in the new room at once, their paid credit follows once the former meter has closed.

use domain::ids::{OperationId, RoomId};
use wattwarden::check::check;
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::change_room::ChangeRoom;
use wattwarden::ops::moves::change_room::NotChanged;
use wattwarden::ops::moves::move_in::NotMovedIn;
use wattwarden::ops::moves::move_out::{EnterReading, Seen, follow_up, settle};
use wattwarden::ops::moves::move_out::{NotLeaving, NotSettled};
use wattwarden::store::books::lots;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::moves::{departures, settlements};
use wattwarden::store::people::residents;

use crate::ops_move_out::{leave, plainly, sell_kwh};
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::House;

const DAY_MS: i64 = 24 * 3_600_000;

async fn change(house: &House, from: usize, to: &RoomId) -> Result<OperationId, Refused<NotChanged>> {
    let room_id = house.rooms[from].clone();
    let tenancy_id = house.tenancy(&room_id).await;
    let request = ChangeRoom { key: house.key(), room_id, tenancy_id, to_room_id: to.clone() };
    house.perform(&house.administrator, request).await.map(|done| done.id)
}

/// A room with a meter in which nobody lives any more.
async fn vacate(house: &House, room: usize) {
    leave(house, room).await;
    house.meter_closes(&house.rooms[room], 0).await;
}

async fn balance_of(house: &House, account: Account) -> i64 {
    balance(&mut house.db.read().await.unwrap(), &account).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paid_credit_follows_to_the_new_room_at_the_price_it_was_bought_at() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 20).await; // 10.94
        house.clock.advance(DAY_MS);
        vacate(&house, 1).await;
        let (old, from) = (house.rooms[0].clone(), house.tenancy(&house.rooms[0]).await);
        let new = house.rooms[1].clone();
        change(&house, 0, &new).await.unwrap();
        let to = house.tenancy(&new).await;
        let residents = |tenancy| {
            let db = house.db.clone();
            async move { residents::residents_of(&mut db.read().await.unwrap(), &tenancy).await.unwrap() }
        };
        assert_eq!(residents(from.clone()).await, residents(to.clone()).await);
        assert!(residents::open_tenancy(&mut house.db.read().await.unwrap(), &old).await.unwrap().is_none());
        assert!(!follow_up(&house.ops()).await.unwrap(), "the old meter has not closed");
        assert_eq!(house.credited_wh(&new).await, 0);

        house.meter_closes(&old, 5_000).await;
        assert!(follow_up(&house.ops()).await.unwrap());
        assert!(!follow_up(&house.ops()).await.unwrap(), "once");
        assert_eq!(house.credited_wh(&new).await, 15_000);
        let paid = lots::paid(&mut house.db.read().await.unwrap(), &to).await.unwrap();
        let worth: Vec<_> = paid.as_slice().iter().map(|lot| (lot.energy_wh, lot.amount_minor)).collect();
        assert_eq!(worth, [(15_000, 1_094 - 274)]);
        assert_eq!(balance_of(&house, Account::Prepaid(from)).await, 0);
        assert_eq!(balance_of(&house, Account::Prepaid(to)).await, 820);
        assert_eq!(balance_of(&house, Account::Revenue).await, 274);
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_carried_is_refunded_from_the_new_room() {
    on_sqlite(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 20).await;
        house.clock.advance(DAY_MS);
        vacate(&house, 1).await;
        change(&house, 0, &house.rooms[1].clone()).await.unwrap();
        // Not before the credit has arrived: it would be lost on the way.
        let tenancy = house.tenancy(&house.rooms[1]).await;
        let request = wattwarden::ops::moves::move_out::AskMoveOut {
            key: house.key(),
            room_id: house.rooms[1].clone(),
            tenancy_id: tenancy,
        };
        let (db, _clock, boss) = (&house.db, &*house.clock, &house.administrator);
        let early = house.perform(boss, request).await;
        assert!(matches!(early, Err(Refused::Because(NotLeaving::AwaitsCredit))), "{early:?}");
        house.meter_closes(&house.rooms[0], 5_000).await;
        follow_up(&house.ops()).await.unwrap();
        let (departure, _) = leave(&house, 1).await;
        house.meter_closes(&house.rooms[1], 1_000).await;
        settle(&house.ops(), boss, plainly(&house, &departure)).await.unwrap();
        let settled = settlements::of_departure(&mut db.read().await.unwrap(), &departure).await.unwrap();
        let settled = settled.unwrap();
        // 15 kWh came for 8.20; 1 kWh of them was used: 0.55.
        assert_eq!((settled.returned_wh, settled.refund_minor), (14_000, 820 - 55));
        let report = check(db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_seen_at_a_dark_meter_lets_the_credit_go() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        sell_kwh(&house, 0, 20).await;
        house.clock.advance(DAY_MS);
        vacate(&house, 1).await;
        let departure_id = change(&house, 0, &house.rooms[1].clone()).await.unwrap();
        let (db, _clock, boss) = (&house.db, &*house.clock, &house.administrator);
        let reading =
            EnterReading { key: house.key(), departure_id: departure_id.clone(), seen: Seen::Used(8_000) };
        house.perform(boss, reading).await.unwrap();
        assert!(follow_up(&house.ops()).await.unwrap());
        assert_eq!(house.credited_wh(&house.rooms[1]).await, 12_000);
        house.meter_closes(&house.rooms[0], 8_100).await;
        follow_up(&house.ops()).await.unwrap();
        assert_eq!(balance_of(&house, Account::Adjusted).await, -100);
        let departure = departures::get(&mut db.read().await.unwrap(), &departure_id).await.unwrap();
        assert!(departure.unwrap().done_ms.is_some());
        let settled = settle(&house.ops(), boss, plainly(&house, &departure_id)).await;
        assert!(
            matches!(settled, Err(Refused::Because(NotSettled::Settled))),
            "carried credit is not refunded: {settled:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_moves_where_somebody_lives_or_no_meter_is() {
    on_sqlite(|db| async move {
        let house = House::furnish(db).await;
        let occupied = change(&house, 0, &house.rooms[1].clone()).await;
        assert!(
            matches!(occupied, Err(Refused::Because(NotChanged::MovingIn(NotMovedIn::Occupied)))),
            "{occupied:?}"
        );
        let meterless = change(&house, 0, &house.rooms[3].clone()).await;
        assert!(matches!(meterless, Err(Refused::Because(NotChanged::NoMeter))), "{meterless:?}");
        let itself = change(&house, 0, &house.rooms[0].clone()).await;
        assert!(
            matches!(itself, Err(Refused::Because(NotChanged::MovingIn(NotMovedIn::Occupied)))),
            "{itself:?}"
        );
        let nowhere = change(&house, 0, &RoomId("nowhere".into())).await;
        assert!(nowhere.is_err());
        leave(&house, 1).await;
        let unclosed = change(&house, 0, &house.rooms[1].clone()).await;
        assert!(
            matches!(unclosed, Err(Refused::Because(NotChanged::MovingIn(NotMovedIn::Unclosed)))),
            "{unclosed:?}"
        );
        house.tenancy(&house.rooms[0]).await;
    })
    .await;
}
