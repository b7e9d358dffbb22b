//! What a sale is worth by the tariff of its room: the pieces it is cut into, each at one price.

use domain::ids::TenancyId;
use domain::money::{Currency, Price};
use domain::month::Month;
use domain::tariff::{Per, Piece, Tariff};
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::desk::sales;
use crate::store::places::site;

/// The most that one sale credits, in Wh: beyond it a typing error is likelier than a customer.
pub const MAX_SALE_WH: i64 = 10_000_000;

/// What the buyer names; the other follows from the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaleInput {
    /// An amount, in minor units.
    Amount(i64),
    /// An energy, in Wh.
    Energy(i64),
}

/// Why something cannot be sold by a tariff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCut {
    /// Too little or too much money.
    #[error("the amount must be between 1 and {max_minor} minor units")]
    Amount {
        /// The most that is taken, in minor units.
        max_minor: i64,
    },
    /// Too little or too much energy.
    #[error("the energy must be between 1 and {max_wh} Wh")]
    Energy {
        /// The most that is sold at once, in Wh.
        max_wh: i64,
    },
    /// What it costs is known only once it is used.
    #[error("the tariff cannot be sold ahead")]
    NotAhead,
}

/// A sale by its tariff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// To be paid, in minor units.
    pub amount_minor: i64,
    /// To be credited, in Wh.
    pub energy_wh: i64,
    /// The price of a kWh; of several pieces their average, for people.
    pub price: Price,
    /// One piece a price, in the order they are used up.
    pub pieces: Vec<Piece>,
}

/// What the tenancy has bought already of the tariff's month or year, in Wh; nothing where it doesn't matter.
///
/// # Errors
/// The database's.
pub(crate) async fn bought_wh(
    conn: &mut AnyConnection,
    tariff: &Tariff,
    tenancy: &TenancyId,
    now_ms: i64,
) -> Result<i64, DbError> {
    let Tariff::Ladder(ladder) = tariff else { return Ok(0) };
    let zone = site::required(conn).await?.zone();
    let month = Month::of(now_ms, &zone);
    let since = match ladder.per() {
        Per::Month => month,
        Per::Year => month.january(),
    };
    sales::bought_since(conn, tenancy, since.from_ms(&zone)).await
}

/// Cuts a sale.
///
/// # Errors
/// [`NoCut`].
pub fn cut(input: SaleInput, tariff: &Tariff, bought_wh: i64, currency: &Currency) -> Result<Cut, NoCut> {
    if matches!(tariff, Tariff::TimeOfUse(_)) {
        return Err(NoCut::NotAhead);
    }
    let by_energy = |wh| pieces_by_energy(tariff, bought_wh, wh, currency);
    let max_minor = || by_energy(MAX_SALE_WH).map_or(i64::MAX, |pieces| sums(&pieces).0);
    let pieces = match input {
        SaleInput::Amount(amount) if amount >= 1 && amount <= max_minor() => {
            pieces_by_amount(tariff, bought_wh, amount, currency)
        }
        SaleInput::Energy(wh) if (1..=MAX_SALE_WH).contains(&wh) => by_energy(wh),
        SaleInput::Amount(_) | SaleInput::Energy(_) => None,
    };
    let out_of_range = || match input {
        SaleInput::Amount(_) => NoCut::Amount { max_minor: max_minor() },
        SaleInput::Energy(_) => NoCut::Energy { max_wh: MAX_SALE_WH },
    };
    let pieces = pieces.ok_or_else(out_of_range)?;
    let (amount_minor, energy_wh) = sums(&pieces);
    // So little that the other side rounds to nothing is no sale.
    if amount_minor < 1 || energy_wh < 1 {
        return Err(out_of_range());
    }
    let price = match pieces.as_slice() {
        [piece] => piece.price,
        _ => Price::average(amount_minor, energy_wh, currency).ok_or_else(out_of_range)?,
    };
    Ok(Cut { amount_minor, energy_wh, price, pieces })
}

fn sums(pieces: &[Piece]) -> (i64, i64) {
    let sum = |of: fn(&Piece) -> i64| pieces.iter().map(of).fold(0, i64::saturating_add);
    (sum(|piece| piece.amount_minor), sum(|piece| piece.energy_wh))
}

fn pieces_by_energy(tariff: &Tariff, bought_wh: i64, wh: i64, currency: &Currency) -> Option<Vec<Piece>> {
    match tariff {
        Tariff::Flat(price) => {
            let amount_minor = price.amount_minor(wh, currency)?;
            Some(vec![Piece { energy_wh: wh, amount_minor, price: *price }])
        }
        Tariff::Ladder(ladder) => ladder.by_energy(bought_wh, wh, currency),
        Tariff::TimeOfUse(_) => None,
    }
}

fn pieces_by_amount(tariff: &Tariff, bought_wh: i64, minor: i64, currency: &Currency) -> Option<Vec<Piece>> {
    match tariff {
        Tariff::Flat(price) => {
            let energy_wh = price.energy_wh(minor, currency)?;
            Some(vec![Piece { energy_wh, amount_minor: minor, price: *price }])
        }
        Tariff::Ladder(ladder) => ladder.by_amount(bought_wh, minor, currency),
        Tariff::TimeOfUse(_) => None,
    }
}

/// Figures that a buyer saw and confirmed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmed<'a> {
    /// Whose place on a ladder counts.
    pub(crate) tenancy_id: &'a TenancyId,
    pub(crate) amount_minor: i64,
    pub(crate) energy_wh: i64,
    /// As shown.
    pub(crate) price_per_kwh: &'a str,
}

/// The cut that these confirmed figures stand for; `None` when they don't follow from the tariff (any more): a form may
/// be old, or forged.
///
/// # Errors
/// [`DbError::Corrupt`]; the database's.
pub(crate) async fn confirmed(
    conn: &mut AnyConnection,
    terms: &str,
    shown: Confirmed<'_>,
    currency: &Currency,
    now_ms: i64,
) -> Result<Option<Cut>, DbError> {
    let tariff: Tariff = terms.parse().map_err(|_| DbError::Corrupt(format!("tariff {terms:?}")))?;
    let bought_wh = bought_wh(conn, &tariff, shown.tenancy_id, now_ms).await?;
    let follows = |cut: &Cut| {
        cut.amount_minor == shown.amount_minor
            && cut.energy_wh == shown.energy_wh
            && cut.price.to_string() == shown.price_per_kwh
    };
    let inputs = [SaleInput::Amount(shown.amount_minor), SaleInput::Energy(shown.energy_wh)];
    let cuts = inputs.into_iter().filter_map(|input| cut(input, &tariff, bought_wh, currency).ok());
    Ok(cuts.into_iter().find(follows))
}
