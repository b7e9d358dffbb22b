//! The content of a shift report: what a cashier hands over with the drawer.

use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment, Place};

/// A cashier's shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftReport {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// The shift's own number.
    pub shift_number: i64,
    /// Whose shift, by the id of the user.
    pub cashier_id: String,
    /// Whose shift, by name.
    pub cashier: String,
    /// When it was opened.
    pub opened: Moment,
    /// When it was closed; an open shift may be printed too.
    pub closed: Option<Moment>,
    /// What was in the drawer at first, in minor units.
    pub float_minor: i64,
    /// Sums by what moved the drawer.
    pub sums: Vec<ShiftSum>,
    /// What the books expect in the drawer, in minor units.
    pub expected_minor: i64,
    /// What was counted, in minor units, once it was.
    pub counted_minor: Option<i64>,
    /// Pieces by denomination (minor units), when they were counted so.
    pub denominations: Vec<(i64, i64)>,
    /// What the cashier wrote at closing.
    pub note: String,
    /// Everything that moved the drawer, in order.
    pub entries: Vec<ShiftEntry>,
}

/// What can move a drawer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftEvent {
    /// Sold for cash.
    #[default]
    Sale,
    /// A sale taken back.
    Void,
    /// A refund paid out.
    Refund,
    /// Anything else, such as money taken to the safe.
    Other,
}

/// The sum of what moved the drawer in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftSum {
    /// In which way.
    pub event: ShiftEvent,
    /// How often.
    pub count: i64,
    /// Into the drawer (or, below zero, out of it), in minor units.
    pub amount_minor: i64,
    /// Energy sold (or, below zero, taken back), in Wh.
    pub energy_wh: i64,
}

/// Something that moved the drawer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftEntry {
    /// When.
    pub at: Moment,
    /// What.
    pub event: ShiftEvent,
    /// The number of the sale or statement.
    pub number: String,
    /// The room.
    pub place: Place,
    /// Energy sold (or, below zero, taken back), in Wh.
    pub energy_wh: i64,
    /// Into the drawer (or, below zero, out of it), in minor units.
    pub amount_minor: i64,
}
