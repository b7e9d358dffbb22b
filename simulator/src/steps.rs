//! How a stretch of simulated time is cut into steps.

/// Up to this long the steps are fine.
const FINE_UP_TO_MS: u32 = 60_000;
const FINE_STEP_MS: u32 = 1000;
/// A longer stretch is cut into this many, so that catching up costs the same however long it was.
const COARSE_STEPS: u32 = FINE_UP_TO_MS / FINE_STEP_MS;
const DAY_S: u32 = 86_400;

/// One step: how long, and the local second of the day at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) elapsed_ms: u32,
    pub(crate) second_of_day: u32,
}

/// Steps that add up to `elapsed_ms` and end at `second_of_day`.
pub(crate) fn steps(elapsed_ms: u32, second_of_day: u32) -> impl Iterator<Item = Step> {
    let longest_ms =
        if elapsed_ms <= FINE_UP_TO_MS { FINE_STEP_MS } else { elapsed_ms.div_ceil(COARSE_STEPS) };
    let mut left_ms = elapsed_ms;
    std::iter::from_fn(move || {
        let step_ms = left_ms.min(longest_ms);
        left_ms -= step_ms;
        let before_end_s = left_ms / 1000 % DAY_S;
        let second_of_day = (second_of_day % DAY_S + DAY_S - before_end_s) % DAY_S;
        (step_ms > 0).then_some(Step { elapsed_ms: step_ms, second_of_day })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn midnight_lies_between_two_steps() {
        let ends: Vec<u32> = steps(3000, 1).map(|step| step.second_of_day).collect();
        assert_eq!(ends, [86_399, 0, 1]);
    }

    proptest! {
        #[test]
        fn steps_add_up_and_are_fine_when_they_can_be(elapsed_ms: u32, second in 0u32..86_400) {
            let steps: Vec<Step> = steps(elapsed_ms, second).collect();
            let sum: u64 = steps.iter().map(|step| u64::from(step.elapsed_ms)).sum();
            prop_assert_eq!(sum, u64::from(elapsed_ms));
            prop_assert!(steps.len() <= 60);
            prop_assert!(elapsed_ms > 60_000 || steps.iter().all(|step| step.elapsed_ms <= 1000));
            prop_assert_eq!(steps.last().map_or(second, |step| step.second_of_day), second);
        }
    }
}
