//! What a block of settings needs: compares what is wanted with what was read back. Pure.

/// The next thing to do for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockStep {
    /// The meter holds what is wanted, under whatever generation.
    Done,
    /// Send it as this generation, then read back.
    Send(u32),
    /// The meter has already taken a setting of the wanted generation or a later one, with other content: raise the
    /// wanted generation to at least this, durably, and plan again.
    NeedsGeneration(u32),
    /// The generations are used up: nothing can be set any more.
    Exhausted,
}

/// The next step for a block that is wanted as generation `wanted` and held as generation `held`; `same` when they say
/// the same.
#[must_use]
pub fn block_step(same: bool, wanted: u32, held: u32) -> BlockStep {
    match held.checked_add(1) {
        _ if same => BlockStep::Done,
        _ if wanted > held => BlockStep::Send(wanted),
        Some(next) => BlockStep::NeedsGeneration(next),
        None => BlockStep::Exhausted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_table() {
        for (same, wanted, held, step) in [
            (true, 1, 1, BlockStep::Done),
            (true, 1, 9, BlockStep::Done),
            (false, 1, 0, BlockStep::Send(1)),
            (false, 7, 3, BlockStep::Send(7)),
            (false, 3, 3, BlockStep::NeedsGeneration(4)),
            (false, 3, 8, BlockStep::NeedsGeneration(9)),
            (false, u32::MAX, u32::MAX - 1, BlockStep::Send(u32::MAX)),
            (false, 1, u32::MAX, BlockStep::Exhausted),
        ] {
            assert_eq!(block_step(same, wanted, held), step, "{same} {wanted} {held}");
        }
    }
}
