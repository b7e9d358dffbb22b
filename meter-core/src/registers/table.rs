//! The one table of registers, and how a block is coded by it.

use super::blocks::{ClosingState, DetailState, EventState, Header, HouseholdState, ReadingState, Trailer};
use super::field::Field;

/// Size and sign of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One register.
    U16,
    /// One register, two's complement.
    S16,
    /// Two registers, high word first.
    U32,
    /// Two registers, two's complement, high word first.
    S32,
    /// Four registers, highest word first.
    U64,
}

impl Shape {
    /// How many registers.
    #[must_use]
    pub const fn count(self) -> u16 {
        match self {
            Self::U16 | Self::S16 => 1,
            Self::U32 | Self::S32 => 2,
            Self::U64 => 4,
        }
    }

    /// As the manual writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U16 => "u16",
            Self::S16 => "s16",
            Self::U32 => "u32",
            Self::S32 => "s32",
            Self::U64 => "u64",
        }
    }
}

/// One value of a block `B`: where it lies, what it means, and which field holds it.
pub struct Register<B> {
    /// First register, counted from the block's.
    pub offset: u16,
    /// Size and sign.
    pub shape: Shape,
    /// Short name.
    pub name: &'static str,
    /// Unit with its scale, e.g. `0.1 V`; empty for a bare number.
    pub unit: &'static str,
    /// What it says.
    pub description: &'static str,
    get: fn(&B) -> u64,
    set: fn(&mut B, u64),
}

macro_rules! registers {
    ($block:ty: $($offset:literal $shape:ident ($($field:tt)+) $name:literal, $unit:literal, $description:literal;)+) => {
        &[$(Register {
            offset: $offset,
            shape: Shape::$shape,
            name: $name,
            unit: $unit,
            description: $description,
            get: |block: &$block| block.$($field)+.to_raw(),
            set: |block: &mut $block, raw| block.$($field)+ = Field::from_raw(raw),
        }),+]
    };
}

/// The header block, at register 0.
pub const HEADER_REGISTERS: &[Register<Header>] = registers! { Header:
    0 U16 (map_version) "Map version", "", "Version of this register map: 4";
    1 U64 (serial) "Serial", "", "Serial number, up to 12 decimal digits";
    5 U16 (firmware_version) "Firmware", "", "Firmware version: major in the high byte, minor in the low byte";
    6 U16 (households) "Households", "", "Number of households: 11 (0 to 7 single-phase, 8 to 10 three-phase)";
    7 U16 (flags) "Status", "", "Bit 0: clock known; bit 1: the memory failed when it was last written to; bit 2: something in the memory had rotted since the start, repaired or not; bit 3: something is unproven (register 364)";
    8 U32 (clock_s) "Clock", "s", "Seconds since 1970-01-01 UTC; 0 while unknown (after every start)";
    10 U32 (uptime_s) "Uptime", "s", "Seconds since the start";
    12 U32 (boot_count) "Starts", "", "How often the meter was started";
    14 U32 (clock_generation) "Clock generation", "", "Generation of the latest clock setting";
    16 U16 (frequency_chz) "Frequency", "0.01 Hz", "Mains frequency";
    17 U32 (envelopes_taken) "Envelopes taken", "", "Since the start, repeats included";
    19 U32 (envelopes_refused) "Envelopes refused", "", "Since the start";
    21 U16 (last_kind) "Last kind", "", "Kind byte of the latest envelope";
    22 U16 (last_household) "Last household", "", "Household byte of the latest envelope";
    23 U16 (last_result) "Last result", "", "0 taken, else the result code; 0xFFFF when none came since the start";
    24 S32 (clock_correction_s) "Clock correction", "s", "By how much the latest setting put the clock forward";
    26 U32 (clock_ran_s) "Clock ran", "s", "How long the clock had run by itself before that setting; 0 when the drift is unknown";
    28 U32 (latest_event) "Latest event", "", "Number of the latest event; 0 before the first";
};

/// What follows the live blocks of the households, at register 360.
pub const TRAILER_REGISTERS: &[Register<Trailer>] = registers! { Trailer:
    0 U32 (settings_digest) "Settings digest", "", "CRC-32 of the settings digests of all households and of the meter";
    2 U32 (nonce) "Nonce", "", "The number that a fresh command (version 2) is sealed over; another after every start; 0 for none";
    4 U16 (unproven) "Unproven", "", "What takes only fresh commands because its record was lost: bit per household, bit 15 for clock and settings of the meter";
};

