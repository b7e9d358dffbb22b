//! Whole numbers that the wording of a text depends on.

use std::fmt::Display;

/// A count: "1 room", "2 rooms". A text that has different words for different counts takes this, and not a number
/// that was already made text, of which nobody could tell which words it needs.
pub trait Count: Copy + Display {
    /// The count without its sign, which no language's plural depends on.
    fn magnitude(self) -> u64;
}

macro_rules! counts {
    ($($unsigned:ty),+; $($signed:ty),+) => {
        $(impl Count for $unsigned {
            fn magnitude(self) -> u64 {
                u64::try_from(self).unwrap_or(u64::MAX)
            }
        })+
        $(impl Count for $signed {
            fn magnitude(self) -> u64 {
                u64::try_from(self.unsigned_abs()).unwrap_or(u64::MAX)
            }
        })+
    };
}

impl<T: Count> Count for &T {
    fn magnitude(self) -> u64 {
        (*self).magnitude()
    }
}

counts!(u8, u16, u32, u64, usize; i32, i64);
