//! A room of the demo's past that changed hands: its residents left, the meter closed their account, the refund was paid,
//! others moved in.

use domain::books::settlement::Sharing;
use domain::ids::OperationId;
use futures_util::FutureExt;
use meter_core::registers::ClosingState;
use words::Lang;

use super::history::{Household, Past};
use crate::ops::moves::move_in::{MoveIn, NewResident};
use crate::ops::moves::move_out::{AskMoveOut, PayRequest, SettleRequest, Way, settle};
use crate::store::meters::closings::{self, Closing};
use crate::store::moves::settlements;
use crate::store::people::residents;
use crate::tools::ToolError;

impl Past<'_> {
    /// The residents of a room leave, others move in.
    pub(super) async fn change_hands(&self, household: &Household) -> Result<(), ToolError> {
        let room_id = household.place.room_id.clone();
        let tenancy = residents::open_tenancy(&mut *self.ops.db.read().await?, &room_id).await?;
        let tenancy_id = tenancy.ok_or("nobody lives there")?.id;
        let request = AskMoveOut { key: self.ops.key(), room_id: room_id.clone(), tenancy_id };
        let departure = self.ops.perform(self.manager, request).await?.id;
        self.deliver(household).await?;
        self.keep_closing(household).await?;
        let request = SettleRequest {
            key: self.ops.key(),
            departure_id: departure.clone(),
            debts: Vec::new(),
            sharing: Sharing::Equal,
            payee: None,
            language: Lang::En,
        };
        settle(self.ops, self.manager, request).await?;
        self.pay_out(&departure).await?;
        let newcomer =
            |number: &str, name: &str| NewResident { number: number.to_owned(), name: name.to_owned() };
        let residents = vec![newcomer("20269001", "冯璟"), newcomer("20269002", "Olivia Brandt")];
        let request = MoveIn { key: self.ops.key(), room_id, residents };
        self.ops.perform(self.manager, request).await?;
        self.deliver(household).await
    }

    async fn pay_out(&self, departure: &OperationId) -> Result<(), ToolError> {
        let mut conn = self.ops.db.read().await?;
        let settlement = settlements::of_departure(&mut conn, departure).await?;
        let settlement = settlement.ok_or("no settlement")?;
        let shares = settlements::shares_of(&mut conn, &settlement.id).await?;
        drop(conn);
        let Some(cashier) = self.cashiers.first() else { return Ok(()) };
        self.desk().open(cashier).await?;
        for share in shares {
            let request = PayRequest {
                key: self.ops.key(),
                departure_id: departure.clone(),
                position: share.position,
                way: Way::Cash,
            };
            self.ops.perform(cashier, request).await?;
        }
        Ok(())
    }

    /// What the field layer would read.
    async fn keep_closing(&self, household: &Household) -> Result<(), ToolError> {
        let Some(bus) = self.campus.lines().get(household.place.line) else { return Ok(()) };
        let position = usize::from(household.place.position);
        let state = bus
            .with_meter(household.place.unit, |meter| meter.meter().household(position).map(ClosingState::of))
            .flatten()
            .ok_or("no closing reading")?;
        let closing = Closing {
            household_id: household.id.clone(),
            epoch: state.epoch.into(),
            credited_wh: state.credited_wh.into(),
            debited_wh: state.debited_wh.into(),
            used_wh: state.used_wh.into(),
            energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
            closed_ms: Some(self.ops.clock.now_ms()),
            read_ms: self.ops.clock.now_ms(),
        };
        self.ops
            .db
            .write(closing, |closing, conn| {
                async move {
                    closings::know_before(conn, &closing.household_id, closing.epoch + 1).await?;
                    closings::keep(conn, closing).await.map(drop)
                }
                .boxed()
            })
            .await?;
        Ok(())
    }
}
