//! The content of a subsidy report: free electricity of a span of months, granted, used and lapsed.

use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment};

/// Free electricity of a span of months.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubsidyReport {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// From when (inclusive).
    pub from: Moment,
    /// To when (exclusive).
    pub to: Moment,
    /// A row for each rule, building and month, in that order.
    pub rows: Vec<SubsidyRow>,
    /// When the figures were taken.
    pub taken: Moment,
}

/// Free electricity under one rule, in one building, in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubsidyRow {
    /// The rule's name; empty for grants by hand.
    pub rule: String,
    /// The building's name.
    pub building: String,
    /// The site's month: `2026-09`.
    pub month: String,
    /// Rooms that got some.
    pub rooms: i64,
    /// Granted, in Wh.
    pub granted_wh: i64,
    /// Its value, in minor units.
    pub granted_minor: i64,
    /// Used, in Wh.
    pub used_wh: i64,
    /// Its value, in minor units.
    pub used_minor: i64,
    /// Lapsed, in Wh.
    pub lapsed_wh: i64,
    /// Its value, in minor units; `None` on reports that were issued before it was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_minor: Option<i64>,
}
