//! What happened, with its cause: numbered events, until the journal has them.

use crate::bytes::{Reader, Writer};
use crate::evidence::Evidence;
use crate::relay::Reasons;
use crate::units::UnixSeconds;

/// Bytes of an event in memory, with evidence.
pub const EVENT_LEN: usize = 16 + crate::evidence::EVIDENCE_LEN;
/// How many events wait for the journal at most; one tick makes fewer. The oldest give way.
const WAITING: usize = 120;
/// How many of them with evidence: it is as much as all the rest of an event, and only trips and alarms have it, one a loop and cycle.
const EVIDENCES: usize = 20;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)+) => {
        /// What happened. Codes never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $(#[doc = $text] $name,)+
        }

        impl EventKind {
            /// Every kind with what it says, in the order of the codes.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $text)),+];

            /// The code in records and registers.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

kinds! {
    Started = 1, "The meter started; value: how often it has";
    RelayOpened = 2, "The main relay opened; data: the reasons; value: remaining Wh";
    RelayClosed = 3, "The main relay closed; value: remaining Wh";
    SecondRelayOpened = 4, "The second relay opened; data: the reasons; value: remaining Wh";
    SecondRelayClosed = 5, "The second relay closed; value: remaining Wh";
    EpochOpened = 6, "An epoch was opened; value: its number";
    TotalsTaken = 7, "Credit totals were taken; value: total credited, Wh";
    SupplyCommanded = 8, "A supply command was taken; data: mode; value: generation";
    ClockSet = 9, "The clock was set; data: 1 if the drift is known; value: by how much it was put forward, s";
    SettingsTaken = 10, "A block of settings was taken; data: the block; value: generation";
    FaultBegan = 11, "A contact disagrees with its relay; data: 0 main, 1 second";
    FaultEnded = 12, "A contact agrees again; data: 0 main, 1 second";
    Reminded = 13, "The low-credit reminder began; data: seconds, 0 until acknowledged; value: its number";
    Acknowledged = 14, "The reminder was acknowledged; data: 0 by command, 1 at the meter; value: its number";
    CapExceeded = 15, "A loop opened above its power cap; data: 0 main, 1 second; value: power drawn, W";
    ViciousAlarm = 16, "A vicious load was found and reported; data: loop and phase; value: its power, W; with evidence";
    ViciousTrip = 17, "A vicious load was found and the loop opened; data: loop and phase; value: its power, W; with evidence";
    OverCurrentTrip = 18, "A loop opened above its current limit; data: 0 main, 1 second; value: current, mA; with evidence";
    LockedOut = 19, "A loop tripped too often and stays open until released; data: 0 main, 1 second; value: number of the lock-out";
    Released = 20, "The lock-outs were ended; data: 0 by command, 1 at the meter; value: number of the latest";
    UnderVoltage = 21, "Too little voltage; data: phase 1 to 3; value: voltage, mV";
    OverVoltage = 22, "Too much voltage; data: phase 1 to 3; value: voltage, mV";
    PhaseLost = 23, "A phase has no voltage while another has; data: phase 1 to 3; value: voltage, mV";
    VoltageBack = 24, "The voltage is within its limits again; data: phase 1 to 3; value: voltage, mV";
    MemoryRepaired = 25, "Bits of the memory had flipped and were put right; value: in how many places";
    MemoryLost = 26, "Parts of the memory were lost; data: 1 if the state may be an old one; value: how many pages and records";
    ReverseBegan = 27, "Power flows backward: a transformer is the wrong way round, or something feeds in; data: bit per phase, bit 3 the second loop; value: power, W";
    ReverseEnded = 28, "No power flows backward any more; value: energy that did, Wh";
}

impl EventKind {
    /// Whether events of this kind come with evidence.
    #[must_use]
    pub const fn has_evidence(self) -> bool {
        matches!(self, Self::ViciousAlarm | Self::ViciousTrip | Self::OverCurrentTrip)
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().map(|(kind, _)| *kind).find(|kind| kind.code() == code)
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts up from 1 over the meter's life.
    pub number: u32,
    /// When; `None` if the clock was unknown.
    pub at: Option<UnixSeconds>,
    /// What.
    pub kind: EventKind,
    /// 0..=10, or 0xFF for the whole meter.
    pub household: u8,
    /// As the kind says.
    pub data: u16,
    /// As the kind says.
    pub value: i32,
    /// What spoke for a trip or an alarm.
    pub evidence: Option<Evidence>,
}

impl Event {
    /// Why a relay opened, if this event says so.
    #[must_use]
    pub fn reasons(&self) -> Option<Reasons> {
        let opened = matches!(self.kind, EventKind::RelayOpened | EventKind::SecondRelayOpened);
        opened.then_some(Reasons::from_bits(self.data))
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u32(self.number)?;
        writer.u32(UnixSeconds::or_zero(self.at))?;
        writer.bytes(&[self.kind.code(), self.household])?;
        writer.u16(self.data)?;
        writer.u32(self.value as u32)?;
        self.evidence.map_or(Some(()), |evidence| evidence.write(writer))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            number: reader.u32()?,
            at: UnixSeconds::unless_zero(reader.u32()?),
            kind: EventKind::from_code(reader.u8()?)?,
            household: reader.u8()?,
            data: reader.u16()?,
            value: reader.u32()? as i32,
            evidence: if reader.is_empty() { None } else { Some(Evidence::read(reader)?) },
        })
    }
}

