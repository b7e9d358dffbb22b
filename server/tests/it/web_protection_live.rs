//! Protection from the page to the relay: what the office sets is what the meter does to what is plugged in.

use axum::http::StatusCode;
use meter_core::events::EventKind;
use meter_core::registers::{EVENT_BLOCK_LEN, decode_event, event_address};
use meter_core::relay::Reasons;
use meter_core::settings::LoopId;
use simulator::load::{Device, Shape};
use simulator::meter::VirtualMeter;
use wattwarden::db::Db;
use wattwarden::ops::meters::equipment::Assign;

use crate::field_bench::until;
use crate::support::database::{for_each_engine, on_sqlite};
use crate::web_settings_live::{Live, only};

const KETTLE: Device = Device::heater(1_800);
const COMPUTER: Device = Device { shape: Shape::PowerSupply, power_w: 120 };
const TROLLEY: Device = Device { shape: Shape::Lagging(0.9), power_w: 800 };

/// Three trips within an hour lock out; a minute's wait.
const OFFICE: [(&str, &str); 4] =
    [("wait", "60"), ("trips", "3"), ("window", "60"), ("resident_release", "0")];
const RESIDENT: [(&str, &str); 4] =
    [("wait", "60"), ("trips", "1"), ("window", "60"), ("resident_release", "1")];
const EVERY_DAY: [(&str, &str); 7] = [
    ("w1_day0", "1"),
    ("w1_day1", "1"),
    ("w1_day2", "1"),
    ("w1_day3", "1"),
    ("w1_day4", "1"),
    ("w1_day5", "1"),
    ("w1_day6", "1"),
];
const LOCKED_OUT: &str = "locked out after too many trips";

fn all<'a>(parts: &[&[(&'a str, &'a str)]]) -> Vec<(&'a str, &'a str)> {
    parts.concat()
}

/// Watches for vicious loads from 300 W.
fn watch<'a>(mode: &'a str, after: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    all(&[&[("mode", mode), ("sensitivity", "1"), ("b1_from", "300"), ("night_delay", "10")], after])
}

fn limit<'a>(amperes: &'a str, after: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    all(&[&[("limit", amperes), ("curve", "0"), ("delay", "3")], after])
}

impl Live {
    async fn with_credit(db: Db) -> Self {
        let live = Self::open(db).await;
        live.sell(50_000).await;
        live
    }

    fn meter<T>(&self, act: impl FnOnce(&mut VirtualMeter) -> T) -> T {
        self.site.bench.bus().with_meter(1, act).unwrap()
    }

    /// A detector that has just begun to watch learns first what runs.
    fn plug_in(&self, id: LoopId, devices: &[Device]) {
        self.advance_s(1);
        self.meter(|meter| meter.plug_devices(self.position, id, devices.to_vec()));
        self.advance_s(1);
    }

    fn closed_for(&self, seconds: u32) {
        for second in 0..seconds {
            assert!(self.truth().relay_closed(), "after {second} s: {:?}", self.truth());
            self.advance_s(1);
        }
    }

    /// Lets the wait pass, after which the loop is tried again.
    fn wait_a_minute(&self) {
        self.advance_s(62);
    }

    /// How many events of a kind the meter keeps.
    fn events(&self, kind: EventKind) -> usize {
        let latest = self.meter(|meter| meter.meter().latest_event());
        let read = |number: u32| {
            let [high, low] = event_address(number).to_be_bytes();
            let reply = self.meter(|meter| meter.respond(&[3, high, low, 0, EVENT_BLOCK_LEN as u8]));
            let words: Vec<_> =
                reply[2..].as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            decode_event(&words).unwrap().event().unwrap()
        };
        (1..=latest).map(read).filter(|event| event.kind == kind).count()
    }

