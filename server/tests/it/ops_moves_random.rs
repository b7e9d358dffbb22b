//! Any history of sales, use, prices, departures, room changes, refunds and repeats: the books stay in order, and of every
//! closed account what was refunded, used and carried away is what was bought and brought along.

use domain::books::settlement::Sharing;
use domain::ids::{OperationId, TenancyId};
use proptest::prelude::*;
use wattwarden::check::check;
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::change_room::ChangeRoom;
use wattwarden::ops::moves::move_in::{MoveIn, NewResident};
use wattwarden::ops::moves::move_out::{
    AskMoveOut, Debt, EnterReading, PayRequest, Seen, SettleRequest, Way, follow_up, settle,
};
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::moves::settlements;
use wattwarden::store::people::residents::open_tenancy;

use crate::ops_move_out::plainly;
use crate::support::database::on_sqlite;
use crate::support::house::House;

const HOUR_MS: i64 = 3_600_000;

#[derive(Clone, Debug)]
enum Act {
    Sell {
        room: usize,
        kwh: i64,
    },
    Use {
        room: usize,
        wh: i64,
    },
    Price(u32),
    Jobs,
    Leave(usize),
    Change {
        from: usize,
        to: usize,
    },
    /// A dark meter's reading, off by some.
    Enter {
        room: usize,
        off_wh: i64,
    },
    Close(usize),
    Settle {
        debt_minor: i64,
        sharing: Sharing,
    },
    Pay,
    MoveIn(usize),
}

fn an_act() -> impl Strategy<Value = Act> {
    let room = 0..3_usize;
    let sharing = prop::sample::select(vec![Sharing::Equal, Sharing::Paid]);
    prop_oneof![
        3 => (room.clone(), 1..60_i64).prop_map(|(room, kwh)| Act::Sell { room, kwh }),
        3 => (room.clone(), 0..20_000_i64).prop_map(|(room, wh)| Act::Use { room, wh }),
        1 => (1..2_000_u32).prop_map(Act::Price),
        1 => Just(Act::Jobs),
        2 => room.clone().prop_map(Act::Leave),
        1 => (room.clone(), room.clone()).prop_map(|(from, to)| Act::Change { from, to }),
        1 => (room.clone(), 0..3_000_i64).prop_map(|(room, off_wh)| Act::Enter { room, off_wh }),
        3 => room.clone().prop_map(Act::Close),
        3 => (0..3_000_i64, sharing).prop_map(|(debt_minor, sharing)| Act::Settle { debt_minor, sharing }),
        2 => Just(Act::Pay),
        2 => room.prop_map(Act::MoveIn),
    ]
}

/// What the meters have counted, and who left.
#[derive(Default)]
struct Story {
    /// Used in the open epoch of each room's meter.
    used_wh: [i64; 3],
    /// The epoch that each meter has open.
    epoch: [i64; 3],
    /// Departures, with the room and what was used by the meter.
    left: Vec<(OperationId, TenancyId, usize)>,
    newcomers: usize,
}

/// Refusals are part of the story; a database that fails is not.
fn told<T, R: std::fmt::Debug>(done: Result<T, Refused<R>>) -> Option<T> {
    match done {
        Err(Refused::Db(error)) => panic!("{error}"),
        other => other.ok(),
    }
}

