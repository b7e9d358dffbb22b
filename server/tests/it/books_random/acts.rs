//! What operators ask for in a history, and how it may be refused.

use domain::actor::Actor;
use wattwarden::ops::allowance::{ExtraGrant, NoGrant};
use wattwarden::ops::books::issue_statement::{IssueStatement, NoStatement};
use wattwarden::ops::books::judge_reading::{JudgeReading, NoJudgement};
use wattwarden::ops::desk::sell::{NoSale, SellRequest};
use wattwarden::ops::desk::void_sale::{NoVoid, VoidSale};
use wattwarden::ops::kit::{OpError, Outcome, Refused};
use wattwarden::ops::moves::change_room::{ChangeRoom, change_room};
use wattwarden::ops::moves::move_in::{MoveIn, move_in};
use wattwarden::ops::moves::move_out::{
    AskMoveOut, EnterReading, PayRequest, SettleRequest, ask, enter, pay, settle,
};

use crate::support::house::House;

/// Why it was refused.
#[derive(Debug)]
pub enum No {
    Sale(Refused<NoSale>),
    Void(Refused<NoVoid>),
    Grant(Refused<NoGrant>),
    Judge(Refused<NoJudgement>),
    Statement(Refused<NoStatement>),
    Op(OpError),
}

/// Something that an operator asks for.
#[derive(Clone, Debug)]
pub enum Act {
    Sell(SellRequest),
    Grant(ExtraGrant),
    Void(VoidSale),
    Judge(JudgeReading),
    Statement(IssueStatement),
    Leave(AskMoveOut),
    Change(ChangeRoom),
    Enter(EnterReading),
    Settle(SettleRequest),
    Pay(PayRequest),
    Arrive(MoveIn),
}

impl Act {
    pub async fn carry_out(&self, house: &House, by: &Actor) -> Result<Outcome, No> {
        let (db, clock) = (&house.db, &*house.clock);
        let done = match self.clone() {
            Self::Sell(request) => return house.perform(by, request).await.map_err(No::Sale),
            Self::Grant(request) => return house.perform(by, request).await.map_err(No::Grant),
            Self::Void(request) => return house.perform(by, request).await.map_err(No::Void),
            Self::Judge(request) => return house.perform(by, request).await.map_err(No::Judge),
            Self::Statement(request) => return house.perform(by, request).await.map_err(No::Statement),
            Self::Leave(request) => ask(db, clock, by, request).await,
            Self::Change(request) => change_room(db, clock, by, request).await,
            Self::Enter(request) => enter(db, clock, by, request).await,
            Self::Settle(request) => settle(db, clock, by, request).await,
            Self::Pay(request) => pay(db, clock, by, request).await,
            Self::Arrive(request) => move_in(db, clock, by, request).await,
        };
        done.map_err(No::Op)
    }

    /// Whether it may be refused so: somebody was quicker, or it is not the time for it.
    pub fn may_be(&self, no: &No) -> bool {
        let error = match no {
            // On a ladder, a sale beside it changes what the next one costs.
            No::Sale(Refused::Because(why)) => {
                use NoSale::{NoMeter, PriceChanged, TenancyChanged, Vacant};
                return matches!(why, TenancyChanged | Vacant | NoMeter | PriceChanged);
            }
            No::Void(Refused::Because(why)) => return !matches!(why, NoVoid::NoSale | NoVoid::Reason(_)),
            No::Op(error) => error,
            No::Grant(Refused::Because(why)) => return *why == NoGrant::Nobody,
            No::Judge(Refused::Because(why)) => return *why == NoJudgement::Decided,
            No::Sale(_) | No::Void(_) | No::Grant(_) | No::Judge(_) => return false,
            No::Statement(refused) => panic!("a statement of what happened is always to be had: {refused}"),
        };
        let gone = matches!(
            error,
            OpError::TenancyChanged | OpError::NoTenancy | OpError::MovedOut | OpError::NoMeter
        );
        match self {
            Self::Leave(_) | Self::Change(_) => {
                gone || matches!(error, OpError::AwaitsCredit | OpError::Occupied)
            }
            Self::Settle(_) | Self::Enter(_) => matches!(error, OpError::Settled),
            Self::Pay(_) => matches!(error, OpError::PaidOut | OpError::DrawerShort { .. }),
            Self::Arrive(_) => matches!(error, OpError::Occupied),
            Self::Sell(_) | Self::Void(_) | Self::Grant(_) | Self::Judge(_) | Self::Statement(_) => false,
        }
    }
}
