//! What a meter of any kind recorded: an event, in words and plain units. Stored as JSON.

use serde::{Deserialize, Serialize};

use crate::UnknownWord;
use crate::observed::OpenReasons;
use crate::supply::SupplyMode;

/// What happened. `second`: at the second loop rather than the main one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Recorded {
    /// The meter started, for so many times by now.
    Started {
        /// Its starts.
        times: i64,
    },
    /// A relay opened.
    RelayOpened {
        /// Which.
        second: bool,
        /// Why.
        reasons: OpenReasons,
        /// Credit left, in Wh.
        left_wh: i64,
    },
    /// A relay closed.
    RelayClosed {
        /// Which.
        second: bool,
        /// Credit left, in Wh.
        left_wh: i64,
    },
    /// An epoch was opened.
    EpochOpened {
        /// Its number.
        epoch: i64,
    },
    /// Credit totals were taken.
    TotalsTaken {
        /// Ever credited in the epoch, in Wh.
        credited_wh: i64,
    },
    /// An order for the relay was taken.
    SupplyCommanded {
        /// What is asked of it.
        mode: SupplyMode,
    },
    /// The clock was set.
    ClockSet {
        /// By how much it was put forward, in s; `None` when it did not know the time before.
        forward_s: Option<i64>,
    },
    /// A block of settings was taken.
    SettingsTaken {
        /// Its number.
        block: i64,
    },
    /// A contact disagrees with its relay.
    FaultBegan {
        /// Which.
        second: bool,
    },
    /// A contact agrees again.
    FaultEnded {
        /// Which.
        second: bool,
    },
    /// The supply went off to remind of low credit.
    Reminded {
        /// For how long, in s; `None` until somebody acknowledges it.
        off_s: Option<i64>,
    },
    /// The reminder was acknowledged.
    Acknowledged {
        /// At the meter rather than by the office.
        at_meter: bool,
    },
    /// A loop opened above its power cap.
    CapExceeded {
        /// Which.
        second: bool,
        /// Drawn, in W.
        power_w: i64,
    },
    /// A vicious load was found.
    ViciousLoad {
        /// The loop was opened; else it was only reported.
        tripped: bool,
        /// Its power, in W.
        power_w: i64,
        /// What it is and what spoke for that; `None` for a cause that this program does not know.
        evidence: Option<StepEvidence>,
    },
    /// A loop opened above its current limit.
    OverCurrent {
        /// Which.
        second: bool,
        /// Its current, in mA.
        current_ma: i64,
        /// For how long that was borne, in ms, and the current, in mA; `None` when it was not kept.
        borne: Option<(u16, i64)>,
    },
    /// A loop tripped too often and stays open until released.
    LockedOut {
        /// Which.
        second: bool,
        /// Number of the lock-out.
        number: i64,
    },
    /// The lock-outs were ended.
    Released {
        /// At the meter rather than by the office.
        at_meter: bool,
    },
    /// A voltage left its limits, or came back.
    Voltage {
        /// What it did.
        change: VoltageChange,
        /// Of which phase, from 1.
        phase: i64,
        /// The voltage, in mV.
        voltage_mv: i64,
    },
    /// Bits of the meter's memory had flipped and were put right.
    MemoryRepaired {
        /// In how many places.
        places: i64,
    },
    /// Parts of the meter's memory were lost.
    MemoryLost {
        /// How many.
        parts: i64,
        /// Credit and orders may be old ones: the meter takes only what is fresh.
        unproven: bool,
    },
    /// Power flows backward: a current transformer is the wrong way round, or something feeds in.
    ReverseBegan {
        /// Bit per phase, bit 3 the second loop.
        phases: u16,
        /// Of all phases together, in W.
        power_w: i64,
    },
    /// No power flows backward any more.
    ReverseEnded {
        /// What ever did, in Wh.
        energy_wh: i64,
    },
    /// Something that this program has no word for.
    Unknown {
        /// The meter's code of it.
        code: i64,
    },
}

/// What a voltage did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VoltageChange {
    /// Too little.
    Under,
    /// Too much.
    Over,
    /// None, while another phase has some.
    Lost,
    /// Within its limits again.
    Back,
}

/// What makes a load vicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Appliance {
    /// Its current is proportional to the voltage: a heater, a kettle.
    Resistive,
    /// A resistor behind a diode.
    HalfWave,
    /// A resistor behind a phase control.
    PhaseCut,
    /// It pulses.
    Pulsing,
    /// The whole loop, which draws more than is allowed at night.
    NightCap,
}

/// The step by which a load was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEvidence {
    /// What it is.
    pub appliance: Appliance,
    /// Its current, in mA.
    pub current_ma: i64,
    /// Share of the current not proportional to the voltage, in thousandths.
    pub residual: u16,
    /// Harmonics 2, 3 and 5 of the current relative to its fundamental, in thousandths.
    pub harmonics: [u16; 3],
    /// Largest current while it settled over its settled current, in hundredths; 0 if it never settled.
    pub inrush: u16,
}

impl Recorded {
    /// As stored.
    #[must_use]
    pub fn text(&self) -> String {
        // Plain fields and no maps: nothing of it can fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl TryFrom<String> for Recorded {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        serde_json::from_str(&text).map_err(|_| UnknownWord::new("event", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observed::OpenReason;

    #[test]
    fn what_is_stored_never_changes() {
        let reasons = OpenReasons::of([OpenReason::OutOfCredit, OpenReason::Schedule]);
        let evidence = StepEvidence {
            appliance: Appliance::HalfWave,
            current_ma: 8_000,
            residual: 21,
            harmonics: [1, 12, 4],
            inrush: 103,
        };
        for (recorded, text) in [
            (
                Recorded::RelayOpened { second: true, reasons, left_wh: -5 },
                r#"{"what":"relay-opened","second":true,"reasons":"out-of-credit schedule","left_wh":-5}"#,
            ),
            (
                Recorded::SupplyCommanded { mode: SupplyMode::Off },
                r#"{"what":"supply-commanded","mode":"off"}"#,
            ),
            (Recorded::ClockSet { forward_s: None }, r#"{"what":"clock-set","forward_s":null}"#),
            (
                Recorded::ViciousLoad { tripped: true, power_w: 1_840, evidence: Some(evidence) },
                r#"{"what":"vicious-load","tripped":true,"power_w":1840,"evidence":{"appliance":"half-wave","current_ma":8000,"residual":21,"harmonics":[1,12,4],"inrush":103}}"#,
            ),
            (
                Recorded::OverCurrent { second: false, current_ma: 70_000, borne: Some((40, 70_000)) },
                r#"{"what":"over-current","second":false,"current_ma":70000,"borne":[40,70000]}"#,
            ),
            (
                Recorded::Voltage { change: VoltageChange::Lost, phase: 2, voltage_mv: 0 },
                r#"{"what":"voltage","change":"lost","phase":2,"voltage_mv":0}"#,
            ),
            (Recorded::Unknown { code: 99 }, r#"{"what":"unknown","code":99}"#),
        ] {
            assert_eq!(recorded.text(), text);
            assert_eq!(Recorded::try_from(text.to_owned()).unwrap(), recorded);
        }
        assert!(Recorded::try_from("{}".to_owned()).is_err());
    }
}
