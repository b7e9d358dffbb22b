//! What a room's meter decides by: what is wanted, what it holds, and which table of its schedule goes today.

use domain::UnknownWord;
use domain::ids::HouseholdId;
use domain::settings::{CalendarDays, household_block};
use meter_core::settings::{DayType, HouseholdBlock};
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::meters::calendar;
use crate::store::meters::settings::{self, Block};

/// Of the week, before the site says otherwise.
const WEEKEND: i64 = 0b110_0000;

/// What was read of them.
pub struct RoomSettings {
    wanted: Vec<Block>,
    reported: Vec<Block>,
    rest_weekdays: i64,
    days: Vec<CalendarDays>,
}

impl RoomSettings {
    pub(super) async fn read(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Self, DbError> {
        Ok(Self {
            wanted: settings::wanted(conn, household).await?,
            reported: settings::reported(conn, household).await?,
            rest_weekdays: calendar::rest_weekdays(conn).await?.unwrap_or(WEEKEND),
            days: calendar::days(conn).await?,
        })
    }

    /// The block of the number of `factory` that the meter holds; before it said so, as it left the factory.
    ///
    /// # Errors
    /// A block in the database that cannot be read.
    pub fn held(&self, factory: HouseholdBlock) -> Result<HouseholdBlock, UnknownWord> {
        let number = i64::from(factory.number());
        let row = self.reported.iter().find(|row| row.block == number);
        Ok(row.map(|row| household_block(number, &row.content)).transpose()?.unwrap_or(factory))
    }

    /// Something is wanted that the meter doesn't hold yet.
    #[must_use]
    pub fn pending(&self) -> bool {
        let holds = |wanted: &Block| {
            self.reported.iter().any(|held| held.block == wanted.block && held.content == wanted.content)
        };
        !self.wanted.iter().all(holds)
    }

    /// The kind of a day, given as days since 1970-01-01 and its weekday from Monday, 0: a dated exception, else by weekday.
    #[must_use]
    pub fn day_type(&self, day: u16, weekday: i8) -> DayType {
        let exception = self.days.iter().find(|days| (days.from_day..=days.to_day).contains(&day));
        let rests = self.rest_weekdays >> weekday & 1 == 1;
        let by_weekday = if rests { DayType::Rest } else { DayType::Working };
        exception.map_or(by_weekday, |days| days.kind.0)
    }
}
