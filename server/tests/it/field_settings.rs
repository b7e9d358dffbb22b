//! What the office sets gets to the meter and is read back; the usual visit reads no settings at all.

use domain::clock::Clock;
use domain::ids::RoomId;
use domain::settings::{CalendarDays, DayKind, Scope};
use meter_core::envelope::{Command, MAX_ENVELOPE, seal};
use meter_core::settings::{
    CapSettings, CreditSettings, DayTable, DayType, HouseholdBlock, LoopId, MeterBlock, Rule, SiteSettings,
};
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule as FaultRule};
use simulator::meter::VirtualMeter;
use wattwarden::ops::meters::change_calendar::ChangeCalendar;
use wattwarden::ops::meters::change_settings::ChangeSettings;
use wattwarden::store;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};

impl Site {
    pub async fn set(&self, scope: Scope, blocks: Vec<HouseholdBlock>) {
        let request = ChangeSettings { key: self.house.key(), scope, blocks };
        self.house.perform(&self.house.administrator, request).await.unwrap();
    }

    /// A block as the simulated meter really holds it.
    pub fn held(&self, position: usize, number: u8) -> (u32, HouseholdBlock) {
        let block =
            |meter: &mut VirtualMeter| meter.meter().households()[position].settings().block(number).unwrap();
        self.bench.bus().with_meter(1, block).unwrap()
    }

    /// The site's block as the simulated meter really holds it.
    pub fn held_site(&self) -> SiteSettings {
        self.bench.bus().with_meter(1, |meter: &mut VirtualMeter| *meter.meter().settings().site()).unwrap()
    }

    /// Hands unit 1 a command by another courier.
    pub fn give(&self, command: &Command) {
        self.bench.bus().with_meter(1, |meter: &mut VirtualMeter| {
            let mut envelope = [0; MAX_ENVELOPE];
            let length = seal(meter.key(), meter.meter().serial(), command, &mut envelope);
            assert!(meter.apply(&envelope[..length]).unwrap().changed);
        });
    }

    /// Waits until the database says that the meter holds all that is wanted of the room's settings.
    pub async fn settings_settled(&self, room: &RoomId) {
        let outlet = self.outlet(room).await;
        until("the room's settings were read back", async || {
            let mut conn = self.house.db.read().await.unwrap();
            let wanted = store::meters::settings::wanted(&mut conn, &outlet.id).await.unwrap();
            let reported = store::meters::settings::reported(&mut conn, &outlet.id).await.unwrap();
            let holds = |wanted: &store::meters::settings::Block| {
                reported.iter().any(|held| (held.block, &held.content) == (wanted.block, &wanted.content))
            };
            wanted.iter().all(holds).then_some(())
        })
        .await;
    }

    pub async fn confirmed(&self) {
        until("the meter confirmed its settings", async || {
            self.meter(1).await.settings_ms.filter(|_| self.held_site().utc_offset_min == 480)
        })
        .await;
    }
}

fn credit(alarm_wh: u32) -> HouseholdBlock {
    HouseholdBlock::Credit(CreditSettings { alarm_wh, ..CreditSettings::FACTORY })
}

