//! What operators ask for in a history, and how it may be refused.

use domain::actor::Actor;
use wattwarden::ops::allowance::{ExtraGrant, grant_extra};
use wattwarden::ops::books::issue_statement::{IssueStatement, issue_statement};
use wattwarden::ops::books::judge_reading::{JudgeReading, judge};
use wattwarden::ops::desk::sell::{SellRequest, sell};
use wattwarden::ops::desk::void_sale::{VoidSale, void_sale};
use wattwarden::ops::kit::{OpError, Outcome};
use wattwarden::ops::moves::change_room::{ChangeRoom, change_room};
use wattwarden::ops::moves::move_in::{MoveIn, move_in};
use wattwarden::ops::moves::move_out::{
    AskMoveOut, EnterReading, PayRequest, SettleRequest, ask, enter, pay, settle,
};

use crate::support::house::House;

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
    pub async fn carry_out(&self, house: &House, by: &Actor) -> Result<Outcome, OpError> {
        let (db, clock) = (&house.db, &*house.clock);
        match self.clone() {
            Self::Sell(request) => sell(db, clock, by, request).await,
            Self::Grant(request) => grant_extra(db, clock, by, request).await,
            Self::Void(request) => void_sale(db, clock, by, request).await,
            Self::Judge(request) => judge(db, clock, by, request).await,
            Self::Statement(request) => issue_statement(db, clock, by, request).await,
            Self::Leave(request) => ask(db, clock, by, request).await,
            Self::Change(request) => change_room(db, clock, by, request).await,
            Self::Enter(request) => enter(db, clock, by, request).await,
            Self::Settle(request) => settle(db, clock, by, request).await,
            Self::Pay(request) => pay(db, clock, by, request).await,
            Self::Arrive(request) => move_in(db, clock, by, request).await,
        }
    }

    /// Whether it may be refused so: somebody was quicker, or it is not the time for it.
    pub fn may_be(&self, error: &OpError) -> bool {
        let gone = matches!(
            error,
            OpError::TenancyChanged | OpError::NoTenancy | OpError::MovedOut | OpError::NoMeter
        );
        match self {
            // On a ladder, a sale beside it changes what the next one costs.
            Self::Sell(_) => gone || matches!(error, OpError::PriceChanged),
            Self::Grant(_) => gone,
            Self::Void(_) => {
                let late = matches!(error, OpError::CreditUsed | OpError::Voided | OpError::ShiftClosed);
                gone || late || matches!(error, OpError::ReadingHeld)
            }
            Self::Judge(_) => matches!(error, OpError::Decided),
            Self::Leave(_) | Self::Change(_) => {
                gone || matches!(error, OpError::AwaitsCredit | OpError::Occupied)
            }
            Self::Settle(_) | Self::Enter(_) => matches!(error, OpError::Settled),
            Self::Pay(_) => matches!(error, OpError::PaidOut | OpError::DrawerShort { .. }),
            Self::Arrive(_) => matches!(error, OpError::Occupied),
            Self::Statement(_) => false,
        }
    }
}
