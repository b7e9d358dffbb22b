//! A room's loops on its page: the relay, current and reasons of each; what protection has done, and what ends it.

use domain::supply::{Reported, reasons};
use meter_core::registers::HouseholdState;
use meter_core::relay::Reasons;
use words::Lang;

use super::facts::Served;
use crate::store::meters::details::Details;
use crate::web::kit::format::Format;
use crate::web::kit::reasons::{of_protection, reason_words};

/// Bits of a household's "resident may release": of the main loop; the second loop's follow.
const RELEASE_OVER_CURRENT: i64 = 1;
const RELEASE_VICIOUS: i64 = 1 << 1;

/// One of two loops.
pub(super) struct LoopCard {
    pub(super) name: &'static str,
    /// The contact is closed.
    pub(super) closed: bool,
    /// Why it is not.
    pub(super) why: String,
    pub(super) power: String,
    pub(super) current: String,
    pub(super) fault: bool,
}

/// What protection has to say of the room.
pub(super) struct Protection {
    /// What happened and what comes next, a line each.
    pub(super) lines: Vec<String>,
    /// A loop is locked out: the number that a release names, and whether the office has released it.
    pub(super) lockout: Option<(i64, bool)>,
}

/// A loop and its protections, as the meter told.
struct Guarded {
    name: &'static str,
    reasons: Reasons,
    over_current: (i64, i64),
    vicious: (i64, i64),
    resident_release: i64,
}

fn flag(said: &Reported, flag: u16) -> bool {
    said.flags & i64::from(flag) != 0
}

/// Whether the meter says that the room has a second loop.
pub(super) fn has_second(said: &Reported) -> bool {
    flag(said, HouseholdState::SECOND_LOOP)
}

/// Both loops; none where there is only one, which the page shows as the room itself.
pub(super) fn loops(t: Lang, f: &Format, served: &Served) -> Vec<LoopCard> {
    let (Some(said), Some(told)) = (&served.reported, &served.details) else { return Vec::new() };
    if !has_second(said) {
        return Vec::new();
    }
    let main = LoopCard {
        name: t.loop_main(),
        closed: said.relay_closed == 1,
        why: reason_words(t, reasons(said.open_reasons)),
        power: f.power(&(said.power_mw - told.second_power_mw)),
        current: f.amps(&said.current1_ma),
        fault: said.relay_fault == 1,
    };
    let second = LoopCard {
        name: t.loop_second(),
        closed: flag(said, HouseholdState::SECOND_CONTACT_CLOSED),
        why: reason_words(t, reasons(told.second_reasons)),
        power: f.power(&told.second_power_mw),
        current: f.amps(&told.second_current_ma),
        fault: flag(said, HouseholdState::SECOND_RELAY_FAULT),
    };
    vec![main, second]
}

/// What protection keeps open now; `None` when nothing.
pub(super) fn protection(t: Lang, served: &Served) -> Option<Protection> {
    let said = served.reported.as_ref()?;
    if !flag(said, HouseholdState::PROTECTION_OPEN | HouseholdState::LOCKED_OUT) {
        return None;
    }
    let mut lines = Vec::new();
    let voltage = of_protection(reasons(said.open_reasons))
        .without(Reasons::OVER_CURRENT.with(Reasons::VICIOUS_LOAD).with(Reasons::LOCKED_OUT));
    if !voltage.is_empty() {
        lines.push(t.tripped_voltage(reason_words(t, voltage)));
    }
    let told = served.details.as_ref();
    for guarded in told.map_or_else(Vec::new, |told| guarded(t, said, told)) {
        lines.extend(guarded.lines(t));
    }
    let locked_out = flag(said, HouseholdState::LOCKED_OUT);
    let lockout = told.filter(|told| locked_out && told.lockouts > 0);
    Some(Protection {
        lines,
        lockout: lockout.map(|told| (told.lockouts, served.desired.released_lockout == told.lockouts)),
    })
}

fn guarded(t: Lang, said: &Reported, told: &Details) -> Vec<Guarded> {
    let main = Guarded {
        name: t.loop_main(),
        reasons: reasons(said.open_reasons),
        over_current: (told.over_current_left_s, told.over_current_trips),
        vicious: (told.vicious_left_s, told.vicious_trips),
        resident_release: told.resident_release,
    };
    let second = Guarded {
        name: t.loop_second(),
        reasons: reasons(told.second_reasons),
        over_current: (told.second_over_current_left_s, told.second_over_current_trips),
        vicious: (told.second_vicious_left_s, told.second_vicious_trips),
        resident_release: told.resident_release >> 2,
    };
    if has_second(said) { vec![main, second] } else { vec![main] }
}

impl Guarded {
    fn lines(&self, t: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        let locked = self.reasons.contains(Reasons::LOCKED_OUT);
        let both = [
            (
                Reasons::OVER_CURRENT,
                self.over_current,
                RELEASE_OVER_CURRENT,
                t.tripped_over_current(self.name),
                t.locked_out_over_current(self.name),
            ),
            (
                Reasons::VICIOUS_LOAD,
                self.vicious,
                RELEASE_VICIOUS,
                t.tripped_vicious(self.name),
                t.locked_out_vicious(self.name),
            ),
        ];
        for (reason, (left_s, trips), button, tripped, locked_out) in both {
            if !self.reasons.contains(reason) {
                continue;
            }
            // A loop may wait for one of them while the other has locked it out: only a wait has an end.
            if locked && left_s == 0 {
                let by_button = self.resident_release & button != 0;
                let ends = if by_button { t.locked_out_resident() } else { t.locked_out_office() };
                lines.push(format!("{locked_out} {ends}"));
            } else {
                lines.push(format!("{tripped} {}", t.tripped_wait(left_s, trips)));
            }
        }
        lines
    }
}
