//! Moving out and changing rooms on running meters: refunds and carried credit are exact to the watt-hour, whatever fails
//! on the line and however long a meter stays dark.

use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};
use wattwarden::check::check;
use wattwarden::ops::moves::change_room::ChangeRoom;
use wattwarden::ops::moves::move_out::{EnterReading, Seen, follow_up, settle};
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::meters::closings::{self, Closing};
use wattwarden::store::moves::settlements::{self, Settlement};

use crate::field_bench::{Site, until};
use crate::ops_move_out::{leave, plainly};
use crate::support::database::{for_each_engine, on_sqlite};

async fn closing(site: &Site, room: usize, epoch: i64) -> Option<Closing> {
    let household = site.outlet(&site.house.rooms[room]).await.id;
    closings::get(&mut site.house.db.read().await.unwrap(), &household, epoch).await.unwrap()
}

async fn settled(site: &Site, departure: &domain::ids::OperationId) -> Settlement {
    let house = &site.house;
    settle(&house.ops(), &house.administrator, plainly(house, departure)).await.unwrap();
    let mut conn = house.db.read().await.unwrap();
    settlements::of_departure(&mut conn, departure).await.unwrap().unwrap()
}

/// Half an hour of a kettle.
fn use_some(site: &Site, position: usize) {
    site.bench.bus().with_meter(1, |meter| meter.plug(position, 1_500)).unwrap();
    site.bench.advance_ms(1_800_000);
    site.house.clock.advance(1_800_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_meter_did_not_use_is_refunded_to_the_watt_hour() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        for (position, fault) in
            [None, Some(Fault::LostReply), Some(Fault::RestartBeforeReply)].into_iter().enumerate()
        {
            let room = site.house.rooms[position].clone();
            site.sell(&room, 20_000).await;
            field.wake();
            site.settled(&room).await;
            use_some(&site, position);
            if let Some(fault) = fault {
                site.bench.faults().add(Rule::new(fault).on_writes().next(1));
            }
            let (departure, tenancy) = leave(&site.house, position).await;
            field.wake();
            let closing = until("the closing is read", async || {
                site.bench.advance_ms(1_000);
                closing(&site, position, 1).await
            })
            .await;
            let truth = site.truth(1, position);
            let ended_wh = truth.energy_total_wh - u64::from(truth.used_wh);
            assert_eq!(u64::try_from(closing.energy_total_wh).unwrap(), ended_wh);
            let settled = settled(&site, &departure).await;
            assert_eq!(u64::try_from(settled.used_wh).unwrap(), ended_wh, "nobody lived there before");
            assert_eq!(settled.returned_wh, 20_000 - settled.used_wh);
            let used = Account::Purse(tenancy);
            assert_eq!(balance(&mut site.house.db.read().await.unwrap(), &used).await.unwrap(), 0);
        }
        let report = check(&site.house.db).await.unwrap();
        assert!(report.clean(), "{report}");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credit_that_never_reached_its_meter_is_refunded_too() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.sell(&room, 10_000).await;
        field.wake();
        site.settled(&room).await;
        site.bench.faults().set_down(true);
        site.sell(&room, 5_000).await;
        let (departure, _) = leave(&site.house, 0).await;
        site.bench.faults().set_down(false);
        let closing = until("the closing is read", async || closing(&site, 0, 1).await).await;
        assert_eq!(closing.credited_wh, 10_000, "the second sale never arrived");
        let settled = settled(&site, &departure).await;
        assert_eq!(settled.returned_wh, 15_000 - closing.used_wh);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dark_meter_that_returns_is_held_against_what_was_entered() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.sell(&room, 20_000).await;
        field.wake();
        site.settled(&room).await;
        site.bench.faults().set_down(true);
        use_some(&site, 0);
        let seen_wh = i64::from(site.truth(1, 0).used_wh);
        let (departure_id, _) = leave(&site.house, 0).await;
        let house = &site.house;
        let reading =
            EnterReading { key: house.key(), departure_id: departure_id.clone(), seen: Seen::Used(seen_wh) };
        house.perform(&house.administrator, reading).await.unwrap();
        assert_eq!(settled(&site, &departure_id).await.returned_wh, 20_000 - seen_wh);
        // Somebody leaves the kettle on until the meter can be reached again.
        use_some(&site, 0);
        site.bench.faults().set_down(false);
        let closing = until("the closing is read", async || closing(&site, 0, 1).await).await;
        assert!(closing.used_wh > seen_wh);
        for _ in 0..2 {
            follow_up(&house.ops()).await.unwrap();
        }
        let adjusted = balance(&mut house.db.read().await.unwrap(), &Account::Adjusted).await.unwrap();
        assert_eq!(adjusted, seen_wh - closing.used_wh);
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carried_credit_reaches_the_new_rooms_meter() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let house = &site.house;
        let [old, new] = [house.rooms[0].clone(), house.rooms[1].clone()];
        site.sell(&old, 20_000).await;
        field.wake();
        site.settled(&old).await;
        leave(house, 1).await;
        field.wake();
        until("the new room is free", async || closing(&site, 1, 1).await).await;
        use_some(&site, 0);
        let tenancy_id = house.tenancy(&old).await;
        let request =
            ChangeRoom { key: house.key(), room_id: old.clone(), tenancy_id, to_room_id: new.clone() };
        house.perform(&house.administrator, request).await.unwrap();
        field.wake();
        let closing = until("the closing is read", async || {
            site.bench.advance_ms(1_000);
            closing(&site, 0, 1).await
        })
        .await;
        until("the credit is carried over", async || follow_up(&house.ops()).await.unwrap().then_some(()))
            .await;
        field.wake();
        site.settled(&new).await;
        assert_eq!(i64::from(site.truth(1, 1).credited_wh), 20_000 - closing.used_wh);
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
        field.shutdown().await;
    })
    .await;
}
