//! One RS485 line: several units, one request at a time, and what the faults make of the replies.

use crate::faults::{Fault, FaultPlan};
use crate::meter::VirtualMeter;
use crate::steps::Step;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A line with its meters; clones are the same line.
#[derive(Clone, Debug, Default)]
pub struct Bus {
    meters: Arc<Mutex<BTreeMap<u8, VirtualMeter>>>,
    line: Arc<tokio::sync::Mutex<()>>,
    faults: FaultPlan,
}

/// A reply on its way to the master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Emission {
    /// How much later than the request's turn it comes.
    pub(crate) after: Duration,
    /// The unit that it names.
    pub(crate) unit: u8,
    /// The reply itself.
    pub(crate) pdu: Vec<u8>,
    /// Bytes that come before its frame.
    pub(crate) noise: Vec<u8>,
    /// Whether a bit of its frame is flipped.
    pub(crate) corrupt: bool,
}

impl Bus {
    /// A line without meters or faults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a meter on the line, in place of one that had the unit id before.
    pub fn attach(&self, unit: u8, meter: VirtualMeter) {
        self.meters().insert(unit, meter);
    }

    /// The faults of this line and of the collector before it.
    #[must_use]
    pub const fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// The unit ids on the line, ascending.
    #[must_use]
    pub fn units(&self) -> Vec<u8> {
        self.meters().keys().copied().collect()
    }

    /// Looks at or handles one meter; `None` if the unit is not on the line.
    pub fn with_meter<T>(&self, unit: u8, act: impl FnOnce(&mut VirtualMeter) -> T) -> Option<T> {
        self.meters().get_mut(&unit).map(act)
    }

    /// Lets simulated time pass for every meter; it ends at `local_second_of_day`.
    pub fn advance(&self, elapsed_ms: u32, local_second_of_day: u32) {
        for meter in self.meters().values_mut() {
            meter.advance(elapsed_ms, local_second_of_day);
        }
    }

    pub(crate) fn step(&self, step: Step) {
        self.advance(step.elapsed_ms, step.second_of_day);
    }

    /// Puts a request on the line and gives what comes back; nothing at all stands for silence.
    pub(crate) async fn transact(&self, unit: u8, request: &[u8]) -> Vec<Emission> {
        let _turn = self.line.lock().await;
        let struck = self.faults.strike(unit, request);
        for fault in &struck {
            if let Fault::Delay(delay) = fault {
                tokio::time::sleep(*delay).await;
            }
        }
        if struck.iter().any(|fault| matches!(fault, Fault::Silent | Fault::LostRequest)) {
            return Vec::new();
        }
        let Some(pdu) = self.with_meter(unit, |meter| act(meter, request, &struck)).flatten() else {
            return Vec::new();
        };
        let reply = Emission { after: Duration::ZERO, unit, pdu, noise: Vec::new(), corrupt: false };
        struck.iter().fold(vec![reply], spoil)
    }

    fn meters(&self) -> MutexGuard<'_, BTreeMap<u8, VirtualMeter>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The meter's part: it acts, and its reply leaves it or not.
fn act(meter: &mut VirtualMeter, request: &[u8], struck: &[Fault]) -> Option<Vec<u8>> {
    let reply = meter.respond(request);
    if struck.contains(&Fault::RestartBeforeReply) {
        if let Err(error) = meter.restart() {
            tracing::error!(serial = %meter.meter().serial(), %error, "a simulated meter cannot restart");
        }
        return None;
    }
    (!struck.contains(&Fault::LostReply)).then_some(reply)
}

/// What one fault makes of the replies.
fn spoil(mut replies: Vec<Emission>, fault: &Fault) -> Vec<Emission> {
    match fault {
        Fault::LateReply(late) => replies.iter_mut().for_each(|reply| reply.after += *late),
        Fault::DuplicateReply => {
            replies = replies.iter().flat_map(|reply| [reply.clone(), reply.clone()]).collect()
        }
        Fault::ShortReply => replies.iter_mut().for_each(|reply| shorten(&mut reply.pdu)),
        Fault::WrongEcho => replies.iter_mut().for_each(|reply| misname(&mut reply.pdu)),
        Fault::Noise(bytes) => replies.iter_mut().take(1).for_each(|reply| reply.noise.clone_from(bytes)),
        Fault::CorruptReply => replies.iter_mut().for_each(|reply| reply.corrupt = true),
        Fault::OtherUnitFirst => {
            if let Some(first) = replies.first() {
                replies.insert(0, foreign(first));
            }
        }
        Fault::Silent
        | Fault::Delay(_)
        | Fault::LostRequest
        | Fault::LostReply
        | Fault::RestartBeforeReply => {}
    }
    replies
}

/// One register fewer in a read reply; an exception has none to lose.
fn shorten(pdu: &mut Vec<u8>) {
    if let [3 | 4, byte_count, _, _, _, _, ..] = pdu.as_mut_slice() {
        *byte_count -= 2;
        pdu.truncate(pdu.len() - 2);
    }
}

/// The echo of a write names the next address.
fn misname(pdu: &mut [u8]) {
    if let [16, _, low_address, ..] = pdu {
        *low_address = low_address.wrapping_add(1);
    }
}

/// The same reply as the neighbour would give it, with other data.
fn foreign(reply: &Emission) -> Emission {
    let mut foreign = Emission { unit: reply.unit.wrapping_add(1), ..reply.clone() };
    if let [3 | 4, _, data @ ..] = foreign.pdu.as_mut_slice() {
        data.iter_mut().for_each(|byte| *byte = !*byte);
    }
    foreign
}
