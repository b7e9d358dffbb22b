//! What a newcomer can watch, and where it is staged.

use domain::actor::Actor;
use domain::ids::{BuildingId, RoomId};

use crate::ops::kit::Ops;
use crate::tools::demo::plan::Served;
use crate::tools::demo::sockets::Sockets;
use crate::web::playground::Thing;

/// What a newcomer can watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scenario {
    /// A kettle in a watched room: recognised and cut off; the power is back by itself once it is unplugged.
    Kettle,
    /// A schedule turns a room's lights out, and on again.
    Schedule,
    /// Machines above a room's limit: cut off after 3 s, tried again, locked out at the third trip until released.
    Overload,
    /// A room's credit falls to its alarm: the supply drops out until somebody acknowledges it.
    LowCredit,
    /// The site's month changes two minutes after the start: what was used is billed, free electricity is granted.
    MonthChange,
    /// Everybody in one building moves out: meters close, accounts are settled, all statements come in one PDF.
    Graduation,
}

/// How long a newcomer has to open the page before it happens, in seconds of real time.
pub const USUAL_LEAD_S: u32 = 45;

/// A scenario that has its place and settings.
pub struct Staged {
    /// Where it can be watched, in words.
    pub(super) place: String,
    /// The page.
    pub(super) path: String,
    pub(super) watch: String,
    pub(super) cue: Cue,
}

/// What happens when the time has come.
pub(super) enum Cue {
    /// By itself.
    Nothing,
    /// Something is plugged in.
    Plug(RoomId, Thing),
    /// A building empties.
    MoveOut(BuildingId),
}

/// Where scenarios are staged.
pub struct Stage<'a> {
    /// What everything goes through.
    pub ops: &'a Ops,
    /// Who sets what they need.
    pub manager: &'a Actor,
    /// The rooms.
    pub sockets: &'a Sockets,
    /// Let rooms in order.
    pub places: &'a [Served],
    /// Second of the local day.
    pub second_of_day: u32,
    /// How many times faster than life.
    pub speed: u32,
    /// How long somebody has to open the page, in seconds of real time.
    pub lead_s: u32,
}
