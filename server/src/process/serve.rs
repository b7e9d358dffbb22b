//! The composition: pages, field layer and housekeeping over one database, until told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use domain::clock::Clock;
use domain::ids::new_id;
use line::LinkConfig;
use paper::DocumentKey;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::db::Db;
use crate::field::{Field, FieldConfig};
use crate::jobs;
use crate::ops;
use crate::ops::kit::Ops;
use crate::ops::people::passwords::Hasher;
use crate::process::config::ServeConfig;
use crate::web::{self, AppState, Reach, playground};

/// How long open connections may take to end once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// What a running server is made of.
pub struct Server {
    /// The migrated database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The socket of the pages.
    pub listener: TcpListener,
    /// How browsers reach it.
    pub reach: Reach,
    /// How meters are driven.
    pub field: FieldConfig,
    /// Simulated rooms that visitors may play with: only the demo has any.
    pub playground: Option<playground::Shared>,
    /// Ends when the process is asked to stop.
    pub stop: StopSignal,
}

/// Ends when the process is asked to stop.
pub type StopSignal = futures_util::future::BoxFuture<'static, ()>;

/// Why a server can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address of the pages can't be had.
    #[error("can't listen on {0}: {1} (choose another address)")]
    Listen(SocketAddr, #[source] io::Error),
    /// A file or socket.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database or an operation.
    #[error("{0}")]
    Op(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Box<dyn std::error::Error + Send + Sync>> for ServeError {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::Op(error)
    }
}

impl From<crate::db::DbError> for ServeError {
    fn from(error: crate::db::DbError) -> Self {
        Self::Op(error.into())
    }
}

/// The socket of the pages.
///
/// # Errors
/// [`ServeError::Listen`].
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

impl Server {
    /// Serves until SIGINT or SIGTERM; then lets what is under way end, gives up the collectors' leases, and closes
    /// the database.
    ///
    /// # Errors
    /// When the socket or the signals fail.
    pub async fn run(self) -> Result<(), ServeError> {
        let documents = DocumentKey::derive(&self.field.master_key);
        let field = Field::start(self.db.clone(), self.clock.clone(), self.field);
        let ops = Ops::new(self.db.clone(), self.clock.clone(), Arc::new(field.waker()));
        let jobs = jobs::start(&ops);
        let app = AppState::new(
            ops,
            Hasher::new().map_err(|error| ServeError::Op(error.into()))?,
            self.reach,
            documents,
        );
        let mut router = web::router(app);
        if let Some(playground) = self.playground {
            router = router.layer(Extension(playground));
        }
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let stop = self.stop;
        let serving = axum::serve(self.listener, service).with_graceful_shutdown(async move {
            stop.await;
            tracing::info!("stopping");
            // The receiver waits for exactly this; it is gone only when serving has failed already.
            let _ = stopping.send(());
        });
        tokio::select! {
            served = serving => served?,
            () = async { if stopped.await.is_ok() { tokio::time::sleep(GRACE).await } else { std::future::pending().await } } => {
                tracing::warn!("connections were still open and are cut");
            }
        }
        drop(jobs);
        field.shutdown().await;
        self.db.close().await;
        Ok(())
    }
}

/// Listens for SIGINT and SIGTERM from now on: to be called before anything is made that wants to be cleared away.
///
/// # Errors
/// When the signals can't be had.
pub fn stop_signal() -> io::Result<StopSignal> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(Box::pin(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }))
}

/// Serves the real thing, as configured.
///
/// # Errors
/// What keeps it from running, in words for the operator.
pub async fn serve(config: ServeConfig, clock: Arc<dyn Clock>) -> Result<(), ServeError> {
    let stop = stop_signal()?;
    std::fs::create_dir_all(&config.data_dir)?;
    let listener = listen(config.listen).await?;
    let master_key = crate::process::master_key::load(&config)?;
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    let link = ops::people::first_administrator::new_setup_link(&db, &*clock).await;
    if let Some(token) = link.map_err(|error| ServeError::Op(error.into()))? {
        // Printed, not logged: it is a secret until it is used.
        println!(
            "Create the first administrator here (the link works once): {}/setup/{token}",
            config.public_url
        );
    }
    let reply_timeout = config.reply_timeout;
    let mut field = FieldConfig::new(master_key, new_id(&*clock), clock.wall_ms().unsigned_abs());
    field.poll_interval = config.poll;
    field.link = Arc::new(move |transport| LinkConfig { reply_timeout, ..LinkConfig::usual(transport) });
    let reach = Reach {
        https: config.public_url.starts_with("https://"),
        behind_proxy: config.behind_proxy,
        demo: false,
    };
    tracing::info!(listen = %config.listen, url = %config.public_url, engine = ?db.engine(), "serving");
    Server { db, clock, listener, reach, field, playground: None, stop }.run().await
}
