//! CRC-16/MODBUS: polynomial 0xA001 reflected, initial 0xFFFF, low byte sent first.

/// The CRC of `bytes`; on the wire its low byte comes first.
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| (0..8).fold(crc ^ u16::from(*byte), |crc, _| shift(crc)))
}

const fn shift(crc: u16) -> u16 {
    if crc & 1 == 1 { (crc >> 1) ^ 0xA001 } else { crc >> 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_check_values() {
        assert_eq!(crc16(b"123456789"), 0x4B37);
        // Read 10 registers from 0 at unit 1, the frame in most manuals: 01 03 00 00 00 0A C5 CD.
        assert_eq!(crc16(&[1, 3, 0, 0, 0, 0x0A]), 0xCDC5);
        assert_eq!(crc16(&[]), 0xFFFF);
    }
}
