//! Where to go after signing in or switching the language: local addresses only.

/// A local address, or the front page: never another site, whatever a link says.
#[must_use]
pub fn local(next: &str) -> &str {
    let bytes = next.as_bytes();
    let inside = bytes.first() == Some(&b'/') && !matches!(bytes.get(1), Some(b'/' | b'\\'));
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && next.len() <= 1000 { next } else { "/" }
}

/// The sign-in page that leads back to `next`.
#[must_use]
pub fn sign_in_url(next: &str) -> String {
    match local(next) {
        "/" => "/sign-in".to_owned(),
        next => format!("/sign-in?next={}", encode(next)),
    }
}

/// Percent-encodes what would end or split a query's value.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_addresses_are_followed() {
        for fine in ["/", "/rooms/1?paper=80mm", "/a//b"] {
            assert_eq!(local(fine), fine);
        }
        for foreign in
            ["", "//evil", "/\\evil", "https://evil", "javascript:1", "/a\nb", "/a b", "/\u{e9}", "\\"]
        {
            assert_eq!(local(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn a_query_in_the_address_survives() {
        assert_eq!(sign_in_url("/sell?q=a&b"), "/sign-in?next=/sell%3Fq%3Da%26b");
        assert_eq!(sign_in_url("//evil"), "/sign-in");
    }
}
