//! An auditor who trusts no counter: what each account must hold, from the rows of what happened and by exact fractions.

use domain::books::Lots;
use domain::books::account::Statement;
use domain::ids::TenancyId;
use wattwarden::check::check;
use wattwarden::db::{Connection, Db};
use wattwarden::store::books::account::{of_tenancy, trial_balance};
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::books::{lots, purses};

/// What became of a tenancy's electricity, in Wh, from the rows.
#[derive(Debug)]
pub struct Electricity {
    pub bought: i64,
    pub voided: i64,
    pub granted: i64,
    pub carried_in: i64,
    pub carried_out: i64,
    pub used: i64,
    pub lapsed: i64,
    pub refunded: i64,
    /// What is left of it.
    pub paid_left: i64,
    pub free_left: i64,
}

/// Every question that can be asked of the books, about every tenancy there ever was. `overdraft_wh` is the most that its
/// meter lets anybody use beyond what they have.
pub async fn audit(db: &Db, overdraft_wh: i64) {
    let report = check(db).await.unwrap();
    assert!(report.clean(), "{report}");
    let mut conn = db.read().await.unwrap();
    ledgers_balance(&mut conn).await;
    for (tenancy, closed) in tenancies(&mut conn).await {
        let electricity = electricity(&mut conn, &tenancy).await;
        let Electricity { paid_left, free_left, .. } = electricity;
        let came = electricity.bought + electricity.granted + electricity.carried_in;
        let went = electricity.voided
            + electricity.used
            + electricity.lapsed
            + electricity.refunded
            + electricity.carried_out;
        assert_eq!(came - went, paid_left + free_left, "{tenancy}: {electricity:?}");
        assert!(free_left >= 0, "{tenancy}: {electricity:?}");
        assert!(paid_left >= -overdraft_wh, "{tenancy}: more than the overdraft: {electricity:?}");
        if closed {
            // All of it went somewhere, but for what was used on overdraft and never bought.
            assert!(paid_left <= 0 && free_left == 0, "{tenancy}: {electricity:?}");
            let prepaid = balance(&mut conn, &Account::Prepaid(tenancy.clone())).await.unwrap();
            assert_eq!(prepaid, 0, "{tenancy}: money is left on a closed account");
        }
        money(&mut conn, &tenancy).await;
        statements(&mut conn, &tenancy).await;
    }
}

/// At every moment at which anything happened.
async fn ledgers_balance(conn: &mut Connection) {
    let moments = sqlx::query_as::<_, (i64,)>("SELECT DISTINCT at_ms FROM operations ORDER BY at_ms")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    let step = moments.len() / 8 + 1;
    let last = moments.last().map_or(0, |(at_ms,)| at_ms + 1);
    for until_ms in moments.iter().step_by(step).map(|(at_ms,)| *at_ms).chain([last]) {
        let kinds = trial_balance(conn, until_ms).await.unwrap();
        for ledger in ["money:", "energy:"] {
            let sum: i64 =
                kinds.iter().filter(|one| one.kind.starts_with(ledger)).map(|one| one.balance()).sum();
            assert_eq!(sum, 0, "{ledger} at {until_ms}: {kinds:?}");
        }
    }
}

/// Everybody with an account, and whether it has been settled.
async fn tenancies(conn: &mut Connection) -> Vec<(TenancyId, bool)> {
    let rows = sqlx::query_as::<_, (String, i64)>(
        "SELECT t.id, CAST(CASE WHEN EXISTS (SELECT 1 FROM departures d WHERE d.tenancy_id = t.id
             AND d.done_ms IS NOT NULL) THEN 1 ELSE 0 END AS BIGINT) FROM tenancies t ORDER BY t.id",
    );
    let rows = rows.fetch_all(conn).await.unwrap();
    rows.into_iter().map(|(id, closed)| (TenancyId(id), closed == 1)).collect()
}

async fn electricity(conn: &mut Connection, tenancy: &TenancyId) -> Electricity {
    let mut sum = async |question: &'static str| -> i64 {
        sqlx::query_as::<_, (i64,)>(question).bind(tenancy.as_str()).fetch_one(&mut *conn).await.unwrap().0
    };
    macro_rules! sum_of {
        ($what:literal) => {
            sum(concat!("SELECT CAST(COALESCE(SUM(x.wh), 0) AS BIGINT) FROM (SELECT ", $what, ") x")).await
        };
    }
    Electricity {
        bought: sum_of!("energy_wh AS wh FROM sales WHERE tenancy_id = $1"),
        voided: sum_of!(
            "s.energy_wh AS wh FROM sales s JOIN voids v ON v.sale_id = s.id WHERE s.tenancy_id = $1"
        ),
        granted: sum_of!("energy_wh AS wh FROM grants WHERE tenancy_id = $1"),
        carried_in: sum_of!("energy_wh AS wh FROM carried_lots WHERE tenancy_id = $1"),
        carried_out: sum_of!("energy_wh AS wh FROM carried_lots WHERE from_tenancy_id = $1"),
        used: sum_of!("subsidy_wh + paid_wh AS wh FROM consumptions WHERE tenancy_id = $1"),
        lapsed: sum_of!("energy_wh AS wh FROM lapses WHERE tenancy_id = $1"),
        refunded: sum_of!(
            "amount AS wh FROM transfers WHERE credit_account = 'energy:refunded' AND debit_account = 'energy:purse:' || $1"
        ),
        paid_left: balance(conn, &Account::Purse(tenancy.clone())).await.unwrap(),
        free_left: balance(conn, &Account::SubsidyPurse(tenancy.clone())).await.unwrap(),
    }
}

