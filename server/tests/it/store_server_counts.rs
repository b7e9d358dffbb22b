//! Two processes that drive the same meter by mistake count its credit once: who comes second finds that it was overtaken,
//! and nothing of what it counted is taken.

use domain::health::MeterStatus;
use domain::ids::HouseholdId;
use wattwarden::store::meters::closings::{self, Closing};
use wattwarden::store::meters::field::{
    Counting, HistoryReport, MeterFacts, ServerCount, SettingsReport, VisitReport, put_visit, wanted,
};
use wattwarden::store::meters::households;

use crate::support::database::for_each_engine;
use crate::support::house::House;

const fn count(epoch: i64, from_energy_wh: i64) -> ServerCount {
    ServerCount { epoch, used_before_wh: 0, from_energy_wh }
}

struct Counted {
    house: House,
    household: HouseholdId,
}

impl Counted {
    /// Writes down a visit that counted so; whether all of it was taken.
    async fn put(&self, before: Option<ServerCount>, now: ServerCount, closed_wh: Option<i64>) -> bool {
        let outlet = {
            let mut conn = self.house.db.read().await.unwrap();
            households::of_room(&mut conn, &self.house.rooms[0]).await.unwrap().unwrap()
        };
        let closing = closed_wh.map(|used_wh| Closing {
            household_id: self.household.clone(),
            epoch: now.epoch - 1,
            credited_wh: 0,
            debited_wh: 0,
            used_wh,
            energy_total_wh: now.from_energy_wh,
            closed_ms: None,
            read_ms: 0,
        });
        let counting = Counting { household_id: self.household.clone(), before, now, closing };
        let report = VisitReport {
            collector_id: outlet.collector_id,
            meter_id: outlet.meter_id,
            at_ms: 0,
            facts: MeterFacts { status: MeterStatus::Online, ..MeterFacts::default() },
            households: vec![],
            details: vec![],
            settings: SettingsReport::default(),
            counts: vec![counting],
            history: HistoryReport::default(),
            reading_span_ms: None,
        };
        let db = &self.house.db;
        db.write(report, |report, conn| Box::pin(put_visit(conn, report))).await.unwrap()
    }

    async fn stands(&self) -> Option<ServerCount> {
        let mut conn = self.house.db.read().await.unwrap();
        let outlet = households::of_room(&mut conn, &self.house.rooms[0]).await.unwrap().unwrap();
        wanted(&mut conn, &outlet.meter_id).await.unwrap()[0].counted()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_second_is_overtaken() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let household = {
            let mut conn = house.db.read().await.unwrap();
            households::of_room(&mut conn, &house.rooms[0]).await.unwrap().unwrap().id
        };
        let counted = Counted { house, household };
        assert_eq!(counted.stands().await, None);
        assert!(counted.put(None, count(1, 100), None).await);
        assert!(!counted.put(None, count(1, 300), None).await);
        assert_eq!(counted.stands().await, Some(count(1, 100)));

        // Both close the epoch, at other readings of the running meter: the first to write it down is right.
        assert!(counted.put(Some(count(1, 100)), count(2, 900), Some(800)).await);
        assert!(!counted.put(Some(count(1, 100)), count(2, 950), Some(850)).await);
        assert_eq!(counted.stands().await, Some(count(2, 900)));
        let mut conn = counted.house.db.read().await.unwrap();
        let closing = closings::get(&mut conn, &counted.household, 1).await.unwrap().unwrap();
        assert_eq!(closing.used_wh, 800);
    })
    .await;
}
