//! What a slave may answer.

/// An answer that fits its request.
#[derive(Debug)]
pub(super) enum Answer {
    Registers(Vec<u16>),
    Written,
    Identification { objects: Vec<(u8, Vec<u8>)>, next: Option<u8> },
}
