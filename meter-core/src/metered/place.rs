//! Whose current an input of the usual multi-user wiring carries.

use crate::meter::SINGLE_PHASE_HOUSEHOLDS;
use crate::metrology::{MAX_CURRENTS, VOLTAGES};
use crate::settings::LoopId;

/// First input of the three-phase households, and of the second loops.
const FIRST_THREE_PHASE: usize = SINGLE_PHASE_HOUSEHOLDS;
const FIRST_SECOND: usize = MAX_CURRENTS - SINGLE_PHASE_HOUSEHOLDS;

/// Whose current it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 0..=10.
    pub household: usize,
    /// Which of its loops.
    pub id: LoopId,
    /// 0 to 2 of a three-phase household, 0 of another.
    pub phase: usize,
}

impl Place {
    /// The place of a current input of [`crate::metrology::Wiring::multi_user`].
    #[must_use]
    pub const fn of(current: usize) -> Self {
        match current {
            0..FIRST_THREE_PHASE => Self { household: current, id: LoopId::Main, phase: 0 },
            FIRST_THREE_PHASE..FIRST_SECOND => {
                let input = current - FIRST_THREE_PHASE;
                let household = FIRST_THREE_PHASE + input / VOLTAGES;
                Self { household, id: LoopId::Main, phase: input % VOLTAGES }
            }
            _ => Self { household: current - FIRST_SECOND, id: LoopId::Second, phase: 0 },
        }
    }

    /// Phase 1 to 3 of a three-phase household, 0 of another, as events say it.
    #[must_use]
    pub const fn told_phase(&self) -> u8 {
        if self.household < FIRST_THREE_PHASE { 0 } else { self.phase as u8 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::Wiring;

    #[test]
    fn every_input_has_a_place_of_its_own() {
        let of = |current| {
            let Place { household, id, phase } = Place::of(current);
            (household, id, phase, Place::of(current).told_phase())
        };
        assert_eq!(of(7), (7, LoopId::Main, 0, 0));
        assert_eq!(of(8), (8, LoopId::Main, 0, 1));
        assert_eq!(of(16), (10, LoopId::Main, 2, 3));
        assert_eq!(of(17), (0, LoopId::Second, 0, 0));
        assert_eq!(of(24), (7, LoopId::Second, 0, 0));
        let wiring = Wiring::multi_user(0xFF);
        for current in FIRST_THREE_PHASE..FIRST_SECOND {
            assert_eq!(wiring.phase(current).unwrap().index(), Place::of(current).phase);
        }
    }
}
