//! Refusals that are no quarrel: a meter without room for more credit, and one whose memory fails.

use domain::health::Anomaly;
use domain::ids::RoomId;
use meter_core::envelope::Command;
use meter_core::settings::{CreditSettings, HouseholdBlock};
use simulator::collector::Mode;
use wattwarden::store;

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::Office;

impl Site {
    /// Lets some visits pass.
    async fn visits(&self, count: i64) {
        let visits = async || self.meter(1).await.requests.unwrap_or(0) / 3;
        let before = visits().await;
        until("some visits have passed", async || (visits().await >= before + count).then_some(())).await;
    }

    async fn anomaly(&self, room: &RoomId) -> Option<Anomaly> {
        self.state(room).await.1.and_then(|reported| reported.anomaly)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credit_above_the_hoarding_limit_waits_and_arrives_in_portions() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let (office, room) = (Office::around(site.house.clone()).await, site.house.rooms[0].clone());
        let mut manager = office.signed_in("manager").await;
        // The office doesn't know of it, so the desk sells.
        let block = HouseholdBlock::Credit(CreditSettings { hoarding_wh: 1_000, ..CreditSettings::FACTORY });
        site.give(&Command::HouseholdSettings { household: 0, generation: 1, block });
        let field = site.start();
        site.settled(&room).await;
        let household = site.outlet(&room).await.id;
        until("the limit was read", async || {
            let mut conn = site.house.db.read().await.unwrap();
            let reported = store::meters::settings::reported(&mut conn, &household).await.unwrap();
            reported.into_iter().find(|block| block.block == 0)
        })
        .await;
        let refused = site.envelopes(1).1;
        site.sell(&room, 2_500).await;
        field.wake();
        until("a portion has arrived", async || (site.truth(1, 0).credited_wh == 1_000).then_some(())).await;
        until("it is told", async || site.anomaly(&room).await.filter(|what| *what == Anomaly::Hoarding))
            .await;
        let page = manager.get(&format!("/rooms/{room}")).await;
        assert!(page.body.contains("keeps no more credit for now"), "{}", page.body);
        let taken = site.envelopes(1);
        site.visits(5).await;
        assert_eq!(site.envelopes(1), taken, "nothing is sent that has no room");
        site.bench.bus().with_meter(1, |meter| meter.plug(0, 3_600));
        until("all of it has arrived", async || {
            site.bench.advance_ms(10_000);
            site.visits(1).await;
            (site.truth(1, 0).credited_wh == 2_500).then_some(())
        })
        .await;
        site.settled(&room).await;
        assert_eq!((site.envelopes(1).1, site.anomaly(&room).await), (refused, None));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_failing_memory_forgets_is_told_again_once_somebody_has_decided() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let (field, room) = (site.start(), site.house.rooms[0].clone());
        site.settled(&room).await;
        site.confirmed().await;
        let broken = |broken| site.bench.bus().with_meter(1, |meter| meter.set_memory_broken(broken));
        broken(true);
        site.sell(&room, 5_000).await;
        field.wake();
        let refused = site.envelopes(1).1 + 1;
        until("it was refused", async || (site.envelopes(1).1 >= refused).then_some(())).await;
        site.settled(&room).await;
        assert_eq!(site.anomaly(&room).await, None, "the meter agrees with the books");
        // The power fails before the memory is well.
        site.bench.bus().with_meter(1, |meter| {
            meter.set_memory_broken(false);
            meter.restart().unwrap();
            assert_eq!(meter.meter().households()[0].credit().totals().credited.0, 0, "it had not kept it");
        });
        let loss = until("the loss is noticed", async || site.loss().await).await;
        site.decide(&loss.id).await.unwrap();
        field.wake();
        until("it was told again", async || (site.truth(1, 0).credited_wh == 5_000).then_some(())).await;
        site.settled(&room).await;
        site.bench.bus().with_meter(1, |meter| meter.restart().unwrap());
        assert_eq!(site.truth(1, 0).credited_wh, 5_000, "and has kept it now");
        field.shutdown().await;
    })
    .await;
}