/// The live block of a household, at register 30 × (household + 1).
pub const HOUSEHOLD_REGISTERS: &[Register<HouseholdState>] = registers! { HouseholdState:
    0 U16 (flags) "Flags", "", "Bit 0 relay commanded closed, 1 contact closed, 2 relay fault, 3 three-phase, 4 low-credit warning, 5 overdraft in use, 6 friendly time, 7 has a second loop, 8 second relay commanded closed, 9 second contact closed, 10 second relay fault, 11 a loop is locked out, 12 a protection keeps a loop open, 13 power flows backward in a phase";
    1 U16 (reasons) "Open reasons", "", "Why the main relay is open, bits as in the table of reasons; 0 = closed";
    2 U32 (epoch) "Epoch", "", "Current credit epoch (tenancy); 0 before the first";
    4 U32 (credited_wh) "Credited", "Wh", "Total credited in the epoch";
    6 U32 (debited_wh) "Debited", "Wh", "Total debited in the epoch";
    8 U32 (used_wh) "Used", "Wh", "Energy used in the epoch";
    10 S32 (remaining_wh) "Remaining", "Wh", "Credited less debited less used, held within 32 bits";
    12 U64 (energy_total_wh) "Energy total", "Wh", "Energy ever measured";
    16 S32 (power_mw) "Active power", "mW", "All phases and both loops together; negative when it flows back";
    18 U16 (voltage_dv[0]) "Voltage L1", "0.1 V", "";
    19 U16 (voltage_dv[1]) "Voltage L2", "0.1 V", "0 when single-phase";
    20 U16 (voltage_dv[2]) "Voltage L3", "0.1 V", "0 when single-phase";
    21 U16 (current_ca[0]) "Current L1", "0.01 A", "Of the main loop";
    22 U16 (current_ca[1]) "Current L2", "0.01 A", "0 when single-phase";
    23 U16 (current_ca[2]) "Current L3", "0.01 A", "0 when single-phase";
    24 S16 (power_factor) "Power factor", "0.001", "All phases together";
    25 U16 (supply_mode) "Supply mode", "", "Latest supply command, also when its time has passed: 0 auto, 1 forced off, 2 forced on";
    26 U32 (supply_generation) "Supply generation", "", "Generation of the latest supply command";
    28 U32 (supply_until_s) "Supply until", "s", "End of the latest supply command, seconds since 1970-01-01 UTC; 0 for none";
};

/// The closing snapshot of a household, at register 1024 + 16 × household.
pub const CLOSING_REGISTERS: &[Register<ClosingState>] = registers! { ClosingState:
    0 U32 (epoch) "Closed epoch", "", "The epoch that was closed last; 0 while none was";
    2 U32 (credited_wh) "Credited", "Wh", "Total credited in it";
    4 U32 (debited_wh) "Debited", "Wh", "Total debited in it";
    6 U32 (used_wh) "Used", "Wh", "Energy used in it";
    8 U64 (energy_total_wh) "Energy total", "Wh", "Energy ever measured when it was closed";
    12 U32 (closed_at_s) "Closed at", "s", "Seconds since 1970-01-01 UTC; 0 when the clock was unknown";
};

/// What a household decides by itself, at register 0x0900 + 32 × household.
pub const DETAIL_REGISTERS: &[Register<DetailState>] = registers! { DetailState:
    0 U32 (reminders) "Reminders", "", "Number of the latest low-credit reminder, which an acknowledgement names; 0 before the first";
    2 U16 (reminder_state) "Reminder state", "", "0 spent, 1 armed, 2 supply off for a time, 3 off until acknowledged";
    3 U16 (drop_out_left_s) "Drop-out left", "s", "Until the supply comes back by itself";
    4 U16 (day_type) "Kind of day", "", "0 working, 1 rest, 2 holiday, 3 examination; 0xFFFF while the clock is unknown";
    5 U16 (rule) "Rule", "W", "What the schedule says of the main loop: 0 off, 0xFFFF on, else its cap";
    6 U16 (cap_left_s) "Cap recovery left", "s", "Until the main loop is tried again after its cap was exceeded";
    7 U16 (second_rule) "Second rule", "W", "What the schedule says of the second loop";
    8 U16 (second_cap_left_s) "Second cap recovery left", "s", "Until the second loop is tried again";
    9 U16 (second_reasons) "Second open reasons", "", "Why the second relay is open, bits as in the table of reasons; 0 = closed, or no second loop";
    10 S32 (second_power_mw) "Second power", "mW", "Active power of the second loop";
    12 U16 (second_current_ca) "Second current", "0.01 A", "";
    13 S16 (second_power_factor) "Second power factor", "0.001", "";
    14 U32 (month_wh) "Used this month", "Wh", "Energy used since the month began by the site's date, or since the meter first knew the month";
    16 U32 (lockouts) "Lock-outs", "", "Number of the latest lock-out, which a release names; 0 before the first";
    18 U16 (over_current.left_s) "Over-current wait left", "s", "Until the main loop closes again after an over-current";
    19 U16 (over_current.trips) "Over-current trips", "", "Of the main loop within the window";
    20 U16 (vicious.left_s) "Vicious load wait left", "s", "Until the main loop closes again after a vicious load";
    21 U16 (vicious.trips) "Vicious load trips", "", "Of the main loop within the window";
    22 U16 (second_over_current.left_s) "Second over-current wait left", "s", "";
    23 U16 (second_over_current.trips) "Second over-current trips", "", "";
    24 U16 (second_vicious.left_s) "Second vicious load wait left", "s", "";
    25 U16 (second_vicious.trips) "Second vicious load trips", "", "";
    26 U16 (resident_release) "Resident may release", "", "Bit 0: the button at the meter ends a lock-out for over-current of the main loop, 1 for vicious loads, 2 and 3 of the second loop";
    27 U32 (reverse_wh) "Reverse energy", "Wh", "Energy that flowed backward, each phase by itself";
    29 U16 (reversed) "Reversed", "", "Where power flows backward now, so that a transformer may be the wrong way round: bits 0 to 2 the phases of the main loop, bit 3 the second loop";
};

