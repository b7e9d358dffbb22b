//! Signing in and out through the router, with the real session.

use axum::http::StatusCode;
use wattwarden::ops::people::sign_in::{ABSOLUTE_MS, IDLE_MS, forget_expired};
use wattwarden::web::Reach;

use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Browser, Office, PASSWORD};

#[tokio::test]
async fn a_stranger_is_led_to_sign_in_and_back() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut browser = office.browser();
        let page = browser.get("/sell?q=101").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.location(), "/sign-in?next=/sell%3Fq%3D101");
        let form = browser.get(page.location()).await;
        let next = form.hidden("next");
        assert_eq!(next, "/sell?q=101");
        let page =
            browser.post("/sign-in", &[("name", " DESK "), ("password", PASSWORD), ("next", &next)]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/sell?q=101"));
        assert_eq!(browser.get("/sell?q=101").await.status, StatusCode::OK);
        let page = browser.post("/sign-out", &[]).await;
        assert_eq!(page.location(), "/sign-in?out=1");
        assert!(browser.cookies.is_empty());
        assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example"] {
            let fields = [("name", "desk"), ("password", PASSWORD), ("next", foreign)];
            assert_eq!(office.browser().post("/sign-in", &fields).await.location(), "/");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_lasts_until_sign_out_and_no_longer() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut browser = office.signed_in("desk").await;
        let mut thief = browser.clone();
        assert_eq!(thief.get("/").await.status, StatusCode::OK);
        browser.post("/sign-out", &[]).await;
        assert_eq!(thief.get("/").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn signing_in_again_ends_the_token_the_browser_held() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut browser = office.signed_in("desk").await;
        let mut planted = browser.clone();
        let before = browser.cookies.clone();
        browser.post("/sign-in", &[("name", "desk"), ("password", PASSWORD)]).await;
        assert_ne!(browser.cookies, before);
        assert_eq!(planted.get("/").await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case_after_a_week() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut idle = office.signed_in("desk").await;
        office.house.clock.advance(IDLE_MS + 1);
        assert_eq!(idle.get("/").await.status, StatusCode::SEE_OTHER);
        let mut busy = office.signed_in("desk").await;
        for _ in 0..ABSOLUTE_MS / (IDLE_MS / 2) {
            office.house.clock.advance(IDLE_MS / 2);
            assert_eq!(busy.get("/").await.status, StatusCode::OK);
        }
        office.house.clock.advance(1);
        assert_eq!(busy.get("/").await.status, StatusCode::SEE_OTHER);
        assert!(forget_expired(&office.house.db, &*office.house.clock).await.unwrap() >= 2);
    })
    .await;
}

async fn attempt(browser: &mut Browser, name: &str, password: &str) -> StatusCode {
    browser.post("/sign-in", &[("name", name), ("password", password)]).await.status
}

#[tokio::test]
async fn guesses_wait_longer_and_longer_and_the_owner_never_for_good() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let clock = &office.house.clock;
        let mut browser = office.browser();
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert_eq!(
                attempt(&mut browser, "desk", "a wrong guess").await,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            // While it waits, not even the right password is looked at.
            let page = browser.post("/sign-in", &[("name", "desk"), ("password", PASSWORD)]).await;
            assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
            let mut waited = 0;
            while attempt(&mut browser, "desk", "x").await == StatusCode::TOO_MANY_REQUESTS {
                clock.advance(1_000);
                waited += 1;
            }
            waits.push(waited);
            clock.advance(60_000);
        }
        assert!(waits.is_sorted(), "{waits:?}");
        assert_eq!((waits[0], *waits.last().unwrap()), (1, 5));
        assert_eq!(attempt(&mut browser, "desk", PASSWORD).await, StatusCode::SEE_OTHER);
        // The account begins anew; the address, which still owes for its guesses, waits a little more.
        clock.advance(60_000);
        assert_eq!(
            attempt(&mut office.browser(), "desk", "wrong again").await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        clock.advance(3_000);
        assert_eq!(attempt(&mut office.browser(), "desk", PASSWORD).await, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn many_guesses_at_a_time_gain_nothing() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let guesses = (0..20).map(|_| {
            let mut browser = office.browser();
            async move { attempt(&mut browser, "desk", "a wrong guess").await }
        });
        let answers = futures_util::future::join_all(guesses).await;
        let looked_at = answers.iter().filter(|status| **status != StatusCode::TOO_MANY_REQUESTS).count();
        assert!(looked_at <= 2, "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_tries_every_account_waits_too() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut browser = office.browser();
        let mut throttled = 0;
        for index in 0..60 {
            let name = format!("nobody{index}");
            throttled += usize::from(
                attempt(&mut browser, &name, "a wrong guess").await == StatusCode::TOO_MANY_REQUESTS,
            );
        }
        assert!(throttled >= 35, "{throttled}");
    })
    .await;
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut browser = office.browser();
        browser.router = office.reached(Reach { https: true, ..Reach::default() });
        let page = browser.post("/sign-in", &[("name", "desk"), ("password", PASSWORD)]).await;
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("__Host-wattwarden="), "{cookie}");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
        assert!(page.headers.contains_key("strict-transport-security"));
    })
    .await;
}
