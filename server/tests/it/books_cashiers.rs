//! Two hundred cashiers at once, on three rooms: each sale once, each drawer its own.

use domain::actor::{Actor, Role};
use domain::ids::{OperationId, ShiftId};
use fastrand::Rng;
use futures_util::future::join_all;
use wattwarden::db::Db;
use wattwarden::ops::desk::sell::{SaleInput, SellRequest};
use wattwarden::ops::desk::void_sale::NoVoid;
use wattwarden::ops::desk::void_sale::VoidSale;
use wattwarden::ops::kit::Refused;
use wattwarden::store::books::transfers::{Account, balance};

use crate::support::auditor::audit;
use crate::support::database::for_each_engine;
use crate::support::house::{House, add_user};

const CASHIERS: usize = 200;
const SALES: usize = 2;

/// A cashier with a drawer, and what they are about to sell.
struct Desk {
    cashier: Actor,
    shift: ShiftId,
    requests: Vec<SellRequest>,
    /// Clicks twice.
    hasty: bool,
    /// Takes the last one back at once.
    rueful: bool,
}

impl Desk {
    async fn staffed(house: &House, number: usize, rng: &mut Rng) -> Self {
        let name = format!("cashier-{number}");
        let cashier = add_user(&house.db, &*house.clock, &name, Role::Cashier).await;
        let shift = house.open_shift(&cashier, 0).await;
        let mut requests = Vec::new();
        for _ in 0..SALES {
            let room = &house.rooms[rng.usize(0..3)];
            requests.push(house.request(room, SaleInput::Amount(rng.i64(100..5_000))).await);
        }
        Self { cashier, shift, requests, hasty: rng.bool(), rueful: rng.usize(0..4) == 0 }
    }

    /// Sells; what must be in the drawer then, in minor units, and in the purses, in Wh.
    async fn work(&self, house: &House) -> (i64, i64) {
        let (mut drawer_minor, mut purses_wh) = (0, 0);
        let mut last = None;
        for request in &self.requests {
            last = Some((self.sell(house, request).await, request));
            drawer_minor += request.amount_minor;
            purses_wh += request.energy_wh;
        }
        if let Some((sale_id, request)) = last.filter(|_| self.rueful) {
            let void = VoidSale { key: house.key(), sale_id, reason: "another room".into() };
            match house.perform(&self.cashier, void).await {
                Ok(_) => {
                    drawer_minor -= request.amount_minor;
                    purses_wh -= request.energy_wh;
                }
                // What was used before that reading came may lie in it.
                Err(Refused::Because(NoVoid::CreditUsed)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        (drawer_minor, purses_wh)
    }

    async fn sell(&self, house: &House, request: &SellRequest) -> OperationId {
        let ops = house.ops();
        let once = || ops.perform(&self.cashier, request.clone());
        if !self.hasty {
            return once().await.unwrap().id;
        }
        let (one, other) = tokio::join!(once(), once());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!(one.id == other.id && one.replayed != other.replayed, "sold twice");
        one.id
    }
}

async fn a_rush(db: Db) {
    let seed = std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let house = House::furnish(db).await;
    let mut desks = Vec::new();
    for number in 0..CASHIERS {
        desks.push(Desk::staffed(&house, number, &mut rng).await);
    }
    house.clock.advance(24 * 3_600_000);
    let (worked, ()) = tokio::join!(join_all(desks.iter().map(|desk| desk.work(&house))), async {
        // Meanwhile the night's jobs recognise what was used.
        for (room, used_wh) in house.rooms.iter().zip([300, 20, 0]) {
            house.meter_says(room, used_wh).await;
        }
        house.run_jobs().await;
    });
    let mut conn = house.db.read().await.unwrap();
    for (desk, (drawer_minor, _)) in desks.iter().zip(&worked) {
        let held = -balance(&mut conn, &Account::Drawer(desk.shift.clone())).await.unwrap();
        assert_eq!(held, *drawer_minor, "{}", desk.cashier.name());
    }
    let issued_wh = -balance(&mut conn, &Account::Issued).await.unwrap();
    assert_eq!(issued_wh, worked.iter().map(|(_, purses_wh)| purses_wh).sum::<i64>());
    drop(conn);
    audit(&house.db, 320).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_cashiers_at_once_sell_each_sale_once() {
    for_each_engine(a_rush).await;
}
