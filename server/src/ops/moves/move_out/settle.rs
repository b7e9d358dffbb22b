//! Settling the account of a tenancy that ended: the refund worked out and shared, and the statement issued.

use domain::actor::Actor;
use domain::books::settlement::{Sharing, Sums, share, weights_by_payment};
use domain::ids::{ResidentId, SettlementId, TenancyId};
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use sqlx::AnyConnection;

use super::hold::hold_for_a_person;
use super::settle_request::{SettleRequest, Worked};
use super::statement;
use super::wind_up::{NotWoundUp, WoundUp, wind_up};
use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Ops, Outcome, Refused, Verb, Written, refusals};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::moves::departures::{self, Departure};
use crate::store::moves::settlements::{self, Settlement, Terms};
use crate::store::people::residents::{self, Resident};

/// The most other debts on one statement.
pub const MAX_DEBTS: usize = 5;
/// The longest text of one.
pub const MAX_DEBT_TEXT: usize = 80;
/// The highest of one, in minor units: beyond it a typing error is likelier.
const MAX_DEBT_MINOR: i64 = 100_000_000;

/// Why an account is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSettled {
    /// There is no such departure, or its rest is carried to another room.
    #[error("no such departure")]
    Unknown,
    /// It was settled already.
    #[error("the account was settled already")]
    Settled,
    /// The meter has not closed the account yet.
    #[error("the closing reading is not known yet")]
    ClosingUnknown,
    /// A reading of the account waits for a person's decision.
    #[error("a reading waits for a decision")]
    ReadingHeld,
    /// More debts than a statement has lines for.
    #[error("at most {max} debts")]
    TooManyDebts {
        /// How many it has lines for.
        max: usize,
    },
    /// Something is wrong with the text of a debt.
    #[error("a debt {0}")]
    DebtText(TextProblem),
    /// Something is wrong with a debt.
    #[error("a debt is 1 to {max_minor} minor units")]
    Debt {
        /// The highest, in minor units.
        max_minor: i64,
    },
    /// Whoever shall get it all does not live there.
    #[error("nobody is named who gets it")]
    NoPayee,
}

refusals!(NotSettled);

impl From<NotWoundUp> for NotSettled {
    fn from(why: NotWoundUp) -> Self {
        match why {
            NotWoundUp::ClosingUnknown => Self::ClosingUnknown,
            NotWoundUp::ReadingHeld => Self::ReadingHeld,
        }
    }
}

/// Settles an account, once. A last reading that cannot be is put before a person.
///
/// # Errors
/// [`NotSettled`]; what can happen to every verb.
pub async fn settle(ops: &Ops, by: &Actor, request: SettleRequest) -> Result<Outcome, Refused<NotSettled>> {
    let departure = request.departure_id.clone();
    let settled = ops.perform(by, request).await;
    if matches!(settled, Err(Refused::Because(NotSettled::ReadingHeld))) {
        hold_for_a_person(ops, &departure).await?;
    }
    settled
}