/// An event, at register 0x4000 + 20 × (number modulo 200).
pub const EVENT_REGISTERS: &[Register<EventState>] = registers! { EventState:
    0 U32 (number) "Event", "", "Its number, counting up from 1; 0 where there is none";
    2 U32 (at_s) "At", "s", "Seconds since 1970-01-01 UTC; 0 when the clock was unknown";
    4 U16 (kind) "Kind", "", "See the table of events";
    5 U16 (household) "Household", "", "0 to 10, or 0xFF for the whole meter";
    6 U16 (data) "Data", "", "As the kind says";
    8 S32 (value) "Value", "", "As the kind says";
    10 U16 (evidence.cause) "Cause", "", "Of a vicious load: 1 its current is proportional to the voltage, 2 the same behind a diode, 3 behind a phase control, 4 it pulses, 5 the loop is above its night cap; 0 for an over-current";
    11 U16 (evidence.power_w) "Power", "W", "Of the vicious load, or of the loop above its night cap";
    12 U16 (evidence.current_ca) "Current", "0.01 A", "Of the vicious load, or of the loop at an over-current";
    13 U16 (evidence.residual) "Residual", "0.001", "Share of the current that is not proportional to the voltage";
    14 U16 (evidence.harmonics[0]) "Harmonic 2", "0.001", "Of the current, relative to its fundamental";
    15 U16 (evidence.harmonics[1]) "Harmonic 3", "0.001", "";
    16 U16 (evidence.harmonics[2]) "Harmonic 5", "0.001", "";
    17 U16 (evidence.inrush) "Inrush", "0.01", "Largest current while it settled over its settled one; 0 if it never settled";
    18 U16 (evidence.after_ms) "Borne", "ms", "For how long an over-current was, held at 65535";
};

/// The totals at a full hour, at register 0x5000 + 24 × (hours since 1970 modulo 960).
pub const READING_REGISTERS: &[Register<ReadingState>] = registers! { ReadingState:
    0 U32 (at_s) "At", "s", "The full hour, seconds since 1970-01-01 UTC; 0 where there is none";
    2 U32 (totals_wh[0]) "Total of household 0", "Wh", "Low 32 bits of the energy total at that instant";
    4 U32 (totals_wh[1]) "Total of household 1", "Wh", "";
    6 U32 (totals_wh[2]) "Total of household 2", "Wh", "";
    8 U32 (totals_wh[3]) "Total of household 3", "Wh", "";
    10 U32 (totals_wh[4]) "Total of household 4", "Wh", "";
    12 U32 (totals_wh[5]) "Total of household 5", "Wh", "";
    14 U32 (totals_wh[6]) "Total of household 6", "Wh", "";
    16 U32 (totals_wh[7]) "Total of household 7", "Wh", "";
    18 U32 (totals_wh[8]) "Total of household 8", "Wh", "";
    20 U32 (totals_wh[9]) "Total of household 9", "Wh", "";
    22 U32 (totals_wh[10]) "Total of household 10", "Wh", "";
};

/// Writes a block's values into its registers; those between and after them are left alone.
pub(super) fn encode<B>(registers: &[Register<B>], block: &B, words: &mut [u16]) {
    for register in registers {
        let raw = (register.get)(block);
        let slots = words.iter_mut().skip(usize::from(register.offset)).take(register.count());
        for (slot, position) in slots.zip((0..register.count()).rev()) {
            *slot = (raw >> (16 * position)) as u16;
        }
    }
}

/// Reads a block's values from exactly its registers.
pub(super) fn decode<B: Default>(registers: &[Register<B>], block_len: u16, words: &[u16]) -> Option<B> {
    if words.len() != usize::from(block_len) {
        return None;
    }
    let mut block = B::default();
    for register in registers {
        let own = words.iter().skip(usize::from(register.offset)).take(register.count());
        (register.set)(&mut block, own.fold(0, |raw, word| raw << 16 | u64::from(*word)));
    }
    Some(block)
}

impl<B> Register<B> {
    fn count(&self) -> usize {
        usize::from(self.shape.count())
    }
}
