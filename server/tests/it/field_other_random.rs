//! Credit that the server keeps, through whatever happens: sales, use, orders, move-outs and move-ins, a line that breaks
//! off, a server that goes on after another has taken over. In the end each watt-hour that was drawn is of exactly one epoch, and the relay is closed
//! exactly while there is credit. `SEED=…` replays a run (its times are the machine's, so not every interleaving).

use domain::ids::HouseholdId;
use domain::supply::{Reported, SupplyMode};
use fastrand::Rng;
use wattwarden::check::check;
use wattwarden::field::FieldHandle;
use wattwarden::ops::moves::move_out::AskMoveOut;
use wattwarden::store::meters::closings;

use crate::field_bench::until;
use crate::field_other_meter::{BEFORE_WH, Place, start};
use crate::support::database::for_each_engine;

const ROUNDS: usize = 30;

impl Place {
    async fn reported(&self) -> Option<Reported> {
        self.site.state(&self.room).await.1
    }

    /// One tenancy ends, and once its end is known the next one begins.
    async fn change_hands(&self, number: usize) {
        let house = &self.site.house;
        let tenancy_id = house.tenancy(&self.room).await;
        let request = AskMoveOut { key: house.key(), room_id: self.room.clone(), tenancy_id };
        house.perform(&house.administrator, request).await.unwrap();
        self.field.wake();
        until("the epoch has ended", async || {
            let (desired, said) = self.site.state(&self.room).await;
            (said?.epoch == desired.epoch).then_some(())
        })
        .await;
        house.move_in(&self.room, &format!("77{number}")).await;
    }

    async fn round(&mut self, rng: &mut Rng, number: usize, rival: &mut Option<FieldHandle>) {
        self.plain.fail(if rng.bool() { rng.u8(0..120) } else { 0 });
        match rng.u8(0..8) {
            0 => self.site.switch(&self.room, SupplyMode::Off, None).await,
            1 => self.site.switch(&self.room, SupplyMode::Auto, None).await,
            2 => self.change_hands(number).await,
            // Another takes over, and the one before goes on for a while as if it had not.
            3 => *rival = Some(std::mem::replace(&mut self.field, start(&self.site))),
            4 | 5 => self.plain.draw_wh(rng.u32(1..3_000)),
            _ => self.site.sell(&self.room, rng.i64(1..=4) * 1_000).await,
        }
        self.field.wake();
        if let Some(rival) = rival {
            rival.wake();
        }
        let some_requests = self.plain.requests() + rng.u64(0..4);
        until("it was asked", async || (self.plain.requests() >= some_requests).then_some(())).await;
    }

    /// Used in every epoch that was closed; one that ended before the meter was seen was never open, and nothing is its.
    async fn closed_wh(&self, household: &HouseholdId, open: i64) -> i64 {
        let mut conn = self.site.house.db.read().await.unwrap();
        let mut closed_wh = 0;
        for epoch in 1..open {
            let closing = closings::get(&mut conn, household, epoch).await.unwrap();
            closed_wh += closing.map_or(0, |closing| closing.used_wh);
        }
        closed_wh
    }
}

async fn run(place: &mut Place, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    // What ran before the first epoch was opened is nobody's.
    until("the first epoch is open", async || place.reported().await.filter(|said| said.epoch > 0)).await;
    let mut rival = None;
    for number in 0..ROUNDS {
        place.round(&mut rng, number, &mut rival).await;
    }
    drop(rival);
    place.plain.fail(0);
    place.site.switch(&place.room, SupplyMode::Auto, None).await;
    place.field.wake();
    let energy_wh = i64::from(place.plain.registers().energy_wh);
    let said = until("everything is read back", async || {
        let (desired, said) = place.site.state(&place.room).await;
        said.filter(|said| desired.settled(said) && said.energy_total_wh == energy_wh)
    })
    .await;
    let outlet = place.site.outlet(&place.room).await;
    let closed_wh = place.closed_wh(&outlet.id, said.epoch).await;
    assert_eq!(closed_wh + said.used_wh, energy_wh - i64::from(BEFORE_WH), "{said:?}");
    assert_eq!(place.plain.is_on(), said.remaining_wh() > 0, "{said:?}");
    let report = check(&place.site.house.db).await.unwrap();
    assert!(report.clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_watt_hour_is_counted_once_whatever_fails() {
    let seed = std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    for_each_engine(|db| async move {
        let mut place = Place::open(db).await;
        run(&mut place, seed).await;
        place.field.shutdown().await;
    })
    .await;
}
