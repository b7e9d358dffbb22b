//! A room's credit and what it is made of: as its meter holds it, and with what is on its way.

use super::consumption::days_left;
use super::free::Free;
use super::served::Served;
use crate::store::meters::readings::Reading;

/// The credit of those who live in a room, in Wh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomCredit {
    /// What the meter still gives.
    pub remaining_wh: i64,
    /// Ever given in this epoch, as the meter knows.
    pub credited_wh: i64,
    /// Ever taken back, as the meter knows.
    pub debited_wh: i64,
    /// Used in this epoch.
    pub used_wh: i64,
    /// The epoch.
    pub epoch: i64,
    /// Whole days that it lasts, with what is on its way, at the average of the last days.
    pub days_left: Option<i64>,
    /// What the books hold and the meter doesn't yet.
    pub on_its_way_wh: i64,
    /// Free electricity that is left, with what is on its way: it is used first.
    pub free_wh: i64,
    /// What was paid for and is left, with what is on its way.
    pub paid_wh: i64,
}

impl RoomCredit {
    pub(super) fn of(served: &Served, free: &Free, latest: &[Reading]) -> Self {
        let (credited_wh, debited_wh, used_wh) = served
            .said_of_this_epoch()
            .map_or((0, 0, 0), |said| (said.credited_wh, said.debited_wh, said.used_wh));
        let remaining_wh = credited_wh - debited_wh - used_wh;
        let on_its_way_wh = served.on_its_way_wh();
        let free_wh = free.left_wh(used_wh);
        Self {
            remaining_wh,
            credited_wh,
            debited_wh,
            used_wh,
            epoch: served.desired.epoch,
            days_left: days_left(latest, remaining_wh + on_its_way_wh),
            on_its_way_wh,
            free_wh,
            paid_wh: remaining_wh + on_its_way_wh - free_wh,
        }
    }
}
