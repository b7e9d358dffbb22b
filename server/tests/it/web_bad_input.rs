//! What no browser of ours sends: a clear answer, and nothing changed.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use wattwarden::store;

use crate::support::database::on_sqlite;
use crate::support::web::Office;

#[tokio::test]
async fn ten_megabytes_are_refused() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        for (path, who) in [("/installation/buildings", &mut boss), ("/sign-in", &mut office.browser())] {
            let body = format!("building_name={}", "a".repeat(10 << 20)).into_bytes();
            let answer = who.post_raw(path, body).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
            assert!(answer.body.contains("Too much was sent"), "{}", answer.body);
        }
    })
    .await;
}

#[tokio::test]
async fn broken_utf8_is_refused_and_not_guessed_at() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let key = boss.get("/installation").await.hidden("key");
        for name in ["%E7%8E", "%ff%fe", "%C0%AF"] {
            let body = format!("key={key}&building_name={name}");
            let answer = boss.post_raw("/installation/buildings", body.into_bytes()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
        }
        let mut body = format!("key={key}&building_name=").into_bytes();
        body.push(0xff);
        assert_eq!(boss.post_raw("/installation/buildings", body).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(boss.get("/sell?q=%ff").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(boss.get("/rooms/%ff").await.status, StatusCode::BAD_REQUEST);
        let mut conn = office.house.db.read().await.unwrap();
        assert_eq!(store::places::rooms::buildings(&mut conn).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn another_sites_form_is_refused() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let key = boss.get("/installation").await.hidden("key");
        let forged = |header: &str, value: &str| {
            let request = Request::post("/installation/buildings")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("host", "office.example")
                .header(header, value);
            request.body(Body::from(format!("key={key}&building_name=Forged"))).unwrap()
        };
        for (header, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let answer = boss.send(forged(header, value)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header}: {value}");
            assert!(answer.body.contains("came from another site"), "{}", answer.body);
        }
        let mut conn = office.house.db.read().await.unwrap();
        assert_eq!(store::places::rooms::buildings(&mut conn).await.unwrap().len(), 1);
        drop(conn);
        let own = boss.send(forged("sec-fetch-site", "same-origin")).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_not_there() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        for path in [
            "/nowhere",
            "/rooms/none",
            "/rooms/none/sale",
            "/rooms/none/supply",
            "/rooms/none/tenancy",
            "/sales/none",
            "/users/none/password",
            "/equipment/meters/none",
            "/equipment/collectors/none",
            "/static/nothing.css",
            "/static/..%2FCargo.toml",
        ] {
            let answer = boss.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(
                path.starts_with("/static") || answer.body.contains("Request "),
                "{path}: {}",
                answer.body
            );
        }
        let answer = boss.post("/sell", &[]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(answer.body.contains("doesn&#39;t work that way"), "{}", answer.body);
    })
    .await;
}

#[tokio::test]
async fn what_people_type_is_shown_and_never_run() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        let key = boss.get("/installation").await.hidden("key");
        let nasty = "\"><script>alert(1)</script>";
        let fields = [("key", key.as_str()), ("building_name", nasty)];
        assert_eq!(boss.post("/installation/buildings", &fields).await.status, StatusCode::SEE_OTHER);
        for path in ["/installation", "/sell?q=%22%3E%3Cscript%3E"] {
            let page = boss.get(path).await;
            assert!(!page.body.contains("<script>"), "{path}: {}", page.body);
            assert!(page.body.contains("&#34;&#62;&#60;script&#62;"), "{path}: {}", page.body);
        }
    })
    .await;
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_trust_nothing_foreign() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        for path in ["/", "/sign-in", "/nowhere", "/healthz", "/readyz", "/static/wattwarden.css"] {
            let answer = boss.get(path).await;
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{path}");
            assert!(!policy.contains("unsafe"), "{path}");
            assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(answer.headers["referrer-policy"], "same-origin", "{path}");
            let cached = answer.headers["cache-control"].to_str().unwrap();
            let expected = if path.starts_with("/static") { "immutable" } else { "no-store" };
            assert!(cached.contains(expected), "{path}: {cached}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_that_refreshes_itself_is_told_to_load_anew_when_the_session_is_over() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let request = Request::get("/").header("hx-request", "true").body(Body::empty()).unwrap();
        let answer = office.browser().send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers["hx-refresh"], "true");
    })
    .await;
}
