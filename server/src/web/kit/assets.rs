//! The static files, embedded: `/static/<name>?<hash of the contents>`, cached for ever under that address.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::web::kit::error::WebError;

/// A file of `static/`.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!(concat!("../../../../static/", $name)) }
    };
}

static STYLE: Asset = asset!("wattwarden.css", "text/css; charset=utf-8");
static DOCUMENT: Asset = asset!("document.css", "text/css; charset=utf-8");
static HTMX: Asset = asset!("htmx-4.0.1.min.js", "text/javascript; charset=utf-8");
static PRINT: Asset = asset!("print.js", "text/javascript; charset=utf-8");
static ICONS: Asset = asset!("icons.svg", "image/svg+xml");
static FAVICON: Asset = asset!("favicon.svg", "image/svg+xml");

fn all() -> [&'static Asset; 6] {
    [&STYLE, &DOCUMENT, &HTMX, &PRINT, &ICONS, &FAVICON]
}

/// Addresses of the static files, with the hash of their contents.
pub struct Urls {
    /// The style sheet.
    pub style: String,
    /// The style sheet of documents on paper.
    pub document: String,
    /// htmx.
    pub htmx: String,
    /// Makes the print buttons work.
    pub print: String,
    /// The icon sprite.
    pub icons: String,
    /// The icon of the browser's tab.
    pub favicon: String,
}

static URLS: LazyLock<Urls> = LazyLock::new(|| Urls {
    style: url(&STYLE),
    document: url(&DOCUMENT),
    htmx: url(&HTMX),
    print: url(&PRINT),
    icons: url(&ICONS),
    favicon: url(&FAVICON),
});

/// Addresses of the static files.
#[must_use]
pub fn urls() -> &'static Urls {
    &URLS
}

fn url(asset: &Asset) -> String {
    let hash: String = Sha256::digest(asset.bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("/static/{}?{hash}", asset.name)
}

/// `GET /static/{name}`.
///
/// # Errors
/// Not found for any other name.
pub async fn get(Path(name): Path<String>) -> Result<Response, WebError> {
    let asset = all().into_iter().find(|asset| asset.name == name).ok_or(WebError::NotFound)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok((headers, asset.bytes).into_response())
}
