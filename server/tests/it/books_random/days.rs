//! What goes by itself in a history: use, nights with their jobs, meters that slip, drawers that are counted.

use domain::books::Purse;
use domain::ids::{GroupId, TenancyId};
use wattwarden::ops::allowance::tick;
use wattwarden::ops::books::judge_reading::JudgeReading;
use wattwarden::ops::plans::SetPlan;
use wattwarden::store::books::quarantines::Decision;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::books::{purses, quarantines};
use wattwarden::store::desk::shifts;
use wattwarden::store::meters::households;

use super::acts::Act;
use super::{DAY_MS, HOUR_MS, Life, MISREAD_WH, OVERDRAFT_WH};
use crate::support::auditor::audit;
use crate::support::crash;

/// No breaker lets that through in the months that these histories take.
const JUMP_WH: i64 = 200_000_000;

impl Life {
    pub(super) async fn somebody_uses(&mut self) {
        let room = self.an_occupied_room();
        let household = self.house.household(&self.house.rooms[room]).await;
        let desired = {
            let mut conn = self.house.db.read().await.unwrap();
            households::desired(&mut conn, &household).await.unwrap()
        };
        let left_wh = desired.credited_wh - desired.debited_wh - self.counted_wh[room] + OVERDRAFT_WH;
        if left_wh > 0 {
            self.counted_wh[room] += self.rng.i64(0..=left_wh.min(6_000));
        }
        self.house.meter_says(&self.house.rooms[room], self.counted_wh[room]).await;
    }

    /// One price, or steps by what was bought in the month or the year.
    pub(super) async fn prices_change(&mut self) {
        let price = |mills: u32| format!("{}.{:03}", mills / 1000, mills % 1000 + 1);
        let mills = self.rng.u32(50..3_000);
        if self.rng.bool() {
            return self.house.set_price(&price(mills)).await;
        }
        let span = if self.rng.bool() { "month" } else { "year" };
        let (first, second) = (self.rng.u32(1..30), self.rng.u32(30..90));
        let [dearer, dearest] = [price(mills + 200), price(mills + 900)];
        let cheapest = price(mills);
        let terms = format!("ladder {span} {first}000:{cheapest} {second}000:{dearer} {dearest}");
        let (key, group_id) = (self.house.key(), GroupId("default".into()));
        let plan = SetPlan { key, group_id, terms, from_ms: None };
        let house = &self.house;
        house.perform(&house.administrator, plan).await.unwrap();
        self.tally.ladders += 1;
    }

    /// The next month's free electricity comes due; most meters have been read by then, and what is left of the old month
    /// lapses as the rule says.
    pub(super) async fn a_month_goes_by(&mut self) {
        self.house.clock.advance(self.rng.i64(26..33) * DAY_MS);
        for room in 0..3 {
            if self.occupied[room] && self.rng.usize(0..4) > 0 {
                self.house.meter_says(&self.house.rooms[room], self.counted_wh[room]).await;
            }
        }
        self.night().await;
    }

    /// A day goes by; the jobs run, on two servers at once, and sometimes the power goes meanwhile.
    pub(super) async fn night(&mut self) {
        self.house.clock.advance(DAY_MS);
        let house = &self.house;
        if self.rng.usize(0..3) == 0 {
            crash::after(&house.db, self.rng.i64(0..20)).await;
            house.run_jobs().await;
            let _ = tick(&house.ops()).await;
            crash::over(&house.db).await;
            // A run that stumbled waits a while.
            house.clock.advance(HOUR_MS);
        }
        let ops = house.ops();
        let (first, second) = tokio::join!(tick(&ops), tick(&ops));
        first.and(second).unwrap();
        tokio::join!(house.run_jobs(), house.run_jobs());
        audit(&house.db, OVERDRAFT_WH + MISREAD_WH).await;
    }

    /// A meter counts what nobody used, or forgets; it is held, and a manager calls it wrong (or, when the meter stays at
    /// less, right): nobody pays for it.
    pub(super) async fn meter_slips(&mut self) {
        self.night().await;
        let room = self.an_occupied_room();
        let (id, tenancy) =
            (self.house.rooms[room].clone(), self.house.tenancy(&self.house.rooms[room]).await);
        let counted_wh = self.counted_wh[room];
        if self.purse(&tenancy).await.used_wh != counted_wh {
            return;
        }
        let back = counted_wh > 0 && self.rng.bool();
        let said_wh =
            if back { self.rng.i64(0..counted_wh) } else { counted_wh + JUMP_WH + self.rng.i64(0..JUMP_WH) };
        self.house.meter_says(&id, said_wh).await;
        self.house.clock.advance(DAY_MS);
        self.house.run_jobs().await;
        for _ in 0..self.rng.usize(0..3) {
            self.something_is_asked().await;
        }
        let held = {
            let mut conn = self.house.db.read().await.unwrap();
            quarantines::open_of(&mut conn, &tenancy).await.unwrap().unwrap()
        };
        let recovers = self.rng.bool();
        let decision = if back && !recovers { Decision::Accepted } else { Decision::Rejected };
        if recovers {
            self.house.meter_says(&id, counted_wh).await;
        } else {
            self.counted_wh[room] = said_wh;
            self.miscounted_wh[room] += said_wh - counted_wh;
        }
        let (key, note) = (self.house.key(), "looked at".to_owned());
        self.ask(Act::Judge(JudgeReading { key, quarantine_id: held.id, decision, note })).await;
    }

    pub(super) async fn desk_changes_hands(&mut self) {
        let house = &self.house;
        let chief = &house.administrator;
        let mut conn = house.db.read().await.unwrap();
        let shift = shifts::open_of(&mut conn, &chief.id()).await.unwrap().unwrap().id;
        let drawer = -balance(&mut conn, &Account::Drawer(shift.clone())).await.unwrap();
        drop(conn);
        house.close_shift(chief, &shift, (drawer + self.rng.i64(-3..4)).max(0)).await;
        house.open_shift(chief, self.rng.i64(0..20_000)).await;
    }

    async fn purse(&self, tenancy: &TenancyId) -> Purse {
        purses::get(&mut self.house.db.read().await.unwrap(), tenancy).await.unwrap()
    }
}
