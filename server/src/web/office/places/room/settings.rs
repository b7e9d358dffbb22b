//! A room's settings in short: what holds, what is pending, what changed.

use domain::ids::HouseholdId;
use domain::settings::{CalendarDays, Scope, factory_household, household_block};
use jiff::Timestamp;
use meter_core::settings::{DayType, HouseholdBlock, LoopId};
use words::Lang;

use crate::db::Connection;
use crate::store::meters::calendar;
use crate::store::meters::settings as store;
use crate::store::meters::settings::{Block, Change};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::office::meters::settings::phrases::words;
use crate::web::office::meters::settings::{full_title, title};

/// Lines in the history.
const HISTORY: i64 = 10;
/// Of the week, before the site says otherwise.
const WEEKEND: i64 = 0b110_0000;

/// What was read of them.
pub struct RoomSettings {
    wanted: Vec<Block>,
    reported: Vec<Block>,
    /// The office's changes, the newest first.
    pub changes: Vec<Change>,
    rest_weekdays: i64,
    days: Vec<CalendarDays>,
}

/// What the page shows of them.
pub struct SettingsCard {
    /// Name and words of each part worth showing.
    pub lines: Vec<(String, Vec<String>)>,
    /// Something is wanted that the meter doesn't hold yet.
    pub pending: bool,
}

impl RoomSettings {
    /// # Errors
    /// The database's.
    pub async fn read(conn: &mut Connection, household: &HouseholdId) -> Result<Self, WebError> {
        Ok(Self {
            wanted: store::wanted(conn, household).await?,
            reported: store::reported(conn, household).await?,
            changes: store::changes(conn, household, HISTORY).await?,
            rest_weekdays: calendar::rest_weekdays(conn).await?.unwrap_or(WEEKEND),
            days: calendar::days(conn).await?,
        })
    }

    /// What the meter holds, in words; of the main loop's schedule only today's table, of the `second` loop nothing
    /// unless there is one.
    ///
    /// # Errors
    /// A block in the database that cannot be read.
    pub fn card(&self, t: Lang, f: &Format, second: bool) -> Result<SettingsCard, WebError> {
        let today = self.today(f);
        let mut lines = Vec::new();
        for (_, factory) in factory_household() {
            let held = self.held(factory)?;
            let name = match held {
                HouseholdBlock::Credit(_) => title(t, &held).to_owned(),
                HouseholdBlock::Table(LoopId::Main, day, _) if Some(day) == today => {
                    t.room_settings_today(title(t, &held))
                }
                HouseholdBlock::Table(LoopId::Main, ..) => continue,
                // Of everything else, what the office has made of it.
                _ if held != factory && (second || held.loop_id() != Some(LoopId::Second)) => {
                    full_title(t, &held)
                }
                _ => continue,
            };
            lines.push((name, words(t, f, &held)));
        }
        Ok(SettingsCard { lines, pending: self.pending() })
    }

    fn held(&self, factory: HouseholdBlock) -> Result<HouseholdBlock, WebError> {
        let number = i64::from(factory.number());
        let row = self.reported.iter().find(|row| row.block == number);
        Ok(row.map(|row| household_block(number, &row.content)).transpose()?.unwrap_or(factory))
    }

    fn pending(&self) -> bool {
        let holds = |wanted: &Block| {
            self.reported.iter().any(|held| held.block == wanted.block && held.content == wanted.content)
        };
        !self.wanted.iter().all(holds)
    }

    /// The kind of day that it is at the site: a dated exception, else by weekday.
    fn today(&self, f: &Format) -> Option<DayType> {
        let now = Timestamp::from_millisecond(f.now_ms()).ok()?.to_zoned(f.zone().clone());
        let date = now.date();
        let day = crate::web::office::meters::settings::day_of(date)?;
        let exception = self.days.iter().find(|days| (days.from_day..=days.to_day).contains(&day));
        let rests = self.rest_weekdays >> date.weekday().to_monday_zero_offset() & 1 == 1;
        let by_weekday = if rests { DayType::Rest } else { DayType::Working };
        Some(exception.map_or(by_weekday, |days| days.kind.0))
    }
}

/// A line of the history: what was set, and for whom if not only for this room.
#[must_use]
pub fn change_words(t: Lang, f: &Format, change: &Change) -> String {
    let Ok(block) = household_block(change.block, &change.content) else { return String::new() };
    let said = format!("{}: {}", full_title(t, &block), words(t, f, &block).join(" "));
    match change.scope.parse::<Scope>() {
        Ok(Scope::Room(_)) | Err(_) => said,
        Ok(_) => t.room_settings_with_others(said),
    }
}
