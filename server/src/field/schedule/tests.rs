//! Visits are counted on a line whose time is only what the visits take.

use fastrand::Rng;
use proptest::prelude::{any, prop, prop_assert, proptest};

use super::*;

const INTERVAL: Duration = Duration::from_secs(10);
const PACE: Pace =
    Pace { interval: INTERVAL, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(60) };
const LIVE_VISIT: Duration = Duration::from_millis(300);
const DARK_VISIT: Duration = Duration::from_secs(3);

struct Line {
    schedule: Schedule,
    now: Instant,
    visits: BTreeMap<u8, u32>,
}

impl Line {
    fn new(units: impl IntoIterator<Item = u8>, seed: u64) -> Self {
        let now = Instant::now();
        let mut schedule = Schedule::new(PACE, Rng::with_seed(seed));
        schedule.set_units(units, now);
        Self { schedule, now, visits: BTreeMap::new() }
    }

    /// Runs for a while; `answers` says whether a unit is alive.
    fn run(&mut self, length: Duration, answers: impl Fn(u8) -> bool) {
        self.visits.clear();
        let end = self.now + length;
        while self.now < end {
            match self.schedule.next(self.now) {
                Next::Idle => return,
                Next::WaitUntil(due) => {
                    assert!(due > self.now, "waiting for what is due");
                    self.now = due;
                }
                Next::Visit(unit) => {
                    *self.visits.entry(unit).or_default() += 1;
                    let alive = answers(unit);
                    self.now += if alive { LIVE_VISIT } else { DARK_VISIT };
                    let outcome = if alive { Outcome::Answered } else { Outcome::Failed };
                    self.schedule.visited(unit, outcome, self.now);
                }
            }
        }
    }

    fn visits(&self, unit: u8) -> u32 {
        self.visits.get(&unit).copied().unwrap_or(0)
    }
}

#[test]
fn a_live_line_is_polled_at_the_interval() {
    let mut line = Line::new(1..=10, 1);
    line.run(Duration::from_secs(600), |_| true);
    for unit in 1..=10 {
        assert!((55..=61).contains(&line.visits(unit)), "unit {unit}: {}", line.visits(unit));
    }
}

#[test]
fn dark_units_do_not_starve_the_live_ones() {
    // Thirty dark units would fill the line with time-outs if each had its turn.
    let mut line = Line::new(1..=32, 1);
    let alive = |unit| unit <= 2;
    line.run(Duration::from_secs(300), alive);
    line.run(Duration::from_secs(3_600), alive);
    for unit in 1..=32 {
        let least = if alive(unit) { 200 } else { 20 };
        assert!(line.visits(unit) >= least, "unit {unit}: {} visits in an hour", line.visits(unit));
    }
}

#[test]
fn a_saturated_line_still_looks_for_its_dark_unit() {
    let mut line = Line::new(1..=60, 1);
    line.run(Duration::from_secs(3_600), |unit| unit != 7);
    assert!(line.visits(7) >= 30, "{}", line.visits(7));
    assert!(line.visits(8) >= 100, "{}", line.visits(8));
}

#[test]
fn a_wish_goes_before_every_poll() {
    let mut line = Line::new(1..=20, 1);
    line.run(Duration::from_secs(100), |_| true);
    line.now += INTERVAL * 2;
    line.schedule.hurry(17, line.now);
    assert_eq!(line.schedule.next(line.now), Next::Visit(17));
    line.schedule.visited(17, Outcome::Answered, line.now);
    assert_ne!(line.schedule.next(line.now), Next::Visit(17));
}

#[test]
fn a_wish_of_a_dark_unit_is_tried_once_and_not_before_the_live() {
    let mut line = Line::new(1..=2, 1);
    line.run(Duration::from_secs(600), |unit| unit == 1);
    line.now += INTERVAL;
    line.schedule.hurry(2, line.now);
    assert_eq!(line.schedule.next(line.now), Next::Visit(1));
    line.schedule.visited(1, Outcome::Answered, line.now);
    assert_eq!(line.schedule.next(line.now), Next::Visit(2));
    line.schedule.visited(2, Outcome::Failed, line.now);
    assert!(matches!(line.schedule.next(line.now), Next::WaitUntil(_)));
}

#[test]
fn a_unit_that_answers_again_is_live_at_once() {
    let mut line = Line::new([1], 1);
    line.run(Duration::from_secs(600), |_| false);
    assert_eq!(line.schedule.visited(1, Outcome::Changing, line.now), 0);
    assert_eq!(line.schedule.next(line.now), Next::WaitUntil(line.now + LOOK_AGAIN));
}

#[test]
fn pauses_double_up_to_the_longest() {
    let mut rng = Rng::with_seed(3);
    for failures in 1..=40 {
        let middle = PACE.first_pause.saturating_mul(1 << (failures - 1).min(16)).min(PACE.longest_pause);
        let pause = PACE.pause(failures, &mut rng);
        assert!(pause >= middle.mul_f64(0.74) && pause <= middle.mul_f64(1.26), "{failures}: {pause:?}");
    }
}

#[test]
fn units_come_and_go() {
    let mut line = Line::new([1, 2], 1);
    line.schedule.visited(1, Outcome::Answered, line.now);
    line.schedule.set_units([1, 3], line.now);
    assert_eq!(line.schedule.next(line.now), Next::Visit(3), "1 keeps its turn, 3 is new, 2 is gone");
    line.schedule.set_units([], line.now);
    assert_eq!(line.schedule.next(line.now), Next::Idle);
    assert_eq!(line.schedule.visited(2, Outcome::Failed, line.now), 0);
}

proptest! {
    #[test]
    fn no_live_unit_is_ever_starved(dark in prop::collection::btree_set(1u8..=40, 0..39), seed in any::<u64>()) {
        let mut line = Line::new(1..=40, seed);
        line.run(Duration::from_secs(300), |unit| !dark.contains(&unit));
        line.run(Duration::from_secs(1_200), |unit| !dark.contains(&unit));
        for unit in (1..=40).filter(|unit| !dark.contains(unit)) {
            prop_assert!(line.visits(unit) >= 40, "unit {} of {} dark: {}", unit, dark.len(), line.visits(unit));
        }
    }
}
