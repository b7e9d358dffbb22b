//! `bench board`: pages a second of the room board with 1 000 rooms, beside a bare handler and a 50-room board, all
//! through the same router, in turn, in one run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::routing::get;
use futures_util::future::join_all;
use tower::ServiceExt;

use super::{Latencies, house, table};
use crate::clock::SystemClock;
use crate::db::Db;
use crate::ids::new_id;
use crate::ops::Role;
use crate::ops::passwords::Hasher;
use crate::ops::users::{UserForm, create_administrator};
use crate::web::{AppState, Reach, Wake, router};

/// Rooms of the large board.
const LARGE: usize = 1_000;
/// Rows of the page to compare it with.
const SMALL: usize = 50;
/// Requests under way at a time.
const CALLERS: usize = 8;
/// Larger than any page.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;

struct Deaf;

impl Wake for Deaf {
    fn wake(&self) {}
}

/// Measures on two empty, migrated databases, one for each board; the result as a table.
///
/// # Errors
/// Those of the operations, or the first page that could not be had.
pub async fn measure(large: Db, small: Db, duration: Duration) -> Result<String, Box<dyn std::error::Error>> {
    let (large, small) = (Pages::open(large, LARGE).await?, Pages::open(small, SMALL).await?);
    let rows = [
        ("bare handler".to_owned(), small.run("/bench/hello", duration).await?),
        (format!("board of {SMALL} rooms"), small.run("/", duration).await?),
        (format!("board of {LARGE} rooms"), large.run("/", duration).await?),
    ];
    Ok(show(&rows))
}

/// The router over a furnished house, and the session of somebody who may look.
struct Pages {
    router: Router,
    cookie: String,
}

impl Pages {
    async fn open(db: Db, rooms: usize) -> Result<Self, Box<dyn std::error::Error>> {
        house::furnish(&db, rooms, 1).await?;
        let hasher = Hasher::new()?;
        let password = new_id(&SystemClock);
        let form = UserForm {
            name: "bench".to_owned(),
            display_name: "Bench".to_owned(),
            password: password.clone(),
            role: Role::Administrator,
            language: None,
        };
        create_administrator(&db, &SystemClock, &hasher, form).await?;
        let app = AppState {
            db,
            clock: Arc::new(SystemClock),
            wake: Arc::new(Deaf),
            hasher,
            reach: Reach::default(),
        };
        let router = router(app).merge(Router::new().route("/bench/hello", get(|| async { "hello" })));
        let cookie = sign_in(&router, &password).await?;
        Ok(Self { router, cookie })
    }

    /// Asks for a page as often as it is had; the latencies, and the page's size in bytes.
    async fn run(
        &self,
        path: &str,
        duration: Duration,
    ) -> Result<(Latencies, usize), Box<dyn std::error::Error>> {
        let size = self.ask(path).await?;
        let started = Instant::now();
        let callers = (0..CALLERS).map(|_| async {
            let mut latencies = Vec::new();
            while started.elapsed() < duration {
                let asked = Instant::now();
                self.ask(path).await?;
                latencies.push(asked.elapsed());
            }
            Ok::<_, Box<dyn std::error::Error>>(latencies)
        });
        let mut latencies = Vec::new();
        for caller in join_all(callers).await {
            latencies.extend(caller?);
        }
        Ok((Latencies::new(latencies, started.elapsed()), size))
    }

    async fn ask(&self, path: &str) -> Result<usize, Box<dyn std::error::Error>> {
        let request = Request::get(path).header(COOKIE, &self.cookie).body(Body::empty())?;
        let answer = self.router.clone().oneshot(request).await?;
        if !answer.status().is_success() {
            return Err(format!("{path}: {}", answer.status()).into());
        }
        Ok(to_bytes(answer.into_body(), LARGEST_PAGE).await?.len())
    }
}

/// Signs in as a browser does; the session's cookie.
async fn sign_in(router: &Router, password: &str) -> Result<String, Box<dyn std::error::Error>> {
    let request = Request::post("/sign-in")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("name=bench&password={password}")))?;
    let answer = router.clone().oneshot(request).await?;
    let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    Ok(cookie.ok_or("the bench could not sign in")?.to_owned())
}

fn show(rows: &[(String, (Latencies, usize))]) -> String {
    let bare = rows.first().map_or(1.0, |(_, (latencies, _))| latencies.rate());
    let rows = rows.iter().map(|(name, (latencies, size))| {
        vec![
            name.clone(),
            size.to_string(),
            format!("{:.0}", latencies.rate()),
            format!("{:.2}", latencies.at_ms(500)),
            format!("{:.2}", latencies.at_ms(990)),
            format!("{:.4}", latencies.rate() / bare),
        ]
    });
    table(&["page", "bytes", "pages/s", "p50 ms", "p99 ms", "ratio"], rows)
}
