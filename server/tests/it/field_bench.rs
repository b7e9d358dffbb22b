//! A furnished house whose meters are simulated, on loopback, with the field layer driving them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use domain::ids::{CollectorId, RoomId};
use domain::supply::{Desired, Reported, SupplyMode};
use line::{LinkConfig, Transport};
use meter_core::envelope::Key;
use meter_core::registers::HouseholdState;
use simulator::collector::Mode;
use simulator::test_bench::TestBench;
use wattwarden::db::Db;
use wattwarden::field::{Field, FieldConfig, FieldHandle};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::meters::collectors::{AddCollector, ChangeCollector, CollectorForm};
use wattwarden::ops::meters::equipment::AddMeter;
use wattwarden::ops::meters::switch_supply::SwitchRequest;
use wattwarden::store;
use wattwarden::store::meters::equipment::Meter;
use wattwarden::store::meters::households::Outlet;

use crate::support::house::House;

pub const MASTER: Key = [0x5A; 16];
const SEED: u64 = 20_260_901;

pub struct Site {
    pub house: House,
    pub bench: TestBench,
}

impl Site {
    /// Unit 1 serves rooms 101–103 by outlets 0–2; room 104 and further units are free.
    pub async fn build(db: Db, units: u8, mode: Mode) -> Self {
        let bench = TestBench::start(units, SEED, &MASTER, mode).await.unwrap();
        let house = House::furnish_at(db, &bench.address().to_string(), bench.serials()[0].get()).await;
        let site = Self { house, bench };
        if mode == Mode::RtuOverTcp {
            site.change_collector(|form| form.transport = "rtu-over-tcp".into()).await;
        }
        site
    }

    pub fn start(&self) -> FieldHandle {
        Field::start(self.house.db.clone(), self.house.clock.clone(), config("first"))
    }

    pub async fn change_collector(&self, change: impl FnOnce(&mut CollectorForm)) {
        let (id, mut form) = self.collector_form().await;
        change(&mut form);
        let who = &self.house.administrator;
        self.house.perform(who, ChangeCollector { key: self.house.key(), id, form }).await.unwrap();
    }

    async fn collector_form(&self) -> (CollectorId, CollectorForm) {
        let mut conn = self.house.db.read().await.unwrap();
        let row = store::meters::equipment::collectors(&mut conn).await.unwrap();
        let row = row.into_iter().find(|row| row.name == "Cellar").unwrap();
        let form = CollectorForm {
            name: row.name,
            transport: row.transport,
            address: row.address,
            enabled: row.enabled == 1,
        };
        (row.id, form)
    }

    /// Enters a meter for `unit` of the first collector, serving nobody.
    pub async fn add_meter(&self, unit: u8, serial: u64) {
        let (collector_id, _) = self.collector_form().await;
        self.add_meter_at(collector_id, unit, serial).await;
    }

    /// Enters another collector with a meter at unit 1.
    pub async fn add_collector(&self, name: &str, address: SocketAddr, serial: u64) {
        let (db, who) = (&self.house.db, &self.house.administrator);
        let form = CollectorForm {
            name: name.into(),
            transport: "modbus-tcp".into(),
            address: address.to_string(),
            enabled: true,
        };
        self.house.perform(who, AddCollector { key: self.house.key(), form }).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let rows = store::meters::equipment::collectors(&mut conn).await.unwrap();
        drop(conn);
        let id = rows.into_iter().find(|row| row.name == name).unwrap().id;
        self.add_meter_at(id, 1, serial).await;
    }

    async fn add_meter_at(&self, collector_id: CollectorId, unit: u8, serial: u64) {
        let meter = AddMeter {
            kind: "wattwarden".to_owned(),
            key: self.house.key(),
            serial: i64::try_from(serial).unwrap(),
            collector_id,
            unit: unit.into(),
            rooms: vec![],
        };
        let who = &self.house.administrator;
        self.house.perform(who, meter).await.unwrap();
    }

    pub async fn sell(&self, room: &RoomId, energy_wh: i64) {
        let request = self.house.request(room, SaleInput::Energy(energy_wh)).await;
        self.house.perform(&self.house.cashier, request).await.unwrap();
    }

