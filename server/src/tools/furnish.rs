//! Furnishing a database through the same operations an administrator uses: for the demo and for measurements.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{BuildingId, CollectorId, RoomId};

use crate::db::Db;
use crate::ops::kit::{Key, OpError};
use crate::ops::meters::equipment::{AddMeter, CollectorForm, add_collector, add_meter};
use crate::ops::moves::move_in::{MoveIn, NewResident, move_in};
use crate::ops::places::rooms::{AddRooms, add_building, add_rooms};
use crate::ops::places::site::{SetPrice, SiteForm, set_price, set_up_site};
use crate::store;
use crate::store::meters::kinds::OURS;

/// An administrator at work.
pub struct Furnisher<'a> {
    /// The database to furnish.
    pub db: &'a Db,
    /// The site's clock.
    pub clock: &'a dyn Clock,
    /// Who does it.
    pub administrator: &'a Actor,
}

impl Furnisher<'_> {
    fn key(&self) -> Key {
        Key::new(self.clock)
    }

    /// A site in Chinese yuan with a price from now on.
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn site(
        &self,
        name: &str,
        time_zone: &str,
        low_credit_wh: i64,
        price: &str,
    ) -> Result<(), OpError> {
        let site = SiteForm {
            key: self.key(),
            name: name.to_owned(),
            currency: "CNY".to_owned(),
            currency_digits: 2,
            time_zone: time_zone.to_owned(),
            low_credit_wh,
        };
        set_up_site(self.db, self.clock, self.administrator, site).await?;
        let price = SetPrice { key: self.key(), per_kwh: price.to_owned(), from_ms: None };
        set_price(self.db, self.clock, self.administrator, price).await?;
        Ok(())
    }

    /// A building.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn building(&self, name: &str) -> Result<BuildingId, OpError> {
        add_building(self.db, self.clock, self.administrator, &self.key(), name).await?;
        let buildings = store::places::rooms::buildings(&mut *self.db.read().await?).await?;
        let found = buildings.into_iter().find(|building| building.name == name);
        found.map(|building| building.id).ok_or(OpError::NotFound("building"))
    }

    /// Rooms on a floor, in the order of their names.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn rooms(
        &self,
        building: &BuildingId,
        floor: &str,
        names: Vec<String>,
    ) -> Result<Vec<RoomId>, OpError> {
        let form =
            AddRooms { key: self.key(), building_id: building.clone(), floor: floor.to_owned(), names };
        add_rooms(self.db, self.clock, self.administrator, form).await?;
        let without_meter = store::places::rooms::rooms_without_meter(&mut *self.db.read().await?).await?;
        let of_floor = without_meter
            .into_iter()
            .filter(|room| room.building_id == *building && room.floor_name == floor);
        Ok(of_floor.map(|room| room.id).collect())
    }

    /// A collector that speaks Modbus TCP.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn collector(&self, name: &str, address: String) -> Result<CollectorId, OpError> {
        let form = CollectorForm {
            key: self.key(),
            name: name.to_owned(),
            transport: "modbus-tcp".to_owned(),
            address,
            enabled: true,
        };
        add_collector(self.db, self.clock, self.administrator, form).await?;
        let collectors = store::meters::equipment::collectors(&mut *self.db.read().await?).await?;
        let found = collectors.into_iter().find(|collector| collector.name == name);
        found.map(|collector| collector.id).ok_or(OpError::NotFound("collector"))
    }

    /// A meter whose outlets serve `rooms`, from the first outlet on.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn meter(
        &self,
        collector: &CollectorId,
        unit: i64,
        serial: i64,
        rooms: Vec<Option<RoomId>>,
    ) -> Result<(), OpError> {
        let form = AddMeter {
            key: self.key(),
            kind: OURS.to_owned(),
            serial,
            collector_id: collector.clone(),
            unit,
            rooms,
        };
        add_meter(self.db, self.clock, self.administrator, form).await?;
        Ok(())
    }

    /// People who move into a room.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn move_in(&self, room: &RoomId, residents: Vec<NewResident>) -> Result<(), OpError> {
        let form = MoveIn { key: self.key(), room_id: room.clone(), residents };
        move_in(self.db, self.clock, self.administrator, form).await?;
        Ok(())
    }
}
