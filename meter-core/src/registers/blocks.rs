//! What the blocks of registers say, as plain values.

use crate::envelope::{HOUSEHOLDS, Refusal};
use crate::events::{Event, EventKind};
use crate::evidence::Evidence;
use crate::relay::{Reasons, SupplyMode};
use crate::units::UnixSeconds;

/// The header block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Version of the register map, 4.
    pub map_version: u16,
    /// Serial number.
    pub serial: u64,
    /// Firmware version, major in the high byte, minor in the low one.
    pub firmware_version: u16,
    /// How many households the meter has.
    pub households: u16,
    /// Bit 0: the clock is known; bit 1: the memory failed when it was last written to; bit 2: something in
    /// it had rotted since the start; bit 3: something is unproven, see [`Trailer::unproven`].
    pub flags: u16,
    /// Clock, s since 1970; 0 when unknown.
    pub clock_s: u32,
    /// Seconds since the start.
    pub uptime_s: u32,
    /// How often the meter was started.
    pub boot_count: u32,
    /// Generation of the latest clock setting.
    pub clock_generation: u32,
    /// Mains frequency, 0.01 Hz.
    pub frequency_chz: u16,
    /// Envelopes taken since the start, repeats included.
    pub envelopes_taken: u32,
    /// Envelopes refused since the start.
    pub envelopes_refused: u32,
    /// Kind of the latest envelope.
    pub last_kind: u16,
    /// Household of the latest envelope.
    pub last_household: u16,
    /// 0 taken, a refusal code, or 0xFFFF when none came since the start.
    pub last_result: u16,
    /// By how much the latest setting put the clock forward, s.
    pub clock_correction_s: i32,
    /// For how long the clock had run by itself before that setting, s; 0 when the drift is unknown.
    pub clock_ran_s: u32,
    /// Number of the latest event; 0 before the first.
    pub latest_event: u32,
}

impl Header {
    /// Bit of [`Header::flags`].
    pub const CLOCK_KNOWN: u16 = 1;
    /// Bit of [`Header::flags`].
    pub const MEMORY_FAULT: u16 = 1 << 1;
    /// Bit of [`Header::flags`].
    pub const MEMORY_ROTTED: u16 = 1 << 2;
    /// Bit of [`Header::flags`].
    pub const UNPROVEN: u16 = 1 << 3;

    /// Whether the meter knows the time.
    #[must_use]
    pub const fn clock_known(&self) -> bool {
        self.flags & Self::CLOCK_KNOWN != 0
    }

    /// Why the latest envelope was refused, if it was.
    #[must_use]
    pub fn last_refusal(&self) -> Option<Refusal> {
        Refusal::from_code(self.last_result)
    }
}

/// What follows the live blocks of the households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trailer {
    /// Digest of all settings, of every household and of the meter.
    pub settings_digest: u32,
    /// The number that a fresh command is sealed over; another after every start, 0 for none.
    pub nonce: u32,
    /// What takes only fresh commands, for its record was lost: bit per household, bit 15 for clock and
    /// settings of the meter.
    pub unproven: u16,
}

impl Trailer {
    /// Bit of [`Trailer::unproven`].
    pub const METER_UNPROVEN: u16 = 1 << 15;

    /// The nonce to seal a command over, if the meter takes it only so.
    #[must_use]
    pub fn nonce_for(&self, household: Option<u8>) -> Option<u32> {
        let bit = household
            .map_or(Self::METER_UNPROVEN, |household| 1u16.checked_shl(household.into()).unwrap_or(0));
        (self.unproven & bit != 0).then_some(self.nonce)
    }
}

