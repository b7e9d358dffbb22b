//! Paying a resident's share of a refund: in cash from the own drawer, back over a channel, or by the list for the bank.

use domain::actor::Actor;
use domain::ids::{OperationId, SettlementId, ShiftId};
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
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

/// Why a share is not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPaid {
    /// There is no such share.
    #[error("no such share")]
    NoShare,
    /// The refund waits for the approval of a second person.
    #[error("the refund is not approved")]
    NotApproved,
    /// It was paid already.
    #[error("this share was paid out already")]
    PaidOut,
    /// Whoever pays has no shift open.
    #[error("no shift is open")]
    NoShift,
    /// There is not so much money in the drawer.
    #[error("the drawer holds {held_minor} minor units")]
    DrawerShort {
        /// What it holds, in minor units.
        held_minor: i64,
    },
    /// Something is wrong with the channel.
    #[error("the channel {0}")]
    Channel(TextProblem),
    /// Something is wrong with the reference.
    #[error("the reference {0}")]
    Reference(TextProblem),
    /// Something is wrong with the bank account.
    #[error("the account: {0:?} {1}")]
    Account(AccountPart, TextProblem),
}

/// A part of a bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPart {
    /// Whose it is.
    Holder,
    /// Its number.
    Number,
    /// The bank.
    Bank,
}

refusals!(NotPaid);

/// Pays a share, once.
impl Verb for PayRequest {
    const NAME: &'static str = "pay-refund";
    const WAKES: bool = false;
    type Refusal = NotPaid;

    fn right(&self) -> Action {
        Action::PayRefund
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NotPaid> {
        match &mut self.way {
            Way::Cash => {}
            Way::Channel { name, reference } => {
                *name = text::required(name, 40).map_err(NotPaid::Channel)?;
                *reference = text::required_identity(reference, 60).map_err(NotPaid::Reference)?;
            }
            Way::Bank { account_name, account_number, bank } => {
                let account = check_account(account_name, account_number, bank);
                (*account_name, *account_number, *bank) =
                    account.map_err(|(part, problem)| NotPaid::Account(part, problem))?;
            }
        }
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotPaid> {
        record(operation, self, conn).boxed()
    }
}

/// Holder, number and bank of an account, tidied.
///
/// # Errors
/// Which part is wrong, and how.
pub(super) fn check_account(
    holder: &str,
    number: &str,
    bank: &str,
) -> Result<(String, String, String), (AccountPart, TextProblem)> {
    let part = |part| move |problem| (part, problem);
    let holder = text::required(holder, 80).map_err(part(AccountPart::Holder))?;
    let number = text::required(&text::plain(number), 40).map_err(part(AccountPart::Number))?;
    let bank = text::required(bank, 80).map_err(part(AccountPart::Bank))?;
    if !number.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-') {
        return Err((AccountPart::Number, TextProblem::Malformed));
    }
    Ok((holder, number, bank))
}

async fn record(
    operation: &Operation,
    request: &PayRequest,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotPaid>> {
    let settlement = settlements::of_departure(conn, &request.departure_id).await?;
    let settlement = settlement.ok_or(NotPaid::NoShare)?;
    if settlement.needs_approval == 1 && settlements::approval_of(conn, &settlement.id).await?.is_none() {
        return Err(NotPaid::NotApproved.into());
    }
    let shares = settlements::shares_of(conn, &settlement.id).await?;
    let share = shares.into_iter().find(|share| share.position == request.position);
    let share = share.ok_or(NotPaid::NoShare)?;
    let paid = settlements::payouts_of(conn, &settlement.id).await?;
    if paid.iter().any(|payout| payout.position == request.position) {
        return Err(NotPaid::PaidOut.into());
    }
    let (from, shift) = source(conn, &request.way, &operation.by, share.amount_minor).await?;
    let payout = payout(operation, request, (&settlement, share.amount_minor, shift));
    settlements::insert_payout(conn, &payout).await.map_err(taken(NotPaid::PaidOut))?;
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
) -> Result<(Account, Option<ShiftId>), Refused<NotPaid>> {
    match way {
        Way::Cash => {
            let shift = shifts::hold_open_of(conn, &actor.id()).await?.ok_or(NotPaid::NoShift)?;
            let drawer = Account::Drawer(shift.clone());
            // What a drawer holds is a debit.
            let held_minor = -transfers::balance(conn, &drawer).await?;
            if held_minor < amount_minor {
                return Err(NotPaid::DrawerShort { held_minor: held_minor.max(0) }.into());
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
        actor_id: operation.by.id().0,
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
