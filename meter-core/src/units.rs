//! Quantities as integers in one fixed unit each, so that no sum mixes two of them or wraps.

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $int);

        impl $name {
            /// The number in this unit.
            #[must_use]
            pub const fn get(self) -> $int {
                self.0
            }

            /// The sum, held at the largest value.
            #[must_use]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }

            /// The difference, held at the smallest value.
            #[must_use]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
    };
}

quantity!(
    /// Energy within one credit epoch, Wh.
    WattHours(u32)
);
quantity!(
    /// Energy ever measured, Wh; never set back.
    EnergyTotal(u64)
);
quantity!(
    /// Active power, mW; negative when it flows back into the grid.
    MilliWatts(i32)
);
quantity!(
    /// Voltage between a phase and neutral, mV r.m.s.
    MilliVolts(u32)
);
quantity!(
    /// Current of a phase, mA r.m.s.
    MilliAmps(u32)
);
quantity!(
    /// Power factor in thousandths, -1000..=1000.
    PowerFactor(i16)
);
quantity!(
    /// Seconds since 1970-01-01 00:00:00 UTC; good until 2106.
    UnixSeconds(u32)
);

impl UnixSeconds {
    /// The number in a record or register, 0 when unknown or absent.
    #[must_use]
    pub fn or_zero(time: Option<Self>) -> u32 {
        time.map_or(0, Self::get)
    }

    /// The time of such a number.
    #[must_use]
    pub fn unless_zero(seconds: u32) -> Option<Self> {
        (seconds != 0).then_some(Self(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stop_at_the_ends() {
        assert_eq!(WattHours(u32::MAX).saturating_add(WattHours(1)), WattHours(u32::MAX));
        assert_eq!(WattHours(1).saturating_sub(WattHours(2)), WattHours(0));
        assert_eq!(MilliWatts(i32::MIN).saturating_sub(MilliWatts(1)), MilliWatts(i32::MIN));
    }
}
