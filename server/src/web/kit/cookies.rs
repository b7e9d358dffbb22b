//! The two cookies: the session's, and the language of those who are not signed in.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use words::Lang;

use crate::web::kit::state::Reach;

/// The language chosen on a page.
pub const LANGUAGE: &str = "wattwarden-language";
const YEAR_S: u32 = 365 * 24 * 60 * 60;

/// The session cookie's name: over https one that a sibling domain can't set.
#[must_use]
pub const fn session_name(reach: Reach) -> &'static str {
    if reach.https { "__Host-wattwarden" } else { "wattwarden" }
}

/// The first cookie of that name.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Sets the session cookie; it goes with the browser, the server's own limits end the session before.
#[must_use]
pub fn session(reach: Reach, token: &str) -> Option<HeaderValue> {
    set(reach, session_name(reach), token, "; HttpOnly")
}

/// Takes the session cookie back.
#[must_use]
pub fn no_session(reach: Reach) -> Option<HeaderValue> {
    set(reach, session_name(reach), "", "; HttpOnly; Max-Age=0")
}

/// Remembers a language for a year.
#[must_use]
pub fn language(reach: Reach, lang: Lang) -> Option<HeaderValue> {
    set(reach, LANGUAGE, lang.code(), &format!("; Max-Age={YEAR_S}"))
}

/// `None` for a value that no cookie can hold; ours are all plain.
fn set(reach: Reach, name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let secure = if reach.https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; SameSite=Lax{secure}{more}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("xwattwarden=a; wattwarden=b; wattwarden=c"));
        headers.append(COOKIE, HeaderValue::from_static("other=d"));
        assert_eq!(get(&headers, "wattwarden"), Some("b"));
        assert_eq!(get(&headers, "other"), Some("d"));
        assert_eq!(get(&headers, "absent"), None);
    }

    #[test]
    fn over_https_the_session_cookie_is_bound_to_this_host() {
        let reach = Reach { https: true, ..Reach::default() };
        let value = session(reach, "t0ken").unwrap();
        assert_eq!(value, "__Host-wattwarden=t0ken; Path=/; SameSite=Lax; Secure; HttpOnly");
        let value = session(Reach::default(), "t0ken").unwrap();
        assert_eq!(value, "wattwarden=t0ken; Path=/; SameSite=Lax; HttpOnly");
    }
}
