//! Sales of electricity.

use domain::ids::{HouseholdId, OperationId, ResidentId, RoomId, ShiftId, TenancyId, UserId, lowest_at};
use domain::tariff::Piece;
use sqlx::AnyConnection;

use super::shifts::Shift;
use crate::db::{DbError, sql, sql_as};

/// How far apart the clocks of two servers on one database may be; an identifier carries its server's time.
pub(crate) const CLOCKS_APART_MS: i64 = 10 * 60 * 1000;

/// A sale to be written.
#[derive(Clone, Debug)]
pub struct NewSale<'a> {
    /// Its operation, and its own id.
    pub id: &'a OperationId,
    /// Credited household.
    pub household_id: &'a HouseholdId,
    /// Credited tenancy.
    pub tenancy_id: &'a TenancyId,
    /// The epoch of the credit.
    pub epoch: i64,
    /// Paid, in minor units.
    pub amount_minor: i64,
    /// Bought, in Wh.
    pub energy_wh: i64,
    /// Major units a kWh.
    pub price_per_kwh: String,
    /// Which resident paid, where the desk was told.
    pub payer_id: Option<&'a ResidentId>,
    /// Who sold it.
    pub cashier_id: &'a UserId,
    /// When, site time.
    pub at_ms: i64,
    /// The credited total that delivers it, in Wh.
    pub credited_after_wh: i64,
}

/// A sale as shown in a history and on a receipt.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sale {
    /// Its id.
    pub id: OperationId,
    /// The room it was for.
    pub room_id: RoomId,
    /// The room's name.
    pub room_name: String,
    /// The floor's name.
    pub floor_name: String,
    /// The building's name.
    pub building_name: String,
    /// Credited household.
    pub household_id: HouseholdId,
    /// Credited tenancy.
    pub tenancy_id: TenancyId,
    /// The meter's serial number.
    pub serial: i64,
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// The epoch of the credit.
    pub epoch: i64,
    /// Paid, in minor units.
    pub amount_minor: i64,
    /// Bought, in Wh.
    pub energy_wh: i64,
    /// Major units a kWh.
    pub price_per_kwh: String,
    /// Who sold it.
    pub cashier_name: String,
    /// When, site time.
    pub at_ms: i64,
    /// The credited total that delivers it, in Wh.
    pub credited_after_wh: i64,
    /// The epoch the meter last reported.
    pub reported_epoch: Option<i64>,
    /// The credited total the meter last reported, in Wh.
    pub reported_credited_wh: Option<i64>,
    /// The debited total the meter last reported, in Wh.
    pub reported_debited_wh: Option<i64>,
    /// Who sold it.
    pub cashier_id: UserId,
    /// `cash`, or the channel it was paid over.
    pub channel: String,
    /// The shift whose drawer took the cash.
    pub shift_id: Option<ShiftId>,
    /// What the channel calls the payment.
    pub reference: Option<String>,
    /// When it was voided.
    pub voided_ms: Option<i64>,
    /// The debited total that gives its credit back, in Wh.
    pub debited_after_wh: Option<i64>,
}

impl Sale {
    /// Whether the meter has reported a credited total that holds this sale.
    #[must_use]
    pub fn delivered(&self) -> bool {
        match (self.reported_epoch, self.reported_credited_wh) {
            (Some(epoch), Some(credited_wh)) => {
                epoch > self.epoch || (epoch == self.epoch && credited_wh >= self.credited_after_wh)
            }
            _ => false,
        }
    }

    /// Whether the meter has reported a debited total that gives this voided sale's credit back.
    #[must_use]
    pub fn given_back(&self) -> bool {
        match (self.reported_epoch, self.reported_debited_wh, self.debited_after_wh) {
            (Some(epoch), Some(debited_wh), Some(after_wh)) => {
                epoch > self.epoch || (epoch == self.epoch && debited_wh >= after_wh)
            }
            _ => false,
        }
    }

    /// The number on the receipt: the day's part and the random part of its id, short enough to read aloud.
    #[must_use]
    pub fn receipt_number(&self) -> String {
        receipt_number(&self.id)
    }
}

/// A receipt's number, from the sale's id: its time part and the end of its random part.
#[must_use]
pub fn receipt_number(id: &OperationId) -> String {
    let hex: String = id.as_str().chars().filter(char::is_ascii_hexdigit).collect();
    let (time, random) = (hex.get(..11).unwrap_or_default(), hex.get(24..).unwrap_or_default());
    format!("{time}-{random}").to_uppercase()
}

/// Writes a sale paid in cash over the open shift of its cashier; the shift, `None` when there is none. The shift is
/// looked up by the statement that writes the sale, since each statement costs a sale as much as a row; that it stays open
/// until the sale is committed is the database's to see to (`db/open_shift.rs`).
pub async fn insert_cash(conn: &mut AnyConnection, sale: &NewSale<'_>) -> Result<Option<ShiftId>, DbError> {
    let row = sql_as!(
        (ShiftId,),
        "INSERT INTO sales (id, household_id, tenancy_id, epoch, amount_minor, energy_wh, price_per_kwh, cashier_id,
                            at_ms, credited_after_wh, payer_id, channel, shift_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CAST($11 AS TEXT), 'cash', f.id
         FROM shifts f WHERE f.user_id = $8 AND f.closed_ms IS NULL
         RETURNING shift_id",
        sale.id.as_str(),
        sale.household_id.as_str(),
        sale.tenancy_id.as_str(),
        sale.epoch,
        sale.amount_minor,
        sale.energy_wh,
        sale.price_per_kwh.as_str(),
        sale.cashier_id.as_str(),
        sale.at_ms,
        sale.credited_after_wh,
        sale.payer_id.map(ResidentId::as_str),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(shift,)| shift))
}

