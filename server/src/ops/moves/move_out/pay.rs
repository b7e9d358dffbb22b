//! Paying a resident's share of a refund: in cash from the own drawer, back over a channel, or by the list for the bank.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{OperationId, SettlementId, ShiftId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::desk::shifts;
use crate::store::moves::settlements::{self, Payout, Settlement};

/// How a share is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Way {
    /// In cash, from the drawer of the payer's open shift.
    Cash,
    /// Back over a channel, by its name, with the reference of the payment.
    Channel {
        /// The channel.
        name: String,
        /// What the channel calls the payment.
        reference: String,
    },
    /// To a bank account, by the exported list.
    Bank {
        /// Whose account.
        account_name: String,
        /// Its number.
        account_number: String,
        /// The bank.
        bank: String,
    },
}

/// A share to be paid.
#[derive(Clone, Debug, Serialize)]
pub struct PayRequest {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The departure whose refund it is.
    pub departure_id: OperationId,
    /// The share's place.
    pub position: i64,
    /// How.
    pub way: Way,
}

/// Pays a share, once.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::NotApproved`], [`OpError::PaidOut`], [`OpError::NoShift`],
/// [`OpError::DrawerShort`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `reference`, `account_name`,
/// `account_number` or `bank`.
pub async fn pay(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: PayRequest,
) -> Result<Outcome, OpError> {
    require(actor, Action::PayRefund)?;
    tidy(&mut request.way)?;
    let subject = request.departure_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "pay-refund", &request.key, &subject, &request)?;
    operation
        .run(db, (request, actor.clone()), |operation, (request, actor), conn| {
            record(operation, request, actor, conn).boxed()
        })
        .await
}

fn tidy(way: &mut Way) -> Result<(), OpError> {
    match way {
        Way::Cash => {}
        Way::Channel { name, reference } => {
            *name = OpError::text("way", name, 40)?;
            *reference = OpError::text("reference", reference, 60)?;
        }
        Way::Bank { account_name, account_number, bank } => {
            (*account_name, *account_number, *bank) = check_account(account_name, account_number, bank)?;
        }
    }
    Ok(())
}

/// Holder, number and bank of an account, tidied.
///
/// # Errors
/// [`OpError::Invalid`] with field `account_name`, `account_number` or `bank`.
pub(super) fn check_account(
    holder: &str,
    number: &str,
    bank: &str,
) -> Result<(String, String, String), OpError> {
    let holder = OpError::text("account_name", holder, 80)?;
    let number = OpError::text("account_number", number, 40)?;
    let bank = OpError::text("bank", bank, 80)?;
    if !number.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-') {
        return Err(OpError::Invalid { field: "account_number", problem: Problem::Malformed });
    }
    Ok((holder, number, bank))
}

async fn record(
    operation: &Operation,
    request: &PayRequest,
    actor: &Actor,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let settlement = settlements::of_departure(conn, &request.departure_id).await?;
    let settlement = settlement.ok_or(OpError::NotFound("settlement"))?;
    if settlement.needs_approval == 1 && settlements::approval_of(conn, &settlement.id).await?.is_none() {
        return Err(OpError::NotApproved);
    }
    let shares = settlements::shares_of(conn, &settlement.id).await?;
    let share = shares.into_iter().find(|share| share.position == request.position);
    let share = share.ok_or(OpError::NotFound("share"))?;
    let paid = settlements::payouts_of(conn, &settlement.id).await?;
    if paid.iter().any(|payout| payout.position == request.position) {
        return Err(OpError::PaidOut);
    }
    let (from, shift) = source(conn, &request.way, actor, share.amount_minor).await?;
    let payout = payout(operation, request, actor, (&settlement, share.amount_minor, shift));
    settlements::insert_payout(conn, &payout).await.map_err(|error| match DbError::from(error) {
        DbError::Unique(_) => OpError::PaidOut,
        other => OpError::Db(other),
    })?;
    let payable = Account::RefundsPayable(SettlementId(settlement.id.0));
    transfers::record(conn, &operation.id, 0, &[Transfer::new(payable, from, share.amount_minor)]).await?;
    Ok(())
}

/// The account that the money comes from, and the shift whose drawer that is.
async fn source(
    conn: &mut AnyConnection,
    way: &Way,
    actor: &Actor,
    amount_minor: i64,
) -> Result<(Account, Option<ShiftId>), OpError> {
    match way {
        Way::Cash => {
            let shift = shifts::hold_open_of(conn, &actor.id()).await?.ok_or(OpError::NoShift)?;
            let drawer = Account::Drawer(shift.clone());
            // What a drawer holds is a debit.
            let held_minor = -transfers::balance(conn, &drawer).await?;
            if held_minor < amount_minor {
                return Err(OpError::DrawerShort { held_minor: held_minor.max(0) });
            }
            Ok((drawer, Some(shift)))
        }
        Way::Channel { name, .. } => Ok((Account::Channel(name.clone()), None)),
        Way::Bank { .. } => Ok((Account::Channel(BANK.to_owned()), None)),
    }
}

/// The way of refunds by the list for the bank, and the channel they are booked to.
pub const BANK: &str = "bank";

fn payout(
    operation: &Operation,
    request: &PayRequest,
    actor: &Actor,
    (settlement, amount_minor, shift): (&Settlement, i64, Option<ShiftId>),
) -> Payout {
    let mut payout = Payout {
        id: operation.id.clone(),
        settlement_id: settlement.id.clone(),
        position: request.position,
        way: "cash".to_owned(),
        shift_id: shift.map(|shift| shift.0),
        reference: String::new(),
        account_name: String::new(),
        account_number: String::new(),
        bank: String::new(),
        amount_minor,
        actor_id: actor.id().0,
        at_ms: operation.at_ms,
    };
    match request.way.clone() {
        Way::Cash => {}
        Way::Channel { name, reference } => (payout.way, payout.reference) = (name, reference),
        Way::Bank { account_name, account_number, bank } => {
            payout.way = BANK.to_owned();
            (payout.account_name, payout.account_number, payout.bank) = (account_name, account_number, bank);
        }
    }
    payout
}
