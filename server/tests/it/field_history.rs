//! What meters remember is fetched once and kept: events, hourly totals; commands and other meters go before.

use std::collections::BTreeSet;

use domain::ids::{MeterId, RoomId};
use domain::recorded::Recorded;
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};
use simulator::meter::VirtualMeter;
use wattwarden::store;
use wattwarden::store::meters::events::{Event, NEWEST};
use wattwarden::store::meters::hourly::HourTotal;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::START_MS;

const HOUR_MS: i64 = 3_600_000;
/// Above every limit that a list has.
const MANY: i64 = 10_000;

impl Site {
    pub async fn meter_id(&self) -> MeterId {
        self.meter(1).await.id
    }

    /// What is kept of unit 1's events, the oldest first.
    pub async fn events(&self) -> Vec<Event> {
        let id = self.meter_id().await;
        let mut conn = self.house.db.read().await.unwrap();
        let mut events = store::meters::events::of_meter(&mut conn, &id, NEWEST, MANY).await.unwrap();
        events.reverse();
        events
    }

    /// The number of unit 1's latest event.
    pub fn latest_event(&self) -> i64 {
        let latest = |meter: &mut VirtualMeter| meter.meter().latest_event();
        self.bench.bus().with_meter(1, latest).unwrap().into()
    }

    /// Waits until every event up to the latest is kept.
    pub async fn events_fetched(&self) -> Vec<Event> {
        until("all events are kept", async || {
            let events = self.events().await;
            events.last().is_some_and(|event| event.number == self.latest_event()).then_some(events)
        })
        .await
    }

    pub async fn hours(&self, room: &RoomId) -> Vec<HourTotal> {
        let outlet = self.outlet(room).await;
        let mut conn = self.house.db.read().await.unwrap();
        store::meters::hourly::between(&mut conn, &outlet.id, 0, i64::MAX).await.unwrap()
    }

    pub fn plug(&self, position: usize, watts: u32) {
        self.bench.bus().with_meter(1, |meter| meter.plug(position, watts));
    }

    /// Time passes for the house and its meters alike, in steps of at most a minute.
    pub fn live_s(&self, seconds: u32) {
        for from_s in (0..seconds).step_by(60) {
            let step_ms = (seconds - from_s).min(60) * 1000;
            self.bench.bus().advance(step_ms, 43_200);
            self.house.clock.advance(step_ms.into());
        }
    }

    /// Cuts the power of unit 1 so often: each start is an event.
    fn restart_often(&self, times: u32) {
        for _ in 0..times {
            self.bench.bus().with_meter(1, |meter| meter.restart().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_is_kept_once_with_its_time_and_household() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[1].clone();
        site.settled(&room).await;
        site.sell(&room, 5_000).await;
        field.wake();
        site.settled(&room).await;
        let events = site.events_fetched().await;
        let numbers: Vec<_> = events.iter().map(|event| event.number).collect();
        assert_eq!(numbers, (1..=site.latest_event()).collect::<Vec<_>>(), "each once");
        assert!(events.iter().all(|event| event.missed == 0 && event.life == 0), "{events:?}");
        let started = &events[0];
        assert_eq!((started.at_ms, started.position), (None, None), "clock unknown");
        assert!(matches!(started.recorded, Recorded::Started { .. }), "{started:?}");
        let taken =
            events.iter().find(|event| matches!(event.recorded, Recorded::TotalsTaken { .. })).unwrap();
        let said = Recorded::TotalsTaken { credited_wh: 5_000 };
        assert_eq!((taken.position, &taken.recorded), (Some(1), &said));
        assert!((taken.at_ms.unwrap() - START_MS).abs() < 60_000, "{taken:?}");
        // Another process that takes the line over fetches nothing twice.
        field.shutdown().await;
        let again = site.start();
        site.restart_often(1);
        let after = site.events_fetched().await;
        assert_eq!(after[..events.len()], events);
        again.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_were_overwritten_are_a_gap_that_is_told() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let before = {
            site.settled(&site.house.rooms[0]).await;
            site.events_fetched().await.len()
        };
        field.shutdown().await;
        site.restart_often(450);
        let field = site.start();
        let events = site.events_fetched().await;
        let gaps: Vec<_> = events.iter().filter(|event| event.missed > 0).collect();
        let missed: i64 = gaps.iter().map(|event| event.missed).sum();
        assert_eq!(i64::try_from(events.len()).unwrap() + missed, site.latest_event());
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert!(events.len() >= before + 200, "{}", events.len());
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_was_away_for_three_days_and_no_hour_is_missing() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 2, Mode::MODBUS_TCP).await;
        site.add_meter(2, site.bench.serials()[1].get()).await;
        let room = site.house.rooms[0].clone();
        let field = site.start();
        site.sell(&room, 500_000).await;
        site.settled(&room).await;
        site.confirmed().await;
        site.plug(0, 1_000);
        site.live_s(2 * 3600 + 600);
        until("the first hours are kept", async || (site.hours(&room).await.len() >= 2).then_some(())).await;
        field.shutdown().await;
        site.live_s(72 * 3600);
        let field = site.start();
        until("all hours are kept", async || (site.hours(&room).await.len() >= 74).then_some(())).await;
        let hours = site.hours(&room).await;
        let times: Vec<_> = hours.iter().map(|hour| hour.at_ms).collect();
        let all: Vec<_> = (1..=74).map(|hour| START_MS + hour * HOUR_MS).collect();
        assert_eq!(times, all, "no hour is missing");
        let used: BTreeSet<_> =
            hours.windows(2).map(|pair| pair[1].energy_total_wh - pair[0].energy_total_wh).collect();
        assert!(used.iter().all(|wh| (950..=1_100).contains(wh)), "{used:?}");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_is_delivered_while_the_past_is_fetched_over_a_bad_line() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[2].clone();
        let field = site.start();
        site.confirmed().await;
        field.shutdown().await;
        site.live_s(20 * 24 * 3600);
        for fault in [Fault::LostReply, Fault::ShortReply, Fault::DuplicateReply] {
            site.bench.faults().add(Rule::new(fault).next(2));
        }
        let field = site.start();
        site.sell(&room, 4_000).await;
        field.wake();
        site.settled(&room).await;
        let behind = site.hours(&room).await.len();
        until("all hours are kept", async || (site.hours(&room).await.len() >= 480).then_some(())).await;
        assert!(behind < 480, "the sale did not wait for {behind} hours");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_in_which_the_meter_did_not_know_the_time_stay_missing() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        let field = site.start();
        site.confirmed().await;
        field.shutdown().await;
        site.live_s(3 * 3600 + 60);
        site.restart_often(1);
        site.live_s(2 * 3600);
        let field = site.start();
        let known = |meter: &mut VirtualMeter| meter.meter().clock().now().is_some();
        until("the clock is set", async || site.bench.bus().with_meter(1, known).unwrap().then_some(()))
            .await;
        site.live_s(3600);
        let last_ms = START_MS + 6 * HOUR_MS;
        let hours = until("the sixth hour is kept", async || {
            let hours = site.hours(&room).await;
            hours.last().is_some_and(|hour| hour.at_ms == last_ms).then_some(hours)
        })
        .await;
        let kept: Vec<_> = hours.iter().map(|hour| (hour.at_ms - START_MS) / HOUR_MS).collect();
        assert_eq!(kept, [1, 2, 3, 6]);
        field.shutdown().await;
    })
    .await;
}
