//! When residents leave, their meter closes the epoch at one instant, and the server learns how it stood: once, to the
//! watt-hour, whatever fails on the way.

use std::time::Duration;

use domain::ids::RoomId;
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::move_in::NotMovedIn;
use wattwarden::ops::moves::move_in::{MoveIn, NewResident};
use wattwarden::ops::moves::move_out::AskMoveOut;
use wattwarden::ops::moves::move_out::NotLeaving;
use wattwarden::store::meters::closings::{self, Closing};
use wattwarden::store::moves::departures;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};

async fn leave(site: &Site, room: &RoomId) -> domain::ids::TenancyId {
    let house = &site.house;
    let tenancy_id = house.tenancy(room).await;
    let request = AskMoveOut { key: house.key(), room_id: room.clone(), tenancy_id: tenancy_id.clone() };
    house.perform(&house.administrator, request).await.unwrap();
    tenancy_id
}

async fn closing(site: &Site, room: &RoomId, epoch: i64) -> Option<Closing> {
    let household = site.outlet(room).await.id;
    let mut conn = site.house.db.read().await.unwrap();
    closings::get(&mut conn, &household, epoch).await.unwrap()
}

/// Uses about a kilowatt-hour, bit by bit.
fn use_some(site: &Site, position: usize) {
    site.bench.bus().with_meter(1, |meter| meter.plug(position, 1_500)).unwrap();
    site.bench.advance_ms(2_400_000);
}

/// Energy ever measured less what the open epoch used: where the epoch before must have ended.
fn boundary_wh(site: &Site, position: usize) -> u64 {
    let truth = site.truth(1, position);
    truth.energy_total_wh - u64::from(truth.used_wh)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closing_is_exact_with_usage_going_on() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.sell(&room, 50_000).await;
        field.wake();
        site.settled(&room).await;
        use_some(&site, 0);
        let tenancy = leave(&site, &room).await;
        field.wake();
        let closing = until("the closing is read", async || {
            site.bench.advance_ms(5_000);
            closing(&site, &room, 1).await
        })
        .await;
        assert!(closing.used_wh >= 900, "{closing:?}");
        assert_eq!(closing.credited_wh, 50_000);
        assert_eq!(u64::try_from(closing.energy_total_wh).unwrap(), boundary_wh(&site, 0));
        assert!(closing.closed_ms.is_some());
        site.settled(&room).await;
        assert!(!site.truth(1, 0).relay_closed(), "nobody has credit there now");
        let mut conn = site.house.db.read().await.unwrap();
        let departure = departures::of_tenancy(&mut conn, &tenancy).await.unwrap().unwrap();
        assert_eq!(departure.last_reading().unwrap().used_wh, closing.used_wh);
        drop(conn);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_replies_and_power_cuts_around_it_change_nothing() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        for (position, fault) in
            [Fault::LostReply, Fault::RestartBeforeReply, Fault::LostRequest].into_iter().enumerate()
        {
            let room = site.house.rooms[position].clone();
            site.sell(&room, 20_000).await;
            field.wake();
            site.settled(&room).await;
            use_some(&site, position);
            site.bench.faults().add(Rule::new(fault.clone()).on_writes().next(1));
            leave(&site, &room).await;
            field.wake();
            let closing = until("the closing is read", async || {
                site.bench.advance_ms(1_000);
                closing(&site, &room, 1).await
            })
            .await;
            let ended_wh = u64::try_from(closing.energy_total_wh).unwrap();
            assert_eq!(ended_wh, boundary_wh(&site, position), "{fault:?}");
            assert_eq!(site.truth(1, position).epoch, 2, "{fault:?}");
        }
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_read_of_the_closing_is_not_taken() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::RtuOverTcp).await;
        let field = site.start();
        let room = site.house.rooms[1].clone();
        site.sell(&room, 20_000).await;
        field.wake();
        site.settled(&room).await;
        use_some(&site, 1);
        for fault in [Fault::CorruptReply, Fault::ShortReply, Fault::LateReply(Duration::from_millis(150))] {
            site.bench.faults().add(Rule::new(fault).on_reads().next(2));
        }
        leave(&site, &room).await;
        field.wake();
        let closing = until("the closing is read", async || closing(&site, &room, 1).await).await;
        assert_eq!(u64::try_from(closing.energy_total_wh).unwrap(), boundary_wh(&site, 1));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_moves_in_before_a_dark_meter_has_closed_the_epoch() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.settled(&room).await;
        site.bench.faults().set_down(true);
        let former = leave(&site, &room).await;
        let newcomer = || MoveIn {
            key: site.house.key(),
            room_id: room.clone(),
            residents: vec![NewResident { number: "N1".into(), name: "New".into() }],
        };
        let (house, boss) = (&site.house, &site.house.administrator);
        let refused = house.perform(boss, newcomer()).await;
        assert!(matches!(refused, Err(Refused::Because(NotMovedIn::Unclosed))), "{refused:?}");
        site.bench.faults().set_down(false);
        until("the closing is read", async || closing(&site, &room, 1).await).await;
        house.perform(boss, newcomer()).await.unwrap();
        field.wake();
        assert_eq!(site.settled(&room).await.epoch, 3);
        let again = AskMoveOut { key: house.key(), room_id: room.clone(), tenancy_id: former };
        let refused = house.perform(boss, again).await;
        assert!(matches!(refused, Err(Refused::Because(NotLeaving::MovedOut))), "{refused:?}");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_epoch_that_the_meter_never_opened_used_nothing() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        // In and out before the meter was ever reached.
        let room = site.house.rooms[0].clone();
        let first = leave(&site, &room).await;
        let field = site.start();
        site.settled(&room).await;
        let departure = until("what the meter closed is known", async || {
            let mut conn = site.house.db.read().await.unwrap();
            let departure = departures::of_tenancy(&mut conn, &first).await.unwrap().unwrap();
            departure.last_reading().map(|_| departure)
        })
        .await;
        assert_eq!(departure.last_reading().unwrap().used_wh, 0);
        assert_eq!(closing(&site, &room, 1).await, None);
        field.shutdown().await;
    })
    .await;
}
