//! Verbs that are not values yet: their frames are written by hand.

use domain::actor::Actor;
use domain::clock::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::AnyConnection;

use super::{Key, NotAKey, OpError, Operation, Outcome, Problem, Refused};
use crate::db::Db;
use crate::ops::books::recognise_consumption::ReadingHeld;
use crate::ops::kit::job_run::{ClaimLost, JobError};

impl Operation {
    pub(crate) fn new(
        clock: &dyn Clock,
        actor: &Actor,
        verb: &'static str,
        key: &Key,
        subject: &str,
        request: &impl Serialize,
    ) -> Result<Self, OpError> {
        Ok(Self::begun(clock, actor, verb, key, subject.to_owned(), request)?)
    }

    /// Runs `body` on `context` in the operation's transaction, unless an earlier run of the same request did so:
    /// then its outcome is the answer.
    pub(crate) async fn run<C, F>(self, db: &Db, context: C, body: F) -> Result<Outcome, OpError>
    where
        C: Send + Sync + 'static,
        F: for<'c> Fn(&'c Self, &'c C, &'c mut AnyConnection) -> BoxFuture<'c, Result<(), OpError>>
            + Send
            + Sync
            + 'static,
    {
        db.write((self, context, body), |(operation, context, body), conn| {
            async move {
                let earlier = operation.begin::<OpError>(conn).await.map_err(OpError::from)?;
                if let Some(earlier) = earlier {
                    return Ok(earlier);
                }
                body(operation, context, conn).await?;
                Ok(Outcome { id: operation.id.clone(), replayed: false })
            }
            .boxed()
        })
        .await
    }
}

impl From<Refused<Self>> for OpError {
    fn from(refused: Refused<Self>) -> Self {
        match refused {
            Refused::Forbidden => Self::Forbidden,
            Refused::KeyReused => Self::KeyReused,
            Refused::Because(error) => error,
            Refused::Db(error) => Self::Db(error),
        }
    }
}

impl From<NotAKey> for OpError {
    fn from(_: NotAKey) -> Self {
        Self::Invalid { field: "key", problem: Problem::Malformed }
    }
}

impl From<ReadingHeld> for OpError {
    fn from(_: ReadingHeld) -> Self {
        Self::ReadingHeld
    }
}

impl From<Refused<ReadingHeld>> for OpError {
    fn from(refused: Refused<ReadingHeld>) -> Self {
        refused.map(Self::from).into()
    }
}

impl From<Refused<ClaimLost>> for OpError {
    fn from(refused: Refused<ClaimLost>) -> Self {
        refused.map(|ClaimLost| Self::ClaimLost).into()
    }
}

impl From<JobError> for OpError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::ClaimLost => Self::ClaimLost,
            JobError::NoMandate | JobError::Refused(_) => Self::NoMandate,
            JobError::Db(error) => Self::Db(error),
        }
    }
}