/// What was booked for what was taken is within half a minor unit of what it is exactly worth, after any number of
/// roundings; only what was used on overdraft may wait for the next reading.
async fn money(conn: &mut Connection, tenancy: &TenancyId) {
    let purse = purses::get(conn, tenancy).await.unwrap();
    let paid = lots::paid(conn, tenancy).await.unwrap();
    let prepaid = balance(conn, &Account::Prepaid(tenancy.clone())).await.unwrap();
    assert_eq!(prepaid, paid.amount_minor() - purse.paid_valued_minor, "{tenancy}");
    free(conn, tenancy, purse.subsidy_valued_minor).await;
    if overdrawn_since(&paid, purse.paid_taken_wh, purse.paid_valued_minor) {
        return;
    }
    let (exact, per) = exact_value(&paid, purse.paid_taken_wh);
    let off = (i128::from(purse.paid_valued_minor) * per - exact).abs();
    assert!(off * 2 <= per, "{tenancy}: {} booked for {exact}/{per} minor units", purse.paid_valued_minor);
}

/// What free electricity was worth when it was used or lapsed adds up to what its lots were valued at.
async fn free(conn: &mut Connection, tenancy: &TenancyId, valued_minor: i64) {
    let (minor,) = sqlx::query_as::<_, (i64,)>(
        "SELECT CAST(COALESCE(SUM(x.minor), 0) AS BIGINT) FROM (
             SELECT subsidy_minor AS minor FROM consumptions WHERE tenancy_id = $1
             UNION ALL SELECT amount_minor FROM lapses WHERE tenancy_id = $1) x",
    )
    .bind(tenancy.as_str())
    .fetch_one(conn)
    .await
    .unwrap();
    assert_eq!(minor, valued_minor, "{tenancy}: what became of free electricity is not what it was worth");
}

/// Whether lots have come that were used on overdraft before, so that their value is booked with the next reading.
fn overdrawn_since(lots: &Lots, taken_wh: i64, valued_minor: i64) -> bool {
    let mut sums = (0, 0);
    let mut open = sums.0 <= taken_wh && sums.1 == valued_minor;
    for lot in lots.as_slice() {
        sums = (sums.0 + lot.energy_wh, sums.1 + lot.amount_minor);
        open |= sums.0 <= taken_wh && sums.1 == valued_minor;
    }
    open
}

/// As a fraction: all whole lots, and of the one under way its part, unrounded.
fn exact_value(lots: &Lots, taken_wh: i64) -> (i128, i128) {
    let (mut whole, mut left) = (0_i128, i128::from(taken_wh.max(0)));
    for lot in lots.as_slice() {
        let (energy, amount) = (i128::from(lot.energy_wh), i128::from(lot.amount_minor));
        if left < energy {
            return (whole * energy + amount * left, energy);
        }
        whole += amount;
        left -= energy;
    }
    (whole, 1)
}

/// A statement of any period ends with what the books say, and two that meet say the same of that moment.
async fn statements(conn: &mut Connection, tenancy: &TenancyId) {
    let entries = of_tenancy(conn, tenancy).await.unwrap();
    let whole = Statement::of(entries.clone(), 0, i64::MAX);
    let [purse, free, prepaid] = [
        Account::Purse(tenancy.clone()),
        Account::SubsidyPurse(tenancy.clone()),
        Account::Prepaid(tenancy.clone()),
    ];
    let closing = (whole.closing.paid_wh, whole.closing.subsidy_wh, whole.closing.prepaid_minor);
    let held = (
        balance(conn, &purse).await.unwrap(),
        balance(conn, &free).await.unwrap(),
        balance(conn, &prepaid).await.unwrap(),
    );
    assert_eq!(closing, held, "{tenancy}");
    let middle = entries.get(entries.len() / 2).map_or(0, |entry| entry.at_ms);
    let [before, after] = [(0, middle), (middle, i64::MAX)]
        .map(|(from_ms, until_ms)| Statement::of(entries.clone(), from_ms, until_ms));
    assert_eq!(before.closing, after.opening, "{tenancy}");
    assert_eq!(after.closing, whole.closing, "{tenancy}");
    let moved: i64 = after.entries.iter().map(|entry| entry.amount_minor).sum();
    assert_eq!(after.opening.prepaid_minor + moved, after.closing.prepaid_minor, "{tenancy}");
}
