//! The outlet that serves a room now: what is wanted of it, and what its meter said last.

use domain::health::{Anomaly, MeterStatus};
use domain::supply::{Desired, Reported};
use sqlx::AnyConnection;

use super::settings::RoomSettings;
use crate::db::DbError;
use crate::store::meters::details::{self, Details};
use crate::store::meters::equipment;
use crate::store::meters::households::{self, Outlet};

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
    /// What its meter decides by.
    pub settings: RoomSettings,
}

impl Served {
    pub(super) async fn read(conn: &mut AnyConnection, outlet: Outlet) -> Result<Self, DbError> {
        let status = equipment::meter_status(conn, &outlet.meter_id).await?;
        Ok(Self {
            online: status.is_some_and(|(status, _)| status == MeterStatus::Online),
            desired: households::desired(conn, &outlet.id).await?,
            reported: households::reported(conn, &outlet.id).await?,
            details: details::of(conn, &outlet.id).await?,
            settings: RoomSettings::read(conn, &outlet.id).await?,
            outlet,
        })
    }

    /// Credit that the books hold and the meter doesn't yet, in Wh.
    #[must_use]
    pub fn on_its_way_wh(&self) -> i64 {
        match self.said_of_this_epoch() {
            Some(said) => {
                (self.desired.credited_wh - said.credited_wh) - (self.desired.debited_wh - said.debited_wh)
            }
            None => self.desired.credited_wh - self.desired.debited_wh,
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

    /// A meter that still holds the last tenancy's epoch says nothing about this one's credit.
    pub(super) fn said_of_this_epoch(&self) -> Option<&Reported> {
        self.reported.as_ref().filter(|said| said.epoch == self.desired.epoch)
    }
}
