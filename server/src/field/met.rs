//! A meter that answered: what a visit knows of it so far, and why driving it may stop early.

use std::collections::BTreeMap;

use domain::UnknownWord;
use domain::health::Anomaly;
use line::LinkError;

use super::observation::Observation;
use super::reading::{Reading, Unread};
use super::server_credit::Counted;
use super::trouble;
use crate::db::DbError;
use crate::store::meters::details::Details;
use crate::store::meters::field::{HistoryReport, Remembered, SettingsReport, Wanted};

/// What came of a visit.
pub(super) struct Visit {
    pub(super) requests: i64,
    pub(super) failed_requests: i64,
    /// The meter as it was last read, or why it was not.
    pub(super) end: Result<Box<Met<Observation>>, Unread>,
}

/// A meter that answered, as it was last read.
pub struct Met<S> {
    pub(super) seen: S,
    /// When its clock was read, site time.
    pub(super) read_ms: i64,
    pub(super) wanted: Vec<Wanted>,
    /// By position: why the outlet cannot be brought to what is wanted.
    pub(super) anomalies: BTreeMap<i64, Anomaly>,
    /// By position: what the outlet told beyond its state.
    pub(super) told: BTreeMap<i64, Details>,
    /// By position: what the server counted of the credit that it keeps.
    pub(super) counted: BTreeMap<i64, Counted>,
    /// What was read of settings.
    pub(super) settings: SettingsReport,
    /// What was fetched of its past.
    pub(super) history: HistoryReport,
    /// What is known of its past, with that.
    pub(super) remembered: Remembered,
    /// It has lost its memory: no credit before somebody has decided.
    pub(super) held: bool,
    /// What went wrong after the meter had been read.
    pub(super) trouble: Option<String>,
    /// Whether to look again soon: a relay has not followed yet, or the line failed half-way.
    pub(super) changing: bool,
}

/// Why driving stops early.
#[derive(Debug)]
pub enum Halt {
    /// The line failed: the visit ends.
    Line(LinkError),
    /// The meter said no, for what reason if it gave one; `lasting` unless it will do so by itself after all.
    Refused {
        /// Its reason.
        why: Option<String>,
        /// Whether it stays refused.
        lasting: bool,
    },
    /// The meter keeps no more credit for now.
    Hoarding,
    /// Of a setting whose generations are used up.
    Exhausted,
    /// The database failed: so does the visit.
    Database(DbError),
}

impl From<LinkError> for Halt {
    fn from(error: LinkError) -> Self {
        Self::Line(error)
    }
}

impl From<UnknownWord> for Halt {
    fn from(word: UnknownWord) -> Self {
        Self::Database(word.into())
    }
}

impl From<DbError> for Halt {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl<S> Met<S> {
    pub(super) fn new(Reading { seen, read_ms }: Reading<S>, wanted: Vec<Wanted>) -> Self {
        Self {
            seen,
            read_ms,
            wanted,
            anomalies: BTreeMap::new(),
            told: BTreeMap::new(),
            counted: BTreeMap::new(),
            settings: SettingsReport::default(),
            history: HistoryReport::default(),
            remembered: Remembered::default(),
            held: false,
            trouble: None,
            changing: false,
        }
    }

    /// Takes down why driving stopped. A failed line ends the visit, a refusal only that command's outlet.
    pub(super) fn note(&mut self, position: Option<i64>, driven: Result<(), Halt>) -> Result<(), DbError> {
        let (trouble, anomaly) = match driven {
            Ok(()) => return Ok(()),
            Err(Halt::Database(error)) => return Err(error),
            Err(Halt::Line(error)) => {
                self.changing = true;
                (Some(trouble::of_link(&error)), None)
            }
            // A limit that was not known yet: it is read in this visit, and the next one keeps within it.
            Err(Halt::Hoarding) => (None, Some(Anomaly::Hoarding)),
            Err(Halt::Refused { why, lasting }) => {
                let text =
                    why.map_or(trouble::REFUSED.to_owned(), |why| trouble::text(trouble::REFUSED, &why));
                (Some(text), lasting.then_some(Anomaly::Refused))
            }
            Err(Halt::Exhausted) => (Some(trouble::EXHAUSTED.to_owned()), Some(Anomaly::SettingsExhausted)),
        };
        self.trouble = trouble.or(self.trouble.take());
        if let (Some(position), Some(anomaly)) = (position, anomaly) {
            self.set_anomaly(position, Some(anomaly));
        }
        Ok(())
    }

    pub(super) fn set_anomaly(&mut self, position: i64, anomaly: Option<Anomaly>) {
        match anomaly {
            Some(anomaly) => self.anomalies.insert(position, anomaly),
            None => self.anomalies.remove(&position),
        };
    }
}