/// The live block of a household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HouseholdState {
    /// Bit 0 relay commanded closed, 1 contact closed, 2 relay fault, 3 three-phase, 4 low-credit warning,
    /// 5 overdraft in use, 6 friendly time, 7 has a second loop, 8 to 10 as 0 to 2 of the second loop,
    /// 11 a loop is locked out, 12 a protection keeps a loop open, 13 power flows backward in a phase.
    pub flags: u16,
    /// Reasons to be open, see [`Reasons`].
    pub reasons: u16,
    /// Current epoch, 0 before the first.
    pub epoch: u32,
    /// Total credited in the epoch, Wh.
    pub credited_wh: u32,
    /// Total debited in the epoch, Wh.
    pub debited_wh: u32,
    /// Used in the epoch, Wh.
    pub used_wh: u32,
    /// Credited less debited less used, Wh, held within 32 bits.
    pub remaining_wh: i32,
    /// Ever measured, Wh.
    pub energy_total_wh: u64,
    /// Active power, mW.
    pub power_mw: i32,
    /// Phase voltages, 0.1 V.
    pub voltage_dv: [u16; 3],
    /// Phase currents, 0.01 A.
    pub current_ca: [u16; 3],
    /// Power factor, 0.001.
    pub power_factor: i16,
    /// Mode of the latest supply command, whether its time has passed or not.
    pub supply_mode: u16,
    /// Generation of the latest supply command.
    pub supply_generation: u32,
    /// End of the latest supply command, s since 1970; 0 for none.
    pub supply_until_s: u32,
}

impl HouseholdState {
    /// Bit of [`HouseholdState::flags`].
    pub const RELAY_CLOSED: u16 = 1;
    /// Bit of [`HouseholdState::flags`].
    pub const CONTACT_CLOSED: u16 = 1 << 1;
    /// Bit of [`HouseholdState::flags`].
    pub const RELAY_FAULT: u16 = 1 << 2;
    /// Bit of [`HouseholdState::flags`].
    pub const THREE_PHASE: u16 = 1 << 3;
    /// Bit of [`HouseholdState::flags`].
    pub const LOW_CREDIT_WARNING: u16 = 1 << 4;
    /// Bit of [`HouseholdState::flags`].
    pub const OVERDRAWN: u16 = 1 << 5;
    /// Bit of [`HouseholdState::flags`].
    pub const FRIENDLY_TIME: u16 = 1 << 6;
    /// Bit of [`HouseholdState::flags`].
    pub const SECOND_LOOP: u16 = 1 << 7;
    /// Bit of [`HouseholdState::flags`].
    pub const SECOND_RELAY_CLOSED: u16 = 1 << 8;
    /// Bit of [`HouseholdState::flags`].
    pub const SECOND_CONTACT_CLOSED: u16 = 1 << 9;
    /// Bit of [`HouseholdState::flags`].
    pub const SECOND_RELAY_FAULT: u16 = 1 << 10;
    /// Bit of [`HouseholdState::flags`].
    pub const LOCKED_OUT: u16 = 1 << 11;
    /// Bit of [`HouseholdState::flags`].
    pub const PROTECTION_OPEN: u16 = 1 << 12;
    /// Bit of [`HouseholdState::flags`].
    pub const REVERSED: u16 = 1 << 13;

    /// Whether one of the flags above is set.
    #[must_use]
    pub const fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Whether the relay is commanded closed.
    #[must_use]
    pub const fn relay_closed(&self) -> bool {
        self.flags & Self::RELAY_CLOSED != 0
    }

    /// Whether the contact reads back closed.
    #[must_use]
    pub const fn contact_closed(&self) -> bool {
        self.flags & Self::CONTACT_CLOSED != 0
    }

    /// Whether the contact has disagreed with the command for more than 2 s.
    #[must_use]
    pub const fn relay_fault(&self) -> bool {
        self.flags & Self::RELAY_FAULT != 0
    }

    /// Whether the household is three-phase.
    #[must_use]
    pub const fn three_phase(&self) -> bool {
        self.flags & Self::THREE_PHASE != 0
    }

    /// Why the relay is open.
    #[must_use]
    pub const fn reasons(&self) -> Reasons {
        Reasons::from_bits(self.reasons)
    }

    /// The mode of the latest supply command; `None` for a code unknown here.
    #[must_use]
    pub fn supply_mode(&self) -> Option<SupplyMode> {
        u8::try_from(self.supply_mode).ok().and_then(SupplyMode::from_code)
    }
}

