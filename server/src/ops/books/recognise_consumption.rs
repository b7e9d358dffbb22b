//! Recognition of what was used: energy moves from a tenancy's purses, its value from prepaid to revenue, by the running
//! total of the meter's epoch. Each watt-hour once, whatever is replayed; a reading that cannot be is held for a person.

use domain::actor::Actor;
use domain::books::{Lots, Purse, Taken};
use domain::ids::{HouseholdId, OperationId, QuarantineId, TenancyId};
use domain::money::Currency;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::job_run::{Claim, ClaimLost, JobError};
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::books::recognition::{self, Reading};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::books::{lots, purses, quarantines};
use crate::store::kit::job_runs::Progress;
use crate::store::places::site;

/// The name of the job in the rows of its runs.
pub const JOB: &str = "recognise-consumption";

/// Tenancies in one batch of the job: a sale on SQLite waits for a batch at most.
const BATCH: i64 = 50;

/// A tenancy's account once what its meter has said is recognised.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whose.
    pub tenancy_id: TenancyId,
    /// How far it has come; locked until the transaction ends. Whoever takes more from it writes it with [`purses::put`].
    pub purse: Purse,
    /// Its paid lots.
    pub paid: Lots,
    /// Its free lots.
    pub subsidy: Lots,
    /// What was recognised just now.
    pub taken: Taken,
    /// The reading was held for a person instead: what depends on it had better wait.
    pub held: bool,
    /// The number of the operation's next transfer.
    pub next_transfer: i64,
}

impl Standing {
    /// As an error for what must not go on while a reading is held.
    ///
    /// # Errors
    /// [`ReadingHeld`].
    pub fn not_held(self) -> Result<Self, ReadingHeld> {
        if self.held { Err(ReadingHeld) } else { Ok(self) }
    }
}

/// A reading that cannot be waits for a person's decision, and what was asked for depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reading waits for a decision")]
pub struct ReadingHeld;

/// What recognition answers: a reading may have to wait for a person.
pub type Recognised<T> = Result<T, Refused<ReadingHeld>>;

refusals!(ReadingHeld);

/// Recognises what the household's meter last said of a tenancy, before an act that depends on it. Without a reading of its
/// epoch nothing is recognised. The operation's next transfer has the number that the answer says.
///
/// # Errors
/// [`ReadingHeld`]; the database's.
pub async fn recognise_now(
    conn: &mut AnyConnection,
    operation: &Operation,
    household: &HouseholdId,
    tenancy: &TenancyId,
) -> Recognised<Standing> {
    let books = Books::open(conn, &operation.id, operation.at_ms, 0).await?;
    match recognition::latest(conn, household).await?.filter(|reading| reading.tenancy_id == *tenancy) {
        Some(reading) => books.recognise(conn, &reading).await,
        None => Ok(books.standing(conn, tenancy).await?),
    }
}

/// Recognises a tenancy's last use: `used_wh` at `seen_ms`, by the snapshot of its closed epoch or by what was seen at the
/// meter. The same again recognises nothing.
///
/// # Errors
/// [`ReadingHeld`]; the database's, also without such a household or tenancy.
pub async fn settle_used(
    conn: &mut AnyConnection,
    operation: &Operation,
    household: &HouseholdId,
    tenancy: &TenancyId,
    epoch: i64,
    last: (i64, i64),
) -> Recognised<Standing> {
    let books = Books::open(conn, &operation.id, operation.at_ms, 0).await?;
    let reading = recognition::closing(conn, household, tenancy, epoch, last).await?;
    let reading = reading.ok_or_else(|| DbError::Corrupt(format!("no account of tenancy {tenancy}")))?;
    books.recognise(conn, &reading).await
}

/// The job's run of a midnight is of the day that ended, if it is not later than that, in ms.
const OF_THE_DAY_MS: i64 = 3_600_000;

/// When a run that was due at midnight books: by the end of the day, so that its last day is of a month; late, when it runs.
fn booked_ms(midnight_ms: i64, now_ms: i64) -> i64 {
    if (midnight_ms..midnight_ms + OF_THE_DAY_MS).contains(&now_ms) { midnight_ms - 1 } else { now_ms }
}

/// An operation that recognises use.
pub(crate) struct Books<'a> {
    operation: &'a OperationId,
    at_ms: i64,
    currency: Currency,
    first_transfer: i64,
}

