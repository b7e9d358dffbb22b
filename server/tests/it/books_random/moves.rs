//! Moving in a history: out with a refund, into another room with the credit, in again; past meters that are dark.

use domain::books::settlement::Sharing;
use domain::ids::{OperationId, SettlementId, TenancyId};
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::moves::change_room::ChangeRoom;
use wattwarden::ops::moves::move_in::{MoveIn, NewResident};
use wattwarden::ops::moves::move_out::{
    ApproveRefund, AskMoveOut, Debt, EnterReading, PayRequest, Seen, SettleRequest, Way, follow_up,
};
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::moves::{departures, settlements};
use words::Lang;

use super::acts::Act;
use super::{Life, MISREAD_WH};
use crate::support::crash;

impl Life {
    /// Out, or into another room; somebody else comes after them.
    pub(super) async fn somebody_moves(&mut self) {
        let room = self.an_occupied_room();
        if self.rng.bool() {
            self.move_out(room).await;
        } else {
            let to = (room + 1 + self.rng.usize(0..2)) % 3;
            self.move_out(to).await;
            self.change(room, to).await;
        }
        for room in 0..3 {
            if !self.occupied[room] {
                self.arrive(room).await;
            }
        }
    }

    async fn move_out(&mut self, room: usize) {
        let (room_id, tenancy_id) = self.whose(room).await;
        self.occupied[room] = false;
        let leave = Act::Leave(AskMoveOut { key: self.house.key(), room_id, tenancy_id: tenancy_id.clone() });
        self.ask_while_one_buys(leave, room).await;
        let departure = self.departure_of(&tenancy_id).await;
        let dark = self.learn_the_last_reading(room, &departure).await;
        self.settle(&departure).await;
        self.pay_out(&departure, &tenancy_id).await;
        self.close(room, dark).await;
    }

    async fn change(&mut self, from: usize, to: usize) {
        let (room_id, tenancy_id) = self.whose(from).await;
        let to_room_id = self.house.rooms[to].clone();
        self.occupied[from] = false;
        let key = self.house.key();
        let change = ChangeRoom { key, room_id, tenancy_id: tenancy_id.clone(), to_room_id };
        self.ask_while_one_buys(Act::Change(change), from).await;
        self.occupied[to] = true;
        let departure = self.departure_of(&tenancy_id).await;
        for _ in 0..self.rng.usize(0..3) {
            self.something_is_asked().await;
        }
        let dark = self.learn_the_last_reading(from, &departure).await;
        self.follow_up().await;
        self.close(from, dark).await;
    }

    async fn arrive(&mut self, room: usize) {
        let residents = (0..self.rng.usize(1..4)).map(|_| {
            let number = format!("N{:x}", self.rng.u64(..));
            NewResident { name: format!("Resident {number}"), number }
        });
        let residents = residents.collect();
        let (key, room_id) = (self.house.key(), self.house.rooms[room].clone());
        self.ask(Act::Arrive(MoveIn { key, room_id, residents })).await;
        self.occupied[room] = true;
    }

    /// Somebody buys at the very moment: before they are gone, or refused.
    async fn ask_while_one_buys(&mut self, act: Act, room: usize) {
        if self.rng.bool() {
            return self.ask(act).await;
        }
        let (house, chief) = (self.house.clone(), self.house.administrator.clone());
        let input = SaleInput::Amount(self.rng.i64(100..5_000));
        let sale = Act::Sell(house.request(&house.rooms[room], input).await);
        let (sold, gone) = tokio::join!(sale.carry_out(&house, &chief), act.carry_out(&house, &chief));
        self.note(&sale, sold);
        self.note(&act, gone);
    }

    async fn departure_of(&self, tenancy: &TenancyId) -> OperationId {
        let mut conn = self.house.db.read().await.unwrap();
        departures::of_tenancy(&mut conn, tenancy).await.unwrap().unwrap().id
    }

