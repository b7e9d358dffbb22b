//! Where the books disagree with themselves or with the meters: each question one statement, so that each sees one
//! moment; the answers are the disagreements only, at most [`LIMIT`] of each.

pub mod books;
pub mod desk;
pub mod moves;
pub mod papers;
pub mod words;

use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// How many disagreements of a kind are listed.
pub const LIMIT: i64 = 100;

/// Something that should be one figure and is two.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Difference {
    /// The id of the sale, household or operation.
    pub subject: String,
    /// For a person: building and room, or the account.
    pub label: String,
    /// What the entries say.
    pub expected: i64,
    /// What stands elsewhere.
    pub found: i64,
}

/// Transfers and their sum in a ledger.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LedgerTotal {
    /// `money` or `energy`.
    pub ledger: String,
    /// How many transfers.
    pub transfers: i64,
    /// Their sum, in minor units or Wh.
    pub total: i64,
}

/// What stands in each ledger.
pub async fn ledgers(conn: &mut AnyConnection) -> Result<Vec<LedgerTotal>, DbError> {
    let rows = sql_as!(
        LedgerTotal,
        "SELECT ledger, COUNT(*) AS transfers, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS total
         FROM transfers GROUP BY ledger ORDER BY ledger DESC",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Sales whose money transfer is missing or another amount. Before there were shifts, a drawer was a cashier's.
pub async fn sales_without_their_money(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, 'money:prepaid:' || s.tenancy_id AS label, s.amount_minor AS expected,
                COALESCE(t.amount, 0) AS found
         FROM sales s LEFT JOIN transfers t ON t.operation_id = s.id AND t.ledger = 'money'
              AND t.credit_account = 'money:prepaid:' || s.tenancy_id
              AND t.debit_account = CASE WHEN s.channel = 'cash'
                  THEN 'money:cash:' || COALESCE(s.shift_id, s.cashier_id) ELSE 'money:channel:' || s.channel END
         WHERE COALESCE(t.amount, 0) <> s.amount_minor ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Sales whose energy transfer is missing or another amount.
pub async fn sales_without_their_energy(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, 'energy:purse:' || s.tenancy_id AS label, s.energy_wh AS expected,
                COALESCE(t.amount, 0) AS found
         FROM sales s LEFT JOIN transfers t ON t.operation_id = s.id AND t.ledger = 'energy'
              AND t.credit_account = 'energy:purse:' || s.tenancy_id AND t.debit_account = 'energy:issued'
         WHERE COALESCE(t.amount, 0) <> s.energy_wh ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Sales whose operation, household, tenancy or cashier does not exist.
pub async fn orphaned_sales(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT s.id AS subject, s.household_id || ' ' || s.tenancy_id || ' ' || s.cashier_id AS label,
                CAST(4 AS BIGINT) AS expected,
                CAST(CASE WHEN o.id IS NULL THEN 0 ELSE 1 END + CASE WHEN h.id IS NULL THEN 0 ELSE 1 END
                   + CASE WHEN t.id IS NULL THEN 0 ELSE 1 END + CASE WHEN u.id IS NULL AND o.actor_kind = 'staff' THEN 0 ELSE 1 END
                     AS BIGINT) AS found
         FROM sales s LEFT JOIN operations o ON o.id = s.id LEFT JOIN outlets h ON h.id = s.household_id
         LEFT JOIN tenancies t ON t.id = s.tenancy_id LEFT JOIN users u ON u.id = s.cashier_id
         WHERE o.id IS NULL OR h.id IS NULL OR t.id IS NULL OR (u.id IS NULL AND o.actor_kind = 'staff') ORDER BY s.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Transfers of an unknown operation, or that move what only a sale, a void, a grant, a lapse, use, a room change or a
/// settlement moves, without one.
pub async fn transfers_without_cause(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT t.operation_id AS subject, t.debit_account || ' → ' || t.credit_account AS label,
                CAST(0 AS BIGINT) AS expected, t.amount AS found
         FROM transfers t LEFT JOIN operations o ON o.id = t.operation_id
         LEFT JOIN sales s ON s.id = t.operation_id LEFT JOIN voids v ON v.id = t.operation_id
         LEFT JOIN settlements d ON d.id = t.operation_id
         WHERE o.id IS NULL
            OR (t.debit_account = 'energy:issued' AND s.id IS NULL)
            OR (t.credit_account = 'energy:issued' AND v.id IS NULL)
            OR (t.debit_account = 'energy:granted'
                AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.operation_id = t.operation_id))
            OR (t.credit_account = 'energy:lapsed'
                AND NOT EXISTS (SELECT 1 FROM lapses l WHERE l.operation_id = t.operation_id))
            OR (t.credit_account = 'energy:refunded' AND d.id IS NULL)
            OR ((t.debit_account = 'money:revenue' OR t.credit_account = 'money:revenue')
                AND NOT EXISTS (SELECT 1 FROM consumptions c WHERE c.operation_id = t.operation_id))
            OR ((t.debit_account LIKE 'money:prepaid:%' OR t.credit_account LIKE 'money:prepaid:%')
                AND s.id IS NULL AND v.id IS NULL AND d.id IS NULL
                AND NOT EXISTS (SELECT 1 FROM consumptions c WHERE c.operation_id = t.operation_id)
                AND NOT EXISTS (SELECT 1 FROM carried_lots c WHERE c.operation_id = t.operation_id))
         ORDER BY t.operation_id, t.position LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

macro_rules! totals_off {
    ($total:literal, $side:literal, $other:literal) => {
        concat!(
            "SELECT h.id AS subject, b.name || ' ' || r.name AS label,
                    CAST(COALESCE(p.amount, 0) AS BIGINT) AS expected, c.",
            $total,
            " AS found
             FROM credit_accounts c JOIN outlets h ON h.id = c.household_id JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
             JOIN buildings b ON b.id = f.building_id
             LEFT JOIN (SELECT t.id, SUM(x.amount) AS amount FROM tenancies t JOIN transfers x
                            ON x.",
            $side,
            " IN ('energy:purse:' || t.id, 'energy:subsidy:' || t.id) AND x.",
            $other,
            " <> 'energy:consumed'
                        GROUP BY t.id) p ON p.id = c.tenancy_id
             WHERE c.tenancy_id IS NOT NULL AND c.",
            $total,
            " <> COALESCE(p.amount, 0) ORDER BY h.id LIMIT $1"
        )
    };
}

/// Households whose credited total is not the sum of what the books put into their tenancy's purses.
pub async fn credited_off_the_purse(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const CREDITED: &str = totals_off!("credited_wh", "credit_account", "debit_account");
    Ok(sql_as!(Difference, CREDITED, LIMIT).fetch_all(conn).await?)
}

/// Households whose debited total is not the sum of what the books took from their tenancy's purses other than by use.
pub async fn debited_off_the_purse(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const DEBITED: &str = totals_off!("debited_wh", "debit_account", "credit_account");
    Ok(sql_as!(Difference, DEBITED, LIMIT).fetch_all(conn).await?)
}

/// Households whose meter reports more credit, or a later epoch, than the books ever gave.
/// `expected` and `found` are credited totals in Wh.
pub async fn meters_ahead(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT h.id AS subject, b.name || ' ' || r.name AS label, c.credited_wh AS expected, hr.credited_wh AS found
         FROM credit_accounts c JOIN outlets h ON h.id = c.household_id JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id JOIN household_reports hr ON hr.household_id = h.id
         WHERE hr.epoch > c.epoch
            OR (hr.epoch = c.epoch AND (hr.credited_wh > c.credited_wh OR hr.debited_wh > c.debited_wh))
         ORDER BY b.name, r.name LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Households whose meter has not taken all its credit yet: on its way, not wrong.
/// `expected` and `found` are credited totals in Wh.
pub async fn meters_behind(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT h.id AS subject, b.name || ' ' || r.name AS label, c.credited_wh AS expected,
                COALESCE(CASE WHEN hr.epoch = c.epoch THEN hr.credited_wh ELSE 0 END, 0) AS found
         FROM credit_accounts c JOIN outlets h ON h.id = c.household_id JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id LEFT JOIN household_reports hr ON hr.household_id = h.id
         WHERE c.epoch > 0 AND (hr.household_id IS NULL OR hr.epoch < c.epoch
            OR (hr.epoch = c.epoch AND (hr.credited_wh < c.credited_wh OR hr.debited_wh < c.debited_wh)))
         ORDER BY b.name, r.name LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