impl Verb for SettleRequest {
    const NAME: &'static str = "settle";
    const WAKES: bool = false;
    type Refusal = NotSettled;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NotSettled> {
        if self.debts.len() > MAX_DEBTS {
            return Err(NotSettled::TooManyDebts { max: MAX_DEBTS });
        }
        for debt in &mut self.debts {
            debt.text = text::required(&debt.text, MAX_DEBT_TEXT).map_err(NotSettled::DebtText)?;
            if !(1..=MAX_DEBT_MINOR).contains(&debt.amount_minor) {
                return Err(NotSettled::Debt { max_minor: MAX_DEBT_MINOR });
            }
        }
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotSettled> {
        record(operation, self, conn).boxed()
    }
}

async fn record(
    operation: &Operation,
    request: &SettleRequest,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotSettled>> {
    let departure = match departures::finish(conn, &request.departure_id, operation.at_ms).await? {
        Some(departure) if departure.to_tenancy_id.is_none() => departure,
        Some(_) => return Err(NotSettled::Unknown.into()),
        None if departures::get(conn, &request.departure_id).await?.is_some() => {
            return Err(NotSettled::Settled.into());
        }
        None => return Err(NotSettled::Unknown.into()),
    };
    let wound_up =
        wind_up(conn, operation, &departure).await.map_err(|refused| refused.map(NotSettled::from))?;
    let terms =
        settlements::terms(conn).await?.ok_or_else(|| DbError::Corrupt("there is no site".to_owned()))?;
    let worked = work_out(conn, request, &departure.tenancy_id, &wound_up, terms).await?;
    let number = statement::issue(conn, operation, request, &departure, &wound_up, &worked).await?;
    write(conn, operation, request, (&departure, &wound_up, &worked, number)).await?;
    Ok(book(conn, operation, &departure.tenancy_id, &wound_up, &worked.sums).await?)
}

async fn work_out(
    conn: &mut AnyConnection,
    request: &SettleRequest,
    tenancy: &TenancyId,
    wound_up: &WoundUp,
    terms: Terms,
) -> Result<Worked, Refused<NotSettled>> {
    let debts: Vec<_> = request.debts.iter().map(|debt| debt.amount_minor).collect();
    let coin_minor = terms.smallest_coin_minor;
    let sums = Sums::work_out(wound_up.lots_minor(), &debts, coin_minor);
    let sums = sums.ok_or(NotSettled::Debt { max_minor: MAX_DEBT_MINOR })?;
    let mut residents = residents::residents_of(conn, tenancy).await?;
    residents.sort_by(|one, other| one.number.cmp(&other.number));
    let weights = weights(conn, request, tenancy, &residents).await?;
    let amounts = share(sums.refund_minor, coin_minor, &weights);
    Ok(Worked {
        sums,
        shares: residents.into_iter().zip(amounts).collect(),
        needs_approval: terms.refund_approval_minor.is_some_and(|above| sums.refund_minor > above),
    })
}

async fn weights(
    conn: &mut AnyConnection,
    request: &SettleRequest,
    tenancy: &TenancyId,
    residents: &[Resident],
) -> Result<Vec<i128>, Refused<NotSettled>> {
    match request.sharing {
        Sharing::Equal => Ok(vec![1; residents.len()]),
        Sharing::Paid => {
            let paid = settlements::paid_by(conn, tenancy).await?;
            let of = |id: Option<&ResidentId>| {
                paid.iter().filter(|(payer, _)| payer.as_ref() == id).map(|(_, minor)| *minor).sum()
            };
            let named: Vec<i64> = residents.iter().map(|resident| of(Some(&resident.id))).collect();
            Ok(weights_by_payment(&named, of(None)))
        }
        Sharing::One => {
            let payee = request.payee.as_ref();
            if !residents.iter().any(|resident| Some(&resident.id) == payee) {
                return Err(NotSettled::NoPayee.into());
            }
            Ok(residents.iter().map(|resident| i128::from(Some(&resident.id) == payee)).collect())
        }
    }
}

async fn write(
    conn: &mut AnyConnection,
    operation: &Operation,
    request: &SettleRequest,
    (departure, wound_up, worked, number): (&Departure, &WoundUp, &Worked, i64),
) -> Result<(), DbError> {
    let sums = worked.sums;
    let settlement = Settlement {
        id: operation.id.clone(),
        departure_id: departure.id.clone(),
        tenancy_id: departure.tenancy_id.clone(),
        number,
        used_wh: wound_up.last.used_wh,
        lapsed_wh: wound_up.lapsed_wh,
        returned_wh: wound_up.returned_wh(),
        lots_minor: sums.lots_minor,
        set_off_minor: sums.set_off_minor,
        rounding_minor: sums.rounding_minor,
        refund_minor: sums.refund_minor,
        owed_minor: sums.owed_minor,
        split: request.sharing.as_str().to_owned(),
        needs_approval: worked.needs_approval.into(),
        actor_id: operation.by.id(),
        at_ms: operation.at_ms,
    };
    settlements::insert(conn, &settlement).await?;
    for (position, debt) in (0..).zip(&request.debts) {
        settlements::insert_debt(conn, &operation.id, position, &debt.text, debt.amount_minor).await?;
    }
    for (position, (resident, amount_minor)) in (0..).zip(&worked.shares) {
        if *amount_minor > 0 {
            settlements::insert_share(conn, &operation.id, position, &resident.id, *amount_minor).await?;
        }
    }
    Ok(())
}

async fn book(
    conn: &mut AnyConnection,
    operation: &Operation,
    tenancy: &TenancyId,
    wound_up: &WoundUp,
    sums: &Sums,
) -> Result<(), DbError> {
    let prepaid = Account::Prepaid(tenancy.clone());
    let payable = Account::RefundsPayable(SettlementId(operation.id.0.clone()));
    let net_minor = sums.lots_minor - sums.set_off_minor;
    let moved = [
        wound_up.lapse.clone(),
        Transfer::new(Account::Purse(tenancy.clone()), Account::Refunded, wound_up.returned_wh()),
        Transfer::new(prepaid.clone(), Account::SetOff, sums.set_off_minor),
        Transfer::new(prepaid, payable.clone(), net_minor),
        Transfer::new(Account::Rounding, payable, sums.rounding_minor),
    ];
    transfers::record(conn, &operation.id, wound_up.standing.next_transfer, &moved).await?;
    Ok(())
}
