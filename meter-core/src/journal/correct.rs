//! Which single bit flipped, from the difference of the check sums.
//!
//! CRC-32 has a Hamming distance of 5 up to 2974 bits: each of the bits of a record makes a difference of
//! its own, and two or three flipped bits never pass for one. So the check sum that is there anyhow corrects
//! any one bit of a record, at no cost of space, and still tells of three.

/// The polynomial of CRC-32, bits reversed.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// The place of the flipped bit in a message of so many bits, in the order in which the CRC takes them (the
/// lowest of each byte first); `None` if no one bit makes this difference.
pub(super) fn wrong_bit(difference: u32, bits: usize) -> Option<usize> {
    let mut of_bit = 1u32;
    (0..bits).rev().find(|_| {
        of_bit = if of_bit & 1 == 1 { (of_bit >> 1) ^ POLYNOMIAL } else { of_bit >> 1 };
        of_bit == difference
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crc32::crc32;

    #[test]
    fn every_bit_is_found_and_two_or_three_never_pass_for_one() {
        let sound: [u8; 136] = core::array::from_fn(|index| (index * 37) as u8);
        let flipped = |bits: &[usize]| {
            let mut bytes = sound;
            bits.iter().for_each(|bit| bytes[bit / 8] ^= 1 << (bit % 8));
            crc32(&bytes) ^ crc32(&sound)
        };
        let bits = 8 * sound.len();
        for bit in 0..bits {
            assert_eq!(wrong_bit(flipped(&[bit]), bits), Some(bit));
            assert!(!flipped(&[bit]).is_power_of_two(), "it would pass for a bit of the check sum");
            let others = [(bit * 7 + 1) % bits, (bit * 31 + 5) % bits];
            for places in [&[bit, others[0]][..], &[bit, others[0], others[1]]] {
                let difference = flipped(places);
                if difference != 0
                    && places.iter().skip(1).all(|other| *other != bit)
                    && others[0] != others[1]
                {
                    assert_eq!(wrong_bit(difference, bits), None, "{places:?}");
                }
            }
        }
    }
}
