//! Where purses, lots, grants, voids, lapses, room changes and recognised use disagree with the transfers. As in
//! [`crate::store::audit`]: one statement a question, the answers are the disagreements only.

use domain::books::Purse;
use domain::ids::TenancyId;
use sqlx::AnyConnection;

use super::{Difference, LIMIT};
use crate::db::{DbError, sql_as};

/// What an account of each tenancy `x` holds by its transfers, as a column.
macro_rules! balance_of {
    ($prefix:literal) => {
        concat!(
            "(COALESCE((SELECT SUM(c.amount) FROM transfers c WHERE c.credit_account = '",
            $prefix,
            "' || x.id), 0) - COALESCE((SELECT SUM(d.amount) FROM transfers d WHERE d.debit_account = '",
            $prefix,
            "' || x.id), 0))"
        )
    };
}

/// Tenancies where `$expected`, computed from its lots and counters, is not what `$account` holds.
macro_rules! tenancies_off {
    ($account:literal, $expected:literal) => {
        concat!(
            "SELECT y.id AS subject, '",
            $account,
            "' || y.id AS label, CAST(y.expected AS BIGINT) AS expected, CAST(y.found AS BIGINT) AS found
             FROM (SELECT x.id, ",
            balance_of!($account),
            " AS found, ",
            $expected,
            " AS expected
                   FROM tenancies x LEFT JOIN purses p ON p.tenancy_id = x.id) y
             WHERE y.expected <> y.found ORDER BY y.id LIMIT $1"
        )
    };
}

/// Tenancies whose purse of paid energy is not their lots less what was taken of them.
pub async fn purses_off_their_lots(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const PAID: &str = tenancies_off!(
        "energy:purse:",
        "COALESCE((SELECT SUM(s.energy_wh) FROM sales s WHERE s.tenancy_id = x.id
                       AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id)), 0)
         + COALESCE((SELECT SUM(c.energy_wh) FROM carried_lots c WHERE c.tenancy_id = x.id), 0)
         - COALESCE(p.paid_taken_wh, 0)"
    );
    Ok(sql_as!(Difference, PAID, LIMIT).fetch_all(conn).await?)
}

/// Tenancies whose purse of free energy is not their grants less what was taken of them.
pub async fn purses_off_their_grants(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const FREE: &str = tenancies_off!(
        "energy:subsidy:",
        "COALESCE((SELECT SUM(g.energy_wh) FROM grants g WHERE g.tenancy_id = x.id), 0)
         - COALESCE(p.subsidy_taken_wh, 0)"
    );
    Ok(sql_as!(Difference, FREE, LIMIT).fetch_all(conn).await?)
}

/// Tenancies whose prepaid money is not what they paid less what was booked of it.
pub async fn prepaid_off_the_lots(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const PREPAID: &str = tenancies_off!(
        "money:prepaid:",
        "COALESCE((SELECT SUM(s.amount_minor) FROM sales s WHERE s.tenancy_id = x.id
                       AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id)), 0)
         + COALESCE((SELECT SUM(c.amount_minor) FROM carried_lots c WHERE c.tenancy_id = x.id), 0)
         - COALESCE(p.paid_valued_minor, 0)"
    );
    Ok(sql_as!(Difference, PREPAID, LIMIT).fetch_all(conn).await?)
}

