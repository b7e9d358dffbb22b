//! Scenarios in a room: what its meter is set to, and what to watch there.

use domain::ids::RoomId;
use meter_core::registers::HouseholdState;
use meter_core::settings::{
    CreditSettings, DayTable, DayType, HouseholdBlock, LoopId, OverCurrentSettings, PowerBand, Rule,
    ViciousSettings,
};

use super::stage::{Scenario, Stage, USUAL_LEAD_S};
use crate::web::playground::Thing;

/// What a room must have left to be chosen, in Wh: its credit is not to run out beside the point.
const ENOUGH_WH: i32 = 3_000;
/// Used until the low-credit alarm, in Wh: 45 s by 6 kW.
const UNTIL_ALARM_WH: i32 = 75;
/// Single-phase outlets.
const ROOMS: u8 = 8;
const MINUTES_A_DAY: i64 = 24 * 60;

/// What a scenario of a room takes.
pub(super) struct Script {
    /// What its meter is set to.
    pub(super) blocks: Vec<HouseholdBlock>,
    /// What to watch.
    pub(super) watch: String,
    /// What is plugged in when the time has come.
    pub(super) thing: Option<Thing>,
}

impl Stage<'_> {
    /// Student rooms that have power and some credit, with what is left there.
    pub(super) fn lit_rooms(&self) -> impl Iterator<Item = (RoomId, i32)> {
        let single_phase = self.places.iter().filter(|place| place.position < ROOMS);
        single_phase.filter_map(|place| {
            let state = self.sockets.at(&place.room_id, |meter, place| {
                meter.meter().household(usize::from(place.position)).map(HouseholdState::of)
            });
            let state = state.flatten()?;
            let fit = state.relay_closed() && state.remaining_wh > ENOUGH_WH;
            fit.then(|| (place.room_id.clone(), state.remaining_wh))
        })
    }

    /// What a scenario of a room takes; `None` for one of the office.
    pub(super) fn script(&self, scenario: Scenario, remaining_wh: i32) -> Option<Script> {
        let script =
            |block, watch, thing| Script { blocks: vec![block], watch: self.told(watch), thing: Some(thing) };
        Some(match scenario {
            Scenario::Kettle => {
                script(HouseholdBlock::Vicious(LoopId::Main, watched()), KETTLE, Thing::Kettle)
            }
            Scenario::Overload => {
                script(HouseholdBlock::OverCurrent(LoopId::Main, limit()), OVERLOAD, Thing::Machines)
            }
            Scenario::LowCredit => {
                let alarm_wh = u32::try_from(remaining_wh - UNTIL_ALARM_WH).unwrap_or(0);
                let credit = CreditSettings { alarm_wh, drop_out_s: 0, ..CreditSettings::FACTORY };
                script(HouseholdBlock::Credit(credit), LOW_CREDIT, Thing::Machines)
            }
            Scenario::Schedule => {
                let (off_min, on_min) = lights_out(self.second_of_day, self.speed, self.lead_s);
                let table = DayTable::new(&periods(off_min, on_min)).unwrap_or(DayTable::FACTORY);
                let of_day = |day| HouseholdBlock::Table(LoopId::Main, day, table);
                let times = format!("off at {}, on again at {}", of_the_clock(off_min), of_the_clock(on_min));
                let watch = format!("{times}, by the meter's own clock.");
                Script { blocks: DayType::ALL.map(of_day).to_vec(), watch, thing: None }
            }
            Scenario::MonthChange | Scenario::Graduation => return None,
        })
    }
}

const KETTLE: &str = "a kettle is plugged in about {lead} s from now: \"Tripped\", tried again each minute, locked out at the \
    third trip. Unplug it on the page, and the power comes back by itself.";
const OVERLOAD: &str = "machines of 6 kW are plugged in about {lead} s from now, above its limit of 16 A: cut off after 3 s, \
    tried again each minute, locked out at the third trip; the manager releases it on the page.";
const LOW_CREDIT: &str = "machines are plugged in about {lead} s from now and use it up to the alarm within the next minute: \
    the supply drops out, until it is acknowledged on the page or by the meter's button.";

/// Resistors from 300 W are cut off; a minute's wait.
fn watched() -> ViciousSettings {
    let mut settings =
        ViciousSettings { mode: 2, wait_s: 60, trips: 3, window_min: 60, ..ViciousSettings::FACTORY };
    settings.bands[0] = PowerBand { from_w: 300, to_w: u16::MAX };
    settings
}

/// 16 A for 3 s; a minute's wait.
const fn limit() -> OverCurrentSettings {
    let factory = OverCurrentSettings::FACTORY;
    OverCurrentSettings { limit_ca: 1_600, delay_ms: 3_000, wait_s: 60, trips: 3, window_min: 60, ..factory }
}

/// Minutes of the day when the lights go out and come back: two and four minutes from now for somebody who watches with
/// the usual lead, at most some hours of the site's time.
fn lights_out(second_of_day: u32, speed: u32, lead_s: u32) -> (i64, i64) {
    let now_min = i64::from(second_of_day) / 60;
    let pace = (i64::from(speed) * i64::from(lead_s)).clamp(0, 120 * i64::from(USUAL_LEAD_S));
    let after = |minutes: i64| minutes * pace / i64::from(USUAL_LEAD_S);
    let off_min = now_min + after(2).max(1);
    ((off_min) % MINUTES_A_DAY, (off_min + after(2).max(1)) % MINUTES_A_DAY)
}

/// Off and on as a day's table has them: by the time of day.
fn periods(off_min: i64, on_min: i64) -> Vec<(u16, Rule)> {
    let minute = |minute: i64| u16::try_from(minute).unwrap_or(0);
    let mut periods = vec![(minute(off_min), Rule::Off), (minute(on_min), Rule::On)];
    // A table begins at midnight, with the power on unless it says otherwise.
    if 0 < on_min && on_min < off_min {
        periods.push((0, Rule::Off));
    }
    periods.sort_unstable_by_key(|(start_min, _)| *start_min);
    periods
}

fn of_the_clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lights_go_out_and_come_back_at_any_time_of_day_and_speed() {
        for second_of_day in (0..86_400).step_by(47) {
            for (speed, lead_s) in [(1, 45), (60, 45), (3_600, 45), (1, 0), (10, 3), (3_600, 600)] {
                let (off_min, on_min) = lights_out(second_of_day, speed, lead_s);
                let table = DayTable::new(&periods(off_min, on_min));
                assert!(table.is_some(), "{second_of_day} {speed} {lead_s}");
            }
        }
        assert_eq!(lights_out(86_399, 1, USUAL_LEAD_S), (1, 3));
        assert_eq!(of_the_clock(605), "10:05");
    }

    #[test]
    fn what_scenarios_set_is_what_a_page_could_set() {
        use crate::ops::meters::change_settings::check;
        assert!(check(&HouseholdBlock::Vicious(LoopId::Main, watched())).is_ok());
        assert!(check(&HouseholdBlock::OverCurrent(LoopId::Main, limit())).is_ok());
    }
}
