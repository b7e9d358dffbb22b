//! How a block of settings stands in a scope: what is wanted, what holds, for how many rooms.

use domain::settings::{Scope, factory_block, household_block, household_text};
use meter_core::settings::HouseholdBlock;
use words::Lang;

use crate::db::Connection;
use crate::reads::meters::settings::{Alike, alike};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;

use super::phrases::words;

/// The most kinds of rooms that are listed; more differ too much to be read.
const MOST_GROUPS: usize = 6;

/// A block in a scope.
pub struct Standing {
    /// Rooms that are alike, the most first.
    pub groups: Vec<Group>,
    /// How many rooms a meter serves.
    pub rooms: i64,
    /// How many of them don't hold what is wanted, or were never read.
    pub pending: i64,
    /// What a form starts from: what most rooms are wanted to hold.
    pub start: HouseholdBlock,
}

/// Rooms that are alike.
pub struct Group {
    /// How many.
    pub rooms: i64,
    /// What they shall hold, or do if the office never set it.
    pub words: Vec<String>,
    /// What they hold now, if that is something else.
    pub now: Option<Vec<String>>,
    /// The office never set it.
    pub unset: bool,
    /// Their meters were never read.
    pub unread: bool,
}

impl Standing {
    /// # Errors
    /// The database's.
    pub async fn read(
        conn: &mut Connection,
        t: Lang,
        f: &Format,
        scope: &Scope,
        number: u8,
    ) -> Result<Self, WebError> {
        let rows = alike(conn, scope, number.into()).await?;
        let factory = factory_block(number).ok_or(WebError::NotFound)?;
        let mut groups = Vec::new();
        let (mut rooms, mut pending, mut start) = (0, 0, None);
        for row in &rows {
            let (wanted, held) = sides(number, row, factory)?;
            rooms += row.rooms;
            pending += if holds(row, &factory) { 0 } else { row.rooms };
            let shown = wanted.unwrap_or(held);
            start.get_or_insert(shown);
            let unread = row.read == 0;
            groups.push(Group {
                rooms: row.rooms,
                words: words(t, f, &shown),
                now: (!unread && wanted.is_some_and(|wanted| wanted != held)).then(|| words(t, f, &held)),
                unset: wanted.is_none(),
                unread,
            });
        }
        groups.truncate(MOST_GROUPS);
        Ok(Self { groups, rooms, pending, start: start.unwrap_or(factory) })
    }

    /// Whether rooms differ in what they shall hold, so that saving makes them alike.
    #[must_use]
    pub fn differs(&self) -> bool {
        let mut all = self.groups.iter().map(|group| &group.words);
        all.next().is_some_and(|first| all.any(|words| words != first))
    }

    /// Whether the office never set it anywhere.
    #[must_use]
    pub fn unset(&self) -> bool {
        self.groups.iter().all(|group| group.unset)
    }
}

fn sides(
    number: u8,
    row: &Alike,
    factory: HouseholdBlock,
) -> Result<(Option<HouseholdBlock>, HouseholdBlock), WebError> {
    let block = |content: &String| household_block(number.into(), content);
    let wanted = row.wanted.as_ref().map(block).transpose()?;
    Ok((wanted, row.reported.as_ref().map(block).transpose()?.unwrap_or(factory)))
}

fn holds(row: &Alike, factory: &HouseholdBlock) -> bool {
    let reported = row.reported.clone().unwrap_or_else(|| household_text(factory));
    row.read == 1 && row.wanted.as_ref().is_none_or(|wanted| *wanted == reported)
}
