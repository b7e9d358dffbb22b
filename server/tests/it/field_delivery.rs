//! What is sold or switched gets to the meter, once, whatever fails on the way.

use domain::health::{Anomaly, MeterStatus};
use std::time::Duration;

use domain::supply::SupplyMode;
use meter_core::credit::Totals;
use meter_core::envelope::{Command, MAX_ENVELOPE, Refusal, seal};
use meter_core::relay::{Override, SupplyMode as MeterMode};
use meter_core::units::WattHours;
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};
use wattwarden::field::{Field, FieldConfig};
use wattwarden::ops::kit::Wake;

use crate::field_bench::{Site, config, until};
use crate::support::database::{for_each_engine, on_sqlite};

/// Hands unit 1 a command by another courier, before the office knows of the meter.
fn give(site: &Site, command: &Command) {
    site.bench.bus().with_meter(1, |meter| {
        let mut envelope = [0; MAX_ENVELOPE];
        let length = seal(meter.key(), meter.meter().serial(), command, &mut envelope);
        assert!(meter.apply(&envelope[..length]).unwrap().changed);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_reaches_the_meter_and_closes_the_relay() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.settled(&room).await;
        assert!(!site.truth(1, 0).relay_closed());
        site.sell(&room, 50_000).await;
        field.wake();
        let reported = site.settled(&room).await;
        assert_eq!((reported.credited_wh, reported.relay_closed), (50_000, 1));
        let meter = site.meter(1).await;
        assert_eq!(meter.status, Some(MeterStatus::Online));
        assert!(meter.clock_drift_s.is_some_and(|drift_s| drift_s.abs() <= 30), "{meter:?}");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meter_that_lost_its_memory_takes_a_sale_sealed_over_its_nonce_and_nothing_recorded() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        site.bench.bus().with_meter(1, |meter| meter.restart_rotten(0..meter.pages()).unwrap());
        let field = site.start();
        let room = site.house.rooms[0].clone();
        site.sell(&room, 50_000).await;
        field.wake();
        let reported = site.settled(&room).await;
        assert_eq!((reported.credited_wh, reported.relay_closed), (50_000, 1));
        field.shutdown().await;
        site.bench.bus().with_meter(1, |meter| {
            // The three households that the office knows and the clock are proven, all others are not.
            assert_eq!(meter.meter().unproven(), 0x07F8);
            let recorded = Totals { epoch: 3, credited: WattHours(900_000), debited: WattHours(0) };
            let command = Command::OpenEpoch { household: 5, totals: recorded };
            let mut envelope = [0; MAX_ENVELOPE];
            let length = seal(meter.key(), meter.meter().serial(), &command, &mut envelope);
            assert_eq!(meter.apply(&envelope[..length]), Err(Refusal::NotFresh));
        });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_does_not_wait_for_the_next_poll() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        // One poll an hour, and one look at the database as well unless somebody wakes it.
        let hour = Duration::from_secs(3_600);
        let config =
            FieldConfig { poll_interval: hour, rescan_interval: hour, lease: hour * 24, ..config("first") };
        let field = Field::start(site.house.db.clone(), site.house.clock.clone(), config);
        let room = site.house.rooms[0].clone();
        until("the room was read", async || site.state(&room).await.1).await;
        for _ in 0..3 {
            site.sell(&room, 1_000).await;
            field.waker().wake();
            until("the sale was delivered", async || {
                let (desired, reported) = site.state(&room).await;
                reported.filter(|reported| desired.credit_delivered(reported))
            })
            .await;
        }
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_by_another_process_is_found_without_a_wake() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let config = FieldConfig { poll_interval: Duration::from_secs(3_600), ..config("first") };
        let field = Field::start(site.house.db.clone(), site.house.clock.clone(), config);
        let room = site.house.rooms[0].clone();
        until("the room was read", async || site.state(&room).await.1).await;
        site.sell(&room, 1_000).await;
        until("the sale was delivered", async || {
            let (desired, reported) = site.state(&room).await;
            reported.filter(|reported| desired.credit_delivered(reported))
        })
        .await;
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_made_while_the_collector_is_down_is_delivered_when_it_comes_up() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[1].clone();
        let field = site.start();
        site.settled(&room).await;
        site.bench.faults().set_down(true);
        site.sell(&room, 7_000).await;
        field.wake();
        until("the meter is offline", async || {
            (site.meter(1).await.status == Some(MeterStatus::Offline)).then_some(())
        })
        .await;
        assert_eq!(site.truth(1, 1).credited_wh, 0);
        site.bench.faults().set_down(false);
        site.settled(&room).await;
        assert_eq!(site.meter(1).await.status, Some(MeterStatus::Online));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_settled_by_reading_back() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let field = site.start();
        site.settled(&room).await;
        let (taken, _) = site.envelopes(1);
        site.bench.faults().add(Rule::new(Fault::LostReply).on_writes().next(1));
        site.sell(&room, 3_000).await;
        site.settled(&room).await;
        assert_eq!(site.bench.faults().pending(), 0);
        assert_eq!(site.envelopes(1), (taken + 1, 0), "nothing was sent twice");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_requests_false_echoes_and_broken_answers_end_in_one_credit() {
    for mode in [Mode::MODBUS_TCP, Mode::RtuOverTcp] {
        on_sqlite(|db| async move {
            let site = Site::build(db, 1, mode).await;
            let room = site.house.rooms[2].clone();
            let field = site.start();
            site.settled(&room).await;
            for (sale, fault) in [
                Fault::LostRequest,
                Fault::WrongEcho,
                Fault::DuplicateReply,
                Fault::CorruptReply,
                Fault::OtherUnitFirst,
            ]
            .into_iter()
            .enumerate()
            {
                site.bench.faults().add(Rule::new(fault).on_writes().next(1));
                site.sell(&room, 1_000).await;
                field.wake();
                let reported = site.settled(&room).await;
                assert_eq!(reported.credited_wh, 1_000 * (i64::try_from(sale).unwrap() + 1));
                assert_eq!(site.bench.faults().pending(), 0);
            }
            field.shutdown().await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meter_that_restarts_before_it_answers_ends_as_wanted() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let field = site.start();
        site.settled(&room).await;
        site.bench.faults().add(Rule::new(Fault::RestartBeforeReply).on_writes().next(1));
        site.sell(&room, 9_000).await;
        let in_an_hour_ms = (site.now_s() + 3_600) * 1_000;
        site.switch(&room, SupplyMode::On, Some(in_an_hour_ms)).await;
        field.wake();
        let reported = site.settled(&room).await;
        assert_eq!((reported.credited_wh, reported.supply_mode), (9_000, SupplyMode::On));
        until("the clock is set again", async || {
            let meter = site.meter(1).await;
            (meter.boot_count == Some(2) && meter.clock_drift_s.is_some()).then_some(())
        })
        .await;
        let stored: (i64,) = {
            let mut conn = site.house.db.read().await.unwrap();
            sqlx::query_as("SELECT clock_generation FROM meters").fetch_one(&mut *conn).await.unwrap()
        };
        let held = site.bench.bus().with_meter(1, |meter| meter.meter().clock().generation()).unwrap();
        assert_eq!(stored.0, i64::from(held), "a generation is stored before it is used");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_that_the_meter_has_used_is_passed_durably() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let supply = Override { mode: MeterMode::ForcedOff, until: None, generation: 40 };
        give(&site, &Command::Supply { household: 0, supply });
        let field = site.start();
        let reported = site.settled(&room).await;
        assert_eq!((reported.supply_mode, reported.supply_generation), (SupplyMode::Auto, 41));
        site.switch(&room, SupplyMode::Off, None).await;
        field.wake();
        let reported = site.settled(&room).await;
        assert_eq!((reported.supply_mode, reported.supply_generation), (SupplyMode::Off, 42));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meter_ahead_of_the_books_is_reported_and_left_alone() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let totals = Totals { epoch: 9, credited: WattHours(4_000), debited: WattHours(0) };
        give(&site, &Command::OpenEpoch { household: 0, totals });
        let field = site.start();
        let anomaly = until("the anomaly is reported", async || site.state(&room).await.1?.anomaly).await;
        assert_eq!(anomaly, Anomaly::MeterAhead);
        // The neighbours are served all the same.
        site.settled(&site.house.rooms[1]).await;
        assert_eq!(site.truth(1, 0).epoch, 9);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meter_with_another_key_refuses_and_says_so() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let serial = site.bench.serials()[0];
        let stranger =
            simulator::meter::VirtualMeter::without_loads(serial, [9; 16], &mut fastrand::Rng::with_seed(1));
        site.bench.bus().attach(1, stranger);
        let field = site.start();
        let error = until("the refusal is reported", async || site.meter(1).await.error).await;
        assert_eq!(error, "refused: wrong authentication tag");
        let (_, reported) = site.state(&site.house.rooms[0]).await;
        assert_eq!(reported.unwrap().anomaly, Some(Anomaly::Refused));
        assert_eq!(site.envelopes(1).0, 0);
        field.shutdown().await;
    })
    .await;
}
