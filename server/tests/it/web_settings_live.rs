//! From the page to the relay: what the office sets is what the meter does.

use axum::http::StatusCode;
use domain::clock::Clock;
use domain::ids::RoomId;
use meter_core::registers::HouseholdState;
use meter_core::relay::Reasons;
use simulator::collector::Mode;
use simulator::meter::VirtualMeter;
use wattwarden::db::Db;
use wattwarden::field::FieldHandle;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Browser, Office};

/// A house with a simulated meter, its field layer, and a manager at the page.
pub struct Live {
    pub site: Site,
    pub field: FieldHandle,
    pub office: Office,
    pub manager: Browser,
    pub room: RoomId,
    /// The room's outlet of unit 1.
    pub position: usize,
}

impl Live {
    pub async fn open(db: Db) -> Self {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let office = Office::around(site.house.clone()).await;
        let (field, manager) = (site.start(), office.signed_in("manager").await);
        let room = site.house.rooms[0].clone();
        site.confirmed().await;
        Self { site, field, office, manager, room, position: 0 }
    }

    /// Sets something for the room by its form, and waits until the meter holds it.
    pub async fn set(&mut self, path: &str, fields: &[(&str, &str)]) {
        self.set_loop(path, "main", fields).await;
    }

    /// As [`Self::set`], for one of the loops.
    pub async fn set_loop(&mut self, path: &str, of_loop: &str, fields: &[(&str, &str)]) {
        let page = self.manager.get(&format!("{path}?scope=room:{}&loop={of_loop}", self.room)).await;
        let (key, scope) = (page.hidden("key"), page.hidden("scope"));
        let own = [("key", key.as_str()), ("scope", scope.as_str()), ("loop", of_loop)];
        let fields: Vec<_> = own.into_iter().chain(fields.iter().copied()).collect();
        let saved = self.manager.post(path, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        self.field.wake();
        self.site.settings_settled(&self.room).await;
    }

    pub async fn sell(&self, energy_wh: i64) {
        self.site.sell(&self.room, energy_wh).await;
        self.field.wake();
        self.site.settled(&self.room).await;
    }

    pub fn plug(&self, watts: u32) {
        self.site.bench.bus().with_meter(1, |meter| meter.plug(self.position, watts));
    }

    /// Time passes for the house and its meter alike.
    pub fn advance_s(&self, seconds: u32) {
        self.site.bench.advance_ms(seconds * 1000);
        self.site.house.clock.advance(i64::from(seconds) * 1000);
    }

    pub fn truth(&self) -> HouseholdState {
        self.site.truth(1, self.position)
    }

    /// Lets time pass until the relay opens; at most `most_s`.
    pub fn advance_until_open(&self, most_s: u32) -> HouseholdState {
        for _ in 0..most_s {
            if !self.truth().relay_closed() {
                break;
            }
            self.advance_s(1);
        }
        let truth = self.truth();
        assert!(!truth.relay_closed(), "{truth:?}");
        truth
    }

    /// Waits until the room's page says something.
    pub async fn page_says(&mut self, words: &str) -> String {
        let (manager, path) = (&mut self.manager, format!("/rooms/{}", self.room));
        until(words, async || Some(manager.get(&path).await.body).filter(|body| body.contains(words))).await
    }
}

pub fn only(reason: Reasons) -> u16 {
    reason.bits()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn low_credit_drops_the_supply_until_somebody_acknowledges_at_the_page() {
    for_each_engine(|db| async move {
        let mut live = Live::open(db).await;
        live.set("/settings/credit", &[("warning", "1.5"), ("alarm", "1"), ("drop_out", "0")]).await;
        live.sell(2_000).await;
        live.plug(3_600);
        let truth = live.advance_until_open(2_000);
        assert_eq!(truth.reasons, only(Reasons::LOW_CREDIT_REMINDER));
        assert!((990..=1_000).contains(&truth.remaining_wh), "{truth:?}");
        live.advance_s(600);
        assert!(!live.truth().relay_closed(), "nobody has acknowledged");
        let page = live.page_says("Acknowledge, supply on").await;
        assert!(
            page.contains("reminder of low credit") && page.contains("the meter shows a warning"),
            "{page}"
        );
        let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let path = format!("/rooms/{}/reminder", live.room);
        let done = live.manager.post(&path, &[("key", &key), ("reminder", "1")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        live.field.wake();
        until("the relay is closed", async || live.truth().relay_closed().then_some(())).await;
        live.advance_s(60);
        assert!(live.truth().relay_closed(), "one reminder a crossing");
        // A stale page acknowledges nothing.
        let again = live.manager.post(&path, &[("key", "another-key"), ("reminder", "1")]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drop_out_of_some_seconds_ends_by_itself() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.set("/settings/credit", &[("alarm", "1.9"), ("drop_out", "20")]).await;
        live.sell(2_000).await;
        live.plug(3_600);
        let truth = live.advance_until_open(300);
        assert_eq!(truth.reasons, only(Reasons::LOW_CREDIT_REMINDER));
        live.advance_s(19);
        assert!(!live.truth().relay_closed());
        live.advance_s(2);
        assert!(live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_supply_is_cut_at_the_set_level_and_comes_back_after_a_sale() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.set("/settings/credit", &[("cut_off", "1.7"), ("drop_out", "0")]).await;
        live.sell(2_000).await;
        live.plug(3_600);
        let truth = live.advance_until_open(600);
        assert_eq!(truth.reasons, only(Reasons::OUT_OF_CREDIT));
        assert!((1_690..=1_700).contains(&truth.remaining_wh), "{truth:?}");
        live.sell(1_000).await;
        assert!(live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdraft_carries_on_and_then_ends() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.set("/settings/credit", &[("overdraft", "0.3"), ("drop_out", "0")]).await;
        live.sell(200).await;
        live.plug(3_600);
        live.advance_s(300);
        let truth = live.truth();
        assert!(truth.relay_closed() && truth.remaining_wh < 0, "{truth:?}");
        live.page_says("lives on its overdraft").await;
        let truth = live.advance_until_open(600);
        assert_eq!(truth.reasons, only(Reasons::OUT_OF_CREDIT));
        assert!((-310..=-300).contains(&truth.remaining_wh), "{truth:?}");
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schedule_turns_the_lights_out_and_on_by_the_sites_time() {
    for_each_engine(|db| async move {
        let mut live = Live::open(db).await;
        live.sell(50_000).await;
        // It is 08:00 in Shanghai, on a Tuesday.
        let periods = [("p1_from", "08:10"), ("p1_rule", "off"), ("p2_from", "08:20"), ("p2_rule", "on")];
        live.set("/settings/schedule/working", &periods).await;
        assert!(live.truth().relay_closed());
        let truth = live.advance_until_open(605);
        assert_eq!(truth.reasons, only(Reasons::SCHEDULE));
        live.page_says("off by the schedule").await;
        live.advance_s(605);
        assert!(live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_the_cap_is_cut_off_and_tried_again() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.sell(50_000).await;
        live.set("/settings/cap", &[("cap_delay", "3"), ("cap_recovery", "60")]).await;
        let periods = [("p1_from", "00:00"), ("p1_rule", "cap"), ("p1_watts", "800")];
        live.set("/settings/schedule/working", &periods).await;
        live.plug(700);
        live.advance_s(30);
        assert!(live.truth().relay_closed());
        live.plug(2_000);
        let truth = live.advance_until_open(10);
        assert_eq!(truth.reasons, only(Reasons::POWER_CAP));
        live.page_says("above the power cap").await;
        live.plug(0);
        live.advance_s(61);
        assert!(live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schedule_keeps_to_the_sites_clocks_when_they_go_back() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.sell(50_000).await;
        live.site.house.move_to_zone("Europe/Berlin").await;
        let periods = [("p1_from", "02:05"), ("p1_rule", "off"), ("p2_from", "02:50"), ("p2_rule", "on")];
        live.set("/settings/schedule/rest", &periods).await;
        // 2026-10-25 00:58 UTC, a Sunday: 02:58 of summer time, two minutes before it is 02:00 again.
        let now_ms = 1_792_889_880_000;
        live.site.house.clock.advance(now_ms - live.site.house.clock.now_ms());
        let offset_min = async |offset_min| {
            until("the offset", async || (live.site.held_site().utc_offset_min == offset_min).then_some(()))
                .await;
        };
        until("the meter's clock is set", async || {
            let clock = |meter: &mut VirtualMeter| meter.meter().clock().now();
            let now = live.site.bench.bus().with_meter(1, clock).unwrap()?;
            (i64::from(now.get()) >= now_ms / 1000 - 30).then_some(())
        })
        .await;
        offset_min(120).await;
        live.advance_s(240);
        offset_min(60).await;
        assert!(live.truth().relay_closed(), "02:02 of winter time");
        assert_eq!(live.advance_until_open(240).reasons, only(Reasons::SCHEDULE), "02:05 once more");
        live.field.shutdown().await;
    })
    .await;
}
