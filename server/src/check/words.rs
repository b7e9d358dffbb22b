//! Words of closed lists: each stored one must be one that this program knows.

use domain::actor::{Actor, Role};
use domain::allowance::{Carry, FirstMonth, ResidentKind};
use domain::books::settlement::Sharing;
use domain::health::{Anomaly, MeterStatus};
use domain::meter_kind::{CreditAt, Features};
use domain::observed::{OpenReasons, Releases, Signs};
use domain::settings::DayKind;
use domain::supply::SupplyMode;
use paper::Kind;

use crate::db::{Connection, DbError};
use crate::store::audit::{Difference, words};
use crate::store::books::quarantines::Decision;
use crate::store::books::transfers;
use crate::store::kit::job_runs::JobState;
use crate::store::meters::equipment;
use crate::store::moves::departure_runs;

/// Stored words that no version of this program writes there: none `expected`, so many rows `found`.
///
/// # Errors
/// The database's.
pub(super) async fn unknown(conn: &mut Connection) -> Result<Vec<Difference>, DbError> {
    let stored = words::stored(conn).await?.into_iter();
    let unknown = stored.filter(|one| !known(&one.place, &one.word));
    Ok(unknown
        .map(|one| Difference { subject: one.place, label: one.word, expected: 0, found: one.rows })
        .collect())
}

/// Whether `word` may stand in the column `place`. One that is missing here is found in the first database that has a row.
fn known(place: &str, word: &str) -> bool {
    match place {
        "allowance_rules.carry" => Carry::read(word, 0).is_ok(),
        "allowance_rules.first_month" => FirstMonth::parse(word).is_some(),
        "allowance_rule_kinds.kind" | "residents.kind" => word.parse::<ResidentKind>().is_ok(),
        "calendar_days.kind" => word.parse::<DayKind>().is_ok(),
        "collectors.transport" => equipment::TRANSPORTS.contains(&word),
        "departure_run_items.state" => departure_runs::STATES.contains(&word),
        // Nobody can name the one who gets it all for a list of rooms.
        "departure_runs.split" => Sharing::parse(word).is_some_and(|split| split != Sharing::One),
        "document_numbers.kind" | "document_originals.kind" | "documents.kind" => {
            Kind::ALL.iter().any(|kind| kind.as_str() == word)
        }
        "household_reports.anomaly" => word.parse::<Anomaly>().is_ok(),
        "household_details.resident_release" => word.parse::<Releases>().is_ok(),
        "household_details.second_reasons" | "household_reports.open_reasons" => {
            word.parse::<OpenReasons>().is_ok()
        }
        "household_reports.signs" => word.parse::<Signs>().is_ok(),
        "household_reports.supply_mode" | "outlets.supply_mode" | "supply_changes.mode" => {
            word.parse::<SupplyMode>().is_ok()
        }
        "job_runs.state" => word.parse::<JobState>().is_ok(),
        "meter_kinds.credit" => CreditAt::try_from(word.to_owned()).is_ok(),
        "meter_kinds.features" => word.parse::<Features>().is_ok(),
        "meter_reports.status" => word.parse::<MeterStatus>().is_ok(),
        "operations.actor_kind" => Actor::KINDS.contains(&word),
        "quarantines.decision" => word.parse::<Decision>().is_ok(),
        "settlements.split" => Sharing::parse(word).is_some(),
        "transfers.ledger" => transfers::LEDGERS.contains(&word),
        "users.role" => word.parse::<Role>().is_ok(),
        _ => false,
    }
}
