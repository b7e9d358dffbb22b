//! Read device identification (function 43/14): the reply and its objects.

use super::{ENCAPSULATED, MEI_DEVICE_ID};
use crate::bytes::Reader;

/// Header of an identification reply and the objects after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceIdReply<'a> {
    /// The access code that was asked for.
    pub code: u8,
    /// What the device can identify, e.g. 0x82: regular, stream and single access.
    pub conformity: u8,
    /// Where to go on when more objects follow.
    pub next_object: Option<u8>,
    /// The objects in this reply.
    pub objects: DeviceObjects<'a>,
}

/// The objects of one reply, in order: id and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceObjects<'a> {
    bytes: &'a [u8],
}

impl<'a> DeviceObjects<'a> {
    /// Object id and its bytes (ASCII by the specification, not checked).
    pub fn iter(&self) -> impl Iterator<Item = (u8, &'a [u8])> + use<'a> {
        let mut reader = Reader::new(self.bytes);
        core::iter::from_fn(move || next_object(&mut reader))
    }
}

fn next_object<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let id = reader.u8()?;
    let length = reader.u8()?;
    Some((id, reader.take(usize::from(length))?))
}

/// Reads a whole identification reply; `None` unless its objects fill it exactly.
pub(super) fn decode(pdu: &[u8]) -> Option<DeviceIdReply<'_>> {
    let mut reader = Reader::new(pdu);
    let [function, mei, code, conformity, more, next, count] = reader.array()?;
    let next_object = match more {
        0x00 => None,
        0xFF => Some(next),
        _ => return None,
    };
    let objects = DeviceObjects { bytes: reader.rest() };
    for _ in 0..count {
        self::next_object(&mut reader)?;
    }
    let whole = function == ENCAPSULATED && mei == MEI_DEVICE_ID && reader.is_empty();
    whole.then_some(DeviceIdReply { code, conformity, next_object, objects })
}

/// Length of an identification reply PDU of which `bytes` is the beginning; `None` while it cannot be known.
pub(crate) fn pdu_len(bytes: &[u8]) -> Option<usize> {
    let mut reader = Reader::new(bytes);
    let [_, _, _, _, _, _, count] = reader.array()?;
    let mut length = 7usize;
    for objects_after in (0..count).rev() {
        let [_, object_length] = reader.array()?;
        length += 2 + usize::from(object_length);
        if objects_after > 0 {
            reader.take(usize::from(object_length))?;
        }
    }
    Some(length)
}
