//! A room's settings in short: what holds, what is pending, what changed.

use domain::settings::{Scope, factory_household, household_block};
use jiff::Timestamp;
use meter_core::settings::{DayType, HouseholdBlock, LoopId};
use words::Lang;

use crate::reads::meters::settings::Change;
use crate::reads::room::RoomSettings;
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::office::meters::settings::phrases::words;
use crate::web::office::meters::settings::{full_title, title};

/// What the page shows of them.
pub struct SettingsCard {
    /// Name and words of each part worth showing.
    pub lines: Vec<(String, Vec<String>)>,
    /// Something is wanted that the meter doesn't hold yet.
    pub pending: bool,
}

/// What the meter holds, in words; of the main loop's schedule only today's table, of the `second` loop nothing
/// unless there is one.
///
/// # Errors
/// A block in the database that cannot be read.
pub fn card(room: &RoomSettings, t: Lang, f: &Format, second: bool) -> Result<SettingsCard, WebError> {
    let today = today(room, f);
    let mut lines = Vec::new();
    for (_, factory) in factory_household() {
        let block = room.held(factory)?;
        let name = match block {
            HouseholdBlock::Credit(_) => title(t, &block).to_owned(),
            HouseholdBlock::Table(LoopId::Main, day, _) if Some(day) == today => {
                t.room_settings_today(title(t, &block))
            }
            HouseholdBlock::Table(LoopId::Main, ..) => continue,
            // Of everything else, what the office has made of it.
            _ if block != factory && (second || block.loop_id() != Some(LoopId::Second)) => {
                full_title(t, &block)
            }
            _ => continue,
        };
        lines.push((name, words(t, f, &block)));
    }
    Ok(SettingsCard { lines, pending: room.pending() })
}

/// The kind of day that it is at the site.
fn today(room: &RoomSettings, f: &Format) -> Option<DayType> {
    let now = Timestamp::from_millisecond(f.now_ms()).ok()?.to_zoned(f.zone().clone());
    let day = crate::web::office::meters::settings::day_of(now.date())?;
    Some(room.day_type(day, now.weekday().to_monday_zero_offset()))
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
