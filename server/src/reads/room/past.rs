//! What a room's meter counted and recorded, and what was asked of it, as far back as whoever asks may look.

use sqlx::AnyConnection;

use super::consumption::FORECAST_DAYS;
use crate::db::DbError;
use crate::reads::scope::Seen;
use crate::store::meters::events::{self, Event};
use crate::store::meters::hourly::{self, HourTotal};
use crate::store::meters::households::Outlet;
use crate::store::meters::readings::{self, Reading};
use crate::store::meters::settings::{self, Change};
use crate::store::meters::supply_changes::{self, SupplyChange};

/// Lines of what was asked of the relay.
const SUPPLY: i64 = 20;
/// Lines of what was set.
const SETTINGS: i64 = 10;
/// Lines of what the meter recorded.
const EVENTS: i64 = 10;

/// A room's past; empty for one that no meter serves.
#[derive(Default)]
pub struct Past {
    /// What was asked of the relay, the newest first.
    pub supply: Vec<SupplyChange>,
    /// What was set, the newest first.
    pub settings: Vec<Change>,
    /// Readings of the last days, and since the span that is shown began.
    pub readings: Vec<Reading>,
    /// Hourly totals since then.
    pub hours: Vec<HourTotal>,
    /// What its meter recorded, the newest first.
    pub events: Vec<Event>,
    /// So many events of its meter were gone before they could be fetched, since the oldest of these.
    pub missed_events: i64,
    until_ms: i64,
}

const fn forecast_from_ms(now_ms: i64) -> i64 {
    now_ms - FORECAST_DAYS * 24 * 3_600_000
}

impl Past {
    pub(super) async fn read(
        conn: &mut AnyConnection,
        outlet: Option<&Outlet>,
        seen: &Seen,
        (since_ms, now_ms): (i64, i64),
    ) -> Result<Self, DbError> {
        let Some(outlet) = outlet else { return Ok(Self::default()) };
        let all_ms = seen.span_ms();
        let (from_ms, until_ms) = seen.clip_ms((since_ms.min(forecast_from_ms(now_ms)), now_ms));
        let events = events::of_outlet(conn, &outlet.meter_id, outlet.position, all_ms, EVENTS).await?;
        let oldest = events.last().map_or((0, 0), |event| (event.life, event.number));
        let missed =
            if seen.is_now() { events::missed_since(conn, &outlet.meter_id, oldest).await? } else { 0 };
        Ok(Self {
            supply: supply_changes::of_household(conn, &outlet.id, all_ms, SUPPLY).await?,
            settings: settings::changes(conn, &outlet.id, all_ms, SETTINGS).await?,
            missed_events: missed,
            events,
            readings: readings::between(conn, &outlet.id, from_ms, until_ms).await?,
            hours: hourly::between(conn, &outlet.id, from_ms, until_ms).await?,
            until_ms,
        })
    }

    /// Those that the forecast goes by.
    #[must_use]
    pub fn latest_readings(&self) -> &[Reading] {
        let from_ms = forecast_from_ms(self.until_ms);
        let first = self.readings.partition_point(|reading| reading.at_ms < from_ms);
        self.readings.get(first..).unwrap_or_default()
    }
}
