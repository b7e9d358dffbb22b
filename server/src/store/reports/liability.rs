//! What the property owes: credit that was paid or granted and not used, and refunds not yet paid out.

use domain::ids::BuildingId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// What is owed to the rooms of a building.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Owed {
    /// The building.
    pub building_id: BuildingId,
    /// Its name.
    pub building_name: String,
    /// Tenancies with credit left, paid or free.
    pub tenancies: i64,
    /// Paid and not used, in minor units: the balance of the prepaid accounts.
    pub prepaid_minor: i64,
    /// Paid and not used, in Wh.
    pub paid_left_wh: i64,
    /// Used beyond what was paid, in Wh: the next purchase pays it.
    pub overdrawn_wh: i64,
    /// Granted and not used, in Wh.
    pub subsidy_left_wh: i64,
    /// Settled and not paid out, in minor units: the balance of the accounts of refunds payable.
    pub refunds_minor: i64,
}

/// By building, in their order; as it stands now. Lots never change, and a purse says how far into them a tenancy has
/// come, so that no entry of the past has to be added up: the sums are those of the accounts all the same.
pub async fn by_building(
    conn: &mut AnyConnection,
    building: Option<&BuildingId>,
) -> Result<Vec<Owed>, DbError> {
    let rows = sql_as!(
        Owed,
        "SELECT b.id AS building_id, b.name AS building_name,
                CAST(COALESCE(SUM(CASE WHEN x.paid_wh > 0 OR x.free_wh > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS tenancies,
                CAST(COALESCE(SUM(x.prepaid_minor), 0) AS BIGINT) AS prepaid_minor,
                CAST(COALESCE(SUM(CASE WHEN x.paid_wh > 0 THEN x.paid_wh ELSE 0 END), 0) AS BIGINT) AS paid_left_wh,
                CAST(COALESCE(SUM(CASE WHEN x.paid_wh < 0 THEN -x.paid_wh ELSE 0 END), 0) AS BIGINT) AS overdrawn_wh,
                CAST(COALESCE(SUM(x.free_wh), 0) AS BIGINT) AS subsidy_left_wh,
                CAST(COALESCE(SUM(x.refunds_minor), 0) AS BIGINT) AS refunds_minor
         FROM buildings b JOIN floors f ON f.building_id = b.id JOIN rooms r ON r.floor_id = f.id
         JOIN tenancies t ON t.room_id = r.id
         JOIN (SELECT tenancy_id, SUM(prepaid_minor) AS prepaid_minor, SUM(paid_wh) AS paid_wh,
                      SUM(free_wh) AS free_wh, SUM(refunds_minor) AS refunds_minor
               FROM (SELECT s.tenancy_id, s.amount_minor AS prepaid_minor, s.energy_wh AS paid_wh, 0 AS free_wh,
                            0 AS refunds_minor
                     FROM sales s WHERE NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id)
                     UNION ALL SELECT c.tenancy_id, c.amount_minor, c.energy_wh, 0, 0 FROM carried_lots c
                     UNION ALL SELECT g.tenancy_id, 0, 0, g.energy_wh, 0 FROM grants g
                     UNION ALL SELECT p.tenancy_id, -p.paid_valued_minor, -p.paid_taken_wh, -p.subsidy_taken_wh, 0
                               FROM purses p
                     UNION ALL SELECT d.tenancy_id, 0, 0, 0, d.refund_minor FROM settlements d
                     UNION ALL SELECT d.tenancy_id, 0, 0, 0, -o.amount_minor
                               FROM payouts o JOIN settlements d ON d.id = o.settlement_id) lots
               GROUP BY tenancy_id) x ON x.tenancy_id = t.id
         WHERE (CAST($1 AS TEXT) IS NULL OR b.id = $1)
         GROUP BY b.id, b.name, b.position ORDER BY b.position, b.name",
        building.map(BuildingId::as_str),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
