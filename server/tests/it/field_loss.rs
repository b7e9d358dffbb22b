//! A meter that lost its memory gets no credit before a manager has decided; then its rooms have what they had left.

use domain::health::Anomaly;
use domain::supply::SupplyMode;
use simulator::collector::Mode;
use simulator::meter::VirtualMeter;
use wattwarden::ops::kit::Refused;
use wattwarden::ops::meters::restore_credit::{NoLoss, RestoreCredit};
use wattwarden::store::meters::memory_losses::{self, Loss};

use crate::field_bench::{Site, until};
use crate::support::database::{for_each_engine, on_sqlite};

impl Site {
    /// The electronics of unit 1 are exchanged for new ones under the same number.
    pub fn forget_everything(&self) {
        let bus = self.bench.bus();
        let key = bus.with_meter(1, |meter| *meter.key()).unwrap();
        let mut rng = fastrand::Rng::with_seed(7);
        bus.attach(1, VirtualMeter::without_loads(self.bench.serials()[0], key, &mut rng));
    }

    /// The loss that waits for a decision.
    pub async fn loss(&self) -> Option<Loss> {
        let meter = self.meter_id().await;
        memory_losses::open(&mut self.house.db.read().await.unwrap(), &meter).await.unwrap()
    }

    /// Waits until unit 1 was visited some more times.
    pub async fn visited_again(&self) {
        let before = self.meter(1).await.requests.unwrap_or_default();
        until("some visits were made", async || {
            (self.meter(1).await.requests.unwrap_or_default() > before + 12).then_some(())
        })
        .await;
    }

    /// A manager says that the rooms shall have what they had left.
    pub async fn decide(&self, loss_id: &str) -> Result<(), Refused<NoLoss>> {
        let request = RestoreCredit {
            key: self.house.key(),
            meter_id: self.meter_id().await,
            loss_id: loss_id.to_owned(),
        };
        self.house.perform(&self.house.administrator, request).await.map(drop)
    }

    /// Sells to the first room, which then uses some of it; returns how much.
    async fn sold_and_used(&self) -> i64 {
        let room = self.house.rooms[0].clone();
        self.sell(&room, 50_000).await;
        self.settled(&room).await;
        self.plug(0, 1_500);
        self.live_s(2_400);
        let truth = i64::from(self.truth(1, 0).used_wh);
        assert!(truth >= 900, "{truth}");
        self.plug(0, 0);
        until("the use is reported", async || {
            self.state(&room).await.1.filter(|said| said.used_wh >= truth).map(|said| said.used_wh)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credit_waits_for_the_decision_and_then_nobody_gets_it_twice() {
    for_each_engine(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let room = site.house.rooms[0].clone();
        let used_wh = site.sold_and_used().await;
        site.forget_everything();
        let loss = until("the loss is noticed", async || site.loss().await).await;
        site.sell(&room, 4_000).await;
        site.switch(&room, SupplyMode::Off, None).await;
        field.wake();
        until("the relay is commanded all the same", async || {
            (site.state(&room).await.1?.supply_mode == SupplyMode::Off).then_some(())
        })
        .await;
        site.visited_again().await;
        assert_eq!((site.truth(1, 0).epoch, site.truth(1, 0).credited_wh), (0, 0), "no credit");
        let said = site.state(&room).await.1.unwrap();
        assert_eq!(said.anomaly, Some(Anomaly::MemoryLost));
        assert_eq!(site.loss().await.as_ref(), Some(&loss), "noticed once");
        assert_eq!(site.meter(1).await.memory_lost, 1);

        let refused = site
            .house
            .perform(
                &site.house.cashier,
                RestoreCredit {
                    key: site.house.key(),
                    meter_id: site.meter_id().await,
                    loss_id: loss.id.clone(),
                },
            )
            .await;
        assert!(matches!(refused, Err(Refused::Forbidden)), "{refused:?}");
        site.decide(&loss.id).await.unwrap();
        assert!(matches!(site.decide(&loss.id).await, Err(Refused::Because(NoLoss))), "decided already");
        site.switch(&room, SupplyMode::Auto, None).await;
        field.wake();
        let said = site.settled(&room).await;
        assert_eq!(
            (said.credited_wh, said.debited_wh, said.used_wh),
            (54_000, 0, used_wh),
            "as if nothing was lost"
        );
        assert_eq!(said.anomaly, None);
        let truth = site.truth(1, 0);
        assert_eq!(i64::from(truth.remaining_wh), 54_000 - used_wh, "{truth:?}");
        assert!(truth.relay_closed());

        site.plug(0, 1_500);
        site.live_s(2_400);
        let more_wh = i64::from(site.truth(1, 0).used_wh);
        until("use counts on", async || {
            site.state(&room).await.1.filter(|said| said.used_wh >= used_wh + more_wh)
        })
        .await;
        // Once more: what was forgotten before stays counted, too.
        site.plug(0, 0);
        let before = until("the last use is reported", async || {
            let total_wh = used_wh + i64::from(site.truth(1, 0).used_wh);
            site.state(&room).await.1.filter(|said| said.used_wh == total_wh).map(|said| said.used_wh)
        })
        .await;
        site.forget_everything();
        let second = until("the second loss is noticed", async || site.loss().await).await;
        site.decide(&second.id).await.unwrap();
        field.wake();
        let said = site.settled(&room).await;
        assert_eq!((said.used_wh, said.remaining_wh()), (before, 54_000 - before));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_is_no_loss_of_memory() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let used_wh = site.sold_and_used().await;
        for _ in 0..3 {
            site.bench.bus().with_meter(1, |meter| meter.restart().unwrap());
            site.visited_again().await;
        }
        assert_eq!(site.loss().await, None);
        let said = site.state(&site.house.rooms[0]).await.1.unwrap();
        assert_eq!((said.used_wh, said.anomaly), (used_wh, None));
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loss_while_the_server_was_down_is_noticed_before_any_credit_is_sent() {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let field = site.start();
        let used_wh = site.sold_and_used().await;
        field.shutdown().await;
        site.forget_everything();
        let room = site.house.rooms[0].clone();
        site.sell(&room, 4_000).await;
        let field = site.start();
        let loss = until("the loss is noticed", async || site.loss().await).await;
        site.visited_again().await;
        assert_eq!(site.truth(1, 0).credited_wh, 0);
        let meter = site.meter_id().await;
        let fallen = {
            let mut conn = site.house.db.read().await.unwrap();
            memory_losses::fallen(&mut conn, &loss.id).await.unwrap()
        };
        // Its new events are kept beside the old ones, from the first on.
        let events = site.events_fetched().await;
        let anew: Vec<_> = events.iter().filter(|event| event.life == 1).map(|event| event.number).collect();
        assert_eq!(anew, (1..=site.latest_event()).collect::<Vec<_>>());
        let first = &fallen.first().unwrap().had;
        assert_eq!((first.credited_wh, first.used_wh, first.forgotten_wh), (50_000, used_wh, used_wh));
        assert_eq!(site.meter(1).await.id, meter);
        field.shutdown().await;
    })
    .await;
}
