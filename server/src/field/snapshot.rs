//! A whole meter as three reads give it, and one household's part of it as a report.

use meter_core::envelope::HOUSEHOLDS;
use meter_core::registers::{
    Header, HouseholdState, LIVE_BLOCK_LEN, MAP_VERSION, Trailer, decode_header, decode_household,
    decode_trailer,
};
use meter_core::relay::SupplyMode as MeterMode;

use domain::ids::HouseholdId;
use domain::supply::{Reported, SupplyMode};

use super::wattwarden::words::{open_reasons, signs};

/// Header, households and what follows them, read one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) header: Header,
    pub(super) households: [HouseholdState; HOUSEHOLDS],
    pub(super) trailer: Trailer,
}

impl Snapshot {
    /// From the registers of all live reads in order; `None` unless they are those of a meter of ours.
    pub(super) fn decode(registers: &[u16]) -> Option<Self> {
        let mut blocks = registers.chunks_exact(usize::from(LIVE_BLOCK_LEN));
        let header = blocks.next().and_then(header)?;
        let mut households = [HouseholdState::default(); HOUSEHOLDS];
        for household in &mut households {
            *household = blocks.next().and_then(household_state)?;
        }
        let trailer = blocks.next().is_none().then(|| blocks.remainder()).and_then(decode_trailer)?;
        Some(Self { header, households, trailer })
    }
}

/// The header, if it is one whose registers are laid out as this program knows them.
pub(super) fn header(block: &[u16]) -> Option<Header> {
    decode_header(block.get(..usize::from(LIVE_BLOCK_LEN))?)
        .filter(|header| header.map_version == MAP_VERSION)
}

/// A household's state, if every code in it is one that this program knows.
pub(super) fn household_state(block: &[u16]) -> Option<HouseholdState> {
    decode_household(block).filter(|state| state.supply_mode().is_some())
}

/// A household's state as a row of the database. `uncounted_wh` is what the meter was told as debited, as it had
/// forgotten that it was used.
pub(crate) fn report(
    household_id: HouseholdId,
    uncounted_wh: i64,
    seen_ms: i64,
    state: &HouseholdState,
    reminder: u32,
    anomaly: Option<&str>,
) -> Reported {
    let [voltage1_mv, voltage2_mv, voltage3_mv] = state.voltage_dv.map(|dv| i64::from(dv) * 100);
    let [current1_ma, current2_ma, current3_ma] = state.current_ca.map(|ca| i64::from(ca) * 10);
    Reported {
        household_id,
        seen_ms,
        epoch: state.epoch.into(),
        credited_wh: state.credited_wh.into(),
        debited_wh: (i64::from(state.debited_wh) - uncounted_wh).max(0),
        used_wh: i64::from(state.used_wh) + uncounted_wh,
        energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
        relay_commanded: state.relay_closed().into(),
        relay_closed: state.contact_closed().into(),
        relay_fault: state.relay_fault().into(),
        open_reasons: open_reasons(state.reasons),
        supply_mode: match state.supply_mode() {
            None | Some(MeterMode::Auto) => SupplyMode::Auto,
            Some(MeterMode::ForcedOff) => SupplyMode::Off,
            Some(MeterMode::ForcedOn) => SupplyMode::On,
        },
        supply_generation: state.supply_generation.into(),
        supply_until_s: state.supply_until_s.into(),
        power_mw: state.power_mw.into(),
        voltage1_mv,
        voltage2_mv,
        voltage3_mv,
        current1_ma,
        current2_ma,
        current3_ma,
        power_factor_milli: state.power_factor.into(),
        signs: signs(state),
        reminder: reminder.into(),
        anomaly: anomaly.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use meter_core::meter::Meter;
    use meter_core::registers::{LIVE_READS, read};
    use meter_core::serial::Serial;

    use super::*;

    fn registers(meter: &Meter) -> Vec<u16> {
        let mut registers = Vec::new();
        for (address, count) in LIVE_READS {
            read(meter, address, count, &mut |word| registers.push(word)).unwrap();
        }
        registers
    }

    #[test]
    fn a_meter_reads_as_itself_and_nothing_else_does() {
        let meter = Meter::new(Serial::try_from(9).unwrap(), [0; 16]);
        let whole = registers(&meter);
        assert_eq!(Snapshot::decode(&whole).unwrap().header.serial, 9);
        assert_eq!(Snapshot::decode(&whole[..whole.len() - 1]), None);
        assert_eq!(Snapshot::decode(&[&whole[..], &whole[..30]].concat()), None);
        let changed = |at: usize, value| {
            let mut registers = whole.clone();
            registers[at] = value;
            Snapshot::decode(&registers)
        };
        assert_eq!(changed(0, MAP_VERSION + 1), None, "another register map");
        assert_eq!(changed(30 + 25, 3), None, "a supply mode that is none");
    }
}
