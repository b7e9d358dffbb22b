//! Taking a sale back: a mistake at the desk, seen while the drawer is still open and before any of its credit was used.
//!
//! Nothing is edited: the entries are reversed, and the meter is asked to give the credit back by a higher debited total.
//! What is used between its last reading and that command is overdraft, and is worth what the next purchase will say.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::books::recognise_consumption::{Standing, recognise_now};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::desk::sales::{self, Sale};
use crate::store::desk::voids::{self, NewVoid};
use crate::store::desk::{payments, shifts};
use crate::store::meters::households;

/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;

/// A sale to be taken back.
#[derive(Clone, Debug, Serialize)]
pub struct VoidSale {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Which.
    pub sale_id: OperationId,
    /// Why, for the history.
    pub reason: String,
}

/// Whether somebody may take a sale back, as far as it depends on who they are: who sold it for cash, and managers. What
/// came over a channel has to go back over it, which is a manager's.
#[must_use]
pub fn may_void(actor: &Actor, sale: &Sale) -> bool {
    let own = sale.shift_id.is_some() && sale.cashier_id == actor.id() && actor.may(Action::Sell);
    own || actor.may(Action::OverseeShifts)
}

/// Takes it back: cash out of the drawer that took it, or the payment over a channel freed for another sale; the energy out
/// of the purse; the household's debited total raised.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `reason`,
/// [`OpError::Voided`], [`OpError::CreditUsed`], [`OpError::ShiftClosed`], [`OpError::ReadingHeld`],
/// [`OpError::TenancyChanged`] when the room's credit is another's by now. Nothing is changed then.
pub async fn void_sale(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: VoidSale,
) -> Result<Outcome, OpError> {
    require(actor, Action::Sell)?;
    request.reason = OpError::text("reason", &request.reason, MAX_REASON)?;
    let subject = request.sale_id.clone();
    let operation = Operation::new(clock, actor, "void-sale", &request.key, subject.as_str(), &request)?;
    operation
        .run(db, (request, actor.clone()), |operation, (request, actor), conn| {
            void(operation, request, actor, conn).boxed()
        })
        .await
}

async fn void(
    operation: &Operation,
    request: &VoidSale,
    actor: &Actor,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let sale = sales::get(conn, &request.sale_id).await?.ok_or(OpError::NotFound("sale"))?;
    if !may_void(actor, &sale) {
        return Err(OpError::Forbidden);
    }
    // The purse is locked from here on, the household next, the drawer last: in the order of a sale.
    let standing = recognise_now(conn, operation, &sale.household_id, &sale.tenancy_id).await?.not_held()?;
    check_untouched(conn, &sale, &standing).await?;
    let totals = households::debit(conn, &sale.household_id, &sale.tenancy_id, sale.energy_wh).await?;
    let totals = totals.filter(|totals| totals.epoch == sale.epoch).ok_or(OpError::TenancyChanged)?;
    let paid_into = drawer_or_channel(conn, &sale).await?;
    let record = NewVoid {
        id: &operation.id,
        sale_id: &sale.id,
        shift_id: sale.shift_id.as_ref(),
        reason: &request.reason,
        actor_id: &actor.id(),
        at_ms: operation.at_ms,
        debited_after_wh: totals.debited_wh,
    };
    voids::insert(conn, &record).await.map_err(already_voided)?;
    payments::release(conn, &sale.id).await?;
    let reversed = [
        Transfer::new(paid_into, Account::Prepaid(sale.tenancy_id.clone()), sale.amount_minor).reversed(),
        Transfer::new(Account::Issued, Account::Purse(sale.tenancy_id.clone()), sale.energy_wh).reversed(),
    ];
    transfers::record(conn, &operation.id, standing.next_transfer, &reversed).await?;
    Ok(())
}

/// Whoever took it back a moment ago held the purse before us, so the sale is looked at once more.
async fn check_untouched(conn: &mut AnyConnection, sale: &Sale, standing: &Standing) -> Result<(), OpError> {
    if standing.paid.untouched(&sale.id, standing.purse.paid_taken_wh) {
        return Ok(());
    }
    let now = sales::get(conn, &sale.id).await?;
    let voided = now.is_some_and(|sale| sale.voided_ms.is_some());
    Err(if voided { OpError::Voided } else { OpError::CreditUsed })
}

/// Where the money goes back from. A drawer is held until the transaction ends: it is not counted meanwhile.
async fn drawer_or_channel(conn: &mut AnyConnection, sale: &Sale) -> Result<Account, OpError> {
    let Some(shift_id) = &sale.shift_id else {
        // Cash from before there were shifts has no drawer that it could go back from.
        return if sale.channel == "cash" {
            Err(OpError::ShiftClosed)
        } else {
            Ok(Account::Channel(sale.channel.clone()))
        };
    };
    let held = shifts::hold(conn, shift_id).await?.ok_or(OpError::NotFound("shift"))?;
    if held.closed_ms.is_some() { Err(OpError::ShiftClosed) } else { Ok(Account::Drawer(held.id)) }
}

fn already_voided(error: sqlx::Error) -> OpError {
    match DbError::from(error) {
        DbError::Unique(_) => OpError::Voided,
        other => OpError::Db(other),
    }
}
