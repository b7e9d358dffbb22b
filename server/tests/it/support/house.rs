//! A small furnished house: a site with a price, two people who act, a building with rooms, a meter, residents.

use std::sync::Arc;

use domain::actor::{Actor, Role, Staff};
use domain::clock::{Clock, ManualClock};
use domain::ids::{BuildingId, CollectorId, RoomId, ShiftId, TenancyId, UserId};
use wattwarden::db::Db;
use wattwarden::ops::desk::close_shift::CloseShift;
use wattwarden::ops::desk::open_shift::{OpenShift, shift_of};
use wattwarden::ops::desk::sell::{Payment, SaleInput, SellRequest, quote};
use wattwarden::ops::kit::{Key, NoField, Ops, Outcome, Refused, Verb};
use wattwarden::ops::meters::collectors::{AddCollector, CollectorForm};
use wattwarden::ops::meters::equipment::AddMeter;
use wattwarden::ops::moves::move_in::{MoveIn, NewResident, move_in};
use wattwarden::ops::places::rooms::AddBuilding;
use wattwarden::ops::places::rooms::AddRooms;
use wattwarden::ops::places::rooms::room_names;
use wattwarden::ops::places::site::SiteForm;
use wattwarden::ops::plans::SetPlan;
use wattwarden::store;

/// 2026-09-01 00:00 UTC.
pub const START_MS: i64 = 1_788_220_800_000;

#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub administrator: Actor,
    pub cashier: Actor,
    pub rooms: Vec<RoomId>,
    pub serial: u64,
}

impl House {
    /// A cashier with an open shift, rooms 101–104; the first three are let and served by outlets 0, 1, 2 of one meter; 104 is vacant, without one.
    pub async fn furnish(db: Db) -> Self {
        Self::furnish_at(db, "127.0.0.1:1", 500_001).await
    }

    pub async fn furnish_at(db: Db, collector_address: &str, serial: u64) -> Self {
        let clock = Arc::new(ManualClock::at(START_MS));
        let administrator = add_user(&db, &*clock, "admin", Role::Administrator).await;
        let cashier = add_user(&db, &*clock, "cashier", Role::Cashier).await;
        let mut house = Self { db, clock, administrator, cashier, rooms: Vec::new(), serial };
        house.set_up_site().await;
        house.add_rooms().await;
        house.add_meter(collector_address).await;
        house.open_shift(&house.cashier, 0).await;
        for (index, room) in house.rooms.clone().iter().enumerate().take(3) {
            house.move_in(room, &format!("2026{index:03}")).await;
        }
        house
    }

    /// What writes go through, without a field.
    pub fn ops(&self) -> Ops {
        Ops::new(self.db.clone(), self.clock.clone(), Arc::new(NoField))
    }

    /// Somebody does something.
    pub async fn perform<V: Verb>(&self, by: &Actor, verb: V) -> Result<Outcome, Refused<V::Refusal>> {
        self.ops().perform(by, verb).await
    }

    pub fn key(&self) -> Key {
        Key::new(&*self.clock)
    }

    async fn set_up_site(&self) {
        self.move_to_zone("Asia/Shanghai").await;
        self.set_price("0.5469").await;
    }

    /// The site, in another time zone.
    pub async fn move_to_zone(&self, time_zone: &str) {
        let site = SiteForm {
            key: self.key(),
            name: "Test Hall".into(),
            currency: "CNY".into(),
            currency_digits: 2,
            time_zone: time_zone.into(),
            low_credit_wh: 5_000,
        };
        self.perform(&self.administrator, site).await.unwrap();
    }

    pub async fn set_price(&self, per_kwh: &str) {
        let price = SetPlan::of_the_site(self.key(), per_kwh.parse().unwrap(), None);
        self.perform(&self.administrator, price).await.unwrap();
    }

    async fn add_rooms(&mut self) {
        let (db, who) = (&self.db, &self.administrator);
        let building = AddBuilding { key: self.key(), name: "North".into() };
        self.perform(who, building).await.unwrap();
        let building: BuildingId = {
            let mut conn = db.read().await.unwrap();
            store::places::rooms::buildings(&mut conn).await.unwrap()[0].id.clone()
        };
        let names = room_names("101-104").unwrap();
        let form = AddRooms { key: self.key(), building_id: building, floor: "1".into(), names };
        self.perform(who, form).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let rooms = store::places::board::rooms(&mut conn, None).await.unwrap();
        self.rooms = rooms.into_iter().map(|room| room.room_id).collect();
    }

