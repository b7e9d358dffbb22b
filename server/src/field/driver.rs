//! The seam between what is true of any meter and what is true of one kind: a driver reads its meter into words, names
//! the next step towards what is wanted, and takes it.
//!
//! A new kind is a driver in a folder of its own, its line in [`super::FieldConfig::new`], and its rows in `meter_kinds`
//! and `meter_kind_outlets`; pages, operations, store and the rest of this layer know nothing of it.
//!
//! The frame around it (`visit.rs`) is the same for all: lease, schedule, link, closings, losses of memory, history,
//! record. What a driver says nothing of, its meters don't have.

use std::fmt;
use std::future::Future;

use domain::health::Anomaly;
use domain::observed::OpenReasons;
use domain::supply::Desired;

use super::bus::Bus;
use super::call::Call;
use super::history::Allowance;
use super::met::{Halt, Met};
use super::observation::{Closed, Observation};
use super::reading::{Reading, Unread};
use crate::db::DbError;
use crate::store::meters::field::Wanted;

/// A kind of meter, as the field layer drives it.
pub trait Driver: Send + Sync + Sized + 'static {
    /// A reading of the whole meter, as this driver understands it.
    type Seen: Send + Sync;
    /// One thing to tell an outlet.
    type Step: fmt::Debug + Send + Sync;
    /// What is kept from visit to visit; lost when the process ends.
    type Memory: Default + Send + 'static;

    /// Reads the whole meter: first which one it is, so that a wrong one is asked nothing more.
    fn read(
        &self,
        call: &Call<'_>,
        bus: &mut Bus<'_>,
    ) -> impl Future<Output = Result<Reading<Self::Seen>, Unread>> + Send;

    /// What was read, in the words of every meter. Pure.
    fn observe(&self, seen: &Self::Seen) -> Observation;

    /// The next step for an outlet: compares what is wanted with what was read. Pure. Of a relay, compares what it was
    /// told, not what its contact does: a contact takes its time, and the page waits for it.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] when a stored word can't be read.
    fn next_step(&self, order: &Order<'_>, seen: &Self::Seen) -> Result<Plan<Self::Step>, DbError>;

    /// Takes the step, and reads back what became of it: nothing is taken from an echo.
    fn take(
        &self,
        call: &Call<'_>,
        bus: &mut Bus<'_>,
        order: &Order<'_>,
        step: &Self::Step,
        seen: &mut Self::Seen,
    ) -> impl Future<Output = Result<(), Halt>> + Send;

    /// Whether the step ends an epoch inside the meter: then how the one before ended must be kept first.
    fn opens_epoch(&self, _step: &Self::Step) -> bool {
        false
    }

    /// How the meter closed the epoch before the one that it has open, where it keeps that.
    fn closed(
        &self,
        _call: &Call<'_>,
        _bus: &mut Bus<'_>,
        _position: i64,
    ) -> impl Future<Output = Result<Closed, Halt>> + Send {
        async { Ok(Closed::Never) }
    }

    /// What comes before the outlets: such as the clock, by which ends of orders go.
    fn prepare(
        &self,
        _call: &Call<'_>,
        _bus: &mut Bus<'_>,
        _met: &mut Met<Self::Seen>,
    ) -> impl Future<Output = Result<(), Halt>> + Send {
        async { Ok(()) }
    }

    /// What more there is to read of an outlet, or to tell it, once it holds what is wanted of its credit and supply.
    fn attend(
        &self,
        _call: &Call<'_>,
        _bus: &mut Bus<'_>,
        _met: &mut Met<Self::Seen>,
        _wanted: &Wanted,
    ) -> impl Future<Output = Result<(), Halt>> + Send {
        async { Ok(()) }
    }

    /// What comes after the outlets: settings, and what the meter remembers, as far as the allowance goes.
    fn follow(
        &self,
        _call: &Call<'_>,
        _bus: &mut Bus<'_>,
        _met: &mut Met<Self::Seen>,
        _memory: &mut Self::Memory,
        _allowance: Allowance<'_>,
    ) -> impl Future<Output = Result<(), DbError>> + Send {
        async { Ok(()) }
    }
}

/// What is wanted of an outlet.
#[derive(Debug)]
pub struct Order<'a> {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// What the meter shall be told: credit, and what the office asks of its relay.
    pub desired: &'a Desired,
    /// That, and what is known of the outlet.
    pub wanted: &'a Wanted,
    /// The meter lost its memory: no credit before somebody has decided.
    pub held: bool,
    /// Where the server keeps the credit: why the relay shall be open; with no reason, closed.
    pub relay: Option<OpenReasons>,
}

/// What an outlet needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan<C> {
    /// The next thing to do; `None` when the meter holds all that can be brought to it.
    pub step: Option<Step<C>>,
    /// What only a person can bring together.
    pub anomaly: Option<Anomaly>,
}

impl<C> Default for Plan<C> {
    fn default() -> Self {
        Self { step: None, anomaly: None }
    }
}

/// One thing to do for an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<C> {
    /// Tell it this, then read back.
    Send(C),
    /// The meter has already taken an order for its relay of the desired generation or a later one, with other content:
    /// raise the desired generation to at least this, durably, and plan again.
    NeedsGeneration(u32),
}