/// Writes a sale paid over a channel, outside any shift.
pub async fn insert_over_channel(
    conn: &mut AnyConnection,
    sale: &NewSale<'_>,
    channel: &str,
    reference: &str,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO sales (id, household_id, tenancy_id, epoch, amount_minor, energy_wh, price_per_kwh, cashier_id,
                            at_ms, credited_after_wh, payer_id, channel, reference)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        sale.id.as_str(),
        sale.household_id.as_str(),
        sale.tenancy_id.as_str(),
        sale.epoch,
        sale.amount_minor,
        sale.energy_wh,
        sale.price_per_kwh.as_str(),
        sale.cashier_id.as_str(),
        sale.at_ms,
        sale.credited_after_wh,
        sale.payer_id.map(ResidentId::as_str),
        channel,
        reference,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the pieces of a sale that went over several steps of a ladder; a sale at one price has none.
pub async fn insert_steps(
    conn: &mut AnyConnection,
    sale: &OperationId,
    pieces: &[Piece],
) -> Result<(), DbError> {
    for (position, piece) in (0_i64..).zip(pieces).take_while(|_| pieces.len() > 1) {
        sql!(
            "INSERT INTO sale_steps (sale_id, position, energy_wh, amount_minor, price_per_kwh)
             VALUES ($1, $2, $3, $4, $5)",
            sale.as_str(),
            position,
            piece.energy_wh,
            piece.amount_minor,
            piece.price.to_string(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A piece of a sale as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    /// In Wh.
    pub energy_wh: i64,
    /// In minor units.
    pub amount_minor: i64,
    /// Major units a kWh.
    pub price_per_kwh: String,
}

/// The pieces of a sale that went over several steps of a ladder, in order; none for a sale at one price.
pub async fn steps(conn: &mut AnyConnection, sale: &OperationId) -> Result<Vec<StepRow>, DbError> {
    let rows = sql_as!(
        StepRow,
        "SELECT energy_wh, amount_minor, price_per_kwh FROM sale_steps WHERE sale_id = $1 ORDER BY position",
        sale.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What a tenancy has bought since a moment and not given back, in Wh.
pub async fn bought_since(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
    since_ms: i64,
) -> Result<i64, DbError> {
    let (bought_wh,) = sql_as!(
        (i64,),
        "SELECT CAST(COALESCE(SUM(s.energy_wh), 0) AS BIGINT) FROM sales s
         WHERE s.tenancy_id = $1 AND s.at_ms >= $2 AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.sale_id = s.id)",
        tenancy.as_str(),
        since_ms,
    )
    .fetch_one(conn)
    .await?;
    Ok(bought_wh)
}

macro_rules! sale_where {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, r.id AS room_id, r.name AS room_name, f.name AS floor_name, b.name AS building_name,
                    s.household_id, s.tenancy_id, m.serial, h.position, s.epoch, s.amount_minor, s.energy_wh,
                    s.price_per_kwh, o.actor_name AS cashier_name, s.at_ms, s.credited_after_wh,
                    hr.epoch AS reported_epoch, hr.credited_wh AS reported_credited_wh,
                    hr.debited_wh AS reported_debited_wh, s.cashier_id, s.channel, s.shift_id, s.reference,
                    v.at_ms AS voided_ms, v.debited_after_wh
             FROM sales s JOIN tenancies t ON t.id = s.tenancy_id JOIN rooms r ON r.id = t.room_id
             JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
             JOIN outlets h ON h.id = s.household_id JOIN meters m ON m.id = h.meter_id
             JOIN operations o ON o.id = s.id LEFT JOIN household_reports hr ON hr.household_id = s.household_id
             LEFT JOIN voids v ON v.sale_id = s.id ",
            $rest
        )
    };
}

/// One sale, for its receipt.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Sale>, DbError> {
    Ok(sql_as!(Sale, sale_where!("WHERE s.id = $1"), id.as_str()).fetch_optional(conn).await?)
}

/// A tenancy's sales, the newest first.
pub async fn of_tenancy(conn: &mut AnyConnection, id: &TenancyId, limit: i64) -> Result<Vec<Sale>, DbError> {
    Ok(sql_as!(
        Sale,
        sale_where!("WHERE s.tenancy_id = $1 ORDER BY s.at_ms DESC, s.id DESC LIMIT $2"),
        id.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A shift's cash sales, the newest first. They were made while it was open, so they are a range of keys.
pub async fn of_shift(conn: &mut AnyConnection, shift: &Shift, limit: i64) -> Result<Vec<Sale>, DbError> {
    let closed_ms = shift.closed_ms.unwrap_or(i64::MAX - CLOCKS_APART_MS);
    Ok(sql_as!(
        Sale,
        sale_where!("WHERE s.id >= $1 AND s.id < $2 AND s.shift_id = $3 ORDER BY s.id DESC LIMIT $4"),
        lowest_at(shift.opened_ms - CLOCKS_APART_MS),
        lowest_at(closed_ms + CLOCKS_APART_MS),
        shift.id.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// The latest sales of the whole site, the newest first.
pub async fn latest(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Sale>, DbError> {
    Ok(sql_as!(Sale, sale_where!("ORDER BY s.at_ms DESC, s.id DESC LIMIT $1"), limit).fetch_all(conn).await?)
}
