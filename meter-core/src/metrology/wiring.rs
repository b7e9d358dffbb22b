//! Which inputs a meter has: three voltages, and the currents of every loop with the phase of each.

/// Phase voltages.
pub const VOLTAGES: usize = 3;

/// Eight single-phase loops, three three-phase ones, and a second loop for each of the eight.
pub const MAX_CURRENTS: usize = 8 + 3 * 3 + 8;

/// All inputs, voltages first.
pub const CHANNELS: usize = VOLTAGES + MAX_CURRENTS;

/// A phase of the supply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// L1.
    #[default]
    A,
    /// L2.
    B,
    /// L3.
    C,
}

impl Phase {
    /// The three, in order.
    pub const ALL: [Self; VOLTAGES] = [Self::A, Self::B, Self::C];

    /// 0, 1 or 2.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
            Self::C => 2,
        }
    }

    const fn of(number: usize) -> Self {
        match number % VOLTAGES {
            0 => Self::A,
            1 => Self::B,
            _ => Self::C,
        }
    }
}

/// All inputs sampled at one instant, signed counts of a 24-bit converter (a 16-bit one is shifted left
/// by 8). Inputs that are not fitted are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSet {
    /// Phase voltages.
    pub voltages: [i32; VOLTAGES],
    /// Loop currents in the order of the [`Wiring`].
    pub currents: [i32; MAX_CURRENTS],
}

impl SampleSet {
    /// Nothing on any input.
    pub const ZERO: Self = Self { voltages: [0; VOLTAGES], currents: [0; MAX_CURRENTS] };
}

/// The phase of each current input; `None` where nothing is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    phases: [Option<Phase>; MAX_CURRENTS],
}

impl Wiring {
    /// Any wiring.
    #[must_use]
    pub const fn new(phases: [Option<Phase>; MAX_CURRENTS]) -> Self {
        Self { phases }
    }

    /// The usual multi-user meter: currents 0–7 are the single-phase households, spread over the phases;
    /// 8–16 the three-phase households, three each; 17–24 the second loops of households 0–7, fitted where
    /// bit `household` of `second_loops` is set.
    #[must_use]
    pub const fn multi_user(second_loops: u8) -> Self {
        let mut phases = [None; MAX_CURRENTS];
        let mut current = 0;
        while current < MAX_CURRENTS {
            phases[current] = match current {
                0..8 => Some(Phase::of(current)),
                8..17 => Some(Phase::of(current - 8)),
                _ if second_loops & (1 << (current - 17)) != 0 => Some(Phase::of(current - 17)),
                _ => None,
            };
            current += 1;
        }
        Self { phases }
    }

    /// The phase of current input `current`; `None` if nothing is fitted there.
    #[must_use]
    pub const fn phase(&self, current: usize) -> Option<Phase> {
        if current < MAX_CURRENTS { self.phases[current] } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_loops_are_on_the_phase_of_their_household() {
        let wiring = Wiring::multi_user(0b1000_0010);
        for household in 0..8 {
            let fitted = household == 1 || household == 7;
            assert_eq!(wiring.phase(17 + household), wiring.phase(household).filter(|_| fitted));
        }
        assert_eq!([8, 9, 10].map(|current| wiring.phase(current)), Phase::ALL.map(Some));
        assert_eq!(wiring.phase(MAX_CURRENTS), None);
    }
}
