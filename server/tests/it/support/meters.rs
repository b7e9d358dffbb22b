//! Meters that say what a test wants them to say.

use domain::clock::Clock;
use domain::ids::{HouseholdId, RoomId};
use wattwarden::db::DbError;
use wattwarden::jobs;
use wattwarden::store::meters::closings::{self, Closing};
use wattwarden::store::meters::households;

use super::house::House;

impl House {
    /// The household that serves a room.
    pub async fn household(&self, room: &RoomId) -> HouseholdId {
        let mut conn = self.db.read().await.unwrap();
        households::of_room(&mut conn, room).await.unwrap().unwrap().id
    }

    /// The room's meter has taken all its credit, and says now that `used_wh` were used in the epoch.
    pub async fn meter_says(&self, room: &RoomId, used_wh: i64) {
        let context = (self.household(room).await, self.clock.now_ms(), used_wh);
        self.db
            .write(context, |(household, now_ms, used_wh), conn| {
                Box::pin(async move {
                    sqlx::query::<sqlx::Any>(REPORT)
                        .bind(now_ms)
                        .bind(used_wh)
                        .bind(household.as_str())
                        .execute(conn)
                        .await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
            .unwrap();
    }

    /// The epoch that is wanted of the room's meter.
    pub async fn wanted_epoch(&self, room: &RoomId) -> i64 {
        let household = self.household(room).await;
        households::desired(&mut self.db.read().await.unwrap(), &household).await.unwrap().epoch
    }

    /// The room's meter has closed the epoch before the one that is wanted, and says that `used_wh` were used in it.
    pub async fn meter_closes(&self, room: &RoomId, used_wh: i64) {
        let open = self.wanted_epoch(room).await - 1;
        self.meter_goes_on_from(room, open, used_wh).await;
    }

    /// The room's meter has opened the epoch that is wanted, which closed its open one with `used_wh` used in it; those
    /// between it never had.
    pub async fn meter_goes_on_from(&self, room: &RoomId, open: i64, used_wh: i64) {
        let wanted = self.wanted_epoch(room).await;
        let closing = Closing {
            household_id: self.household(room).await,
            epoch: open,
            credited_wh: used_wh,
            debited_wh: 0,
            used_wh,
            energy_total_wh: used_wh + 7_000,
            closed_ms: Some(self.clock.now_ms()),
            read_ms: self.clock.now_ms(),
        };
        self.db
            .write((closing, wanted), |(closing, wanted), conn| {
                Box::pin(async move {
                    closings::keep(conn, closing).await?;
                    closings::know_before(conn, &closing.household_id, *wanted).await
                })
            })
            .await
            .unwrap();
    }

    /// Carries out every job that is due; how many runs came to their end.
    pub async fn run_jobs(&self) -> usize {
        jobs::scheduler::run_due(&self.ops(), &jobs::all(), "this server").await.unwrap()
    }
}

const REPORT: &str = "INSERT INTO household_reports (household_id, seen_ms, epoch, credited_wh, debited_wh, used_wh,
    energy_total_wh, relay_commanded, relay_closed, relay_fault, open_reasons, supply_mode, supply_generation,
    supply_until_s, power_mw, voltage1_mv, voltage2_mv, voltage3_mv, current1_ma, current2_ma, current3_ma,
    power_factor_milli)
    SELECT household_id, $1, epoch, credited_wh, debited_wh, CAST($2 AS BIGINT), CAST($2 AS BIGINT), 1, 1, 0, '', 'auto', 0, 0, 0,
        230000, 0, 0, 0, 0, 0, 1000 FROM credit_accounts WHERE household_id = $3
    ON CONFLICT (household_id) DO UPDATE SET seen_ms = excluded.seen_ms, epoch = excluded.epoch,
        credited_wh = excluded.credited_wh, debited_wh = excluded.debited_wh, used_wh = excluded.used_wh,
        energy_total_wh = excluded.energy_total_wh";
