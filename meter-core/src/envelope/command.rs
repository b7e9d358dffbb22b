//! What an envelope asks for: kinds 1 to 4 and their payloads.

use super::Refusal;
use crate::bytes::{Reader, Writer};
use crate::credit::Totals;
use crate::relay::{Override, SupplyMode};
use crate::units::{UnixSeconds, WattHours};

/// Households of a meter: 0..=7 single-phase, 8..=10 three-phase.
pub const HOUSEHOLDS: usize = 11;
/// The household byte of a command for the whole meter.
pub const WHOLE_METER: u8 = 0xFF;

const CREDIT_TOTALS: u8 = 1;
const OPEN_EPOCH: u8 = 2;
const SUPPLY: u8 = 3;
const CLOCK: u8 = 4;

/// A command to a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Kind 1: the totals of the current epoch.
    CreditTotals {
        /// 0..=10.
        household: u8,
        /// The epoch and what was ever credited and debited in it.
        totals: Totals,
    },
    /// Kind 2: close the current epoch and open a later one.
    OpenEpoch {
        /// 0..=10.
        household: u8,
        /// The new epoch and its first totals.
        totals: Totals,
    },
    /// Kind 3: force the supply off or on, or leave it to the credit.
    Supply {
        /// 0..=10.
        household: u8,
        /// The mode, its end and the generation, from 1.
        supply: Override,
    },
    /// Kind 4: set the clock.
    Clock {
        /// Number of this setting, counting up from 1.
        generation: u32,
        /// The time now, not 0.
        now: UnixSeconds,
    },
}

impl Command {
    /// The kind byte.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match self {
            Self::CreditTotals { .. } => CREDIT_TOTALS,
            Self::OpenEpoch { .. } => OPEN_EPOCH,
            Self::Supply { .. } => SUPPLY,
            Self::Clock { .. } => CLOCK,
        }
    }

    /// The household, `None` for the whole meter.
    #[must_use]
    pub const fn household(&self) -> Option<u8> {
        match self {
            Self::CreditTotals { household, .. }
            | Self::OpenEpoch { household, .. }
            | Self::Supply { household, .. } => Some(*household),
            Self::Clock { .. } => None,
        }
    }

    /// The generation; 0 for kinds that are ordered by their totals.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        match self {
            Self::CreditTotals { .. } | Self::OpenEpoch { .. } => 0,
            Self::Supply { supply, .. } => supply.generation,
            Self::Clock { generation, .. } => *generation,
        }
    }

    pub(super) const fn payload_len(&self) -> u8 {
        match self {
            Self::CreditTotals { .. } | Self::OpenEpoch { .. } => 12,
            Self::Supply { .. } => 6,
            Self::Clock { .. } => 4,
        }
    }

    pub(super) fn write_payload(&self, writer: &mut Writer<'_>) -> Option<()> {
        match self {
            Self::CreditTotals { totals, .. } | Self::OpenEpoch { totals, .. } => {
                writer.u32(totals.epoch)?;
                writer.u32(totals.credited.0)?;
                writer.u32(totals.debited.0)
            }
            Self::Supply { supply, .. } => {
                writer.bytes(&[supply.mode.code(), 0])?;
                writer.u32(supply.until.map_or(0, UnixSeconds::get))
            }
            Self::Clock { now, .. } => writer.u32(now.0),
        }
    }

    pub(super) fn read(kind: u8, household: u8, generation: u32, payload: &[u8]) -> Result<Self, Refusal> {
        match kind {
            CREDIT_TOTALS => read_totals(household, generation, payload)
                .map(|totals| Self::CreditTotals { household, totals }),
            OPEN_EPOCH => read_totals(household, generation, payload)
                .map(|totals| Self::OpenEpoch { household, totals }),
            SUPPLY => {
                read_supply(household, generation, payload).map(|supply| Self::Supply { household, supply })
            }
            CLOCK => read_clock(household, generation, payload).map(|now| Self::Clock { generation, now }),
            _ => Err(Refusal::UnknownKind),
        }
    }
}

fn read_totals(household: u8, generation: u32, payload: &[u8]) -> Result<Totals, Refusal> {
    check_household(household)?;
    let payload = payload_of::<12>(payload)?;
    in_range(generation == 0)?;
    totals_from(&mut Reader::new(payload)).ok_or(Refusal::Malformed)
}

fn totals_from(reader: &mut Reader<'_>) -> Option<Totals> {
    let epoch = reader.u32()?;
    let credited = WattHours(reader.u32()?);
    let debited = WattHours(reader.u32()?);
    Some(Totals { epoch, credited, debited })
}

fn read_supply(household: u8, generation: u32, payload: &[u8]) -> Result<Override, Refusal> {
    check_household(household)?;
    let [mode, reserved, a, b, c, d] = *payload_of::<6>(payload)?;
    let mode = SupplyMode::from_code(mode).ok_or(Refusal::OutOfRange)?;
    let until = match u32::from_be_bytes([a, b, c, d]) {
        0 => None,
        until => Some(UnixSeconds(until)),
    };
    // A forced-on without an end would give electricity away for ever; an end of "auto" has no meaning.
    let end_fits = match mode {
        SupplyMode::Auto => until.is_none(),
        SupplyMode::ForcedOff => true,
        SupplyMode::ForcedOn => until.is_some(),
    };
    in_range(generation != 0 && reserved == 0 && end_fits)?;
    Ok(Override { mode, until, generation })
}

fn read_clock(household: u8, generation: u32, payload: &[u8]) -> Result<UnixSeconds, Refusal> {
    if household != WHOLE_METER {
        return Err(Refusal::NoSuchHousehold);
    }
    let now = u32::from_be_bytes(*payload_of::<4>(payload)?);
    in_range(generation != 0 && now != 0)?;
    Ok(UnixSeconds(now))
}

fn check_household(household: u8) -> Result<(), Refusal> {
    if usize::from(household) < HOUSEHOLDS { Ok(()) } else { Err(Refusal::NoSuchHousehold) }
}

fn payload_of<const N: usize>(payload: &[u8]) -> Result<&[u8; N], Refusal> {
    payload.try_into().map_err(|_| Refusal::Malformed)
}

fn in_range(fits: bool) -> Result<(), Refusal> {
    if fits { Ok(()) } else { Err(Refusal::OutOfRange) }
}
