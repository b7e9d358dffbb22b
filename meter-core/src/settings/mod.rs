//! What the office sets: blocks of settings, each taken whole, with a generation, and readable back.
//!
//! A block is a run of 16-bit words, big-endian: the same bytes in the sealed envelope, in the registers
//! and in the meter's memory.

mod block;
mod calendar;
mod credit;
mod digest;
mod field;
mod friendly;
mod household;
mod meter;
mod over_current;
mod schedule;
mod site;
#[cfg(test)]
mod tests;
mod times;
mod versioned;
mod vicious;
mod voltage;
mod wire;

pub use block::{
    HOUSEHOLD_BLOCKS, HOUSEHOLD_LAYOUTS, HouseholdBlock, LoopId, MAX_BLOCK_LEN, MAX_BLOCK_WORDS,
    METER_BLOCKS, METER_LAYOUTS, MeterBlock,
};
pub use calendar::{CalendarHalf, Exception, HALVES};
pub use credit::CreditSettings;
pub use digest::{OWNERS, household_digest, meter_digest, whole_digest};
pub use field::{Fault, Field};
pub use friendly::FriendlyTimes;
pub use household::{HouseholdSettings, LoopSettings};
pub use meter::MeterSettings;
pub use over_current::{OverCurrentSettings, TripPolicy};
pub use schedule::{CapSettings, DayTable, DayType, PERIODS, Period, Rule};
pub use site::SiteSettings;
pub use times::{DayRange, EVERY_DAY, Window};
pub use versioned::Versioned;
pub use vicious::{PermittedAppliance, PermittedAppliances, PowerBand, ViciousSettings};
pub use voltage::VoltageSettings;
pub use wire::{Row, Wire};
