//! Lines, units and servers: who is visited, who is not, and by whom.

use domain::health::MeterStatus;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::clock::Clock;
use meter_core::modbus::tcp;
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};
use simulator::test_bench::TestBench;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use wattwarden::db::DbError;
use wattwarden::field::{Field, FieldConfig};
use wattwarden::store;

use crate::field_bench::{MASTER, Site, config, until};
use crate::support::database::{for_each_engine, on_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dark_unit_does_not_starve_the_others_and_is_served_when_it_answers() {
    for mode in [Mode::MODBUS_TCP, Mode::RtuOverTcp] {
        on_sqlite(|db| async move {
            let site = Site::build(db, 3, mode).await;
            for unit in [2, 3] {
                site.add_meter(unit, site.bench.serials()[usize::from(unit) - 1].get()).await;
            }
            let room = site.house.rooms[0].clone();
            // Unit 1, where the people live, is the dark one.
            site.bench.faults().add(Rule::new(Fault::Silent).at_unit(1));
            // So fast that the line is busy all the time.
            let config = FieldConfig { poll_interval: Duration::from_millis(10), ..config("first") };
            let field = Field::start(site.house.db.clone(), site.house.clock.clone(), config);
            site.sell(&room, 5_000).await;
            field.wake();
            let dark = until("unit 1 is offline", async || {
                let meter = site.meter(1).await;
                (meter.status == Some(MeterStatus::Offline) && meter.failures >= Some(5)).then_some(meter)
            })
            .await;
            for unit in [2, 3] {
                let live = site.meter(unit).await;
                assert_eq!(live.status, Some(MeterStatus::Online));
                // A visit to a live unit is three requests, one to a dark unit is one.
                let visits = live.requests.unwrap() / 3;
                assert!(visits >= 2 * dark.requests.unwrap(), "unit {unit}: {visits} visits, {dark:?}");
            }
            site.bench.faults().clear();
            site.settled(&room).await;
            assert_eq!(site.meter(1).await.status, Some(MeterStatus::Online));
            field.shutdown().await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_meter_is_told_nothing_and_believed_nothing() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 2, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let second = site.bench.bus().with_meter(2, |meter| meter.clone()).unwrap();
        let first = site.bench.bus().with_meter(1, |meter| meter.clone()).unwrap();
        site.bench.bus().attach(1, second);
        site.sell(&room, 5_000).await;
        let field = site.start();
        let wrong = until("the wrong meter is seen", async || {
            Some(site.meter(1).await).filter(|meter| meter.status == Some(MeterStatus::WrongMeter))
        })
        .await;
        assert_eq!(wrong.found_serial, Some(i64::try_from(site.bench.serials()[1].get()).unwrap()));
        assert_eq!(wrong.seen_ms, None);
        assert_eq!(site.state(&room).await.1, None);
        assert_eq!(site.envelopes(1), (0, 0));
        site.bench.bus().attach(1, first);
        site.settled(&room).await;
        assert_eq!(site.meter(1).await.found_serial, None);
        field.shutdown().await;
    })
    .await;
}

/// A gateway that passes every write on twice, as one that repeats after a time-out of its own does.
async fn doubling_gateway(collector: SocketAddr) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, doubled) = (listener.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
    let count = doubled.clone();
    tokio::spawn(async move {
        while let Ok((master, _)) = listener.accept().await {
            let (slave, count) = (TcpStream::connect(collector).await.unwrap(), count.clone());
            let ((mut heard, mut answer), (mut replies, mut line)) =
                (master.into_split(), slave.into_split());
            tokio::spawn(async move { copy(&mut replies, &mut answer).await });
            tokio::spawn(async move {
                let mut buffer = Vec::new();
                while let Ok(1..) = heard.read_buf(&mut buffer).await {
                    while let Ok(Some(frame)) = tcp::decode(&buffer) {
                        let request = buffer[..frame.wire_len()].to_vec();
                        let times = if frame.pdu[0] == 16 { 2 } else { 1 };
                        for _ in 0..times {
                            line.write_all(&request).await.unwrap();
                        }
                        count.fetch_add(times - 1, Ordering::SeqCst);
                        buffer.drain(..request.len());
                    }
                }
            });
        }
    });
    (address, doubled)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_delivered_twice_credits_once() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let (gateway, doubled) = doubling_gateway(site.bench.address()).await;
        site.change_collector(|form| form.address = gateway.to_string()).await;
        let room = site.house.rooms[0].clone();
        let field = site.start();
        for sale in 1..=5 {
            site.sell(&room, 2_000).await;
            field.wake();
            assert_eq!(site.settled(&room).await.credited_wh, 2_000 * sale);
        }
        assert!(doubled.load(Ordering::SeqCst) >= 5);
        assert_eq!(site.truth(1, 0).remaining_wh, 10_000);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_added_moved_or_disabled_are_followed() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 2, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let right = site.bench.address().to_string();
        site.change_collector(|form| form.address = "127.0.0.1:1".into()).await;
        let field = site.start();
        until("the collector is unreachable", async || {
            let meter = site.meter(1).await;
            (meter.status == Some(MeterStatus::Offline) && meter.error?.starts_with("unreachable"))
                .then_some(())
        })
        .await;
        site.change_collector(|form| form.address = right).await;
        field.wake();
        site.settled(&room).await;
        site.add_meter(2, site.bench.serials()[1].get()).await;
        field.wake();
        until("the added meter answers", async || {
            (site.meter(2).await.status == Some(MeterStatus::Online)).then_some(())
        })
        .await;
        site.change_collector(|form| form.enabled = false).await;
        // Whoever sees the new collector has seen that the old one is disabled.
        let attic = TestBench::start(1, 7, &MASTER, Mode::MODBUS_TCP).await.unwrap();
        site.add_collector("Attic", attic.address(), attic.serials()[0].get()).await;
        field.wake();
        let requests = async || site.meter_of("Attic", 1).await.requests.unwrap_or(0);
        until("the new collector is driven", async || (requests().await > 0).then_some(())).await;
        let before = site.meter_of("Cellar", 1).await.requests;
        site.sell(&room, 1_000).await;
        field.wake();
        let some_visits = requests().await + 9;
        until("the new collector was driven on", async || (requests().await >= some_visits).then_some(()))
            .await;
        assert_eq!(site.meter_of("Cellar", 1).await.requests, before);
        field.shutdown().await;
        assert_eq!(site.truth(1, 0).credited_wh, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_one_drives_and_the_other_takes_over() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let holder = async || {
            let mut conn = site.house.db.read().await.unwrap();
            let row: (Option<String>,) =
                sqlx::query_as("SELECT lease_holder FROM collectors").fetch_one(&mut *conn).await.unwrap();
            row.0
        };
        let first = site.start();
        site.settled(&room).await;
        let second = Field::start(site.house.db.clone(), site.house.clock.clone(), config("second"));
        site.sell(&room, 1_000).await;
        site.settled(&room).await;
        assert_eq!(holder().await.as_deref(), Some("first"));
        first.shutdown().await;
        site.sell(&room, 1_000).await;
        assert_eq!(site.settled(&room).await.credited_wh, 2_000);
        assert_eq!(holder().await.as_deref(), Some("second"));
        second.shutdown().await;
        assert_eq!(holder().await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lease_of_a_server_that_died_expires() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let now_ms = site.house.clock.wall_ms();
        let claim = async |holder: &'static str, now_ms: i64| {
            let lines = site
                .house
                .db
                .write((), move |(), conn| {
                    Box::pin(store::meters::field::claim(conn, holder, now_ms, now_ms + 15_000))
                })
                .await;
            Ok::<_, DbError>(lines?.len())
        };
        assert_eq!(claim("died", now_ms).await.unwrap(), 1);
        assert_eq!(claim("other", now_ms + 15_000).await.unwrap(), 0, "held to the last moment");
        let field = site.start();
        site.house.clock.advance(15_001);
        site.settled(&room).await;
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_one_reading_is_kept_in_a_quarter_of_an_hour() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let household = site.outlet(&room).await.id;
        let field = site.start();
        let started_ms = site.house.clock.now_ms();
        for minute in (0..=40).step_by(5) {
            until("the meter was read at this minute", async || {
                let (_, reported) = site.state(&room).await;
                reported.filter(|reported| reported.seen_ms >= started_ms + minute * 60_000)
            })
            .await;
            site.house.clock.advance(5 * 60_000);
        }
        field.shutdown().await;
        let mut conn = site.house.db.read().await.unwrap();
        let readings = store::meters::readings::between(&mut conn, &household, 0, i64::MAX).await.unwrap();
        let quarters: Vec<i64> =
            readings.iter().map(|reading| (reading.at_ms - started_ms) / 900_000).collect();
        assert_eq!(quarters, [0, 1, 2]);
    })
    .await;
}
