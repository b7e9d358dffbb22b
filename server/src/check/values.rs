//! Values anew each purse: what was booked for what was taken must be what those lots are worth.

use domain::books::{Lots, Purse};
use domain::ids::TenancyId;
use domain::money::Currency;

use crate::db::{Connection, DbError};
use crate::store::audit::books;
use crate::store::audit::{Difference, LIMIT};
use crate::store::books::lots;
use crate::store::places::site;

/// Purses read at a time.
const PAGE: i64 = 500;

/// Tenancies whose taken lots are worth something else than what was booked for them, in minor units.
///
/// # Errors
/// The database's.
pub(super) async fn values_off_the_lots(conn: &mut Connection) -> Result<Vec<Difference>, DbError> {
    let Some(site) = site::get(conn).await? else { return Ok(Vec::new()) };
    let (currency, mut after, mut wrong) = (site.currency(), String::new(), Vec::new());
    loop {
        let page = books::purses_after(conn, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(wrong) };
        after = last.to_string();
        for (tenancy, purse) in page {
            wrong.extend(of_tenancy(conn, &tenancy, &purse, &currency).await?);
            if i64::try_from(wrong.len()).unwrap_or(i64::MAX) >= LIMIT {
                return Ok(wrong);
            }
        }
    }
}

async fn of_tenancy(
    conn: &mut Connection,
    tenancy: &TenancyId,
    purse: &Purse,
    currency: &Currency,
) -> Result<Vec<Difference>, DbError> {
    let paid = lots::paid(conn, tenancy).await?;
    let subsidy = lots::subsidy(conn, tenancy, currency).await?;
    let mut wrong = Vec::new();
    if !booked_soundly(&paid, purse.paid_taken_wh, purse.paid_valued_minor) {
        wrong.push(difference(tenancy, "paid lots", &paid, purse.paid_taken_wh, purse.paid_valued_minor));
    }
    let (taken_wh, valued_minor) = (purse.subsidy_taken_wh, purse.subsidy_valued_minor);
    if subsidy.value_minor(taken_wh) != valued_minor {
        wrong.push(difference(tenancy, "free lots", &subsidy, taken_wh, valued_minor));
    }
    Ok(wrong)
}

fn difference(tenancy: &TenancyId, label: &str, lots: &Lots, taken_wh: i64, valued_minor: i64) -> Difference {
    Difference {
        subject: tenancy.to_string(),
        label: label.to_owned(),
        expected: lots.value_minor(taken_wh),
        found: valued_minor,
    }
}

/// Whether the value booked is that of what was taken; after overdraft, lots that came since may not be booked yet.
fn booked_soundly(lots: &Lots, taken_wh: i64, valued_minor: i64) -> bool {
    if lots.value_minor(taken_wh) == valued_minor {
        return true;
    }
    let (mut energy_wh, mut worth_minor) = (0, 0);
    for lot in lots.as_slice() {
        if energy_wh <= taken_wh && worth_minor == valued_minor {
            return true;
        }
        energy_wh += lot.energy_wh;
        worth_minor += lot.amount_minor;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::books::{Lot, LotSource};
    use domain::ids::OperationId;

    #[test]
    fn only_lots_that_came_after_overdraft_may_be_booked_later() {
        let lot = |energy_wh, amount_minor| Lot {
            source: LotSource::Sale,
            operation_id: OperationId(String::new()),
            position: 0,
            at_ms: 0,
            energy_wh,
            amount_minor,
            price_per_kwh: String::new(),
        };
        let lots = Lots::new(vec![lot(1_000, 100), lot(1_000, 200)]);
        assert!(booked_soundly(&lots, 500, 50) && booked_soundly(&lots, 1_500, 200));
        assert!(booked_soundly(&lots, 1_500, 100), "the second lot came later");
        assert!(!booked_soundly(&lots, 1_500, 150) && !booked_soundly(&lots, 500, 100));
        assert!(booked_soundly(&lots, 500, 0), "both came later");
        assert!(!booked_soundly(&lots, 2_500, 200), "the first one was booked when it was not used up");
    }
}