    async fn add_meter(&self, collector_address: &str) {
        let (db, who) = (&self.db, &self.administrator);
        let collector = CollectorForm {
            name: "Cellar".into(),
            transport: "modbus-tcp".into(),
            address: collector_address.into(),
            enabled: true,
        };
        self.perform(who, AddCollector { key: self.key(), form: collector }).await.unwrap();
        let collector_id: CollectorId = {
            let mut conn = db.read().await.unwrap();
            store::meters::equipment::collectors(&mut conn).await.unwrap()[0].id.clone()
        };
        let rooms = self.rooms.iter().take(3).cloned().map(Some).collect();
        let meter = AddMeter {
            kind: "wattwarden".to_owned(),
            key: self.key(),
            serial: i64::try_from(self.serial).unwrap(),
            collector_id,
            unit: 1,
            rooms,
        };
        self.perform(who, meter).await.unwrap();
    }

    pub async fn move_in(&self, room: &RoomId, number: &str) {
        let residents = vec![NewResident { number: number.into(), name: format!("Resident {number}") }];
        let form = MoveIn { key: self.key(), room_id: room.clone(), residents };
        move_in(&self.db, &*self.clock, &self.administrator, form).await.unwrap();
    }

    /// A confirmed quote for `input`, ready to be sold.
    pub async fn request(&self, room: &RoomId, input: SaleInput) -> SellRequest {
        let quote = quote(&self.db, &*self.clock, room, input).await.unwrap();
        SellRequest {
            key: self.key(),
            room_id: room.clone(),
            tenancy_id: quote.tenancy_id,
            amount_minor: quote.amount_minor,
            energy_wh: quote.energy_wh,
            price_per_kwh: quote.price.to_string(),
            payment: Payment::Cash,
            payer_id: None,
        }
    }

    pub async fn open_shift(&self, actor: &Actor, float_minor: i64) -> ShiftId {
        let request = OpenShift { key: self.key(), float_minor };
        shift_of(&self.perform(actor, request).await.unwrap())
    }

    pub async fn close_shift(&self, actor: &Actor, shift: &ShiftId, counted_minor: i64) {
        let request = CloseShift {
            key: self.key(),
            shift_id: shift.clone(),
            counted_minor,
            next_float_minor: 0,
            note: String::new(),
        };
        self.perform(actor, request).await.unwrap();
    }

    /// A user by the name they sign in with, as they act.
    pub async fn actor(&self, name: &str) -> Actor {
        let users = store::people::users::all(&mut self.db.read().await.unwrap()).await.unwrap();
        let user = users.into_iter().find(|user| user.name == name).unwrap();
        user.staff().unwrap().into()
    }

    /// The cashier's open shift.
    pub async fn shift(&self) -> ShiftId {
        let mut conn = self.db.read().await.unwrap();
        store::desk::shifts::open_of(&mut conn, &self.cashier.id()).await.unwrap().unwrap().id
    }

    /// The open shift of the web tests' cashier.
    pub async fn desk_shift(&self) -> ShiftId {
        let desk = self.actor("desk").await;
        let mut conn = self.db.read().await.unwrap();
        store::desk::shifts::open_of(&mut conn, &desk.id()).await.unwrap().unwrap().id
    }

    pub async fn tenancy(&self, room: &RoomId) -> TenancyId {
        let mut conn = self.db.read().await.unwrap();
        store::people::residents::open_tenancy(&mut conn, room).await.unwrap().unwrap().id
    }

    /// The credited total that the books want the room's meter to hold, in Wh.
    pub async fn credited_wh(&self, room: &RoomId) -> i64 {
        let mut conn = self.db.read().await.unwrap();
        let outlet = store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap();
        store::meters::households::desired(&mut conn, &outlet.id).await.unwrap().credited_wh
    }
}

/// A user who never signs in: their password hash fits no password.
pub async fn add_user(db: &Db, clock: &dyn Clock, name: &str, role: Role) -> Actor {
    let id = UserId::new(clock);
    db.write((id.clone(), name.to_owned(), role), |(id, name, role), conn| {
        Box::pin(async move {
            sqlx::query::<sqlx::Any>(
                "INSERT INTO users (id, name, display_name, password_hash, role, disabled, created_ms)
                 VALUES ($1, $2, $3, '!', $4, 0, 0)",
            )
            .bind(id.as_str())
            .bind(name.as_str())
            .bind(name.as_str())
            .bind(role.as_str())
            .execute(conn)
            .await?;
            Ok::<_, wattwarden::db::DbError>(())
        })
    })
    .await
    .unwrap();
    Actor::Staff(Staff { user_id: id, display_name: name.to_owned(), role })
}
