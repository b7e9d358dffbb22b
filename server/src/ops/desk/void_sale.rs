//! Taking a sale back: a mistake at the desk, seen while the drawer is still open and before any of its credit was used.
//!
//! Nothing is edited: the entries are reversed, and the meter is asked to give the credit back by a higher debited total.
//! What is used between its last reading and that command is overdraft, and is worth what the next purchase will say.

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::books::recognise_consumption::{ReadingHeld, Standing, recognise_now};
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
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

/// Why a sale is not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoVoid {
    /// There is no such sale.
    #[error("no such sale")]
    NoSale,
    /// It was taken back already.
    #[error("the sale was taken back already")]
    Voided,
    /// Some of its credit has been used.
    #[error("the credit has been used")]
    CreditUsed,
    /// The drawer that took the cash is closed.
    #[error("the shift is closed")]
    ShiftClosed,
    /// The room's credit is another tenancy's by now.
    #[error("the room's residents have changed")]
    TenancyChanged,
    /// A reading of the account waits for a person's decision.
    #[error("a reading waits for a decision")]
    ReadingHeld,
    /// Something is wrong with the reason.
    #[error("the reason {0}")]
    Reason(TextProblem),
}

refusals!(NoVoid);

impl From<ReadingHeld> for NoVoid {
    fn from(_: ReadingHeld) -> Self {
        Self::ReadingHeld
    }
}

/// Takes it back: cash out of the drawer that took it, or the payment over a channel freed for another sale; the energy out
/// of the purse; the household's debited total raised.
impl Verb for VoidSale {
    const NAME: &'static str = "void-sale";
    type Refusal = NoVoid;

    fn right(&self) -> Action {
        Action::Sell
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.sale_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoVoid> {
        self.reason = text::required(&self.reason, MAX_REASON).map_err(NoVoid::Reason)?;
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoVoid> {
        void(operation, self, conn).boxed()
    }
}

async fn void(
    operation: &Operation,
    request: &VoidSale,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoVoid>> {
    let sale = sales::get(conn, &request.sale_id).await?.ok_or(NoVoid::NoSale)?;
    if !may_void(&operation.by, &sale) {
        return Err(Refused::Forbidden);
    }
    // The purse is locked from here on, the household next, the drawer last: in the order of a sale.
    let standing = recognise_now(conn, operation, &sale.household_id, &sale.tenancy_id).await;
    let standing = standing.map_err(|refused| refused.map(NoVoid::from))?.not_held().map_err(NoVoid::from)?;
    check_untouched(conn, &sale, &standing).await?;
    let totals = households::debit(conn, &sale.household_id, &sale.tenancy_id, sale.energy_wh).await?;
    let totals = totals.filter(|totals| totals.epoch == sale.epoch).ok_or(NoVoid::TenancyChanged)?;
    let paid_into = drawer_or_channel(conn, &sale).await?;
    let record = NewVoid {
        id: &operation.id,
        sale_id: &sale.id,
        shift_id: sale.shift_id.as_ref(),
        reason: &request.reason,
        actor_id: &operation.by.id(),
        at_ms: operation.at_ms,
        debited_after_wh: totals.debited_wh,
    };
    voids::insert(conn, &record).await.map_err(taken(NoVoid::Voided))?;
    payments::release(conn, &sale.id).await?;
    let reversed = [
        Transfer::new(paid_into, Account::Prepaid(sale.tenancy_id.clone()), sale.amount_minor).reversed(),
        Transfer::new(Account::Issued, Account::Purse(sale.tenancy_id.clone()), sale.energy_wh).reversed(),
    ];
    transfers::record(conn, &operation.id, standing.next_transfer, &reversed).await?;
    Ok(())
}

/// Whoever took it back a moment ago held the purse before us, so the sale is looked at once more.
async fn check_untouched(
    conn: &mut AnyConnection,
    sale: &Sale,
    standing: &Standing,
) -> Result<(), Refused<NoVoid>> {
    if standing.paid.untouched(&sale.id, standing.purse.paid_taken_wh) {
        return Ok(());
    }
    let now = sales::get(conn, &sale.id).await?;
    let voided = now.is_some_and(|sale| sale.voided_ms.is_some());
    Err(if voided { NoVoid::Voided } else { NoVoid::CreditUsed }.into())
}

/// Where the money goes back from. A drawer is held until the transaction ends: it is not counted meanwhile.
async fn drawer_or_channel(conn: &mut AnyConnection, sale: &Sale) -> Result<Account, Refused<NoVoid>> {
    let Some(shift_id) = &sale.shift_id else {
        // Cash from before there were shifts has no drawer that it could go back from.
        return if sale.channel == "cash" {
            Err(NoVoid::ShiftClosed.into())
        } else {
            Ok(Account::Channel(sale.channel.clone()))
        };
    };
    let held = shifts::hold(conn, shift_id).await?.ok_or(NoVoid::ShiftClosed)?;
    if held.closed_ms.is_some() { Err(NoVoid::ShiftClosed.into()) } else { Ok(Account::Drawer(held.id)) }
}
