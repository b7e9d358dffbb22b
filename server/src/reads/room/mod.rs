//! What is true of a room: who lives there, what serves it, its credit, and what happened.

pub mod account;
pub mod consumption;
pub mod credit;
pub mod free;
mod past;
mod served;
mod settings;

pub use self::past::Past;
pub use self::served::Served;
pub use self::settings::RoomSettings;

use domain::ids::TenancyId;
use domain::supply::{LastSeen, RoomStatus, StatusFacts, room_status};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::AnyConnection;

use self::credit::RoomCredit;
use self::free::Free;
use super::scope::Seen;
use crate::db::DbError;
use crate::store::books::quarantines::{self, Quarantine};
use crate::store::desk::sales::{self, Sale};
use crate::store::meters::households::{self, Outlet};
use crate::store::people::residents::{self, Resident, Tenancy};
use crate::store::places::rooms::{self, Room};

/// Lines in a history.
const HISTORY: i64 = 20;

/// A room, as far as it may be seen.
pub struct RoomFacts {
    /// Where it is.
    pub room: Room,
    /// Who lives there, since when; of a former stay nobody.
    pub tenancy: Option<Tenancy>,
    /// The names of those who live, or lived, there.
    pub residents: Vec<Resident>,
    /// What serves it now; of a former stay nothing.
    pub served: Option<Served>,
    /// A reading of their use that waits for a person.
    pub held: Option<Quarantine>,
    /// Sold to these residents.
    pub sales: Vec<Sale>,
    /// Given to them free.
    pub free: Free,
    /// What its meter counted and recorded, and what was asked of it.
    pub past: Past,
}

impl RoomFacts {
    /// Reads them; the history's charts of `span_ms`. `None` without such a room.
    ///
    /// # Errors
    /// The database's.
    pub fn read<'a>(
        conn: &'a mut AnyConnection,
        seen: &'a Seen,
        span_ms: (i64, i64),
    ) -> BoxFuture<'a, Result<Option<Self>, DbError>> {
        async move {
            let id = seen.room_id();
            let Some(room) = rooms::room(conn, id).await? else { return Ok(None) };
            let open = residents::open_tenancy(conn, id).await?;
            let tenancy = open.filter(|open| seen.tenancy_id().is_none_or(|own| *own == open.id));
            let whose = tenancy.as_ref().map(|tenancy| &tenancy.id).or_else(|| seen.tenancy_id());
            let people = People::read(conn, whose).await?;
            let outlet = households::of_room(conn, id).await?;
            let past = Past::read(conn, outlet.as_ref(), seen, span_ms).await?;
            let served = now(conn, outlet, seen).await?;
            let People { residents, held, sales, free } = people;
            Ok(Some(Self { room, tenancy, residents, served, held, sales, free, past }))
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

    /// The credit of those who live there; `None` for a vacant room, or one that no meter serves.
    #[must_use]
    pub fn credit(&self) -> Option<RoomCredit> {
        let served = self.served.as_ref().filter(|_| self.tenancy.is_some())?;
        Some(RoomCredit::of(served, &self.free, self.past.latest_readings()))
    }
}

async fn now(
    conn: &mut AnyConnection,
    outlet: Option<Outlet>,
    seen: &Seen,
) -> Result<Option<Served>, DbError> {
    match outlet.filter(|_| seen.is_now()) {
        Some(outlet) => Ok(Some(Served::read(conn, outlet).await?)),
        None => Ok(None),
    }
}

/// What hangs on a tenancy.
#[derive(Default)]
struct People {
    residents: Vec<Resident>,
    held: Option<Quarantine>,
    sales: Vec<Sale>,
    free: Free,
}

impl People {
    async fn read(conn: &mut AnyConnection, tenancy: Option<&TenancyId>) -> Result<Self, DbError> {
        let Some(tenancy) = tenancy else { return Ok(Self::default()) };
        Ok(Self {
            residents: residents::residents_of(conn, tenancy).await?,
            held: quarantines::open_of(conn, tenancy).await?,
            sales: sales::of_tenancy(conn, tenancy, HISTORY).await?,
            free: Free::read(conn, tenancy).await?,
        })
    }
}