impl<'a> Books<'a> {
    /// For an operation whose next transfer has that number.
    pub(crate) async fn open(
        conn: &mut AnyConnection,
        operation: &'a OperationId,
        at_ms: i64,
        first_transfer: i64,
    ) -> Result<Self, DbError> {
        let site = site::required(conn).await?;
        Ok(Self { operation, at_ms, currency: site.currency(), first_transfer })
    }

    /// A tenancy's account as it stands, locked.
    pub(crate) async fn standing(
        &self,
        conn: &mut AnyConnection,
        tenancy: &TenancyId,
    ) -> Result<Standing, DbError> {
        // Locked before the lots are read: whoever takes one back has to wait, or was before us.
        let purse = purses::lock(conn, tenancy).await?;
        Ok(Standing {
            tenancy_id: tenancy.clone(),
            purse,
            paid: lots::paid(conn, tenancy).await?,
            subsidy: lots::subsidy(conn, tenancy, &self.currency).await?,
            taken: Taken::default(),
            held: false,
            next_transfer: self.first_transfer,
        })
    }

    /// Recognises a reading, or holds it.
    pub(crate) async fn recognise(
        &self,
        conn: &mut AnyConnection,
        reading: &Reading,
    ) -> Recognised<Standing> {
        let mut standing = self.standing(conn, &reading.tenancy_id).await?;
        if hold(conn, self.at_ms, reading, &standing.purse).await? {
            standing.held = true;
            return Ok(standing);
        }
        self.book(conn, reading, standing).await
    }

    /// Recognises a reading that a person has judged, or that can be.
    pub(crate) async fn book(
        &self,
        conn: &mut AnyConnection,
        reading: &Reading,
        mut standing: Standing,
    ) -> Recognised<Standing> {
        let Standing { purse, paid, subsidy, .. } = &mut standing;
        let from_used_wh = purse.used_wh;
        let taken = purse.recognise(subsidy, paid, reading.used_wh).map_err(|_| ReadingHeld)?;
        standing.taken = taken;
        if taken.is_nothing() {
            return Ok(standing);
        }
        standing.purse.seen_ms = standing.purse.seen_ms.max(reading.seen_ms);
        let used_ms = reading.seen_ms.min(self.at_ms);
        recognition::insert(conn, self.operation, (reading, used_ms), from_used_wh, &taken).await?;
        let moved = use_transfers(&reading.tenancy_id, &taken);
        standing.next_transfer = transfers::record(conn, self.operation, self.first_transfer, &moved).await?;
        purses::put(conn, &reading.tenancy_id, &standing.purse).await?;
        Ok(standing)
    }
}

/// Whether a reading has to wait for a person, with the purse that it would be recognised from: it went back, or on by more
/// than the breaker lets through, or lies beyond one that waits already. If so, it is held.
pub(crate) async fn hold(
    conn: &mut AnyConnection,
    at_ms: i64,
    reading: &Reading,
    purse: &Purse,
) -> Result<bool, DbError> {
    if let Some(open) = quarantines::open_of(conn, &reading.tenancy_id).await?
        && open.holds(reading.used_wh)
    {
        return Ok(true);
    }
    let since_ms = if purse.seen_ms == 0 { reading.opened_ms } else { purse.seen_ms };
    let allowed_wh = reading.breaker().allowed_wh(reading.seen_ms - since_ms);
    let used_wh = reading.used_wh - purse.used_wh;
    if (0..=allowed_wh).contains(&used_wh) {
        return Ok(false);
    }
    let id = QuarantineId(domain::ids::id_at(at_ms));
    quarantines::hold(conn, &id, reading, purse.used_wh, allowed_wh).await?;
    Ok(true)
}

/// What use moves, in both ledgers.
fn use_transfers(tenancy: &TenancyId, taken: &Taken) -> [Transfer; 4] {
    let [purse, free] = [Account::Purse(tenancy.clone()), Account::SubsidyPurse(tenancy.clone())];
    [
        Transfer::new(Account::Prepaid(tenancy.clone()), Account::Revenue, taken.paid_minor),
        Transfer::new(Account::Subsidy, Account::Revenue, taken.subsidy_minor),
        Transfer::new(purse, Account::Consumed, taken.paid_wh),
        Transfer::new(free, Account::Consumed, taken.subsidy_wh),
    ]
}