    /// From the meter; or, while it is dark, off its display by somebody who may misread it. Whether it was dark.
    async fn learn_the_last_reading(&mut self, room: usize, departure: &OperationId) -> bool {
        let (counted_wh, miscounted_wh) = (self.counted_wh[room], self.miscounted_wh[room]);
        let dark = self.rng.usize(0..3) == 0;
        if dark {
            let seen_wh = counted_wh + self.rng.i64(0..=MISREAD_WH);
            let (key, departure_id) = (self.house.key(), departure.clone());
            self.ask(Act::Enter(EnterReading { key, departure_id, seen: Seen::Used(seen_wh) })).await;
            self.billed_wh += seen_wh - miscounted_wh;
        } else {
            self.house.meter_closes(&self.house.rooms[room], counted_wh).await;
            self.billed_wh += counted_wh - miscounted_wh;
        }
        dark
    }

    /// The meter has closed the epoch by now, and what follows from that has been done.
    async fn close(&mut self, room: usize, dark: bool) {
        if dark {
            self.house.meter_closes(&self.house.rooms[room], self.counted_wh[room]).await;
        }
        self.follow_up().await;
        (self.counted_wh[room], self.miscounted_wh[room]) = (0, 0);
    }

    /// On two servers at once; sometimes the power goes first.
    async fn follow_up(&mut self) {
        let (db, ops) = (&self.house.db, self.house.ops());
        if self.rng.usize(0..3) == 0 {
            crash::after(db, self.rng.i64(0..12)).await;
            follow_up(&ops).await.unwrap();
            crash::over(db).await;
        }
        let (one, other) = tokio::join!(follow_up(&ops), follow_up(&ops));
        one.and(other).unwrap();
    }

    async fn settle(&mut self, departure: &OperationId) {
        let debts = (0..self.rng.usize(0..3))
            .map(|_| Debt { text: "a lost key".into(), amount_minor: self.rng.i64(1..3_000) });
        let settle = SettleRequest {
            debts: debts.collect(),
            key: self.house.key(),
            departure_id: departure.clone(),
            sharing: if self.rng.bool() { Sharing::Equal } else { Sharing::Paid },
            payee: None,
            language: Lang::Zh,
        };
        self.ask(Act::Settle(settle.clone())).await;
        // A second one, with another key, finds nothing to settle.
        let again = Act::Settle(SettleRequest { key: self.house.key(), ..settle });
        let refused = again.carry_out(&self.house, &self.house.administrator).await;
        assert!(refused.is_err(), "settled twice: {again:?}");
    }

    async fn pay_out(&mut self, departure: &OperationId, tenancy: &TenancyId) {
        let house = self.house.clone();
        let (settlement, shares) = {
            let mut conn = house.db.read().await.unwrap();
            let settlement = settlements::of_departure(&mut conn, departure).await.unwrap().unwrap();
            let shares = settlements::shares_of(&mut conn, &settlement.id).await.unwrap();
            (settlement, shares)
        };
        let sum: i64 = shares.iter().map(|share| share.amount_minor).sum();
        assert_eq!(sum, settlement.refund_minor, "{tenancy}");
        if settlement.needs_approval == 1 {
            house
                .perform(&self.second, ApproveRefund { key: house.key(), departure_id: departure.clone() })
                .await
                .unwrap();
        }
        for share in shares {
            let way = match self.rng.usize(0..3) {
                0 => Way::Cash,
                1 => Way::Channel { name: "bank-transfer".into(), reference: format!("B{}", share.position) },
                _ => {
                    Way::Bank { account_name: "A".into(), account_number: "62 0000".into(), bank: "B".into() }
                }
            };
            let pay = |way| PayRequest {
                key: house.key(),
                departure_id: departure.clone(),
                position: share.position,
                way,
            };
            self.ask(Act::Pay(pay(way))).await;
            // The drawer may have been short; else it is paid, and not again.
            let bank = Way::Channel { name: "bank-transfer".into(), reference: "second".into() };
            let again = Act::Pay(pay(bank));
            let outcome = again.carry_out(&house, &house.administrator).await;
            self.note(&again, outcome);
        }
        let payable = Account::RefundsPayable(SettlementId(settlement.id.0));
        let mut conn = house.db.read().await.unwrap();
        assert_eq!(balance(&mut conn, &payable).await.unwrap(), 0, "{tenancy}: paid out, once");
    }
}
