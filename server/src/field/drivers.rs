//! The drivers that there are, by kind of meter.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use line::Link;

use super::call::Call;
use super::driver::Driver;
use super::history::Allowance;
use super::met::Visit;
use super::visit;
use crate::db::DbError;
use crate::store::meters::field::Remembered;

/// What a driver remembers of a meter between visits, whatever it is.
pub(super) type Memory = Box<dyn Any + Send>;

/// A driver among others.
pub(super) trait AnyDriver: Send + Sync {
    /// Visits the meter at the other end. Fails only if the database does.
    fn visit<'f>(
        &'f self,
        call: &'f Call<'f>,
        link: &'f mut Link,
        memory: &'f mut Option<Memory>,
        past: &'f mut Option<Remembered>,
        allowance: Allowance<'f>,
    ) -> BoxFuture<'f, Result<Visit, DbError>>;
}

impl<D: Driver> AnyDriver for D {
    fn visit<'f>(
        &'f self,
        call: &'f Call<'f>,
        link: &'f mut Link,
        memory: &'f mut Option<Memory>,
        past: &'f mut Option<Remembered>,
        allowance: Allowance<'f>,
    ) -> BoxFuture<'f, Result<Visit, DbError>> {
        async move {
            let known = memory.take().and_then(|memory| memory.downcast::<D::Memory>().ok());
            let mut known = known.map_or_else(D::Memory::default, |known| *known);
            let visit = visit::visit(self, call, link, &mut known, past, allowance).await;
            *memory = Some(Box::new(known));
            visit
        }
        .boxed()
    }
}

/// The drivers that there are, by kind of meter.
#[derive(Clone, Default)]
pub struct Drivers(BTreeMap<String, Arc<dyn AnyDriver>>);

impl Drivers {
    /// One more, for meters of that kind.
    #[must_use]
    pub fn with(mut self, kind: &str, driver: impl Driver) -> Self {
        self.0.insert(kind.to_owned(), Arc::new(driver));
        self
    }

    pub(super) fn of(&self, kind: &str) -> Option<&dyn AnyDriver> {
        self.0.get(kind).map(AsRef::as_ref)
    }
}

impl fmt::Debug for Drivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