    /// The number that the page's release names, once it offers one.
    async fn lockout(&mut self) -> String {
        let page = self.page_says("name=\"lockout\" value=\"").await;
        page.split("name=\"lockout\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    async fn release(&mut self, key: &str, lockout: &str) {
        let path = format!("/rooms/{}/lockout", self.room);
        let done = self.manager.post(&path, &[("key", key), ("lockout", lockout)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        self.field.wake();
    }

    /// Waits until the board's filter names the room.
    async fn board_says(&mut self, state: &str, words: &str) {
        let (manager, path, room) =
            (&mut self.manager, format!("/?state={state}"), format!("/rooms/{}", self.room));
        until(words, async || {
            let body = manager.get(&path).await.body;
            let tile = body.split("<li>").find(|tile| tile.contains(&room))?;
            tile.contains(words).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overload_is_cut_off_and_locked_out_until_the_office_releases_it() {
    for_each_engine(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/over-current", &limit("16", &OFFICE)).await;
        live.plug(3_000);
        live.closed_for(20);
        live.plug(4_500);
        assert_eq!(live.advance_until_open(6).reasons, only(Reasons::OVER_CURRENT));
        let page = live.page_says("Main loop: cut off, too much current.").await;
        assert!(page.contains("trip 1 within the window"), "{page}");
        live.board_says("tripped", "too much current").await;
        live.plug(1_000);
        live.wait_a_minute();
        live.closed_for(5);
        for _ in 2..=3 {
            live.plug(4_500);
            live.wait_a_minute();
            live.advance_until_open(6);
        }
        let both = Reasons::OVER_CURRENT.with(Reasons::LOCKED_OUT);
        assert_eq!(live.truth().reasons, both.bits());
        live.plug(0);
        live.advance_s(4_000);
        assert!(!live.truth().relay_closed(), "no time ends it");
        let page = live.page_says(LOCKED_OUT).await;
        assert!(page.contains("It stays off until the office releases it."), "{page}");
        live.board_says("locked-out", "too much current").await;
        let (lockout, path) = (live.lockout().await, format!("/rooms/{}/lockout", live.room));
        let mut desk = live.office.signed_in("desk").await;
        let refused = desk.post(&path, &[("key", "desk-key"), ("lockout", &lockout)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        live.release("first-key", &lockout).await;
        until("the relay is closed", async || live.truth().relay_closed().then_some(())).await;
        // A page that is still open releases nothing that comes later.
        for _ in 0..3 {
            live.plug(4_500);
            live.wait_a_minute();
        }
        assert_eq!(live.advance_until_open(6).reasons, both.bits());
        live.plug(0);
        live.release("stale-key", &lockout).await;
        assert_ne!(live.lockout().await, lockout);
        live.advance_s(120);
        assert!(!live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kettle_is_cut_off_and_the_power_is_back_once_it_is_gone() {
    for_each_engine(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/vicious", &watch("2", &OFFICE)).await;
        live.plug_in(LoopId::Main, &[COMPUTER]);
        live.closed_for(30);
        live.plug_in(LoopId::Main, &[COMPUTER, KETTLE]);
        assert_eq!(live.advance_until_open(3).reasons, only(Reasons::VICIOUS_LOAD));
        live.page_says("Main loop: cut off for a forbidden appliance").await;
        live.board_says("tripped", "a forbidden appliance").await;
        live.plug_in(LoopId::Main, &[COMPUTER]);
        live.wait_a_minute();
        live.closed_for(100);
        live.board_says("on", "W").await;
        assert_eq!(live.events(EventKind::ViciousTrip), 1);
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_policy_allows_it_the_button_ends_a_lock_out() {
    on_sqlite(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/vicious", &watch("2", &RESIDENT)).await;
        live.plug_in(LoopId::Main, &[KETTLE]);
        let both = Reasons::VICIOUS_LOAD.with(Reasons::LOCKED_OUT);
        assert_eq!(live.advance_until_open(3).reasons, both.bits());
        live.page_says("or somebody presses the button at the meter").await;
        live.plug_in(LoopId::Main, &[]);
        live.meter(|meter| meter.press_button(0));
        live.advance_s(2);
        assert!(live.truth().relay_closed());
        // The office forbids it: the next one is the office's.
        live.set("/settings/vicious", &all(&[&watch("2", &OFFICE), &[("trips", "1")]])).await;
        live.plug_in(LoopId::Main, &[KETTLE]);
        live.advance_until_open(3);
        live.page_says("It stays off until the office releases it.").await;
        live.meter(|meter| meter.press_button(0));
        live.plug_in(LoopId::Main, &[]);
        live.advance_s(200);
        assert!(!live.truth().relay_closed());
        let lockout = live.lockout().await;
        live.release("office-key", &lockout).await;
        until("the relay is closed", async || live.truth().relay_closed().then_some(())).await;
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_leaves_the_power_on() {
    on_sqlite(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/vicious", &watch("1", &OFFICE)).await;
        live.plug_in(LoopId::Main, &[KETTLE]);
        live.closed_for(60);
        assert_eq!((live.events(EventKind::ViciousAlarm), live.events(EventKind::ViciousTrip)), (1, 0));
        let page = live.page_says("found: reported only").await;
        assert!(page.contains("Heater or kettle of 18"), "with what it was: {page}");
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn permitted_appliances_are_let_pass_and_only_those() {
    on_sqlite(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/permitted", &[("a1_watts", "1800"), ("a1_percent", "5")]).await;
        live.set("/settings/vicious", &watch("2", &OFFICE)).await;
        live.plug_in(LoopId::Main, &[KETTLE]);
        live.closed_for(60);
        live.plug_in(LoopId::Main, &[KETTLE, Device::heater(1_000)]);
        assert_eq!(live.advance_until_open(3).reasons, only(Reasons::VICIOUS_LOAD));
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_cap_holds_for_everything_and_only_at_night() {
    on_sqlite(|db| async move {
        let mut live = Live::with_credit(db).await;
        // It is 08:00 in Shanghai.
        let night = [("w1_from", "08:10"), ("w1_to", "09:00")];
        let cap = [("mode", "2"), ("sensitivity", "1"), ("night_cap", "500"), ("night_delay", "10")];
        live.set("/settings/vicious", &all(&[&cap, &EVERY_DAY, &night, &OFFICE])).await;
        live.plug_in(LoopId::Main, &[TROLLEY]);
        live.closed_for(570);
        assert_eq!(live.advance_until_open(60).reasons, only(Reasons::VICIOUS_LOAD));
        live.page_says("for more than may be drawn at night").await;
        live.plug_in(LoopId::Main, &[COMPUTER]);
        live.wait_a_minute();
        live.closed_for(60);
        live.field.shutdown().await;
    })
    .await;
}

const VOLTAGE: [(&str, &str); 6] = [
    ("under", "176"),
    ("over", "253"),
    ("hysteresis", "5"),
    ("lost", ""),
    ("delay", "1"),
    ("recovery", "30"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn voltage_outside_its_limits_cuts_off_until_it_is_well() {
    on_sqlite(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.set("/settings/voltage", &VOLTAGE).await;
        live.closed_for(35);
        for (volts, reason, words) in [
            (160.0, Reasons::UNDER_VOLTAGE, "the voltage is too low"),
            (275.0, Reasons::OVER_VOLTAGE, "the voltage is too high"),
        ] {
            live.meter(|meter| meter.set_voltage(Some([volts; 3])));
            assert_eq!(live.advance_until_open(4).reasons, only(reason));
            live.page_says(&format!("Cut off: {words}.")).await;
            live.board_says("tripped", words).await;
            live.meter(|meter| meter.set_voltage(None));
            live.advance_s(28);
            assert!(!live.truth().relay_closed());
            live.advance_s(4);
            live.closed_for(5);
        }
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_phase_cuts_a_three_phase_room_off() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.move_to_three_phases().await;
        live.sell(50_000).await;
        let lost = all(&[&VOLTAGE[..3], &[("lost", "60"), ("delay", "1"), ("recovery", "30")]]);
        live.set("/settings/voltage", &lost).await;
        live.closed_for(35);
        live.meter(|meter| meter.set_voltage(Some([230.0, 230.0, 0.0])));
        assert_eq!(live.advance_until_open(4).reasons, only(Reasons::PHASE_LOSS));
        live.page_says("Cut off: a phase has failed.").await;
        live.meter(|meter| meter.set_voltage(None));
        live.advance_s(32);
        live.closed_for(5);
        live.field.shutdown().await;
    })
    .await;
}

impl Live {
    /// Goes on with room 104, let and served by the first three-phase outlet.
    async fn move_to_three_phases(&mut self) {
        let house = &self.site.house;
        let (outlet, room) = (self.site.outlet(&self.room).await, house.rooms[3].clone());
        let assign =
            Assign { key: house.key(), meter_id: outlet.meter_id, position: 8, room_id: room.clone() };
        house.perform(&house.administrator, assign).await.unwrap();
        house.move_in(&room, "2026104").await;
        (self.room, self.position) = (room, 8);
        self.field.wake();
    }

    /// Says on the meter's page that the room's outlet was built with a second loop, and waits until the meter holds it.
    async fn fit_second_loop(&mut self) {
        let path = format!("/equipment/meters/{}", self.site.outlet(&self.room).await.meter_id);
        let mut boss = self.office.signed_in("boss").await;
        let key = boss.get(&path).await.hidden("key");
        let ticked = boss.post(&format!("{path}/second-loops"), &[("key", &key), ("outlet0", "1")]).await;
        assert_eq!(ticked.status, StatusCode::SEE_OTHER, "{}", ticked.body);
        self.field.wake();
        until("the meter knows its second loop", async || {
            (self.site.held_site().second_loops == 1).then_some(())
        })
        .await;
        self.page_says("Second loop").await;
        self.advance_s(1);
    }

    fn second_closed(&self) -> bool {
        self.meter(|meter| meter.second_contact_closed(0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_loops_each_has_its_own_protection() {
    for_each_engine(|db| async move {
        let mut live = Live::with_credit(db).await;
        live.fit_second_loop().await;
        live.set("/settings/vicious", &watch("2", &OFFICE)).await;
        live.plug_in(LoopId::Second, &[KETTLE]);
        live.closed_for(30);
        assert!(live.second_closed(), "nobody watches it");
        live.plug_in(LoopId::Main, &[KETTLE]);
        assert_eq!(live.advance_until_open(3).reasons, only(Reasons::VICIOUS_LOAD));
        live.advance_s(1);
        assert!(live.second_closed());
        live.page_says("Main loop · Off").await;
        live.page_says("Second loop · On").await;
        live.plug_in(LoopId::Main, &[]);
        live.wait_a_minute();
        live.set_loop("/settings/over-current", "second", &limit("6", &OFFICE)).await;
        live.advance_s(6);
        assert!(!live.second_closed(), "7.8 A is more than 6 A");
        assert!(live.truth().relay_closed());
        live.page_says("Second loop: cut off, too much current.").await;
        live.board_says("tripped", "too much current").await;
        live.plug_in(LoopId::Second, &[]);
        live.wait_a_minute();
        assert!(live.second_closed() && live.truth().relay_closed());
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_friendly_hours_credit_does_not_cut_off() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        // It is 08:00 in Shanghai.
        let hours = [("w1_from", "07:00"), ("w1_to", "08:10")];
        live.set("/settings/friendly", &all(&[&EVERY_DAY, &hours])).await;
        live.sell(100).await;
        live.plug(3_600);
        live.closed_for(400);
        assert!(live.truth().remaining_wh < 0);
        live.page_says("Friendly time").await;
        let truth = live.advance_until_open(240);
        assert_eq!(truth.reasons, only(Reasons::OUT_OF_CREDIT));
        live.page_says("out of credit").await;
        live.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_meters_button_acknowledges_a_reminder() {
    on_sqlite(|db| async move {
        let mut live = Live::open(db).await;
        live.set("/settings/credit", &[("alarm", "1"), ("drop_out", "0")]).await;
        live.sell(1_100).await;
        live.plug(3_600);
        assert_eq!(live.advance_until_open(200).reasons, only(Reasons::LOW_CREDIT_REMINDER));
        live.page_says("Acknowledge, supply on").await;
        assert!(live.meter(|meter| meter.press_button(0)));
        live.advance_s(2);
        live.closed_for(30);
        until("the page forgets it", async || {
            let body = live.manager.get(&format!("/rooms/{}", live.room)).await.body;
            (!body.contains("Acknowledge, supply on")).then_some(())
        })
        .await;
        live.field.shutdown().await;
    })
    .await;
}
