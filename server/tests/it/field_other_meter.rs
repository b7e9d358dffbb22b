//! A meter of another kind, without credit of its own: entered, sold to, used, warned, cut off and moved out of from the
//! same pages as ours, by credit that the server keeps.

use axum::http::StatusCode;
use domain::health::MeterStatus;
use domain::ids::RoomId;
use simulator::collector::Mode;
use wattwarden::check::check;
use wattwarden::db::{Db, DbError};
use wattwarden::field::{Field, FieldConfig, FieldHandle};
use wattwarden::store;

use crate::field_bench::{Site, config, until};
use crate::support::database::for_each_engine;
use crate::support::plain_meter::{PlainDriver, PlainMeter};
use crate::support::web::{Browser, Office};

const SERIAL: u32 = 4_711;
/// What had run through it before anybody lived there.
const BEFORE_WH: u32 = 123_456;

/// A house with a meter of ours and one of another kind, which serves room 104.
struct Place {
    site: Site,
    office: Office,
    plain: PlainMeter,
    field: FieldHandle,
    boss: Browser,
    desk: Browser,
    room: RoomId,
}

async fn add_kind(db: &Db) {
    for statement in [
        "INSERT INTO meter_kinds (kind, credit) VALUES ('plain', 'at-server')",
        "INSERT INTO meter_kind_outlets (kind, position, phases) VALUES ('plain', 0, 1)",
    ] {
        db.write((), move |(), conn| {
            Box::pin(async move {
                sqlx::query::<sqlx::Any>(statement).execute(conn).await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
    }
}

async fn post(browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) {
    let key = browser.get(page).await.hidden("key");
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    let answer = browser.post(path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
}

impl Place {
    async fn open(db: Db) -> Self {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        add_kind(&site.house.db).await;
        let plain = PlainMeter::start(SERIAL, BEFORE_WH).await;
        let office = Office::around(site.house.clone()).await;
        let (mut boss, desk) = (office.signed_in("boss").await, office.signed_in("desk").await);
        let drivers = config("first").drivers.with("plain", PlainDriver);
        let field = Field::start(
            site.house.db.clone(),
            site.house.clock.clone(),
            FieldConfig { drivers, ..config("first") },
        );
        let address = plain.address.to_string();
        let collector = [("name", "Annex"), ("transport", "modbus-tcp"), ("address", address.as_str())];
        let fields = [&collector[..], &[("enabled", "1")]].concat();
        post(&mut boss, "/equipment/collector", "/equipment/collector", &fields).await;
        let room = site.house.rooms[3].clone();
        let place = Self { site, office, plain, field, boss, desk, room };
        place.enter().await
    }

    /// The meter is entered by its form, which asks for as many rooms as it has outlets.
    async fn enter(mut self) -> Self {
        let mut conn = self.site.house.db.read().await.unwrap();
        let collectors = store::meters::equipment::collectors(&mut conn).await.unwrap();
        drop(conn);
        let annex = collectors.into_iter().find(|one| one.name == "Annex").unwrap().id.0;
        let page = self.boss.get("/equipment/meter?kind=plain").await;
        assert!(page.body.contains("name=\"outlet0\"") && !page.body.contains("name=\"outlet1\""));
        assert_eq!(page.hidden("kind"), "plain");
        let ours = self.boss.get("/equipment/meter").await;
        assert!(ours.body.contains("name=\"outlet10\"") && ours.hidden("kind") == "wattwarden");
        let serial = SERIAL.to_string();
        let fields = [
            ("kind", "plain"),
            ("serial", serial.as_str()),
            ("unit", "1"),
            ("collector", annex.as_str()),
            ("outlet0", self.room.as_str()),
        ];
        post(&mut self.boss, "/equipment/meter?kind=plain", "/equipment/meter", &fields).await;
        let tenancy = format!("/rooms/{}/tenancy", self.room);
        let people = [("number1", "2026900"), ("name1", "韩梅梅")];
        post(&mut self.boss, &tenancy, &tenancy, &people).await;
        self.field.wake();
        self
    }

    /// Sells at the desk, page by page; the receipt's address.
    async fn sell(&mut self, kwh: &str) -> String {
        let path = format!("/rooms/{}/sale/preview", self.room);
        let preview = self.desk.post(&path, &[("by", "energy"), ("value", kwh)]).await;
        let values = ["key", "tenancy", "amount_minor", "energy_wh", "price", "by", "value"]
            .map(|name| (name, preview.hidden(name)));
        let fields: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sold = self.desk.post(&format!("/rooms/{}/sales", self.room), &fields).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER, "{}", sold.body);
        self.field.wake();
        sold.location().to_owned()
    }

    async fn relay(&self, closed: bool) {
        until("the relay follows", async || (self.plain.is_on() == closed).then_some(())).await;
    }

    /// Waits until a page says something.
    async fn says(&mut self, path: &str, words: &str) -> String {
        let boss = &mut self.boss;
        until(words, async || Some(boss.get(path).await.body).filter(|body| body.contains(words))).await
    }

    /// No page offers what such a meter hasn't: settings, a display, second loops.
    async fn offers_only_what_it_has(&mut self) {
        let outlet = self.site.outlet(&self.room).await;
        let meter = format!("/equipment/meters/{}", outlet.meter_id);
        let (room, ours) = (self.page(), format!("/rooms/{}", self.site.house.rooms[0]));
        let (room, ours) = (self.boss.get(&room).await.body, self.boss.get(&ours).await.body);
        for link in ["/settings?scope=room:", "/display?outlet="] {
            assert!(ours.contains(link) && !room.contains(link), "{link}");
        }
        let page = self.boss.get(&meter).await.body;
        assert!(page.contains("韩梅梅") || page.contains(self.room.as_str()), "{page}");
        assert!(!page.contains("/second-loops") && !page.contains("/display"), "{page}");
    }

    fn page(&self) -> String {
        format!("/rooms/{}", self.room)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_meter_is_sold_to_used_warned_and_cut_off() {
    for_each_engine(|db| async move {
        let mut place = Place::open(db).await;
        let page = place.page();
        // Nobody has paid: off.
        place.says(&page, "Out of credit").await;
        assert!(!place.plain.is_on());
        place.offers_only_what_it_has().await;

        let receipt = place.sell("10").await;
        place.relay(true).await;
        place.says(&receipt, "Delivered").await;
        place.says(&page, "10.000\u{a0}kWh").await;

        place.plain.draw_wh(6_000);
        place.says(&page, "4.000\u{a0}kWh").await;
        place.says("/?state=low", &place.page()).await;
        assert!(place.plain.is_on(), "warned, not cut off");

        place.plain.draw_wh(4_001);
        place.relay(false).await;
        place.says("/?state=out", &place.page()).await;
        place.says(&page, "Out of credit").await;

        place.sell("5").await;
        place.relay(true).await;
        assert!(check(&place.site.house.db).await.unwrap().clean());
        place.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_switches_it_and_a_changed_meter_goes_on_counting() {
    for_each_engine(|db| async move {
        let mut place = Place::open(db).await;
        let (page, path) = (place.page(), format!("/rooms/{}/supply", place.room));
        place.sell("20").await;
        place.relay(true).await;
        post(&mut place.boss, &path, &path, &[("mode", "off"), ("reason", "Wiring check")]).await;
        place.field.wake();
        place.relay(false).await;
        post(&mut place.boss, &path, &path, &[("mode", "auto"), ("reason", "Done")]).await;
        place.field.wake();
        place.relay(true).await;

        place.plain.draw_wh(3_000);
        place.says(&page, "17.000\u{a0}kWh").await;
        place.plain.begin_anew_at(7);
        place.plain.draw_wh(1_000);
        // At the first look at the new meter nobody knows what it had counted by then.
        until("the new meter is taken up", async || {
            let (_, said) = place.site.state(&place.room).await;
            said.filter(|said| said.energy_total_wh == 1_007).map(|_| ())
        })
        .await;
        place.plain.draw_wh(500);
        place.says(&page, "16.500\u{a0}kWh").await;
        place.field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_that_has_no_driver_is_said_and_left_alone() {
    for_each_engine(|db| async move {
        let place = Place::open(db).await;
        place.field.shutdown().await;
        place.plain.begin_anew_at(0);
        let field = place.site.start();
        let told = until("it is told", async || {
            place.site.meter_of("Annex", 1).await.error.filter(|error| error.starts_with("no-driver"))
        })
        .await;
        assert_eq!(told, "no-driver: plain");
        assert_eq!(place.site.meter_of("Annex", 1).await.status, Some(MeterStatus::Offline));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_out_is_settled_to_the_watt_hour() {
    for_each_engine(|db| async move {
        let mut place = Place::open(db).await;
        place.sell("20").await;
        place.relay(true).await;
        place.plain.draw_wh(12_345);
        place.says(&place.page(), "7.655\u{a0}kWh").await;
        let tenancy = place.site.house.tenancy(&place.room).await;
        let path = format!("/rooms/{}/move-out", place.room);
        let fields = [("tenancy", tenancy.as_str())];
        let key = place.boss.get(&path).await.hidden("key");
        let asked = place.boss.post(&path, &[("key", key.as_str()), fields[0]]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        place.field.wake();
        place.relay(false).await;
        let departure = asked.location().to_owned();
        let settled = place.says(&departure, "Closed by the meter").await;
        // 7.655 kWh of 20 at CNY 10.94.
        assert!(settled.contains("12.345\u{a0}kWh") && settled.contains("CNY\u{a0}4.19"), "{settled}");
        let outlet = place.site.outlet(&place.room).await;
        let mut conn = place.site.house.db.read().await.unwrap();
        let closing = store::meters::closings::get(&mut conn, &outlet.id, 1).await.unwrap().unwrap();
        drop(conn);
        assert_eq!((closing.used_wh, closing.credited_wh), (12_345, 20_000));
        assert_eq!(closing.energy_total_wh, i64::from(BEFORE_WH + 12_345));
        assert!(place.office.wake.count() > 0);
        place.field.shutdown().await;
    })
    .await;
}
