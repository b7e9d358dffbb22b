//! What an envelope asks for: the kinds and their payloads.

use super::Refusal;
use crate::bytes::{Reader, Writer};
use crate::credit::Totals;
use crate::relay::{Override, SupplyMode};
use crate::settings::{HouseholdBlock, MeterBlock};
use crate::units::UnixSeconds;

/// Households of a meter: 0..=7 single-phase, 8..=10 three-phase.
pub const HOUSEHOLDS: usize = 11;
/// The household byte of a command for the whole meter.
pub const WHOLE_METER: u8 = 0xFF;

const CREDIT_TOTALS: u8 = 1;
const OPEN_EPOCH: u8 = 2;
const SUPPLY: u8 = 3;
const CLOCK: u8 = 4;
const HOUSEHOLD_SETTINGS: u8 = 5;
const METER_SETTINGS: u8 = 6;
const ACKNOWLEDGE: u8 = 7;
const RELEASE: u8 = 8;
/// Before the content of a settings block: its number and a zero.
const BLOCK_PREFIX_LEN: u8 = 2;

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
    /// Kind 5: a block of a household's settings.
    HouseholdSettings {
        /// 0..=10.
        household: u8,
        /// Number of the setting of this block, counting up from 1.
        generation: u32,
        /// The whole block.
        block: HouseholdBlock,
    },
    /// Kind 6: a block of the meter's settings.
    MeterSettings {
        /// Number of the setting of this block, counting up from 1.
        generation: u32,
        /// The whole block.
        block: MeterBlock,
    },
    /// Kind 7: a low-credit reminder was seen.
    Acknowledge {
        /// 0..=10.
        household: u8,
        /// Number of the reminder, from 1; travels as the generation.
        reminder: u32,
    },
    /// Kind 8: the lock-outs of a household are ended.
    Release {
        /// 0..=10.
        household: u8,
        /// Number of the latest lock-out, from 1; travels as the generation.
        lockout: u32,
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
            Self::HouseholdSettings { .. } => HOUSEHOLD_SETTINGS,
            Self::MeterSettings { .. } => METER_SETTINGS,
            Self::Acknowledge { .. } => ACKNOWLEDGE,
            Self::Release { .. } => RELEASE,
        }
    }

    /// The household, `None` for the whole meter.
    #[must_use]
    pub const fn household(&self) -> Option<u8> {
        match self {
            Self::CreditTotals { household, .. }
            | Self::OpenEpoch { household, .. }
            | Self::Supply { household, .. }
            | Self::HouseholdSettings { household, .. }
            | Self::Acknowledge { household, .. }
            | Self::Release { household, .. } => Some(*household),
            Self::Clock { .. } | Self::MeterSettings { .. } => None,
        }
    }

    /// The generation; 0 for kinds that are ordered by their totals.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        match self {
            Self::CreditTotals { .. } | Self::OpenEpoch { .. } => 0,
            Self::Supply { supply, .. } => supply.generation,
            Self::Clock { generation, .. }
            | Self::HouseholdSettings { generation, .. }
            | Self::MeterSettings { generation, .. } => *generation,
            Self::Acknowledge { reminder, .. } => *reminder,
            Self::Release { lockout, .. } => *lockout,
        }
    }

    pub(super) const fn payload_len(&self) -> u8 {
        match self {
            Self::CreditTotals { .. } | Self::OpenEpoch { .. } => 12,
            Self::Supply { .. } => 6,
            Self::Clock { .. } => 4,
            // At most 62, by the most words of a block.
            Self::HouseholdSettings { block, .. } => BLOCK_PREFIX_LEN + 2 * block.words() as u8,
            Self::MeterSettings { block, .. } => BLOCK_PREFIX_LEN + 2 * block.words() as u8,
            Self::Acknowledge { .. } | Self::Release { .. } => 0,
        }
    }

    pub(super) fn write_payload(&self, writer: &mut Writer<'_>) -> Option<()> {
        match self {
            Self::CreditTotals { totals, .. } | Self::OpenEpoch { totals, .. } => totals.write(writer),
            Self::Supply { supply, .. } => {
                writer.bytes(&[supply.mode.code(), 0])?;
                writer.u32(UnixSeconds::or_zero(supply.until))
            }
            Self::Clock { now, .. } => writer.u32(now.0),
            Self::HouseholdSettings { block, .. } => {
                writer.bytes(&[block.number(), 0])?;
                block.write(writer)
            }
            Self::MeterSettings { block, .. } => {
                writer.bytes(&[block.number(), 0])?;
                block.write(writer)
            }
            Self::Acknowledge { .. } | Self::Release { .. } => Some(()),
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
            HOUSEHOLD_SETTINGS => {
                check_household(household)?;
                let (number, content) = settings_block(generation, payload)?;
                HouseholdBlock::read(number, content).map(|block| Self::HouseholdSettings {
                    household,
                    generation,
                    block,
                })
            }
            METER_SETTINGS => {
                check_whole_meter(household)?;
                let (number, content) = settings_block(generation, payload)?;
                MeterBlock::read(number, content).map(|block| Self::MeterSettings { generation, block })
            }
            ACKNOWLEDGE => read_number(household, generation, payload)
                .map(|reminder| Self::Acknowledge { household, reminder }),
            RELEASE => read_number(household, generation, payload)
                .map(|lockout| Self::Release { household, lockout }),
            _ => Err(Refusal::UnknownKind),
        }
    }
}

fn read_totals(household: u8, generation: u32, payload: &[u8]) -> Result<Totals, Refusal> {
    check_household(household)?;
    let payload = payload_of::<12>(payload)?;
    in_range(generation == 0)?;
    Totals::read(&mut Reader::new(payload)).ok_or(Refusal::Malformed)
}

fn read_supply(household: u8, generation: u32, payload: &[u8]) -> Result<Override, Refusal> {
    check_household(household)?;
    let [mode, reserved, a, b, c, d] = *payload_of::<6>(payload)?;
    let mode = SupplyMode::from_code(mode).ok_or(Refusal::OutOfRange)?;
    let until = UnixSeconds::unless_zero(u32::from_be_bytes([a, b, c, d]));
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
    check_whole_meter(household)?;
    let now = u32::from_be_bytes(*payload_of::<4>(payload)?);
    in_range(generation != 0 && now != 0)?;
    Ok(UnixSeconds(now))
}

/// The number that a command without payload names.
fn read_number(household: u8, generation: u32, payload: &[u8]) -> Result<u32, Refusal> {
    check_household(household)?;
    payload_of::<0>(payload)?;
    in_range(generation != 0)?;
    Ok(generation)
}

fn check_household(household: u8) -> Result<(), Refusal> {
    if usize::from(household) < HOUSEHOLDS { Ok(()) } else { Err(Refusal::NoSuchHousehold) }
}

fn check_whole_meter(household: u8) -> Result<(), Refusal> {
    if household == WHOLE_METER { Ok(()) } else { Err(Refusal::NoSuchHousehold) }
}

/// Number and content of a settings block.
fn settings_block(generation: u32, payload: &[u8]) -> Result<(u8, &[u8]), Refusal> {
    let ([number, reserved], content) = payload.split_first_chunk().ok_or(Refusal::Malformed)?;
    in_range(generation != 0 && *reserved == 0)?;
    Ok((*number, content))
}

fn payload_of<const N: usize>(payload: &[u8]) -> Result<&[u8; N], Refusal> {
    payload.try_into().map_err(|_| Refusal::Malformed)
}

fn in_range(fits: bool) -> Result<(), Refusal> {
    if fits { Ok(()) } else { Err(Refusal::OutOfRange) }
}
