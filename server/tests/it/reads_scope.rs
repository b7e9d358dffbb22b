//! Whoever has a scope of their own rooms can be told nothing of another's, and nothing of a room from before or after
//! their time. `SEED=…` replays a run.

use std::collections::BTreeSet;

use domain::actor::{Actor, Resident, Role};
use domain::clock::Clock;
use domain::ids::{RoomId, TenancyId};
use fastrand::Rng;
use wattwarden::ops::desk::sell::SaleInput;
use wattwarden::reads::room::{RoomFacts, account};
use wattwarden::reads::scope::{Scope, Seen};
use wattwarden::store::meters::households;
use wattwarden::store::meters::readings::{Reading, keep};
use wattwarden::store::people::residents::{self, Stay};

use crate::ops_move_out::leave;
use crate::support::database::for_each_engine;
use crate::support::house::{House, add_user};

const ROOMS: usize = 3;
const STEPS: usize = 40;
const HOUR_MS: i64 = 3_600_000;

/// Somebody who lives or has lived there, and what the test knows of it.
struct Life {
    who: Actor,
    stays: Vec<Stay>,
}

struct Street {
    house: House,
    lives: Vec<Life>,
    read_ms: BTreeSet<i64>,
}

impl Street {
    async fn open(house: House) -> Self {
        let mut street = Self { house, lives: Vec::new(), read_ms: BTreeSet::new() };
        for room in 0..ROOMS {
            street.note(room, None).await;
        }
        street
    }

    /// Notes the stay that has just begun.
    async fn note(&mut self, room: usize, life: Option<usize>) {
        let room_id = self.house.rooms[room].clone();
        let tenancy_id = self.house.tenancy(&room_id).await;
        let mut conn = self.house.db.read().await.unwrap();
        let one = residents::residents_of(&mut conn, &tenancy_id).await.unwrap().remove(0);
        let stay = Stay { room_id, tenancy_id, from_ms: self.house.clock.now_ms(), until_ms: None };
        let who = Actor::Resident(Resident { resident_id: one.id, name: one.name });
        match life {
            Some(life) => self.lives[life].stays.push(stay),
            None => self.lives.push(Life { who, stays: vec![stay] }),
        }
    }

    fn lives_in(&self, room: usize) -> Option<usize> {
        let room = &self.house.rooms[room];
        self.lives.iter().position(|life| {
            life.stays.last().is_some_and(|stay| stay.room_id == *room && stay.until_ms.is_none())
        })
    }

    async fn move_out(&mut self, room: usize) {
        let Some(life) = self.lives_in(room) else { return };
        leave(&self.house, room).await;
        self.house.meter_closes(&self.house.rooms[room], 0).await;
        let now_ms = self.house.clock.now_ms();
        self.lives[life].stays.last_mut().unwrap().until_ms = Some(now_ms);
    }

    /// Somebody new, or somebody who has lived in the street before.
    async fn move_in(&mut self, room: usize, rng: &mut Rng) {
        if self.lives_in(room).is_some() {
            return;
        }
        let former = (0..self.lives.len())
            .find(|life| rng.bool() && self.lives[*life].stays.last().unwrap().until_ms.is_some());
        let number = match former {
            Some(life) => self.lives[life].who.name().trim_start_matches("Resident ").to_owned(),
            None => format!("88{:04}", self.lives.len()),
        };
        self.house.move_in(&self.house.rooms[room].clone(), &number).await;
        self.note(room, former).await;
    }

    async fn read_meter(&mut self, room: usize) {
        let at_ms = self.house.clock.now_ms();
        self.read_ms.insert(at_ms);
        let mut conn = self.house.db.read().await.unwrap();
        let outlet = households::of_room(&mut conn, &self.house.rooms[room]).await.unwrap().unwrap();
        drop(conn);
        let reading = Reading { at_ms, energy_total_wh: at_ms / HOUR_MS, power_mw: 1 };
        let write = (outlet.id, reading);
        self.house
            .db
            .write(write, |(outlet, reading), conn| {
                Box::pin(keep(conn, outlet, reading, (reading.at_ms, reading.at_ms + 1)))
            })
            .await
            .unwrap();
    }

