//! An event of our meter's memory in the words of every meter.

use domain::recorded::{Appliance, Recorded, StepEvidence, VoltageChange};
use domain::supply::SupplyMode;
use meter_core::events::EventKind;
use meter_core::evidence::Evidence;
use meter_core::protection::vicious::Cause;
use meter_core::registers::EventState;
use meter_core::relay::SupplyMode as MeterMode;

use super::words::open_reasons;

/// What an event says.
#[must_use]
pub fn recorded(event: &EventState) -> Recorded {
    let kind = u8::try_from(event.kind).ok().and_then(EventKind::from_code);
    kind.and_then(|kind| known(kind, event)).unwrap_or_else(|| Recorded::Unknown { code: event.kind.into() })
}

fn known(kind: EventKind, event: &EventState) -> Option<Recorded> {
    let (value, flag) = (i64::from(event.value), event.data == 1);
    let (opened, closed) = (
        |second| Recorded::RelayOpened { second, reasons: open_reasons(event.data), left_wh: value },
        |second| Recorded::RelayClosed { second, left_wh: value },
    );
    Some(match kind {
        EventKind::Started => Recorded::Started { times: value },
        EventKind::RelayOpened => opened(false),
        EventKind::RelayClosed => closed(false),
        EventKind::SecondRelayOpened => opened(true),
        EventKind::SecondRelayClosed => closed(true),
        EventKind::EpochOpened => Recorded::EpochOpened { epoch: value },
        // As read, the total is signed; as meant, it is not.
        EventKind::TotalsTaken => Recorded::TotalsTaken { credited_wh: value & 0xFFFF_FFFF },
        EventKind::SupplyCommanded => Recorded::SupplyCommanded { mode: mode(event.data)? },
        EventKind::ClockSet => Recorded::ClockSet { forward_s: flag.then_some(value) },
        EventKind::SettingsTaken => Recorded::SettingsTaken { block: event.data.into() },
        EventKind::FaultBegan => Recorded::FaultBegan { second: flag },
        EventKind::FaultEnded => Recorded::FaultEnded { second: flag },
        EventKind::Reminded => Recorded::Reminded { off_s: (event.data > 0).then_some(event.data.into()) },
        EventKind::Acknowledged => Recorded::Acknowledged { at_meter: flag },
        EventKind::CapExceeded => Recorded::CapExceeded { second: flag, power_w: value },
        kind => return protection(kind, event),
    })
}

fn protection(kind: EventKind, event: &EventState) -> Option<Recorded> {
    let (value, flag) = (i64::from(event.value), event.data == 1);
    let vicious =
        |tripped| Recorded::ViciousLoad { tripped, power_w: value, evidence: step(&event.evidence) };
    let voltage = |change| Recorded::Voltage { change, phase: event.data.into(), voltage_mv: value };
    Some(match kind {
        EventKind::ViciousAlarm => vicious(false),
        EventKind::ViciousTrip => vicious(true),
        EventKind::OverCurrentTrip => Recorded::OverCurrent {
            second: flag,
            current_ma: value,
            borne: Some((event.evidence.after_ms, i64::from(event.evidence.current_ca) * 10)),
        },
        EventKind::LockedOut => Recorded::LockedOut { second: flag, number: value },
        EventKind::Released => Recorded::Released { at_meter: flag },
        EventKind::UnderVoltage => voltage(VoltageChange::Under),
        EventKind::OverVoltage => voltage(VoltageChange::Over),
        EventKind::PhaseLost => voltage(VoltageChange::Lost),
        EventKind::VoltageBack => voltage(VoltageChange::Back),
        EventKind::MemoryRepaired => Recorded::MemoryRepaired { places: value },
        EventKind::MemoryLost => Recorded::MemoryLost { parts: value, unproven: flag },
        EventKind::ReverseBegan => Recorded::ReverseBegan { phases: event.data, power_w: value },
        EventKind::ReverseEnded => Recorded::ReverseEnded { energy_wh: value },
        _ => return None,
    })
}

fn mode(code: u16) -> Option<SupplyMode> {
    Some(match MeterMode::from_code(u8::try_from(code).ok()?)? {
        MeterMode::Auto => SupplyMode::Auto,
        MeterMode::ForcedOff => SupplyMode::Off,
        MeterMode::ForcedOn => SupplyMode::On,
    })
}

fn step(evidence: &Evidence) -> Option<StepEvidence> {
    let appliance = match evidence.cause()? {
        Cause::Resistive => Appliance::Resistive,
        Cause::HalfWave => Appliance::HalfWave,
        Cause::PhaseCut => Appliance::PhaseCut,
        Cause::Pulsing => Appliance::Pulsing,
        Cause::NightCap => Appliance::NightCap,
    };
    Some(StepEvidence {
        appliance,
        current_ma: i64::from(evidence.current_ca) * 10,
        residual: evidence.residual,
        harmonics: evidence.harmonics,
        inrush: evidence.inrush,
    })
}

#[cfg(test)]
mod tests {
    use domain::observed::{OpenReason, OpenReasons};

    use super::*;

    fn event(kind: EventKind, data: u16, value: i32) -> EventState {
        EventState { number: 1, kind: kind.code().into(), data, value, ..EventState::default() }
    }

    #[test]
    fn every_kind_of_event_has_words() {
        for (kind, text) in EventKind::ALL {
            let said = recorded(&event(*kind, 1, 7));
            assert!(!matches!(said, Recorded::Unknown { .. }), "{text}");
        }
        let later = EventState { kind: 999, ..EventState::default() };
        assert_eq!(recorded(&later), Recorded::Unknown { code: 999 });
        assert_eq!(recorded(&event(EventKind::SupplyCommanded, 9, 0)), Recorded::Unknown { code: 8 });
    }

    #[test]
    fn data_and_value_are_read_as_the_kind_says() {
        let reasons = OpenReasons::of([OpenReason::OverVoltage]);
        for (kind, data, value, said) in [
            (
                EventKind::SecondRelayOpened,
                1 << 9,
                4_200,
                Recorded::RelayOpened { second: true, reasons, left_wh: 4_200 },
            ),
            (EventKind::TotalsTaken, 0, -1, Recorded::TotalsTaken { credited_wh: 0xFFFF_FFFF }),
            (EventKind::ClockSet, 0, -3, Recorded::ClockSet { forward_s: None }),
            (EventKind::ClockSet, 1, -3, Recorded::ClockSet { forward_s: Some(-3) }),
            (EventKind::Reminded, 0, 2, Recorded::Reminded { off_s: None }),
            (EventKind::Reminded, 90, 2, Recorded::Reminded { off_s: Some(90) }),
        ] {
            assert_eq!(recorded(&event(kind, data, value)), said);
        }
    }

    #[test]
    fn a_kettle_is_told_with_its_evidence() {
        let evidence = Evidence {
            cause: Cause::Resistive.code(),
            power_w: 1_840,
            current_ca: 800,
            residual: 21,
            harmonics: [1, 12, 4],
            inrush: 103,
            after_ms: 0,
        };
        let kettle = EventState { evidence, ..event(EventKind::ViciousTrip, 0, 1_840) };
        let Recorded::ViciousLoad { tripped: true, power_w: 1_840, evidence: Some(step) } = recorded(&kettle)
        else {
            panic!("{kettle:?}")
        };
        assert_eq!((step.appliance, step.current_ma, step.inrush), (Appliance::Resistive, 8_000, 103));
        let unknown = EventState { evidence: Evidence { cause: 99, ..evidence }, ..kettle };
        assert!(matches!(recorded(&unknown), Recorded::ViciousLoad { evidence: None, .. }));
    }
}
