//! Changing what meters decide by: blocks of settings for one room or for many, in one operation.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use domain::settings::{Scope, household_text, loop_of};

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use meter_core::settings::{CapSettings, CreditSettings, HouseholdBlock, LoopId, MAX_BLOCK_LEN};
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::settings as store;

/// The highest level of credit that can be set, in Wh.
pub const MAX_LEVEL_WH: u32 = 10_000_000;
/// The longest drop-out that ends by itself, in seconds.
pub const MAX_DROP_OUT_S: u16 = 255;
/// The longest that more than the cap may be drawn, in seconds.
pub const MAX_CAP_DELAY_S: u16 = 600;
/// The longest until a loop is tried again, in seconds.
pub const MAX_CAP_RECOVERY_S: u16 = 14_400;

/// What shall hold where.
#[derive(Clone, Debug)]
pub struct ChangeSettings {
    /// The form's idempotency key.
    pub key: Key,
    /// For which rooms.
    pub scope: Scope,
    /// The blocks, each whole; those that are not named stay as they are.
    pub blocks: Vec<HouseholdBlock>,
}

/// A request as it is hashed and stored.
#[derive(Serialize)]
struct Request {
    scope: Scope,
    blocks: Vec<(u8, String)>,
}

/// Records what is wanted of every room of the scope that a meter serves; the field layer drives the meters there.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NoMeter`] when no meter serves any room of the scope;
/// [`OpError::OutOfRange`] and [`OpError::Invalid`] with the fields of [`check`].
pub async fn change(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    change: ChangeSettings,
) -> Result<Outcome, OpError> {
    require(actor, Action::ChangeSettings)?;
    change.blocks.iter().try_for_each(check)?;
    let ChangeSettings { key, scope, blocks } = change;
    let subject = scope.to_string();
    let blocks = blocks.iter().map(|block| (block.number(), household_text(block))).collect();
    let request = Request { scope, blocks };
    let operation = Operation::new(clock, actor, "change-settings", &key, &subject, &request)?;
    operation
        .run(db, request, |operation, Request { scope, blocks }, conn| {
            async move {
                let of_loop = blocks.first().map_or(LoopId::Main, |(number, _)| loop_of(i64::from(*number)));
                if store::rooms_in(conn, scope, of_loop).await? == 0 {
                    return Err(OpError::NoMeter);
                }
                for (number, content) in blocks {
                    let number = i64::from(*number);
                    store::set(conn, scope, number, content).await?;
                    store::record(conn, &operation.id, scope, number).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Whether a block makes sense: what the meter would refuse, and what could never take effect.
///
/// # Errors
/// [`OpError::OutOfRange`] with field `alarm`, `warning`, `cut_off`, `overdraft`, `hoarding` (Wh), `drop_out`,
/// `cap_delay`, `cap_recovery` (s); [`OpError::Invalid`] with field `friendly`, `table`, `voltage`,
/// `over_current`, `vicious` or `permitted`.
pub fn check(block: &HouseholdBlock) -> Result<(), OpError> {
    match block {
        HouseholdBlock::Credit(credit) => check_credit(credit),
        HouseholdBlock::Cap(_, cap) => check_cap(*cap),
        HouseholdBlock::Friendly(_) => check_as_the_meter_does(block, "friendly"),
        HouseholdBlock::Table(..) => check_as_the_meter_does(block, "table"),
        HouseholdBlock::Voltage(_) => check_as_the_meter_does(block, "voltage"),
        HouseholdBlock::OverCurrent(..) => check_as_the_meter_does(block, "over_current"),
        HouseholdBlock::Vicious(..) => check_as_the_meter_does(block, "vicious"),
        HouseholdBlock::Permitted(..) => check_as_the_meter_does(block, "permitted"),
    }
}

fn check_credit(credit: &CreditSettings) -> Result<(), OpError> {
    let CreditSettings { alarm_wh, warning_wh, cut_off_wh, overdraft_wh, hoarding_wh, drop_out_s } = *credit;
    within("cut_off", cut_off_wh, 0, MAX_LEVEL_WH)?;
    within("overdraft", overdraft_wh, 0, MAX_LEVEL_WH)?;
    // A reminder or warning at or below the cut-off level would never be seen; a hoarding limit there or below would
    // make every sale end in the dark.
    for (field, level_wh) in [("alarm", alarm_wh), ("warning", warning_wh), ("hoarding", hoarding_wh)] {
        if level_wh != 0 {
            within(field, level_wh, cut_off_wh.saturating_add(1), MAX_LEVEL_WH)?;
        }
    }
    within("drop_out", drop_out_s.into(), 0, MAX_DROP_OUT_S.into())
}

fn check_cap(cap: CapSettings) -> Result<(), OpError> {
    within("cap_delay", cap.delay_s.into(), 0, MAX_CAP_DELAY_S.into())?;
    within("cap_recovery", cap.recovery_s.into(), 1, MAX_CAP_RECOVERY_S.into())
}

fn within(field: &'static str, value: u32, min: u32, max: u32) -> Result<(), OpError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(OpError::OutOfRange { field, min: min.into(), max: max.into() })
    }
}

fn check_as_the_meter_does(block: &HouseholdBlock, field: &'static str) -> Result<(), OpError> {
    let mut bytes = [0; MAX_BLOCK_LEN];
    match HouseholdBlock::read(block.number(), block.to_bytes(&mut bytes)) {
        Ok(_) => Ok(()),
        Err(_) => Err(OpError::Invalid { field, problem: Problem::Malformed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_never_take_effect_is_refused() {
        let factory = CreditSettings::FACTORY;
        let field = |credit| match check(&HouseholdBlock::Credit(credit)) {
            Ok(()) => "",
            Err(OpError::OutOfRange { field, .. }) => field,
            Err(other) => panic!("{other}"),
        };
        for (credit, refused) in [
            (factory, ""),
            (CreditSettings { alarm_wh: 5_000, warning_wh: 10_000, hoarding_wh: 500_000, ..factory }, ""),
            (CreditSettings { alarm_wh: 1_000, cut_off_wh: 1_000, ..factory }, "alarm"),
            (CreditSettings { warning_wh: 999, cut_off_wh: 1_000, ..factory }, "warning"),
            (CreditSettings { hoarding_wh: 10, cut_off_wh: 1_000, ..factory }, "hoarding"),
            (CreditSettings { overdraft_wh: MAX_LEVEL_WH + 1, ..factory }, "overdraft"),
            (CreditSettings { cut_off_wh: u32::MAX, ..factory }, "cut_off"),
            (CreditSettings { drop_out_s: 256, ..factory }, "drop_out"),
        ] {
            assert_eq!(field(credit), refused, "{credit:?}");
        }
    }
}
