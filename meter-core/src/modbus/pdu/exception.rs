//! Exception codes that a slave or a gateway answers with.

use core::fmt;

/// Why a request was not carried out. Unknown codes are kept as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exception {
    /// 01: the function code is not supported.
    IllegalFunction,
    /// 02: a register of the request does not exist or may not be accessed so.
    IllegalAddress,
    /// 03: a value in the request is not acceptable.
    IllegalValue,
    /// 04: the device failed while acting.
    DeviceFailure,
    /// 05: accepted, takes long.
    Acknowledge,
    /// 06: busy, repeat later.
    DeviceBusy,
    /// 0A: the gateway has no path to the unit.
    GatewayPathUnavailable,
    /// 0B: the unit behind the gateway did not answer.
    GatewayTargetFailed,
    /// Any other code.
    Other(u8),
}

impl Exception {
    /// The code on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::IllegalFunction => 0x01,
            Self::IllegalAddress => 0x02,
            Self::IllegalValue => 0x03,
            Self::DeviceFailure => 0x04,
            Self::Acknowledge => 0x05,
            Self::DeviceBusy => 0x06,
            Self::GatewayPathUnavailable => 0x0A,
            Self::GatewayTargetFailed => 0x0B,
            Self::Other(code) => code,
        }
    }

    /// The exception that a code on the wire stands for.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            0x01 => Self::IllegalFunction,
            0x02 => Self::IllegalAddress,
            0x03 => Self::IllegalValue,
            0x04 => Self::DeviceFailure,
            0x05 => Self::Acknowledge,
            0x06 => Self::DeviceBusy,
            0x0A => Self::GatewayPathUnavailable,
            0x0B => Self::GatewayTargetFailed,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::IllegalFunction => "illegal function",
            Self::IllegalAddress => "illegal data address",
            Self::IllegalValue => "illegal data value",
            Self::DeviceFailure => "device failure",
            Self::Acknowledge => "acknowledge",
            Self::DeviceBusy => "device busy",
            Self::GatewayPathUnavailable => "gateway path unavailable",
            Self::GatewayTargetFailed => "gateway target failed to respond",
            Self::Other(_) => "exception",
        };
        write!(f, "{text} ({:#04x})", self.code())
    }
}

impl core::error::Error for Exception {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_round_trip() {
        for code in 0..=u8::MAX {
            assert_eq!(Exception::from_code(code).code(), code);
        }
    }
}
