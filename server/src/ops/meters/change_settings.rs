//! Changing what meters decide by: blocks of settings for one room or for many, in one operation.

use domain::actor::Actor;
use domain::rights::Action;
use domain::settings::{Scope, household_text, loop_of};
use futures_util::FutureExt;
use meter_core::settings::{Fault, HouseholdBlock, LoopId, MAX_BLOCK_LEN};
use serde::{Serialize, Serializer};
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
use crate::store::meters::settings as store;

/// What shall hold where.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeSettings {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// For which rooms.
    pub scope: Scope,
    /// The blocks, each whole; those that are not named stay as they are.
    #[serde(serialize_with = "as_stored")]
    pub blocks: Vec<HouseholdBlock>,
}

fn as_stored<S: Serializer>(blocks: &[HouseholdBlock], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(blocks.iter().map(|block| (block.number(), household_text(block))))
}

/// Why meters go on as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSettings {
    /// No meter serves any room of the scope.
    #[error("no meter serves the room")]
    NoRoom,
    /// A number, in the unit of its field as `meter-core` describes it.
    #[error("{} must be between {} and {}", .0.field, .0.min, .0.max)]
    Number(Fault),
    /// A list that no meter takes, by its name.
    #[error("{0} is not in order")]
    List(&'static str),
}

refusals!(NoSettings);

/// Records what is wanted of every room of the scope that a meter serves; the field layer drives the meters there.
impl Verb for ChangeSettings {
    const NAME: &'static str = "change-settings";
    type Refusal = NoSettings;

    fn right(&self) -> Action {
        Action::ChangeSettings
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.scope.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoSettings> {
        self.blocks.iter().try_for_each(check)
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSettings> {
        async move {
            let first = self.blocks.first().map(HouseholdBlock::number);
            let of_loop = first.map_or(LoopId::Main, |number| loop_of(i64::from(number)));
            if store::rooms_in(conn, &self.scope, of_loop).await? == 0 {
                return Err(NoSettings::NoRoom.into());
            }
            for block in &self.blocks {
                let number = i64::from(block.number());
                store::set(conn, &self.scope, number, &household_text(block)).await?;
                store::record(conn, &operation.id, &self.scope, number).await?;
            }
            Ok(())
        }
        .boxed()
    }
}

/// Whether a block makes sense: what the meter would refuse, and what could never take effect.
///
/// # Errors
/// [`NoSettings::Number`]; [`NoSettings::List`] of `friendly`, `table`, `vicious` or `permitted`.
pub fn check(block: &HouseholdBlock) -> Result<(), NoSettings> {
    block.check().map_err(NoSettings::Number)?;
    match HouseholdBlock::read(block.number(), block.to_bytes(&mut [0; MAX_BLOCK_LEN])) {
        Ok(_) => Ok(()),
        Err(_) => Err(NoSettings::List(name(block))),
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
            matches!(refused, Err(NoSettings::Number(Fault { field: "over", min: 0, max: 5_000 }))),
            "{refused:?}"
        );
    }

    #[test]
    fn what_could_never_take_effect_is_refused() {
        let factory = CreditSettings::FACTORY;
        let field = |credit| match check(&HouseholdBlock::Credit(credit)) {
            Ok(()) => "",
            Err(NoSettings::Number(Fault { field, .. })) => field,
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
