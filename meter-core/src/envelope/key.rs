//! Keys and tags: AES-128-CMAC (RFC 4493).

use crate::serial::Serial;
use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};

/// An AES-128 key.
pub type Key = [u8; 16];

/// Says what the derived key is for, so that no other use of the master yields the same one.
const METER_KEY_LABEL: &[u8] = b"wattwarden-meter-key-1";

/// The key of one meter from its site's master key, so that one opened meter betrays no other.
#[must_use]
pub fn derive_meter_key(site_master: &Key, serial: Serial) -> Key {
    tag(site_master, &[METER_KEY_LABEL, &serial.get().to_be_bytes()])
}

pub(super) fn tag(key: &Key, parts: &[&[u8]]) -> [u8; 16] {
    let mut mac = Cmac::<Aes128>::new(&(*key).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Compares in constant time.
pub(super) fn verify(key: &Key, parts: &[&[u8]], tag: &[u8; 16]) -> bool {
    let mut mac = Cmac::<Aes128>::new(&(*key).into());
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_4493_KEY: Key = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128.to_be_bytes();
    const RFC_4493_MESSAGE: [[u8; 16]; 4] = [
        0x6bc1_bee2_2e40_9f96_e93d_7e11_7393_172a_u128.to_be_bytes(),
        0xae2d_8a57_1e03_ac9c_9eb7_6fac_45af_8e51_u128.to_be_bytes(),
        0x30c8_1c46_a35c_e411_e5fb_c119_1a0a_52ef_u128.to_be_bytes(),
        0xf69f_2445_df4f_9b17_ad2b_417b_e66c_3710_u128.to_be_bytes(),
    ];

    #[test]
    fn rfc_4493_vectors() {
        let expected: [(usize, u128); 4] = [
            (0, 0xbb1d_6929_e959_3728_7fa3_7d12_9b75_6746),
            (16, 0x070a_16b4_6b4d_4144_f79b_dd9d_d04a_287c),
            (40, 0xdfa6_6747_de9a_e630_30ca_3261_1497_c827),
            (64, 0x51f0_bebf_7e3b_9d92_fc49_7417_7936_3cfe),
        ];
        let message = RFC_4493_MESSAGE.concat();
        for (length, tag_value) in expected {
            let message = &message[..length];
            assert_eq!(tag(&RFC_4493_KEY, &[message]), tag_value.to_be_bytes(), "{length} bytes");
            assert!(verify(&RFC_4493_KEY, &[message], &tag_value.to_be_bytes()));
            assert!(!verify(&RFC_4493_KEY, &[message], &(tag_value ^ 1).to_be_bytes()));
        }
    }

    #[test]
    fn each_meter_has_its_own_key() {
        let one = derive_meter_key(&RFC_4493_KEY, Serial::try_from(1).unwrap());
        let two = derive_meter_key(&RFC_4493_KEY, Serial::try_from(2).unwrap());
        assert_ne!(one, two);
        let label_and_serial = b"wattwarden-meter-key-1\x00\x00\x00\x00\x00\x00\x00\x01";
        assert_eq!(one, tag(&RFC_4493_KEY, &[label_and_serial]));
    }
}