    async fn step(&mut self, rng: &mut Rng) {
        self.house.clock.advance(rng.i64(1..5) * HOUR_MS);
        let room = rng.usize(0..ROOMS);
        match rng.u8(0..6) {
            0 => self.move_out(room).await,
            1 => self.move_in(room, rng).await,
            2 if self.lives_in(room).is_some() => {
                let request = self.house.request(&self.house.rooms[room], SaleInput::Energy(1_000)).await;
                self.house.perform(&self.house.cashier, request).await.unwrap();
            }
            _ => self.read_meter(room).await,
        }
    }

    async fn tenancies(&self) -> Vec<(RoomId, TenancyId)> {
        let stays = self.lives.iter().flat_map(|life| &life.stays);
        stays.map(|stay| (stay.room_id.clone(), stay.tenancy_id.clone())).collect()
    }

    async fn facts(&self, seen: &Seen) -> RoomFacts {
        let now_ms = self.house.clock.now_ms();
        let mut conn = self.house.db.read().await.unwrap();
        RoomFacts::read(&mut conn, seen, (0, now_ms)).await.unwrap().unwrap()
    }

    /// What one person can be told.
    async fn look_as(&self, life: &Life) {
        let mut conn = self.house.db.read().await.unwrap();
        let scope = Scope::of(&mut conn, &life.who).await.unwrap();
        for room in &self.house.rooms {
            let own = life.stays.iter().any(|stay| stay.room_id == *room);
            assert_eq!(scope.room(room).is_some(), own, "{:?} and {room}", life.who);
        }
        for (room, tenancy) in self.tenancies().await {
            let own = life.stays.iter().any(|stay| stay.tenancy_id == tenancy);
            assert_eq!(scope.tenancy(&room, &tenancy).is_some(), own, "{:?} and {tenancy}", life.who);
            let Some(seen) = scope.room(&room) else { continue };
            let told = account::account(&mut conn, &seen, &tenancy).await.unwrap();
            assert_eq!(told.is_some(), seen.tenancy_id() == Some(&tenancy), "{:?}", life.who);
        }
        drop(conn);
        for stay in &life.stays {
            self.look_at(&scope, stay).await;
        }
    }

    /// What can be told of one stay.
    async fn look_at(&self, scope: &Scope, stay: &Stay) {
        let seen = scope.tenancy(&stay.room_id, &stay.tenancy_id).unwrap();
        let facts = self.facts(&seen).await;
        let lives_there = stay.until_ms.is_none();
        assert_eq!(facts.served.is_some(), lives_there, "what the room is now");
        assert_eq!(facts.tenancy.is_some(), lives_there);
        assert_eq!(facts.residents.len(), 1);
        assert!(facts.sales.iter().all(|sale| sale.tenancy_id == stay.tenancy_id), "another's receipts");
        let until_ms = stay.until_ms.unwrap_or(i64::MAX);
        for reading in &facts.past.readings {
            assert!((stay.from_ms..=until_ms).contains(&reading.at_ms), "{reading:?} of {stay:?}");
        }
    }
}

#[tokio::test]
async fn a_scope_of_ones_own_rooms_can_be_asked_for_no_other() {
    let seed = std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    for_each_engine(|db| async move {
        let mut rng = Rng::with_seed(seed);
        let mut street = Street::open(House::furnish(db).await).await;
        for _ in 0..STEPS {
            street.step(&mut rng).await;
        }
        for life in &street.lives {
            street.look_as(life).await;
        }
        // The office is told everything that was read.
        let mut told = BTreeSet::new();
        for room in &street.house.rooms[..ROOMS] {
            let seen = Scope::Site.room(room).unwrap();
            told.extend(street.facts(&seen).await.past.readings.iter().map(|reading| reading.at_ms));
        }
        assert_eq!(told, street.read_ms);
    })
    .await;
}

#[tokio::test]
async fn staff_see_every_room_and_a_provider_none() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let mut conn = house.db.read().await.unwrap();
        for role in Role::ALL {
            let somebody = add_user(&house.db, &*house.clock, &format!("a-{}", role.as_str()), role).await;
            assert_eq!(Scope::of(&mut conn, &somebody).await.unwrap(), Scope::Site, "{role:?}");
        }
        let provider = Actor::Provider(domain::actor::Provider { name: "alipay".into() });
        let scope = Scope::of(&mut conn, &provider).await.unwrap();
        assert_eq!(scope.room(&house.rooms[0]), None);
    })
    .await;
}
