//! Taking forms and queries apart: size, UTF-8 and shape are checked before a handler sees a field.
//!
//! The usual decoders replace broken UTF-8 by question marks; a resident's name must not become one.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::web::kit::error::WebError;

/// A posted form. Its fields should default, so that the page can ask for what is missing.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(whole, state).await.map_err(too_large_or_damaged)?;
        if !is_utf8(&body) {
            return Err(WebError::BadRequest);
        }
        let request = Request::from_parts(parts, Body::from(body));
        let form = axum::Form::from_request(request, state).await.map_err(|_| WebError::BadRequest)?;
        Ok(Self(form.0))
    }
}

fn too_large_or_damaged(rejection: BytesRejection) -> WebError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        WebError::TooLarge
    } else {
        WebError::BadRequest
    }
}

/// The query of an address.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        if !is_utf8(parts.uri.query().unwrap_or_default().as_bytes()) {
            return Err(WebError::BadRequest);
        }
        let query = axum::extract::Query::try_from_uri(&parts.uri).map_err(|_| WebError::BadRequest)?;
        Ok(Self(query.0))
    }
}

/// Whether the text is UTF-8 once its percent signs are resolved.
fn is_utf8(encoded: &[u8]) -> bool {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    std::str::from_utf8(&decoded).is_ok()
}

const fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit & 0xdf) - b'A' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    #[test]
    fn percent_signs_are_resolved_before_the_check() {
        for fine in ["", "a=b&c=%20", "name=%E7%8E%8B", "50%", "%zz", "%4"] {
            assert!(is_utf8(fine.as_bytes()), "{fine}");
        }
        assert!(!is_utf8(b"name=%E7%8E"));
        assert!(!is_utf8(b"name=%ff"));
        assert!(!is_utf8(b"name=\xff"));
        assert!(!is_utf8(b"a=%e7%8e&b=%8b"));
    }
}
