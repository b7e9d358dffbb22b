//! The meter as a Modbus slave: answers PDUs, and RTU frames addressed to it.

use super::pdu::{self, Exception, Request};
use super::{BROADCAST_UNIT, MAX_PDU, MAX_RTU_FRAME, device_id, rtu};
use crate::envelope::Refusal;
use crate::journal::{DurableMeter, Memory};
use crate::meter::{Applied, Meter};
use crate::registers::{self, MAILBOX_ADDRESS, MAILBOX_LEN, OutsideMap};
use crate::serial::Serial;

/// What answers on the bus: a meter, with or without its memory.
pub trait Slave {
    /// The number on the nameplate.
    fn serial(&self) -> Serial;

    /// Gives `count` registers from `address` to `out`.
    ///
    /// # Errors
    /// [`OutsideMap`], before anything was given out.
    fn read(&mut self, address: u16, count: u16, out: &mut dyn FnMut(u16)) -> Result<(), OutsideMap>;

    /// Takes a sealed envelope.
    ///
    /// # Errors
    /// The meter's refusal.
    fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal>;
}

impl Slave for Meter {
    fn serial(&self) -> Serial {
        Self::serial(self)
    }

    fn read(&mut self, address: u16, count: u16, out: &mut dyn FnMut(u16)) -> Result<(), OutsideMap> {
        registers::read(self, address, count, out)
    }

    fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        Self::apply(self, envelope)
    }
}

impl<M: Memory> Slave for DurableMeter<M> {
    fn serial(&self) -> Serial {
        self.meter().serial()
    }

    fn read(&mut self, address: u16, count: u16, out: &mut dyn FnMut(u16)) -> Result<(), OutsideMap> {
        registers::read_durable(self, address, count, out)
    }

    fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        Self::apply(self, envelope)
    }
}

/// Answers a request PDU; returns the length of the reply, which is never 0.
pub fn respond(meter: &mut impl Slave, pdu: &[u8], out: &mut [u8; MAX_PDU]) -> usize {
    let function = pdu.first().copied().unwrap_or(0);
    let length = Request::decode(pdu).and_then(|request| answer(meter, &request, out));
    length.unwrap_or_else(|exception| pdu::encode_exception(function, exception, out).unwrap_or(0))
}

/// Answers an RTU frame; `None` stands for silence: a damaged frame, another unit's, or a broadcast.
/// Commands are never taken from a broadcast: nobody could tell which meter took it.
pub fn serve_rtu(
    meter: &mut impl Slave,
    unit: u8,
    frame: &[u8],
    out: &mut [u8; MAX_RTU_FRAME],
) -> Option<usize> {
    let (addressed, request) = rtu::decode(frame).ok()?;
    if addressed != unit || addressed == BROADCAST_UNIT {
        return None;
    }
    let mut reply = [0; MAX_PDU];
    let length = respond(meter, request, &mut reply);
    rtu::encode(unit, reply.get(..length)?, out)
}

fn answer(
    meter: &mut impl Slave,
    request: &Request<'_>,
    out: &mut [u8; MAX_PDU],
) -> Result<usize, Exception> {
    match request {
        Request::ReadHolding { address, count } | Request::ReadInput { address, count } => {
            read(meter, request.function(), *address, *count, out)
        }
        Request::WriteRegisters { address, values } => take_envelope(meter, *address, values.as_bytes(), out),
        Request::ReadDeviceId { code, object } => device_id::respond(meter.serial(), *code, *object, out),
    }
}

fn read(
    meter: &mut impl Slave,
    function: u8,
    address: u16,
    count: u16,
    out: &mut [u8; MAX_PDU],
) -> Result<usize, Exception> {
    let mut words = [0; super::MAX_READ_REGISTERS as usize];
    let mut slots = words.iter_mut();
    let mut fill = |word| {
        if let Some(slot) = slots.next() {
            *slot = word;
        }
    };
    meter.read(address, count, &mut fill).map_err(|_| Exception::IllegalAddress)?;
    let words = words.into_iter().take(usize::from(count));
    pdu::encode_registers(function, words, out).ok_or(Exception::IllegalValue)
}

fn take_envelope(
    meter: &mut impl Slave,
    address: u16,
    envelope: &[u8],
    out: &mut [u8; MAX_PDU],
) -> Result<usize, Exception> {
    let count = u16::try_from(envelope.len() / 2).map_err(|_| Exception::IllegalValue)?;
    if address != MAILBOX_ADDRESS || count > MAILBOX_LEN {
        return Err(Exception::IllegalAddress);
    }
    meter.apply(envelope).map_err(|_| Exception::IllegalValue)?;
    pdu::encode_write_echo(address, count, out).ok_or(Exception::DeviceFailure)
}
