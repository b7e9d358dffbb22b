//! Values of a register as raw bits: two's complement, widened to 64 bits.

/// A number that fits one, two or four registers.
pub(super) trait Field: Copy {
    /// The bits; of a negative number the low ones count.
    fn to_raw(self) -> u64;
    /// The number of the low bits.
    fn from_raw(raw: u64) -> Self;
}

macro_rules! fields {
    ($($int:ty),*) => {
        $(impl Field for $int {
            fn to_raw(self) -> u64 {
                self as u64
            }

            fn from_raw(raw: u64) -> Self {
                raw as Self
            }
        })*
    };
}

fields!(u16, i16, u32, i32, u64);