/// A closing snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosingState {
    /// The epoch that was closed; 0 while none was.
    pub epoch: u32,
    /// Total credited in it, Wh.
    pub credited_wh: u32,
    /// Total debited in it, Wh.
    pub debited_wh: u32,
    /// Used in it, Wh.
    pub used_wh: u32,
    /// Energy total when it was closed, Wh.
    pub energy_total_wh: u64,
    /// When it was closed, s since 1970; 0 when the clock was unknown.
    pub closed_at_s: u32,
}

/// What a household's credit and schedule decide, and its second loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetailState {
    /// Number of the latest low-credit reminder; 0 before the first.
    pub reminders: u32,
    /// 0 spent, 1 armed, 2 the supply is off for a time, 3 off until acknowledged.
    pub reminder_state: u16,
    /// Until the drop-out ends by itself, s.
    pub drop_out_left_s: u16,
    /// Kind of day: 0 working, 1 rest, 2 holiday, 3 examination; 0xFFFF while the clock is unknown.
    pub day_type: u16,
    /// What the schedule says of the main loop: 0 off, 0xFFFF on, else the cap, W.
    pub rule: u16,
    /// Until the main loop is tried again after its cap was exceeded, s.
    pub cap_left_s: u16,
    /// What the schedule says of the second loop.
    pub second_rule: u16,
    /// Until the second loop is tried again, s.
    pub second_cap_left_s: u16,
    /// Why the second relay is open.
    pub second_reasons: u16,
    /// Active power of the second loop, mW.
    pub second_power_mw: i32,
    /// Current of the second loop, 0.01 A.
    pub second_current_ca: u16,
    /// Power factor of the second loop, 0.001.
    pub second_power_factor: i16,
    /// Used since the month began, Wh.
    pub month_wh: u32,
    /// Number of the latest lock-out; 0 before the first.
    pub lockouts: u32,
    /// Over-current protection of the main loop.
    pub over_current: GuardState,
    /// Control of vicious loads of the main loop.
    pub vicious: GuardState,
    /// Over-current protection of the second loop.
    pub second_over_current: GuardState,
    /// Control of vicious loads of the second loop.
    pub second_vicious: GuardState,
    /// Which lock-outs the button at the meter ends: bit 0 over-current of the main loop, 1 its vicious loads,
    /// 2 and 3 of the second loop.
    pub resident_release: u16,
    /// Energy that flowed backward, Wh.
    pub reverse_wh: u32,
    /// Where power flows backward now: bits 0 to 2 the phases of the main loop, bit 3 the second loop.
    pub reversed: u16,
}

/// Where a protection of a loop stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuardState {
    /// Until the loop closes again after a trip, s; 0 also when it is locked out.
    pub left_s: u16,
    /// Trips within the window.
    pub trips: u16,
}

/// An event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventState {
    /// Counts up from 1; 0 where there is none.
    pub number: u32,
    /// When, s since 1970; 0 when the clock was unknown.
    pub at_s: u32,
    /// What, see [`crate::events::EventKind`].
    pub kind: u16,
    /// 0..=10, or 0xFF for the whole meter.
    pub household: u16,
    /// As the kind says.
    pub data: u16,
    /// As the kind says.
    pub value: i32,
    /// Zeros unless the kind comes with evidence.
    pub evidence: Evidence,
}

impl EventState {
    /// The event; `None` where there is none, or of a kind unknown here.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        let kind = EventKind::from_code(u8::try_from(self.kind).ok()?)?;
        let household = u8::try_from(self.household).ok()?;
        (self.number != 0).then_some(Event {
            number: self.number,
            at: UnixSeconds::unless_zero(self.at_s),
            kind,
            household,
            data: self.data,
            value: self.value,
            evidence: kind.has_evidence().then_some(self.evidence),
        })
    }
}

/// The totals at a full hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingState {
    /// The full hour, s since 1970; 0 where there is none.
    pub at_s: u32,
    /// Low 32 bits of each household's energy total, Wh.
    pub totals_wh: [u32; HOUSEHOLDS],
}
