//! What operators ask for in a history, and how it may be refused.

use domain::actor::Actor;
use wattwarden::ops::allowance::{ExtraGrant, NoGrant};
use wattwarden::ops::books::issue_statement::{IssueStatement, NoStatement};
use wattwarden::ops::books::judge_reading::{JudgeReading, NoJudgement};
use wattwarden::ops::desk::sell::{NoSale, SellRequest};
use wattwarden::ops::desk::void_sale::{NoVoid, VoidSale};
use wattwarden::ops::kit::{Outcome, Refused};
use wattwarden::ops::moves::change_room::{ChangeRoom, NotChanged};
use wattwarden::ops::moves::move_in::{MoveIn, NotMovedIn};
use wattwarden::ops::moves::move_out::{
    AskMoveOut, EnterReading, NotEntered, NotLeaving, NotPaid, NotSettled, PayRequest, SettleRequest, settle,
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
    Leave(Refused<NotLeaving>),
    Change(Refused<NotChanged>),
    Enter(Refused<NotEntered>),
    Settle(Refused<NotSettled>),
    Pay(Refused<NotPaid>),
    Arrive(Refused<NotMovedIn>),
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
        match self.clone() {
            Self::Sell(request) => house.perform(by, request).await.map_err(No::Sale),
            Self::Grant(request) => house.perform(by, request).await.map_err(No::Grant),
            Self::Void(request) => house.perform(by, request).await.map_err(No::Void),
            Self::Judge(request) => house.perform(by, request).await.map_err(No::Judge),
            Self::Statement(request) => house.perform(by, request).await.map_err(No::Statement),
            Self::Leave(request) => house.perform(by, request).await.map_err(No::Leave),
            Self::Change(request) => house.perform(by, request).await.map_err(No::Change),
            Self::Enter(request) => house.perform(by, request).await.map_err(No::Enter),
            Self::Settle(request) => settle(&house.ops(), by, request).await.map_err(No::Settle),
            Self::Pay(request) => house.perform(by, request).await.map_err(No::Pay),
            Self::Arrive(request) => house.perform(by, request).await.map_err(No::Arrive),
        }
    }
}

impl No {
    /// Whether it is part of the story: somebody was quicker, or it is not the time for it.
    pub fn may_be(&self) -> bool {
        match self {
            // On a ladder, a sale beside it changes what the next one costs.
            Self::Sale(Refused::Because(why)) => {
                use NoSale::{NoMeter, PriceChanged, TenancyChanged, Vacant};
                matches!(why, TenancyChanged | Vacant | NoMeter | PriceChanged)
            }
            Self::Void(Refused::Because(why)) => !matches!(why, NoVoid::NoSale | NoVoid::Reason(_)),
            Self::Grant(Refused::Because(why)) => *why == NoGrant::Nobody,
            Self::Judge(Refused::Because(why)) => *why == NoJudgement::Decided,
            Self::Leave(Refused::Because(why)) => *why != NotLeaving::NoRoom,
            Self::Change(Refused::Because(why)) => {
                use NotChanged::{Leaving, MovingIn, NoMeter};
                matches!(why, Leaving(_) | NoMeter | MovingIn(NotMovedIn::Occupied))
            }
            Self::Enter(Refused::Because(why)) => *why == NotEntered::Settled,
            Self::Settle(Refused::Because(why)) => *why == NotSettled::Settled,
            Self::Pay(Refused::Because(why)) => {
                matches!(why, NotPaid::PaidOut | NotPaid::DrawerShort { .. })
            }
            Self::Arrive(Refused::Because(why)) => *why == NotMovedIn::Occupied,
            Self::Statement(refused) => panic!("a statement of what happened is always to be had: {refused}"),
            // Nothing is forbidden here, or used twice.
            _ => false,
        }
    }
}