fn table(day: DayType) -> HouseholdBlock {
    let table = DayTable::new(&[(0, Rule::Off), (360, Rule::On), (1380, Rule::Capped(800))]).unwrap();
    HouseholdBlock::Table(LoopId::Main, day, table)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_reach_the_meter_and_are_read_back() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let (first, second) = (site.house.rooms[0].clone(), site.house.rooms[1].clone());
        site.set(Scope::Site, vec![credit(7_000), table(DayType::Rest)]).await;
        site.set(Scope::Room(second.clone()), vec![credit(9_000)]).await;
        field.wake();
        site.settings_settled(&first).await;
        site.settings_settled(&second).await;
        assert_eq!(site.held(0, 0), (1, credit(7_000)));
        assert_eq!(site.held(1, 0).1, credit(9_000));
        assert_eq!(site.held(2, 4), (1, table(DayType::Rest)));
        assert_eq!(site.held(3, 0).0, 0, "nobody's outlet");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_usual_visit_is_three_reads() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        site.set(Scope::Site, vec![credit(7_000)]).await;
        let field = site.start();
        site.settings_settled(&site.house.rooms[2]).await;
        site.confirmed().await;
        // Once nothing is to do, requests go up by three a visit: no visit in a row of five takes more.
        until("five visits of three reads each", async || {
            let mut steps = Vec::new();
            let mut last = site.meter(1).await;
            while steps.len() < 5 {
                let next = site.meter(1).await;
                if next.requests != last.requests {
                    steps.push(next.requests.unwrap() - last.requests.unwrap());
                    last = next;
                }
                tokio::task::yield_now().await;
            }
            steps.iter().all(|step| step % 3 == 0 && *step <= 6).then_some(())
        })
        .await;
        let taken = site.envelopes(1);
        // A new start of the server knows from the digest alone that the meter holds what it read before.
        field.shutdown().await;
        let before = site.meter(1).await.requests.unwrap();
        let field = site.start();
        until("another visit", async || Some(site.meter(1).await.requests?).filter(|now| *now > before))
            .await;
        assert_eq!((site.meter(1).await.requests.unwrap() - before) % 3, 0);
        assert_eq!(site.envelopes(1), taken);
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_courier_set_is_found_and_overruled() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let room = site.house.rooms[0].clone();
        site.set(Scope::Room(room.clone()), vec![credit(7_000)]).await;
        let field = site.start();
        site.settings_settled(&room).await;
        // Somebody with a handheld set another level, far ahead in generations; and a block nobody wanted anything of.
        site.give(&Command::HouseholdSettings { household: 0, generation: 40, block: credit(1) });
        site.give(&Command::HouseholdSettings {
            household: 0,
            generation: 3,
            block: table(DayType::Working),
        });
        until("the level is back", async || (site.held(0, 0) == (41, credit(7_000))).then_some(())).await;
        let outlet = site.outlet(&room).await;
        until("the other block is known", async || {
            let mut conn = site.house.db.read().await.unwrap();
            let reported = store::meters::settings::reported(&mut conn, &outlet.id).await.unwrap();
            reported.into_iter().find(|block| (block.block, block.generation) == (3, 3))
        })
        .await;
        assert_eq!(site.held(0, 3), (3, table(DayType::Working)), "nothing was wanted of it");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_meter_gets_the_sites_time_days_and_calendar() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let build = SiteSettings { second_loops: 3, rotation_s: 7, ..SiteSettings::FACTORY };
        site.give(&Command::MeterSettings { generation: 9, block: MeterBlock::Site(build) });
        let field = site.start();
        site.confirmed().await;
        assert_eq!(
            site.held_site(),
            SiteSettings { utc_offset_min: 480, ..build },
            "the build is left alone"
        );
        let days = CalendarDays { from_day: 20_727, to_day: 20_733, kind: DayKind(DayType::Holiday) };
        let request = ChangeCalendar { key: site.house.key(), rest_weekdays: 64, days: vec![days] };
        let (_db, _clock, who) = (&site.house.db, &*site.house.clock, &site.house.administrator);
        site.house.perform(who, request).await.unwrap();
        field.wake();
        until("the calendar has arrived", async || {
            let half = site
                .bench
                .bus()
                .with_meter(1, |meter: &mut VirtualMeter| meter.meter().settings().block(1).unwrap().1);
            let Some(MeterBlock::Calendar(0, half)) = half else { return None };
            half.day_type(20_730).filter(|_| site.held_site().rest_weekdays == 64)
        })
        .await;
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn daylight_saving_reaches_the_meter_by_itself() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        site.confirmed().await;
        site.house.move_to_zone("Europe/Berlin").await;
        let offset = async |offset| {
            until("the offset", async || (site.held_site().utc_offset_min == offset).then_some(())).await;
        };
        offset(120).await;
        // The clocks of Berlin go back on 2026-10-25 at 01:00 UTC.
        site.house.clock.advance(1_792_890_000_000 - site.house.clock.now_ms());
        offset(60).await;
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_commands_and_lost_answers_change_nothing_in_the_end() {
    for mode in [Mode::MODBUS_TCP, Mode::RtuOverTcp] {
        on_sqlite(|db| async move {
            let site = Site::build(db, 1, mode).await;
            for rule in [
                FaultRule::new(Fault::LostReply).on_writes().next(2),
                FaultRule::new(Fault::LostRequest).on_writes().next(1),
                FaultRule::new(Fault::LostReply).on_reads().next(3),
                FaultRule::new(Fault::RestartBeforeReply).on_writes().next(1),
                FaultRule::new(Fault::WrongEcho).on_writes().next(1),
            ] {
                site.bench.faults().add(rule);
            }
            let field = site.start();
            let room = site.house.rooms[0].clone();
            let cap = HouseholdBlock::Cap(LoopId::Main, CapSettings { delay_s: 3, recovery_s: 30 });
            site.set(Scope::Site, vec![credit(1), cap, table(DayType::Working)]).await;
            site.set(Scope::Room(room.clone()), vec![credit(2)]).await;
            field.wake();
            for room in &site.house.rooms[..3] {
                site.settings_settled(room).await;
            }
            assert_eq!(site.bench.faults().pending(), 0);
            assert_eq!((site.held(0, 0).1, site.held(2, 0).1), (credit(2), credit(1)));
            assert_eq!((site.held(1, 2).1, site.held(1, 3).1), (cap, table(DayType::Working)));
            field.shutdown().await;
        })
        .await;
    }
}