impl Story {
    async fn go_on(&mut self, house: &House, act: &Act) {
        let (_db, _clock, boss) = (&house.db, &*house.clock, &house.administrator);
        match act {
            Act::Sell { room, kwh } => {
                if self.tenancy(house, *room).await.is_some() {
                    let request = house.request(&house.rooms[*room], SaleInput::Energy(kwh * 1000)).await;
                    told(house.perform(&house.cashier, request).await);
                }
            }
            Act::Use { room, wh } => {
                self.used_wh[*room] += wh;
                if house.wanted_epoch(&house.rooms[*room]).await == self.epoch[*room] {
                    house.meter_says(&house.rooms[*room], self.used_wh[*room]).await;
                }
            }
            Act::Price(price) => house.set_price(&format!("{}.{:03}", price / 1000, price % 1000 + 1)).await,
            Act::Jobs => {
                house.run_jobs().await;
                follow_up(&house.ops()).await.unwrap();
            }
            Act::Leave(room) => self.leave(house, *room).await,
            Act::Change { from, to } => self.change(house, *from, *to).await,
            Act::Enter { room, off_wh } => {
                for (departure_id, _, _) in self.left.iter().filter(|(_, _, of)| of == room) {
                    let seen = Seen::Used(self.used_wh[*room] + off_wh);
                    let reading = EnterReading { key: house.key(), departure_id: departure_id.clone(), seen };
                    told(house.perform(boss, reading).await);
                }
            }
            Act::Close(room) => {
                let wanted = house.wanted_epoch(&house.rooms[*room]).await;
                if wanted > self.epoch[*room] {
                    let (open, used_wh) = (self.epoch[*room], self.used_wh[*room]);
                    house.meter_goes_on_from(&house.rooms[*room], open, used_wh).await;
                    (self.used_wh[*room], self.epoch[*room]) = (0, wanted);
                }
            }
            Act::Settle { debt_minor, sharing } => {
                for (departure, _, _) in &self.left {
                    let debts = Vec::from_iter(
                        (*debt_minor > 0).then(|| Debt { text: "Key".into(), amount_minor: *debt_minor }),
                    );
                    let request = SettleRequest { debts, sharing: *sharing, ..plainly(house, departure) };
                    told(settle(&house.ops(), boss, request).await);
                }
            }
            Act::Pay => {
                for (departure, _, _) in &self.left {
                    let (departure_id, key) = (departure.clone(), house.key());
                    let request = PayRequest { key, departure_id, position: 0, way: Way::Cash };
                    told(house.perform(&house.cashier, request).await);
                }
            }
            Act::MoveIn(room) => {
                self.newcomers += 1;
                let number = format!("N{}", self.newcomers);
                let residents = vec![NewResident { number: number.clone(), name: number }];
                let form = MoveIn { key: house.key(), room_id: house.rooms[*room].clone(), residents };
                told(house.perform(boss, form).await);
            }
        }
    }

    async fn tenancy(&self, house: &House, room: usize) -> Option<TenancyId> {
        let mut conn = house.db.read().await.unwrap();
        open_tenancy(&mut conn, &house.rooms[room]).await.unwrap().map(|tenancy| tenancy.id)
    }

    async fn leave(&mut self, house: &House, room: usize) {
        let Some(tenancy_id) = self.tenancy(house, room).await else { return };
        let room_id = house.rooms[room].clone();
        let request = AskMoveOut { key: house.key(), room_id, tenancy_id: tenancy_id.clone() };
        if let Some(asked) = told(house.perform(&house.administrator, request).await) {
            self.left.push((asked.id, tenancy_id, room));
        }
    }

    async fn change(&mut self, house: &House, from: usize, to: usize) {
        let Some(tenancy_id) = self.tenancy(house, from).await else { return };
        let request = ChangeRoom {
            key: house.key(),
            room_id: house.rooms[from].clone(),
            tenancy_id: tenancy_id.clone(),
            to_room_id: house.rooms[to].clone(),
        };
        if let Some(asked) = told(house.perform(&house.administrator, request).await) {
            self.left.push((asked.id, tenancy_id, from));
        }
    }
}

async fn live(house: &House, acts: &[Act]) {
    let mut story = Story { epoch: [1; 3], ..Story::default() };
    for act in acts {
        house.clock.advance(2 * HOUR_MS);
        story.go_on(house, act).await;
    }
    let report = check(&house.db).await.unwrap();
    assert!(report.clean(), "{report}");
    for (departure, tenancy, _) in &story.left {
        let mut conn = house.db.read().await.unwrap();
        let Some(settled) = settlements::of_departure(&mut conn, departure).await.unwrap() else { continue };
        // Nothing is left of it, in either ledger, but what was used beyond what was bought.
        assert_eq!(balance(&mut conn, &Account::Prepaid(tenancy.clone())).await.unwrap(), 0);
        assert_eq!(balance(&mut conn, &Account::SubsidyPurse(tenancy.clone())).await.unwrap(), 0);
        let purse_wh = balance(&mut conn, &Account::Purse(tenancy.clone())).await.unwrap();
        assert!(purse_wh == 0 || (purse_wh < 0 && settled.returned_wh == 0), "{purse_wh} {settled:?}");
    }
}

#[test]
fn every_closed_account_comes_out_even_after_any_history() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(acts in prop::collection::vec(an_act(), 1..60))| {
        runtime.block_on(on_sqlite(|db| {
            let acts = acts.clone();
            async move { live(&House::furnish(db).await, &acts).await }
        }));
    });
}
