//! Issuing the receipt of a sale, at its first print: so the sale itself, with its customer waiting, costs no more.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::content::Receipt;
use paper::parts::{Moment, Outlet, Person, Place};
use paper::{Document, Kind, Language};

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::Db;
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
    pub language: Language,
}

/// Issues the sale's receipt unless it has one, and takes its original unless somebody has.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`].
pub async fn issue_receipt(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: IssueReceipt,
) -> Result<Outcome, OpError> {
    require(actor, Action::HandOut)?;
    let sale = request.sale_id.as_str();
    let operation = Operation::new(clock, actor, "issue-receipt", &request.key, sale, &request)?;
    let actor = actor.id();
    operation
        .run(db, (request, actor), |operation, (request, actor), conn| {
            async move {
                let sale = request.sale_id.as_str();
                let number = match documents::number_of(conn, Kind::Receipt, sale).await? {
                    Some(number) => number,
                    None => issue(conn, operation, request, actor.as_str()).await?,
                };
                let taken = (&operation.id, actor, operation.at_ms);
                documents::take_originals(conn, Kind::Receipt, (number, number), taken).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

async fn issue(
    conn: &mut AnyConnection,
    operation: &Operation,
    request: &IssueReceipt,
    actor: &str,
) -> Result<i64, OpError> {
    let zone = site::get(conn).await?.ok_or(OpError::NotFound("site"))?.zone();
    let content = content(conn, &request.sale_id, &zone).await?;
    let label = format!("{} {}", content.place.building, content.place.room);
    let new = NewDocument {
        operation: &operation.id,
        content: &Document::Receipt(content),
        language: request.language,
        subject: request.sale_id.as_str(),
        label: &label,
        issued_by: actor,
        issued: Moment::at(operation.at_ms, &zone),
    };
    Ok(documents::issue(conn, &new).await?)
}

/// What the receipt of a sale says.
async fn content(
    conn: &mut AnyConnection,
    id: &OperationId,
    zone: &jiff::tz::TimeZone,
) -> Result<Receipt, OpError> {
    let sale = sales::get(conn, id).await?.ok_or(OpError::NotFound("sale"))?;
    let residents = residents::residents_of(conn, &sale.tenancy_id).await?;
    let paid = receipts::paid(conn, id).await?.ok_or(OpError::NotFound("sale"))?;
    let person = |resident: residents::Resident| Person { name: resident.name, number: resident.number };
    Ok(Receipt {
        letterhead: letterhead::get(conn).await?.ok_or(OpError::NotFound("site"))?,
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
