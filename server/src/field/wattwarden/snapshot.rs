//! A whole meter of ours as three reads give it, and in the words of every meter.

use meter_core::envelope::HOUSEHOLDS;
use meter_core::registers::{
    DetailState, Header, HouseholdState, LIVE_BLOCK_LEN, MAP_VERSION, Trailer, decode_header,
    decode_household, decode_trailer,
};
use meter_core::relay::SupplyMode as MeterMode;

use domain::supply::SupplyMode;

use super::words::{awaiting, open_reasons, signs};
use crate::field::observation::{Counts, Observation, OutletState, Relay, Supply};

/// Header, households and what follows them, read one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) header: Header,
    pub(super) households: [HouseholdState; HOUSEHOLDS],
    pub(super) trailer: Trailer,
    /// By position: the household's details, where they tell something and were read.
    pub(super) details: [Option<DetailState>; HOUSEHOLDS],
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
        Some(Self { header, households, trailer, details: [None; HOUSEHOLDS] })
    }

    /// In the words of every meter.
    pub(super) fn observation(&self) -> Observation {
        let header = &self.header;
        let outlets = self.households.iter().zip(&self.details);
        Observation {
            clock_s: header.clock_known().then(|| header.clock_s.into()),
            boot_count: Some(header.boot_count.into()),
            latest_event: Some(header.latest_event.into()),
            frequency_chz: Some(header.frequency_chz.into()),
            outlets: outlets.map(|(state, details)| outlet(state, details.as_ref())).collect(),
        }
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

/// A household's state in the words of every meter; its details, where they were read, name the reminder.
pub(crate) fn outlet(state: &HouseholdState, details: Option<&DetailState>) -> OutletState {
    OutletState {
        relay: Relay {
            commanded: state.relay_closed(),
            closed: state.contact_closed(),
            fault: state.relay_fault(),
        },
        reasons: open_reasons(state.reasons),
        signs: signs(state),
        reminder: details.map_or(0, |details| awaiting(state, details)).into(),
        credit: Some(Counts {
            epoch: state.epoch.into(),
            credited_wh: state.credited_wh.into(),
            debited_wh: state.debited_wh.into(),
            used_wh: state.used_wh.into(),
        }),
        supply: Some(Supply {
            mode: match state.supply_mode() {
                None | Some(MeterMode::Auto) => SupplyMode::Auto,
                Some(MeterMode::ForcedOff) => SupplyMode::Off,
                Some(MeterMode::ForcedOn) => SupplyMode::On,
            },
            generation: state.supply_generation.into(),
            until_s: state.supply_until_s.into(),
        }),
        energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
        power_mw: state.power_mw.into(),
        voltage_mv: state.voltage_dv.map(|dv| i64::from(dv) * 100),
        current_ma: state.current_ca.map(|ca| i64::from(ca) * 10),
        power_factor_milli: state.power_factor.into(),
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
