//! Everything a room's page tells, read in one go.

use domain::health::{Anomaly, MeterStatus};
use domain::ids::RoomId;
use domain::supply::{Desired, LastSeen, Reported, RoomStatus, StatusFacts, room_status};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::db::Connection;
use crate::store::books::quarantines::{self, Quarantine};
use crate::store::desk::sales::{self, Sale};
use crate::store::meters::details::{self, Details};
use crate::store::meters::equipment;
use crate::store::meters::events::{self, Event};
use crate::store::meters::hourly::{self, HourTotal};
use crate::store::meters::households::{self, Outlet};
use crate::store::meters::readings::{self, Reading};
use crate::store::meters::supply_changes::{self, SupplyChange};
use crate::store::people::residents::{self, Resident, Tenancy};
use crate::store::places::rooms::{self, Room};
use crate::web::kit::error::WebError;
use crate::web::office::places::room::consumption::FORECAST_DAYS;
use crate::web::office::places::room::free::Free;
use crate::web::office::places::room::settings::RoomSettings;

/// Lines in a history.
const HISTORY: i64 = 20;
/// Lines of what the meter recorded.
const EVENTS: i64 = 10;

/// A room.
pub struct Facts {
    /// Where it is.
    pub room: Room,
    /// Who lives there, since when.
    pub tenancy: Option<Tenancy>,
    /// Their names.
    pub residents: Vec<Resident>,
    /// What serves it.
    pub served: Option<Served>,
    /// A reading of their use that waits for a person.
    pub held: Option<Quarantine>,
    /// Sold to these residents.
    pub sales: Vec<Sale>,
    /// Given to them free.
    pub free: Free,
}

/// The outlet that serves a room.
pub struct Served {
    /// The outlet.
    pub outlet: Outlet,
    /// Its meter answered when last asked.
    pub online: bool,
    /// What the office wants.
    pub desired: Desired,
    /// What the meter said last.
    pub reported: Option<Reported>,
    /// What the meter told beyond that, where there was anything to tell.
    pub details: Option<Details>,
    /// What was asked of the relay before.
    pub changes: Vec<SupplyChange>,
    /// What its meter decides by.
    pub settings: RoomSettings,
    /// Readings of the last days, and since the span that is shown began.
    pub readings: Vec<Reading>,
    /// Hourly totals since then.
    pub hours: Vec<HourTotal>,
    /// Up to when all that is.
    until_ms: i64,
    /// What its meter recorded, the newest first.
    pub events: Vec<Event>,
    /// So many events of its meter were gone before they could be fetched, since the oldest of these.
    pub missed_events: i64,
}

const fn forecast_from_ms(now_ms: i64) -> i64 {
    now_ms - FORECAST_DAYS * 24 * 3_600_000
}

impl Facts {
    /// Reads them.
    ///
    /// # Errors
    /// [`WebError::NotFound`] without such a room; the database's.
    pub fn read<'a>(
        conn: &'a mut Connection,
        id: &'a RoomId,
        span_ms: (i64, i64),
    ) -> BoxFuture<'a, Result<Self, WebError>> {
        async move {
            let room = rooms::room(conn, id).await?.ok_or(WebError::NotFound)?;
            let tenancy = residents::open_tenancy(conn, id).await?;
            let (residents, sales, free) = match &tenancy {
                Some(tenancy) => {
                    let residents = residents::residents_of(conn, &tenancy.id).await?;
                    let free = Free::read(conn, &tenancy.id).await?;
                    (residents, sales::of_tenancy(conn, &tenancy.id, HISTORY).await?, free)
                }
                None => (Vec::new(), Vec::new(), Free::default()),
            };
            let held = match &tenancy {
                Some(tenancy) => quarantines::open_of(conn, &tenancy.id).await?,
                None => None,
            };
            let served = match households::of_room(conn, id).await? {
                Some(outlet) => Some(Served::read(conn, outlet, span_ms).await?),
                None => None,
            };
            Ok(Self { room, tenancy, residents, served, held, sales, free })
        }
        .boxed()
    }

    /// Its state in one word.
    #[must_use]
    pub fn status(&self, low_wh: i64) -> RoomStatus {
        let reported = self.served.as_ref().and_then(|served| served.reported.as_ref());
        room_status(StatusFacts {
            occupied: self.tenancy.is_some(),
            online: self.served.as_ref().is_some_and(|served| served.online),
            last: reported.map(|said| LastSeen {
                relay_closed: said.relay_closed == 1,
                reasons: said.open_reasons,
                signs: said.signs,
                remaining_wh: said.remaining_wh(),
            }),
            low_wh,
        })
    }
}

impl Served {
    async fn read(
        conn: &mut Connection,
        outlet: Outlet,
        (since_ms, now_ms): (i64, i64),
    ) -> Result<Self, WebError> {
        let from_ms = since_ms.min(forecast_from_ms(now_ms));
        let status = equipment::meter_status(conn, &outlet.meter_id).await?;
        let events = events::of_outlet(conn, &outlet.meter_id, outlet.position, EVENTS).await?;
        let oldest = events.last().map_or((0, 0), |event| (event.life, event.number));
        Ok(Self {
            online: status.is_some_and(|(status, _)| status == MeterStatus::Online),
            desired: households::desired(conn, &outlet.id).await?,
            reported: households::reported(conn, &outlet.id).await?,
            details: details::of(conn, &outlet.id).await?,
            changes: supply_changes::of_household(conn, &outlet.id, HISTORY).await?,
            settings: RoomSettings::read(conn, &outlet.id).await?,
            missed_events: events::missed_since(conn, &outlet.meter_id, oldest).await?,
            events,
            readings: readings::between(conn, &outlet.id, from_ms, now_ms).await?,
            hours: hourly::between(conn, &outlet.id, from_ms, now_ms).await?,
            until_ms: now_ms,
            outlet,
        })
    }

    /// Those that the forecast goes by.
    #[must_use]
    pub fn latest_readings(&self) -> &[Reading] {
        let from_ms = forecast_from_ms(self.until_ms);
        let first = self.readings.partition_point(|reading| reading.at_ms < from_ms);
        self.readings.get(first..).unwrap_or_default()
    }

    /// Credit that the books hold and the meter doesn't yet, in Wh.
    #[must_use]
    pub fn on_its_way_wh(&self) -> i64 {
        match &self.reported {
            Some(said) if said.epoch == self.desired.epoch => {
                (self.desired.credited_wh - said.credited_wh) - (self.desired.debited_wh - said.debited_wh)
            }
            _ => self.desired.credited_wh - self.desired.debited_wh,
        }
    }

    /// Whether credit waits until the meter has room for it.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.reported.as_ref().is_some_and(|said| said.anomaly == Some(Anomaly::Hoarding))
    }

    /// Whether everything asked for has been read back.
    #[must_use]
    pub fn settled(&self) -> bool {
        match &self.reported {
            Some(said) => self.desired.settled(said),
            None => self.desired.epoch == 0,
        }
    }
}
