//! Issuing the receipt of a sale, at its first print: so the sale itself, with its customer waiting, costs no more.

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::content::Receipt;
use paper::parts::{Moment, Outlet, Person, Place};
use paper::{Document, Kind};
use words::Lang;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::desk::{receipts, sales};
use crate::store::papers::documents::{self, NewDocument};
use crate::store::papers::letterhead;
use crate::store::people::residents;
use crate::store::places::site;

/// Which sale.
#[derive(Clone, Debug, Serialize)]
pub struct IssueReceipt {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The sale.
    pub sale_id: OperationId,
    /// The language to write it in; that of an earlier issue stays.
    pub language: Lang,
}

/// There is no such sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such sale")]
pub struct NoSuchSale;

refusals!(NoSuchSale);

/// Issues the sale's receipt unless it has one, and takes its original unless somebody has.
impl Verb for IssueReceipt {
    const NAME: &'static str = "issue-receipt";
    const WAKES: bool = false;
    type Refusal = NoSuchSale;

    fn right(&self) -> Action {
        Action::HandOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.sale_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSuchSale> {
        async move {
            let number = match documents::number_of(conn, Kind::Receipt, self.sale_id.as_str()).await? {
                Some(number) => number,
                None => issue(conn, operation, self).await?,
            };
            let taken = (&operation.id, &operation.by.id(), operation.at_ms);
            documents::take_originals(conn, Kind::Receipt, (number, number), taken).await?;
            Ok(())
        }
        .boxed()
    }
}

async fn issue(
    conn: &mut AnyConnection,
    operation: &Operation,
    request: &IssueReceipt,
) -> Result<i64, Refused<NoSuchSale>> {
    let zone = site::required(conn).await?.zone();
    let content = content(conn, &request.sale_id, &zone).await?;
    let label = format!("{} {}", content.place.building, content.place.room);
    let by = operation.by.id();
    let new = NewDocument {
        operation: &operation.id,
        content: &Document::Receipt(content),
        language: request.language,
        subject: request.sale_id.as_str(),
        label: &label,
        issued_by: by.as_str(),
        issued: Moment::at(operation.at_ms, &zone),
    };
    Ok(documents::issue(conn, &new).await?)
}

/// What the receipt of a sale says.
async fn content(
    conn: &mut AnyConnection,
    id: &OperationId,
    zone: &jiff::tz::TimeZone,
) -> Result<Receipt, Refused<NoSuchSale>> {
    let sale = sales::get(conn, id).await?.ok_or(NoSuchSale)?;
    let residents = residents::residents_of(conn, &sale.tenancy_id).await?;
    let paid = receipts::paid(conn, id).await?.ok_or(NoSuchSale)?;
    let person = |resident: residents::Resident| Person { name: resident.name, number: resident.number };
    Ok(Receipt {
        letterhead: letterhead::required(conn).await?,
        sale_number: sale.receipt_number(),
        place: Place { building: sale.building_name, floor: sale.floor_name, room: sale.room_name },
        residents: residents.into_iter().map(person).collect(),
        outlet: Outlet { serial: sale.serial, position: sale.position },
        at: Moment::at(sale.at_ms, zone),
        cashier: sale.cashier_name,
        payment: paid.payment,
        energy_wh: sale.energy_wh,
        amount_minor: sale.amount_minor,
        steps: paid.steps,
        voided: paid.voided,
    })
}
