//! What a breaker lets through: more than that can't have been used, whatever a meter says.

/// Rated current of the breaker in front of a single-phase outlet, unless the site says otherwise: the largest common one
/// below what the outlet's 60 A relay carries plus its tolerance (preferred ratings of IEC 60898-1).
pub const SINGLE_PHASE_MA: i64 = 63_000;
/// In front of a three-phase outlet, each phase.
pub const THREE_PHASE_MA: i64 = 100_000;
/// The highest voltage of a 230 V network: +10 % (IEC 60038).
const HIGHEST_MV: i64 = 253_000;
/// The conventional tripping current, in hundredths of the rated one: what a breaker is sure to interrupt within an hour
/// (IEC 60898-1).
const TRIPPING_HUNDREDTHS: i64 = 145;
/// Added to the time between two readings: clocks differ, and a reading is some seconds older than its time.
const SLACK_MS: i64 = 15 * 60 * 1000;

/// The breaker in front of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Rated current of each phase, in mA.
    pub rated_ma: i64,
    /// 1 or 3.
    pub phases: i64,
}

impl Breaker {
    /// As the site set it, or as an outlet of so many phases is made.
    #[must_use]
    pub fn of(phases: i64, set_ma: Option<i64>) -> Self {
        let usual_ma = if phases > 1 { THREE_PHASE_MA } else { SINGLE_PHASE_MA };
        Self { rated_ma: set_ma.unwrap_or(usual_ma), phases }
    }

    /// The most that goes through it in a time, in Wh.
    #[must_use]
    pub fn allowed_wh(&self, elapsed_ms: i64) -> i64 {
        let milli = i128::from(self.rated_ma) * i128::from(TRIPPING_HUNDREDTHS) / 100;
        let microwatts = milli * i128::from(HIGHEST_MV) * i128::from(self.phases);
        let time_ms = i128::from(elapsed_ms.max(0)) + i128::from(SLACK_MS);
        i64::try_from(microwatts * time_ms / 3_600_000_000_000).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn an_hour_at_the_tripping_current_is_the_most() {
        // 63 A × 1.45 × 253 V = 23.11 kW, for an hour and a quarter.
        assert_eq!(Breaker::of(1, None).allowed_wh(HOUR_MS), 28_889);
        assert_eq!(Breaker::of(3, None).allowed_wh(HOUR_MS), 137_568);
        assert_eq!(Breaker::of(1, Some(10_000)).allowed_wh(HOUR_MS), 4_585);
    }

    #[test]
    fn a_clock_that_went_back_allows_the_slack_only() {
        let breaker = Breaker::of(1, None);
        assert_eq!(breaker.allowed_wh(-HOUR_MS), breaker.allowed_wh(0));
        assert!(breaker.allowed_wh(i64::MAX) > 1_000_000_000);
    }
}
