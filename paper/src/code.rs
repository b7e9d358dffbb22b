//! The code by which the office sees that a paper is its own: short enough to type, useless to guess.
//!
//! Fifty bits of an AES-CMAC over kind, number and the hash of the content, under a key derived from the site's master
//! key. The same on the original and on every copy.

use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};

use super::Kind;

/// Says what the derived key is for, so that no other use of the master yields the same one.
const LABEL: &[u8] = b"wattwarden-documents-1";
/// Digits and letters that can't be taken for one another (Crockford's base 32).
const LETTERS: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters in a code, five bits each.
const LENGTH: usize = 10;

/// The key that codes are made with.
#[derive(Clone)]
pub struct DocumentKey([u8; 16]);

impl std::fmt::Debug for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DocumentKey")
    }
}

impl DocumentKey {
    /// From the site's master key, so that it betrays neither that nor any meter's.
    #[must_use]
    pub fn derive(master: &[u8; 16]) -> Self {
        Self(tag(master, &[LABEL]))
    }

    /// The code of a document: `7G2KQ-X0M4T`. `sha256` is that of its content, in hex.
    #[must_use]
    pub fn code(&self, kind: Kind, number: i64, sha256: &str) -> String {
        let tag = tag(&self.0, &[kind.as_str().as_bytes(), &number.to_be_bytes(), sha256.as_bytes()]);
        let bits = u128::from_be_bytes(tag);
        let letter = |at: usize| char::from(LETTERS[(bits >> (123 - 5 * at)) as usize & 31]);
        let code: String = (0..LENGTH).map(letter).collect();
        format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..])
    }

    /// Whether a code, as a person types it, is that of the document.
    #[must_use]
    pub fn verify(&self, kind: Kind, number: i64, sha256: &str, typed: &str) -> bool {
        let expected = plain(&self.code(kind, number, sha256));
        let typed = plain(typed);
        // In constant time: every letter is looked at.
        let differences =
            expected.bytes().zip(typed.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other));
        typed.len() == expected.len() && differences == 0
    }
}

/// Without spaces and dashes, in capitals, with the letters that are taken for digits as those digits.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|letter| letter.is_ascii_alphanumeric());
    let read = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    letters.map(read).collect()
}

fn tag(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    let mut mac = Cmac::<Aes128>::new(&(*key).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_its_document_only() {
        let key = DocumentKey::derive(&[7; 16]);
        let code = key.code(Kind::Receipt, 12, "ab");
        assert_eq!(code.len(), LENGTH + 1);
        assert!(key.verify(Kind::Receipt, 12, "ab", &code));
        assert!(key.verify(Kind::Receipt, 12, "ab", &format!(" {} ", code.to_lowercase().replace('-', " "))));
        assert!(!key.verify(Kind::Receipt, 13, "ab", &code));
        assert!(!key.verify(Kind::RefundStatement, 12, "ab", &code));
        assert!(!key.verify(Kind::Receipt, 12, "ac", &code));
        assert!(!DocumentKey::derive(&[8; 16]).verify(Kind::Receipt, 12, "ab", &code));
        for wrong in ["", "-", &code[..5], "全角字符全角字符全角"] {
            assert!(!key.verify(Kind::Receipt, 12, "ab", wrong), "{wrong}");
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_taken_as_digits() {
        assert_eq!(plain("ol-I 9"), "0119");
    }

    /// Pinned: paper that is out there must stay verifiable.
    #[test]
    fn codes_never_change() {
        let key = DocumentKey::derive(&[0; 16]);
        assert_eq!(key.code(Kind::RefundStatement, 1, "00"), "PK6PD-2015Q");
    }
}
