//! Handing out originals: the first print of a document, once; whatever is printed later is a copy.

use std::convert::Infallible;

use domain::actor::Actor;
use domain::rights::Action;
use paper::Kind;

use futures_util::FutureExt;
use serde::{Serialize, Serializer};
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written};
use crate::store::papers::documents;

/// Which documents.
#[derive(Clone, Debug, Serialize)]
pub struct HandOut {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Their kind.
    #[serde(serialize_with = "by_name")]
    pub kind: Kind,
    /// From which number to which, both included.
    pub ranges: Vec<(i64, i64)>,
}

fn by_name<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

/// Takes the originals that nobody has taken yet; the outcome's operation is what shows them.
impl Verb for HandOut {
    const NAME: &'static str = "hand-out-documents";
    const WAKES: bool = false;
    type Refusal = Infallible;

    fn right(&self) -> Action {
        Action::HandOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.kind.as_str().to_owned()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, Infallible> {
        async move {
            let by = operation.by.id();
            for numbers in &self.ranges {
                let taken = (&operation.id, &by, operation.at_ms);
                documents::take_originals(conn, self.kind, *numbers, taken).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