/// What a run of the job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunReport {
    /// Tenancies whose use was recognised.
    pub recognised: i64,
    /// Tenancies whose reading is held.
    pub held: i64,
    /// Tenancies that could not be done; logged.
    pub failed: i64,
    /// Recognised from paid lots, in Wh.
    pub paid_wh: i64,
    /// Recognised from free lots, in Wh.
    pub subsidy_wh: i64,
    /// Revenue recognised from paid lots, in minor units.
    pub paid_minor: i64,
    /// Revenue recognised from free lots, in minor units.
    pub subsidy_minor: i64,
}

impl RunReport {
    fn add(&mut self, standing: &Standing) {
        self.held += i64::from(standing.held);
        self.recognised += i64::from(!standing.held && !standing.taken.is_nothing());
        self.paid_wh += standing.taken.paid_wh;
        self.subsidy_wh += standing.taken.subsidy_wh;
        self.paid_minor += standing.taken.paid_minor;
        self.subsidy_minor += standing.taken.subsidy_minor;
    }
}

/// A batch of the job over all tenancies.
#[derive(Clone, Debug, Serialize)]
struct Batch {
    #[serde(skip)]
    key: Key,
    #[serde(skip)]
    claim: Claim,
    #[serde(skip)]
    now_ms: i64,
}

impl Verb for Batch {
    const NAME: &'static str = JOB;
    const WAKES: bool = false;
    type Refusal = ClaimLost;

    fn right(&self) -> Action {
        Action::Recognise
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.claim.run.id.to_string()
    }

    fn booked_ms(&self, now_ms: i64) -> i64 {
        booked_ms(self.claim.run.due_ms, now_ms)
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, ClaimLost> {
        write_batch(operation, &self.claim, self.now_ms, conn).boxed()
    }
}

/// One batch of the job over all tenancies.
///
/// # Errors
/// The database's; [`JobError::ClaimLost`].
pub async fn batch(ops: &Ops, claim: &Claim) -> Result<(), JobError> {
    let batch = Batch { key: claim.key()?, claim: claim.clone(), now_ms: ops.clock.now_ms() };
    ops.perform(&claim.mandate(&ops.db, JOB).await?, batch).await?;
    Ok(())
}

async fn write_batch(
    operation: &Operation,
    claim: &Claim,
    now_ms: i64,
    conn: &mut AnyConnection,
) -> Result<(), Refused<ClaimLost>> {
    let run = &claim.run;
    let mut report: RunReport = serde_json::from_str(&run.report).unwrap_or_default();
    let total = match run.total {
        0 => recognition::count_unrecognised(conn).await?,
        total => total,
    };
    let readings = recognition::unrecognised(conn, &run.position, BATCH).await?;
    let mut first_transfer = 0;
    for reading in &readings {
        let books = Books::open(conn, &operation.id, operation.at_ms, first_transfer).await?;
        match books.recognise(conn, reading).await {
            Ok(standing) => {
                first_transfer = standing.next_transfer;
                report.add(&standing);
            }
            // Unreadable rows of one tenancy keep nobody else from being done.
            Err(Refused::Db(error @ DbError::Corrupt(_))) => {
                tracing::error!(tenancy = %reading.tenancy_id, %error, "use can't be recognised");
                report.failed += 1;
            }
            Err(Refused::Db(error)) => return Err(error.into()),
            Err(refused) => {
                tracing::error!(tenancy = %reading.tenancy_id, %refused, "use can't be recognised");
                report.failed += 1;
            }
        }
    }
    let done = run.done + i64::try_from(readings.len()).unwrap_or(0);
    let position = readings.last().map_or_else(|| run.position.clone(), |last| last.household_id.0.clone());
    let report = serde_json::to_string(&report).unwrap_or_default();
    let progress = Progress { position, done, total: total.max(done), report };
    if readings.len() < usize::try_from(BATCH).unwrap_or(0) {
        claim.finish(conn, &progress, now_ms).await
    } else {
        claim.advance(conn, &progress).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_midnights_run_is_of_the_day_that_ended_unless_it_is_late() {
        assert_eq!(booked_ms(10_000_000, 10_000_000), 9_999_999);
        assert_eq!(booked_ms(10_000_000, 13_599_999), 9_999_999);
        assert_eq!(booked_ms(10_000_000, 13_600_000), 13_600_000);
        assert_eq!(booked_ms(10_000_000, 9_000_000), 9_000_000, "asked for early, by a person");
    }
}
