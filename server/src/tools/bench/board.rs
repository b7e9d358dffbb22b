//! `bench board`: pages a second of the room board with 1 000 rooms, beside a bare handler and a 50-room board, all
//! over HTTP on loopback from the same server, in turn, in one run.

use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use domain::actor::Role;
use domain::ids::new_id;
use futures_util::future::join_all;
use paper::DocumentKey;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::browser::Browser;
use super::{Latencies, house, table};
use crate::db::Db;
use crate::ops::kit::{NoField, Ops};
use crate::ops::people::first_administrator::create_administrator;
use crate::ops::people::new_user::UserForm;
use crate::ops::people::passwords::Hasher;
use crate::process::clock::SystemClock;
use crate::tools::ToolError;
use crate::web::{AppState, Reach, router};

/// Rooms of the large board.
const LARGE: usize = 1_000;
/// Rows of the page to compare it with.
const SMALL: usize = 50;
/// Requests under way at a time.
const CALLERS: usize = 8;

/// The server goes when its pages do.
struct AbortOnDrop(JoinHandle<std::io::Result<()>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Measures on two empty, migrated databases, one for each board; the result as a table.
///
/// # Errors
/// Those of the operations, or the first page that could not be had.
pub async fn measure(large: Db, small: Db, duration: Duration) -> Result<String, ToolError> {
    let (large, small) = (Pages::open(large, LARGE).await?, Pages::open(small, SMALL).await?);
    let rows = [
        ("bare handler".to_owned(), small.run("/bench/hello", duration).await?),
        (format!("board of {SMALL} rooms"), small.run("/", duration).await?),
        (format!("board of {LARGE} rooms"), large.run("/", duration).await?),
    ];
    Ok(show(&rows))
}

/// A server over a furnished house, and the session of somebody who may look.
struct Pages {
    address: SocketAddr,
    cookie: String,
    _server: AbortOnDrop,
}

impl Pages {
    async fn open(db: Db, rooms: usize) -> Result<Self, ToolError> {
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
        let ops = Ops::new(db, Arc::new(SystemClock), Arc::new(NoField));
        let app = AppState::new(ops, hasher, Reach::default(), DocumentKey::derive(&[0; 16]));
        let router = router(app).merge(Router::new().route("/bench/hello", get(|| async { "hello" })));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = AbortOnDrop(tokio::spawn(axum::serve(listener, service).into_future()));
        let cookie = sign_in(address, &password).await?;
        Ok(Self { address, cookie, _server: server })
    }

    /// Asks for a page as often as it is had; the latencies, and the page's size in bytes.
    async fn run(&self, path: &str, duration: Duration) -> Result<(Latencies, usize), ToolError> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}\r\n\r\n", self.cookie);
        let size = Browser::connect(self.address).await?.ask(&request).await?.body_bytes;
        let started = Instant::now();
        let callers = (0..CALLERS).map(|_| async {
            let mut browser = Browser::connect(self.address).await?;
            let mut latencies = Vec::new();
            while started.elapsed() < duration {
                let asked = Instant::now();
                let answer = browser.ask(&request).await?;
                if answer.status != 200 {
                    return Err(format!("{path}: {}", answer.status).into());
                }
                latencies.push(asked.elapsed());
            }
            Ok::<_, ToolError>(latencies)
        });
        let mut latencies = Vec::new();
        for caller in join_all(callers).await {
            latencies.extend(caller?);
        }
        Ok((Latencies::new(latencies, started.elapsed()), size))
    }
}

/// Signs in as a browser does; the session's cookie.
async fn sign_in(address: SocketAddr, password: &str) -> Result<String, ToolError> {
    let body = format!("name=bench&password={password}");
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    let answer = Browser::connect(address).await?.ask(&request).await?;
    Ok(answer.cookie.ok_or("the bench could not sign in")?)
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
