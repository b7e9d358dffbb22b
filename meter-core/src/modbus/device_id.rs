//! Device identification (function 43/14) of our meters: basic and regular objects.

use super::pdu::{ENCAPSULATED, Exception, MEI_DEVICE_ID};
use crate::bytes::Writer;
use crate::serial::Serial;
use core::fmt::Write;

/// Regular objects, by stream and one by one.
const CONFORMITY: u8 = 0x82;
const BASIC_OBJECTS: u8 = 3;
const REGULAR_OBJECTS: u8 = 7;

/// Writes the reply to a request with access code `code` for `object`.
///
/// A request for the extended level is answered with all there is, and a stream from an unknown object
/// begins at the first, as V1.1b3 section 6.21 says.
pub(super) fn respond(serial: Serial, code: u8, object: u8, out: &mut [u8]) -> Result<usize, Exception> {
    let known = |objects: u8| if object < objects { object } else { 0 };
    let objects = match code {
        1 => known(BASIC_OBJECTS)..BASIC_OBJECTS,
        2 | 3 => known(REGULAR_OBJECTS)..REGULAR_OBJECTS,
        4 if object < REGULAR_OBJECTS => object..object + 1,
        4 => return Err(Exception::IllegalAddress),
        _ => return Err(Exception::IllegalValue),
    };
    write(serial, code, objects, out).ok_or(Exception::DeviceFailure)
}

fn write(serial: Serial, code: u8, objects: core::ops::Range<u8>, out: &mut [u8]) -> Option<usize> {
    let mut writer = Writer::new(out);
    let count = objects.end - objects.start;
    // All objects together fit one reply, so nothing ever follows.
    writer.bytes(&[ENCAPSULATED, MEI_DEVICE_ID, code, CONFORMITY, 0, 0, count])?;
    let mut serial_text = SerialText::default();
    write!(serial_text, "{serial}").ok()?;
    for object in objects {
        let text = object_text(object, &serial_text)?;
        writer.bytes(&[object, u8::try_from(text.len()).ok()?])?;
        writer.bytes(text)?;
    }
    Some(writer.len())
}

fn object_text(object: u8, serial: &SerialText) -> Option<&[u8]> {
    Some(match object {
        0 => b"Wattwarden",
        1 => b"WM-11",
        2 => concat!("V", env!("CARGO_PKG_VERSION")).as_bytes(),
        3 => b"",
        4 => b"Multi-user prepaid electricity meter",
        5 => b"WM-11, 8 single-phase and 3 three-phase households",
        6 => &serial.digits,
        _ => return None,
    })
}

/// The serial's twelve digits.
#[derive(Default)]
struct SerialText {
    digits: [u8; 12],
    len: usize,
}

impl Write for SerialText {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len + text.len();
        self.digits.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
