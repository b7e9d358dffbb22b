//! Collectors: a new one, and changing one.

use domain::actor::Actor;
use domain::ids::CollectorId;
use domain::rights::Action;
use domain::text::{self, TextProblem};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
use crate::store::meters::equipment;

/// A collector as an administrator describes it.
#[derive(Clone, Debug, Serialize)]
pub struct CollectorForm {
    /// Its name.
    pub name: String,
    /// One of [`equipment::TRANSPORTS`].
    pub transport: String,
    /// `host:port`.
    pub address: String,
    /// Whether it is to be driven.
    pub enabled: bool,
}

/// A collector to be added.
#[derive(Clone, Debug, Serialize)]
pub struct AddCollector {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// What it is.
    pub form: CollectorForm,
}

/// A collector to be changed.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeCollector {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Which.
    pub id: CollectorId,
    /// What it is from now on.
    pub form: CollectorForm,
}

/// Why a collector is not added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCollector {
    /// There is no such collector.
    #[error("no such collector")]
    Unknown,
    /// There is another of that name.
    #[error("there is a collector of that name")]
    Taken,
    /// Something is wrong with its name.
    #[error("the name {0}")]
    Name(TextProblem),
    /// Not `host:port`.
    #[error("not an address")]
    Address,
    /// Not a transport.
    #[error("not a transport")]
    Transport,
}

refusals!(NoCollector);

impl CollectorForm {
    fn tidy(&mut self) -> Result<(), NoCollector> {
        self.name = text::required(&self.name, 60).map_err(NoCollector::Name)?;
        self.address = address(&self.address).ok_or(NoCollector::Address)?;
        if equipment::TRANSPORTS.contains(&self.transport.as_str()) {
            Ok(())
        } else {
            Err(NoCollector::Transport)
        }
    }

    fn row<'a>(&'a self, id: &'a CollectorId) -> equipment::NewCollector<'a> {
        equipment::NewCollector {
            id,
            name: &self.name,
            transport: &self.transport,
            address: &self.address,
            enabled: i64::from(self.enabled),
        }
    }
}

/// `host:port`; the host is looked up only when the collector is driven.
fn address(typed: &str) -> Option<String> {
    let text = text::required(typed, 120).ok()?;
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    let sound = port > 0 && !host.is_empty() && !host.contains(char::is_whitespace);
    sound.then_some(text)
}

/// Adds it.
impl Verb for AddCollector {
    const NAME: &'static str = "add-collector";
    type Refusal = NoCollector;

    fn right(&self) -> Action {
        Action::InstallMeters
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoCollector> {
        self.form.tidy()
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NoCollector> {
        async move {
            let id = CollectorId(operation.new_id());
            let added = equipment::add_collector(conn, &self.form.row(&id), operation.at_ms).await;
            added.map_err(taken(NoCollector::Taken))
        }
        .boxed()
    }
}

/// Changes it.
impl Verb for ChangeCollector {
    const NAME: &'static str = "change-collector";
    type Refusal = NoCollector;

    fn right(&self) -> Action {
        Action::InstallMeters
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoCollector> {
        self.form.tidy()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoCollector> {
        async move {
            let changed = equipment::change_collector(conn, &self.form.row(&self.id)).await;
            let changed: bool = changed.map_err(taken(NoCollector::Taken))?;
            if changed { Ok(()) } else { Err(Refused::Because(NoCollector::Unknown)) }
        }
        .boxed()
    }
}
