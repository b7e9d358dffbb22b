//! Issuing the statement of a tenancy's account: what happened in a period is read in the transaction that numbers it, so
//! that paper and books say the same.

use domain::actor::Actor;
use domain::books::account::{Entry, Statement};
use domain::clock::Clock;
use domain::ids::TenancyId;
use domain::rights::Action;
use paper::content::{AccountLine, AccountStatement};
use paper::parts::{Moment, Outlet, Person, Place};
use paper::{Document, Language};

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use jiff::tz::TimeZone;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::Db;
use crate::store::books::account::{self, TenancyPlace};
use crate::store::papers::documents::{self, NewDocument};
use crate::store::papers::letterhead;
use crate::store::people::residents;
use crate::store::places::site;

/// The statement to be issued.
#[derive(Clone, Debug, Serialize)]
pub struct IssueStatement {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Whose account.
    pub tenancy_id: TenancyId,
    /// From when (inclusive), site time.
    pub from_ms: i64,
    /// To when (exclusive), site time; what has not happened yet is left out.
    pub to_ms: i64,
    /// The language to write it in.
    pub language: Language,
}

/// Issues it, under the operation's id as its subject: each time it is asked for, it is another statement.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`], [`OpError::Invalid`] with field `until` when the
/// period has no day, or `from` when it has not begun.
pub async fn issue_statement(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: IssueStatement,
) -> Result<Outcome, OpError> {
    require(actor, Action::HandOut)?;
    if request.from_ms >= request.to_ms {
        return Err(OpError::Invalid { field: "until", problem: Problem::Malformed });
    }
    if request.from_ms > clock.now_ms() {
        return Err(OpError::Invalid { field: "from", problem: Problem::TooFarAhead });
    }
    let subject = request.tenancy_id.as_str();
    let operation = Operation::new(clock, actor, "issue-statement", &request.key, subject, &request)?;
    let by = actor.id().0;
    operation
        .run(db, (request, by), |operation, (request, by), conn| issue(operation, request, by, conn).boxed())
        .await
}

async fn issue(
    operation: &Operation,
    request: &IssueStatement,
    by: &str,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let tenancy = &request.tenancy_id;
    let zone = site::get(conn).await?.ok_or(OpError::NotFound("site"))?.zone();
    let place = account::place_of(conn, tenancy).await?.ok_or(OpError::NotFound("tenancy"))?;
    let residents = residents::residents_of(conn, tenancy).await?;
    let (from_ms, to_ms) = (request.from_ms, request.to_ms.min(operation.at_ms + 1));
    let statement = Statement::of(account::of_tenancy(conn, tenancy).await?, from_ms, to_ms);
    let person = |resident: residents::Resident| Person { name: resident.name, number: resident.number };
    let content = AccountStatement {
        letterhead: letterhead::get(conn).await?.ok_or(OpError::NotFound("site"))?,
        residents: residents.into_iter().map(person).collect(),
        outlet: outlet(&place),
        from: Moment::at(from_ms, &zone),
        to: Moment::at(to_ms, &zone),
        opening: statement.opening,
        lines: statement.entries.into_iter().map(|entry| line(entry, &zone)).collect(),
        closing: statement.closing,
        place: Place { building: place.building, floor: place.floor, room: place.room },
    };
    let names: Vec<_> = content.residents.iter().map(|person| person.name.as_str()).collect();
    let label = format!("{} {}: {}", content.place.building, content.place.room, names.join(", "));
    let new = NewDocument {
        operation: &operation.id,
        content: &Document::AccountStatement(content),
        language: request.language,
        subject: operation.id.as_str(),
        label: &label,
        issued_by: by,
        issued: Moment::at(operation.at_ms, &zone),
    };
    documents::issue(conn, &new).await?;
    Ok(())
}

fn outlet(place: &TenancyPlace) -> Option<Outlet> {
    Some(Outlet { serial: place.serial?, position: place.position? })
}

fn line(entry: Entry, zone: &TimeZone) -> AccountLine {
    let Entry { at_ms, event, text, paid_wh, subsidy_wh, amount_minor, after, .. } = entry;
    AccountLine { at: Moment::at(at_ms, zone), event, text, paid_wh, subsidy_wh, amount_minor, after }
}
