//! Furnishing a database through the same operations an administrator uses: for the demo and for measurements.

use domain::actor::Actor;
use domain::ids::{BuildingId, CollectorId, RoomId};

use crate::ops::kit::{Key, Ops};
use crate::ops::meters::collectors::{AddCollector, CollectorForm};
use crate::ops::meters::equipment::AddMeter;
use crate::ops::moves::move_in::{MoveIn, NewResident, move_in};
use crate::ops::places::rooms::{AddBuilding, AddRooms};
use crate::ops::places::site::SiteForm;
use crate::ops::plans::SetPlan;
use crate::store;
use crate::store::meters::kinds::OURS;
use crate::tools::ToolError;

/// An administrator at work.
pub struct Furnisher<'a> {
    /// What everything goes through.
    pub ops: &'a Ops,
    /// Who does it.
    pub administrator: &'a Actor,
}

impl Furnisher<'_> {
    fn key(&self) -> Key {
        self.ops.key()
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
    ) -> Result<(), ToolError> {
        let site = SiteForm {
            key: self.key(),
            name: name.to_owned(),
            currency: "CNY".to_owned(),
            currency_digits: 2,
            time_zone: time_zone.to_owned(),
            low_credit_wh,
        };
        self.ops.perform(self.administrator, site).await?;
        let price = SetPlan::of_the_site(self.key(), price.parse()?, None);
        self.ops.perform(self.administrator, price).await?;
        Ok(())
    }

    /// A building.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn building(&self, name: &str) -> Result<BuildingId, ToolError> {
        let building = AddBuilding { key: self.key(), name: name.to_owned() };
        self.ops.perform(self.administrator, building).await?;
        let buildings = store::places::rooms::buildings(&mut *self.ops.db.read().await?).await?;
        let found = buildings.into_iter().find(|building| building.name == name);
        found.map(|building| building.id).ok_or_else(|| "no building".into())
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
    ) -> Result<Vec<RoomId>, ToolError> {
        let form =
            AddRooms { key: self.key(), building_id: building.clone(), floor: floor.to_owned(), names };
        self.ops.perform(self.administrator, form).await?;
        let without_meter =
            store::places::rooms::rooms_without_meter(&mut *self.ops.db.read().await?).await?;
        let of_floor = without_meter
            .into_iter()
            .filter(|room| room.building_id == *building && room.floor_name == floor);
        Ok(of_floor.map(|room| room.id).collect())
    }

    /// A collector that speaks Modbus TCP.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn collector(&self, name: &str, address: String) -> Result<CollectorId, ToolError> {
        let form = CollectorForm {
            name: name.to_owned(),
            transport: "modbus-tcp".to_owned(),
            address,
            enabled: true,
        };
        self.ops.perform(self.administrator, AddCollector { key: self.key(), form }).await?;
        let collectors = store::meters::equipment::collectors(&mut *self.ops.db.read().await?).await?;
        let found = collectors.into_iter().find(|collector| collector.name == name);
        found.map(|collector| collector.id).ok_or_else(|| "no collector".into())
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
    ) -> Result<(), ToolError> {
        let form = AddMeter {
            key: self.key(),
            kind: OURS.to_owned(),
            serial,
            collector_id: collector.clone(),
            unit,
            rooms,
        };
        self.ops.perform(self.administrator, form).await?;
        Ok(())
    }

    /// People who move into a room.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn move_in(&self, room: &RoomId, residents: Vec<NewResident>) -> Result<(), ToolError> {
        let form = MoveIn { key: self.key(), room_id: room.clone(), residents };
        move_in(&self.ops.db, &*self.ops.clock, self.administrator, form).await?;
        Ok(())
    }
}