/// Tenancies whose recognised running total is not what the books say was used.
pub async fn pointers_off_the_use(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT y.id AS subject, y.id AS label, CAST(y.expected AS BIGINT) AS expected, y.found
         FROM (SELECT x.id, COALESCE(p.used_wh, 0) AS found,
                   COALESCE((SELECT SUM(d.amount) FROM transfers d WHERE d.credit_account = 'energy:consumed'
                             AND d.debit_account IN ('energy:purse:' || x.id, 'energy:subsidy:' || x.id)), 0)
                   - COALESCE((SELECT SUM(c.amount) FROM transfers c WHERE c.debit_account = 'energy:consumed'
                             AND c.credit_account IN ('energy:purse:' || x.id, 'energy:subsidy:' || x.id)), 0)
                   AS expected
               FROM tenancies x LEFT JOIN purses p ON p.tenancy_id = x.id) y
         WHERE y.expected <> y.found ORDER BY y.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What an operation moved on an account of its row `r`, as a column: in less out, over against another account.
macro_rules! moved {
    ($account:literal, $tenancy:literal, $other:literal) => {
        concat!(
            "(COALESCE((SELECT SUM(t.amount) FROM transfers t WHERE t.operation_id = r.operation_id
                  AND t.credit_account = '",
            $account,
            "' || ",
            $tenancy,
            " AND t.debit_account LIKE '",
            $other,
            "'), 0)
              - COALESCE((SELECT SUM(t.amount) FROM transfers t WHERE t.operation_id = r.operation_id
                  AND t.debit_account = '",
            $account,
            "' || ",
            $tenancy,
            " AND t.credit_account LIKE '",
            $other,
            "'), 0))"
        )
    };
}

/// Rows of `$table` where `$expected` is not what their operation moved.
macro_rules! rows_off {
    ($table:literal, $expected:literal, $account:literal, $tenancy:literal, $other:literal) => {
        concat!(
            "SELECT y.operation_id AS subject, '",
            $account,
            "' || y.tenancy_id AS label, CAST(y.expected AS BIGINT) AS expected, CAST(y.found AS BIGINT) AS found
             FROM (SELECT r.operation_id, ",
            $tenancy,
            " AS tenancy_id, ",
            $expected,
            " AS expected, ",
            moved!($account, $tenancy, $other),
            " AS found FROM ",
            $table,
            " r) y WHERE y.expected <> y.found ORDER BY y.operation_id LIMIT $1"
        )
    };
}

/// Rows whose figures are not what their operation's transfers say: use, grants, lapses, voids, room changes.
pub async fn rows_off_their_transfers(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    const PAID_WH: &str =
        rows_off!("consumptions", "-r.paid_wh", "energy:purse:", "r.tenancy_id", "energy:consumed");
    const FREE_WH: &str =
        rows_off!("consumptions", "-r.subsidy_wh", "energy:subsidy:", "r.tenancy_id", "energy:consumed");
    const PAID_MINOR: &str =
        rows_off!("consumptions", "-r.paid_minor", "money:prepaid:", "r.tenancy_id", "money:revenue");
    const GRANTED: &str =
        rows_off!("grants", "r.energy_wh", "energy:subsidy:", "r.tenancy_id", "energy:granted");
    const LAPSED: &str =
        rows_off!("lapses", "-r.energy_wh", "energy:subsidy:", "r.tenancy_id", "energy:lapsed");
    const VOIDED_WH: &str = rows_off!(
        "(SELECT v.id AS operation_id, s.tenancy_id, s.energy_wh FROM voids v JOIN sales s ON s.id = v.sale_id)",
        "-r.energy_wh",
        "energy:purse:",
        "r.tenancy_id",
        "energy:issued"
    );
    const VOIDED_MINOR: &str = rows_off!(
        "(SELECT v.id AS operation_id, s.tenancy_id, s.amount_minor FROM voids v JOIN sales s ON s.id = v.sale_id)",
        "-r.amount_minor",
        "money:prepaid:",
        "r.tenancy_id",
        "money:c%"
    );
    const CARRIED_WH: &str = rows_off!(
        "(SELECT operation_id, tenancy_id, SUM(energy_wh) AS energy_wh FROM carried_lots
          GROUP BY operation_id, tenancy_id)",
        "r.energy_wh",
        "energy:purse:",
        "r.tenancy_id",
        "energy:purse:%"
    );
    const CARRIED_MINOR: &str = rows_off!(
        "(SELECT operation_id, tenancy_id, SUM(amount_minor) AS amount_minor FROM carried_lots
          GROUP BY operation_id, tenancy_id)",
        "r.amount_minor",
        "money:prepaid:",
        "r.tenancy_id",
        "money:prepaid:%"
    );
    let mut found = Vec::new();
    found.extend(sql_as!(Difference, PAID_WH, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, FREE_WH, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, PAID_MINOR, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, GRANTED, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, LAPSED, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, VOIDED_WH, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, VOIDED_MINOR, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, CARRIED_WH, LIMIT).fetch_all(&mut *conn).await?);
    found.extend(sql_as!(Difference, CARRIED_MINOR, LIMIT).fetch_all(&mut *conn).await?);
    Ok(found)
}

/// Operations whose revenue from free electricity is not what their use says, in minor units.
pub async fn subsidies_off_the_use(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT y.operation_id AS subject, 'money:subsidy' AS label, CAST(y.expected AS BIGINT) AS expected,
                CAST(y.found AS BIGINT) AS found
         FROM (SELECT c.operation_id, SUM(c.subsidy_minor) AS expected,
                   COALESCE((SELECT SUM(t.amount) FROM transfers t WHERE t.operation_id = c.operation_id
                             AND t.debit_account = 'money:subsidy' AND t.credit_account = 'money:revenue'), 0) AS found
               FROM consumptions c GROUP BY c.operation_id) y
         WHERE y.expected <> y.found ORDER BY y.operation_id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Sales over several steps whose steps don't make up their amount (minor units) or energy (Wh); the found figure is the
/// steps', both in one number that is no money: amount and energy added.
pub async fn steps_off_their_sales(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT p.sale_id AS subject, p.sale_id AS label,
                CAST(COALESCE(s.amount_minor + s.energy_wh, 0) AS BIGINT) AS expected,
                CAST(p.amount_minor + p.energy_wh AS BIGINT) AS found
         FROM (SELECT sale_id, SUM(amount_minor) AS amount_minor, SUM(energy_wh) AS energy_wh FROM sale_steps
               GROUP BY sale_id) p LEFT JOIN sales s ON s.id = p.sale_id
         WHERE s.id IS NULL OR s.amount_minor <> p.amount_minor OR s.energy_wh <> p.energy_wh
         ORDER BY p.sale_id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Rows of the books without their operation, tenancy or sale.
pub async fn orphans(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT x.id AS subject, x.label, CAST(1 AS BIGINT) AS expected, CAST(0 AS BIGINT) AS found
         FROM (SELECT operation_id AS id, tenancy_id, 'grant' AS label FROM grants
               UNION ALL SELECT operation_id, tenancy_id, 'lapse' FROM lapses
               UNION ALL SELECT operation_id, tenancy_id, 'use' FROM consumptions
               UNION ALL SELECT operation_id, tenancy_id, 'carried lot' FROM carried_lots
               UNION ALL SELECT v.id, s.tenancy_id, 'void' FROM voids v LEFT JOIN sales s ON s.id = v.sale_id) x
         LEFT JOIN operations o ON o.id = x.id LEFT JOIN tenancies t ON t.id = x.tenancy_id
         WHERE o.id IS NULL OR t.id IS NULL ORDER BY x.id LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Purses after a tenancy, by id: for whoever values each anew.
pub async fn purses_after(
    conn: &mut AnyConnection,
    after: &str,
    limit: i64,
) -> Result<Vec<(TenancyId, Purse)>, DbError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        tenancy_id: TenancyId,
        #[sqlx(flatten)]
        purse: Purse,
    }
    let rows = sql_as!(
        Row,
        "SELECT tenancy_id, used_wh, seen_ms, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor
         FROM purses WHERE tenancy_id > $1 ORDER BY tenancy_id LIMIT $2",
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.tenancy_id, row.purse)).collect())
}
