//! Changing what meters decide by: blocks of settings for one room or for many, in one operation.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use domain::settings::{Scope, household_text, loop_of};

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use meter_core::settings::{Fault, HouseholdBlock, LoopId, MAX_BLOCK_LEN};
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::settings as store;

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
/// [`OpError::OutOfRange`] with the name of a number's field, in its own unit, as `meter-core` describes it;
/// [`OpError::Invalid`] with field `friendly`, `table`, `vicious` or `permitted` for a list that no meter takes.
pub fn check(block: &HouseholdBlock) -> Result<(), OpError> {
    let out_of_range =
        |Fault { field, min, max }| OpError::OutOfRange { field, min: min.into(), max: max.into() };
    block.check().map_err(out_of_range)?;
    match HouseholdBlock::read(block.number(), block.to_bytes(&mut [0; MAX_BLOCK_LEN])) {
        Ok(_) => Ok(()),
        Err(_) => Err(OpError::Invalid { field: name(block), problem: Problem::Malformed }),
    }
}

const fn name(block: &HouseholdBlock) -> &'static str {
    match block {
        HouseholdBlock::Credit(_) => "credit",
        HouseholdBlock::Cap(..) => "cap",
        HouseholdBlock::Friendly(_) => "friendly",
        HouseholdBlock::Table(..) => "table",
        HouseholdBlock::Voltage(_) => "voltage",
        HouseholdBlock::OverCurrent(..) => "over_current",
        HouseholdBlock::Vicious(..) => "vicious",
        HouseholdBlock::Permitted(..) => "permitted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meter_core::settings::{CreditSettings, VoltageSettings};

    #[test]
    fn what_is_too_much_for_a_form_is_too_much_for_whoever_asks() {
        let voltage = VoltageSettings { over_dv: 5_001, ..VoltageSettings::FACTORY };
        let refused = check(&HouseholdBlock::Voltage(voltage));
        assert!(
            matches!(refused, Err(OpError::OutOfRange { field: "over", min: 0, max: 5_000 })),
            "{refused:?}"
        );
    }

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
            (CreditSettings { overdraft_wh: CreditSettings::OVERDRAFT.max + 1, ..factory }, "overdraft"),
            (CreditSettings { cut_off_wh: u32::MAX, ..factory }, "cut_off"),
            (CreditSettings { drop_out_s: 256, ..factory }, "drop_out"),
        ] {
            assert_eq!(field(credit), refused, "{credit:?}");
        }
    }
}
