//! Issuing the statement of a tenancy's account: what happened in a period is read in the transaction that numbers it, so
//! that paper and books say the same.

use domain::actor::Actor;
use domain::books::account::{Entry, Statement};
use domain::ids::TenancyId;
use domain::rights::Action;
use paper::Document;
use paper::content::{AccountLine, AccountStatement};
use paper::parts::{Moment, Outlet, Person, Place};
use words::Lang;

use futures_util::FutureExt;
use jiff::tz::TimeZone;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
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
    pub language: Lang,
}

/// Why no statement is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoStatement {
    /// There is no such account.
    #[error("no such account")]
    NoTenancy,
    /// The period has no day.
    #[error("the period has no day")]
    NoDay,
    /// The period has not begun.
    #[error("the period has not begun")]
    NotBegun,
}

refusals!(NoStatement);

/// Issues it, under the operation's id as its subject: each time it is asked for, it is another statement.
impl Verb for IssueStatement {
    const NAME: &'static str = "issue-statement";
    const WAKES: bool = false;
    type Refusal = NoStatement;

    fn right(&self) -> Action {
        Action::HandOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.tenancy_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoStatement> {
        if self.from_ms < self.to_ms { Ok(()) } else { Err(NoStatement::NoDay) }
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NoStatement> {
        issue(operation, self, conn).boxed()
    }
}

async fn issue(
    operation: &Operation,
    request: &IssueStatement,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoStatement>> {
    if request.from_ms > operation.at_ms {
        return Err(NoStatement::NotBegun.into());
    }
    let tenancy = &request.tenancy_id;
    let zone = site::required(conn).await?.zone();
    let place = account::place_of(conn, tenancy).await?.ok_or(NoStatement::NoTenancy)?;
    let residents = residents::residents_of(conn, tenancy).await?;
    let (from_ms, to_ms) = (request.from_ms, request.to_ms.min(operation.at_ms + 1));
    let statement = Statement::of(account::of_tenancy(conn, tenancy).await?, from_ms, to_ms);
    let person = |resident: residents::Resident| Person { name: resident.name, number: resident.number };
    let content = AccountStatement {
        letterhead: letterhead::required(conn).await?,
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
    let by = operation.by.id();
    let new = NewDocument {
        operation: &operation.id,
        content: &Document::AccountStatement(content),
        language: request.language,
        subject: operation.id.as_str(),
        label: &label,
        issued_by: by.as_str(),
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
