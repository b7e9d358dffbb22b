//! Registers as they lie in a frame: big-endian pairs of bytes.

/// A run of registers borrowed from a frame; always whole registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterBytes<'a> {
    bytes: &'a [u8],
}

impl<'a> RegisterBytes<'a> {
    /// Takes bytes as registers; `None` for an odd number of bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        bytes.len().is_multiple_of(2).then_some(Self { bytes })
    }

    /// The bytes as they are on the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many registers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / 2
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The registers in address order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair))
    }
}