    pub async fn switch(&self, room: &RoomId, mode: SupplyMode, until_ms: Option<i64>) {
        let request = SwitchRequest {
            key: self.house.key(),
            room_id: room.clone(),
            mode,
            until_ms,
            reason: "test".into(),
        };
        self.house.perform(&self.house.administrator, request).await.unwrap();
    }

    pub async fn outlet(&self, room: &RoomId) -> Outlet {
        let mut conn = self.house.db.read().await.unwrap();
        store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap()
    }

    pub async fn state(&self, room: &RoomId) -> (Desired, Option<Reported>) {
        let outlet = self.outlet(room).await;
        let mut conn = self.house.db.read().await.unwrap();
        let desired = store::meters::households::desired(&mut conn, &outlet.id).await.unwrap();
        (desired, store::meters::households::reported(&mut conn, &outlet.id).await.unwrap())
    }

    /// The report of a meter of the first collector.
    pub async fn meter(&self, unit: i64) -> Meter {
        self.meter_of("Cellar", unit).await
    }

    /// The report of a meter.
    pub async fn meter_of(&self, collector: &str, unit: i64) -> Meter {
        let mut conn = self.house.db.read().await.unwrap();
        let meters = store::meters::equipment::meters(&mut conn).await.unwrap();
        meters.into_iter().find(|meter| meter.collector_name == collector && meter.unit == unit).unwrap()
    }

    /// Waits until the database says that everything wanted of the room was read back from its meter, which then holds
    /// it.
    pub async fn settled(&self, room: &RoomId) -> Reported {
        until("the room is settled", async || {
            // The contact of a relay follows its command in simulated time.
            self.bench.advance_ms(100);
            let (desired, reported) = self.state(room).await;
            reported.filter(|reported| desired.settled(reported))
        })
        .await;
        let (desired, reported) = self.state(room).await;
        let (outlet, reported) = (self.outlet(room).await, reported.unwrap());
        let position = usize::try_from(outlet.position).unwrap();
        let truth = self.truth(u8::try_from(outlet.unit).unwrap(), position);
        assert_eq!(i64::from(truth.credited_wh), desired.credited_wh, "{truth:?}");
        assert_eq!(i64::from(truth.epoch), desired.epoch, "{truth:?}");
        reported
    }

    /// What the simulated meter really holds.
    pub fn truth(&self, unit: u8, position: usize) -> HouseholdState {
        let state = |meter: &mut simulator::meter::VirtualMeter| {
            HouseholdState::of(&meter.meter().households()[position])
        };
        self.bench.bus().with_meter(unit, state).unwrap()
    }

    /// How many envelopes a meter has taken and refused since its start.
    pub fn envelopes(&self, unit: u8) -> (u32, u32) {
        let count = |meter: &mut simulator::meter::VirtualMeter| {
            (meter.meter().envelopes().taken, meter.meter().envelopes().refused)
        };
        self.bench.bus().with_meter(unit, count).unwrap()
    }

    /// The time of the site, in seconds.
    pub fn now_s(&self) -> i64 {
        self.house.clock.now_ms() / 1000
    }
}

/// Short times, so that tests are quick; none of them decides whether a test passes.
pub fn config(holder: &str) -> FieldConfig {
    FieldConfig {
        poll_interval: Duration::from_millis(150),
        first_pause: Duration::from_millis(50),
        longest_pause: Duration::from_millis(800),
        rescan_interval: Duration::from_millis(100),
        link: Arc::new(link),
        ..FieldConfig::new(MASTER, holder.into(), SEED)
    }
}

/// The simulated gateway says after 200 ms that a unit is silent; a serial line just is.
fn link(transport: Transport) -> LinkConfig {
    let (reply_timeout_ms, quarantine_ms) = match transport {
        Transport::ModbusTcp => (400, 0),
        Transport::RtuOverTcp => (120, 300),
    };
    LinkConfig {
        reply_timeout: Duration::from_millis(reply_timeout_ms),
        connect_timeout: Duration::from_millis(1_000),
        quiet: Duration::from_millis(3),
        quarantine: Duration::from_millis(quarantine_ms),
    }
}

/// Waits for a level, however long a busy machine takes to reach it.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..6_000 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}
