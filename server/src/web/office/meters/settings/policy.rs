//! What follows a trip, for every protection of a loop alike: the wait, how many trips lock out, who may release.

use meter_core::settings::TripPolicy;
use words::Lang;

use super::typed::Typed;
use crate::web::kit::field::{Choice, Faults, Field};

/// What follows a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) wait_s: u16,
    pub(super) trips: u16,
    pub(super) window_min: u16,
    pub(super) resident_release: u16,
}

impl Policy {
    /// Fills it in.
    pub(super) fn put(self, typed: &mut Typed) {
        for (name, value) in [
            ("wait", self.wait_s),
            ("trips", self.trips),
            ("window", self.window_min),
            ("resident_release", self.resident_release),
        ] {
            typed.put(name, value.to_string());
        }
    }

    /// As typed.
    pub(super) fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> Self {
        Self {
            wait_s: typed.whole_in(t, &TripPolicy::WAIT, faults),
            trips: typed.whole_in(t, &TripPolicy::TRIPS, faults),
            window_min: typed.whole_in(t, &TripPolicy::WINDOW, faults),
            resident_release: typed.choice(t, &TripPolicy::RESIDENT_RELEASE, faults),
        }
    }
}

/// Its fields.
pub(super) fn policy_fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let whole = |name: &'static str, label, unit, hint: String| {
        let field = Field::number(name, label, unit).value(typed.get(name)).hint(hint);
        field.longest(5).error(faults)
    };
    let releases =
        vec![Choice::new("0", t.policy_release_office()), Choice::new("1", t.policy_release_resident())];
    let release = Field::select("resident_release", t.policy_release(), releases);
    vec![
        whole("wait", t.policy_wait(), t.unit_seconds(), t.policy_wait_hint(TripPolicy::WAIT.max)),
        whole("trips", t.policy_trips(), t.unit_trips(), t.policy_trips_hint(TripPolicy::TRIPS.max)),
        whole("window", t.policy_window(), t.unit_minutes(), t.policy_window_hint(TripPolicy::WINDOW.max)),
        release.value(typed.get("resident_release")).error(faults),
    ]
}
