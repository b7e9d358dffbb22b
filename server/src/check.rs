//! `wattwarden check`: recomputes every balance from the entries and holds the meters' totals against the books.

mod values;
mod words;

use crate::db::{Db, DbError};
use crate::store::audit::{self, Difference, LedgerTotal};
use crate::store::audit::{books, desk, moves, papers};

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What stands in each ledger.
    pub ledgers: Vec<LedgerTotal>,
    /// What must not be, by kind.
    pub wrong: Vec<(&'static str, Vec<Difference>)>,
    /// Credit that its meter has not taken yet.
    pub on_its_way: Vec<Difference>,
}

impl Report {
    /// Whether nothing is wrong. Credit on its way to a dark meter is not wrong.
    #[must_use]
    pub fn clean(&self) -> bool {
        self.wrong.iter().all(|(_, differences)| differences.is_empty())
    }
}

/// Asks every question.
///
/// # Errors
/// The database's.
pub async fn check(db: &Db) -> Result<Report, DbError> {
    let conn = &mut *db.read().await?;
    Ok(Report {
        ledgers: audit::ledgers(conn).await?,
        wrong: vec![
            ("sale and money transfer differ (minor units)", audit::sales_without_their_money(conn).await?),
            ("sale and energy transfer differ (Wh)", audit::sales_without_their_energy(conn).await?),
            (
                "sale of an unknown operation, household, tenancy or cashier",
                audit::orphaned_sales(conn).await?,
            ),
            ("transfer without its cause", audit::transfers_without_cause(conn).await?),
            ("credited total is not the sum of its purses (Wh)", audit::credited_off_the_purse(conn).await?),
            ("debited total is not the sum of its purses (Wh)", audit::debited_off_the_purse(conn).await?),
            ("float and its transfer differ (minor units)", desk::floats_without_their_money(conn).await?),
            ("closed drawer is not empty (minor units)", desk::closed_drawers_not_empty(conn).await?),
            ("drawer was expected to hold another sum (minor units)", desk::wrongly_expected(conn).await?),
            ("void and its reversal differ", desk::voids_without_their_reversal(conn).await?),
            ("payment over a channel without its reference", desk::unclaimed_payments(conn).await?),
            (
                "refund and what the books owe differ (minor units)",
                moves::refunds_off_their_account(conn).await?,
            ),
            ("shares and refund differ (minor units)", moves::shares_off_their_refund(conn).await?),
            ("closed account still holds money (minor units)", moves::closed_accounts_not_empty(conn).await?),
            ("settlement without its statement", moves::settlements_without_statement(conn).await?),
            ("numbers of documents have gaps", papers::gaps(conn).await?),
            ("document is not what was issued", papers::damaged(conn).await?),
            ("purse and its lots differ (Wh)", books::purses_off_their_lots(conn).await?),
            ("purse and its grants differ (Wh)", books::purses_off_their_grants(conn).await?),
            ("prepaid money and its lots differ (minor units)", books::prepaid_off_the_lots(conn).await?),
            ("taken lots are worth something else (minor units)", values::values_off_the_lots(conn).await?),
            ("recognised use and the books differ (Wh)", books::pointers_off_the_use(conn).await?),
            ("row and its transfer differ", books::rows_off_their_transfers(conn).await?),
            (
                "cost of free electricity and its use differ (minor units)",
                books::subsidies_off_the_use(conn).await?,
            ),
            ("steps don't make up their sale", books::steps_off_their_sales(conn).await?),
            ("row of an unknown operation, tenancy or sale", books::orphans(conn).await?),
            ("word that this program doesn't know (rows)", words::unknown(conn).await?),
            ("meter reports more than the books gave (Wh)", audit::meters_ahead(conn).await?),
        ],
        on_its_way: audit::meters_behind(conn).await?,
    })
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for ledger in &self.ledgers {
            let unit = if ledger.ledger == "money" { "minor units" } else { "Wh" };
            writeln!(f, "{}: {} transfers, {} {unit}", ledger.ledger, ledger.transfers, ledger.total)?;
        }
        for difference in &self.on_its_way {
            let Difference { label, expected, found, .. } = difference;
            writeln!(f, "on its way: {label}: books {expected} Wh, meter {found} Wh")?;
        }
        for (kind, differences) in &self.wrong {
            for Difference { subject, label, expected, found } in differences {
                writeln!(f, "WRONG: {kind}: {label} ({subject}): expected {expected}, found {found}")?;
            }
        }
        writeln!(f, "{}", if self.clean() { "the books are in order" } else { "the books are NOT in order" })
    }
}