/// Events that the journal does not have yet, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventQueue {
    latest: u32,
    /// Without their evidence.
    waiting: [Brief; WAITING],
    first: u8,
    len: u8,
    /// The latest evidence, each with the number of its event, in turn.
    evidences: [(u32, Evidence); EVIDENCES],
    next_evidence: u8,
}

/// An event that waits, in as little as it takes; its number is that of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Brief {
    at: u32,
    value: i32,
    data: u16,
    kind: EventKind,
    household: u8,
}

impl Brief {
    const NONE: Self = Self { at: 0, value: 0, data: 0, kind: EventKind::Started, household: 0 };
}

impl EventQueue {
    /// A queue whose next event follows number `latest`.
    pub(crate) fn after(latest: u32) -> Self {
        let evidences = [(0, Evidence::default()); EVIDENCES];
        Self { latest, waiting: [Brief::NONE; WAITING], first: 0, len: 0, evidences, next_evidence: 0 }
    }

    /// Number of the latest event, 0 before the first.
    pub(crate) const fn latest(&self) -> u32 {
        self.latest
    }

    pub(crate) fn push(
        &mut self,
        at: Option<UnixSeconds>,
        kind: EventKind,
        household: u8,
        (data, value): (u16, i32),
        evidence: Option<Evidence>,
    ) {
        self.latest = self.latest.saturating_add(1);
        let event = Brief { at: UnixSeconds::or_zero(at), value, data, kind, household };
        if usize::from(self.len) == WAITING {
            self.pop();
        }
        if let Some(slot) = self.waiting.get_mut(usize::from(self.first + self.len) % WAITING) {
            *slot = event;
            self.len += 1;
        }
        if let Some(evidence) = evidence {
            self.evidences[usize::from(self.next_evidence)] = (self.latest, evidence);
            self.next_evidence = (self.next_evidence + 1) % EVIDENCES as u8;
        }
    }

    pub(crate) fn peek(&self) -> Option<Event> {
        if self.len == 0 {
            return None;
        }
        let Brief { at, value, data, kind, household } = *self.waiting.get(usize::from(self.first))?;
        let number = self.latest + 1 - u32::from(self.len);
        let evidence = self.evidences.iter().find(|(of, _)| *of == number).map(|(_, evidence)| *evidence);
        Some(Event { number, at: UnixSeconds::unless_zero(at), kind, household, data, value, evidence })
    }

    pub(crate) fn pop(&mut self) {
        if self.len > 0 {
            self.first = (self.first + 1) % WAITING as u8;
            self.len -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_codes_of_their_own_that_survive_the_round_trip() {
        for (code, (kind, _)) in (1..).zip(EventKind::ALL) {
            assert_eq!((kind.code(), EventKind::from_code(code)), (code, Some(*kind)));
        }
        assert_eq!(EventKind::from_code(0), None);
    }

    #[test]
    fn a_full_queue_lets_the_oldest_go_and_numbers_go_on() {
        let mut queue = EventQueue::after(7);
        assert_eq!(queue.peek(), None);
        for value in 0..130 {
            queue.push(None, EventKind::Started, 0xFF, (0, value), None);
        }
        assert_eq!(queue.latest(), 137);
        let mut numbers = std::vec::Vec::new();
        while let Some(event) = queue.peek() {
            numbers.push(event.number);
            queue.pop();
        }
        assert_eq!(numbers, (18..=137).collect::<std::vec::Vec<u32>>());
    }

    #[test]
    fn evidence_stays_with_its_event() {
        let mut queue = EventQueue::after(0);
        let evidence = |watts: u16| Some(Evidence { power_w: watts, ..Evidence::default() });
        for number in 1..=36u16 {
            let with = if number % 2 == 0 { evidence(number) } else { None };
            queue.push(None, EventKind::ViciousTrip, 0, (0, 0), with);
        }
        while let Some(event) = queue.peek() {
            assert_eq!(
                event.evidence,
                if event.number % 2 == 0 { evidence(event.number as u16) } else { None }
            );
            queue.pop();
        }
    }
}
