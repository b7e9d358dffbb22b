//! A room's loops on its page: the relay, current and reasons of each; what protection has done, and what ends it.

use domain::observed::{OpenReason, OpenReasons, Release, Sign};
use domain::supply::Reported;
use words::Lang;

use crate::reads::meters::details::Details;
use crate::reads::room::Served;
use crate::web::kit::format::Format;
use crate::web::kit::reasons::{of_protection, reason_words};

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
    reasons: OpenReasons,
    over_current: (i64, i64),
    vicious: (i64, i64),
    /// Whether the button at the meter ends a lock-out for either.
    button: (bool, bool),
}

/// Whether the meter says that the room has a second loop.
pub(super) fn has_second(said: &Reported) -> bool {
    said.signs.has(Sign::SecondLoop)
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
        why: reason_words(t, said.open_reasons),
        power: f.power(&(said.power_mw - told.second_power_mw)),
        current: f.amps(&said.current1_ma),
        fault: said.relay_fault == 1,
    };
    let second = LoopCard {
        name: t.loop_second(),
        closed: said.signs.has(Sign::SecondClosed),
        why: reason_words(t, told.second_reasons),
        power: f.power(&told.second_power_mw),
        current: f.amps(&told.second_current_ma),
        fault: said.signs.has(Sign::SecondFault),
    };
    vec![main, second]
}

/// What protection keeps open now; `None` when nothing.
pub(super) fn protection(t: Lang, served: &Served) -> Option<Protection> {
    let said = served.reported.as_ref()?;
    if !said.signs.has(Sign::ProtectionOpen) && !said.signs.has(Sign::LockedOut) {
        return None;
    }
    let mut lines = Vec::new();
    let voltage = of_protection(said.open_reasons)
        .without(OpenReason::OverCurrent)
        .without(OpenReason::ViciousLoad)
        .without(OpenReason::LockedOut);
    if !voltage.is_empty() {
        lines.push(t.tripped_voltage(reason_words(t, voltage)));
    }
    let told = served.details.as_ref();
    for guarded in told.map_or_else(Vec::new, |told| guarded(t, said, told)) {
        lines.extend(guarded.lines(t));
    }
    let locked_out = said.signs.has(Sign::LockedOut);
    let lockout = told.filter(|told| locked_out && told.lockouts > 0);
    Some(Protection {
        lines,
        lockout: lockout.map(|told| (told.lockouts, served.desired.released_lockout == told.lockouts)),
    })
}

fn guarded(t: Lang, said: &Reported, told: &Details) -> Vec<Guarded> {
    let by_button = |one, other| (told.resident_release.has(one), told.resident_release.has(other));
    let main = Guarded {
        name: t.loop_main(),
        reasons: said.open_reasons,
        over_current: (told.over_current_left_s, told.over_current_trips),
        vicious: (told.vicious_left_s, told.vicious_trips),
        button: by_button(Release::OverCurrent, Release::ViciousLoad),
    };
    let second = Guarded {
        name: t.loop_second(),
        reasons: told.second_reasons,
        over_current: (told.second_over_current_left_s, told.second_over_current_trips),
        vicious: (told.second_vicious_left_s, told.second_vicious_trips),
        button: by_button(Release::SecondOverCurrent, Release::SecondViciousLoad),
    };
    if has_second(said) { vec![main, second] } else { vec![main] }
}

impl Guarded {
    fn lines(&self, t: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        let locked = self.reasons.has(OpenReason::LockedOut);
        let both = [
            (
                OpenReason::OverCurrent,
                self.over_current,
                self.button.0,
                t.tripped_over_current(self.name),
                t.locked_out_over_current(self.name),
            ),
            (
                OpenReason::ViciousLoad,
                self.vicious,
                self.button.1,
                t.tripped_vicious(self.name),
                t.locked_out_vicious(self.name),
            ),
        ];
        for (reason, (left_s, trips), button, tripped, locked_out) in both {
            if !self.reasons.has(reason) {
                continue;
            }
            // A loop may wait for one of them while the other has locked it out: only a wait has an end.
            if locked && left_s == 0 {
                let ends = if button { t.locked_out_resident() } else { t.locked_out_office() };
                lines.push(format!("{locked_out} {ends}"));
            } else {
                lines.push(format!("{tripped} {}", t.tripped_wait(left_s, trips)));
            }
        }
        lines
    }
}
