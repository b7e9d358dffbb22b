//! A sale of electricity: quoted, confirmed, and written once, whatever happens to the browser.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{ResidentId, RoomId, TenancyId, UserId};
use domain::money::{Currency, Price};
use domain::rights::Action;
use domain::settings::household_block;
use domain::tariff::Piece;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use meter_core::settings::HouseholdBlock;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::plans::terms::{self, Cut};
use crate::store::books::transfers;
use crate::store::books::transfers::Account;
use crate::store::desk::{payments, sales};
use crate::store::meters::households;
use crate::store::people::residents;
use crate::store::places::{rooms, site};
use crate::store::plans::price_plans;

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

/// What a sale would be, for the buyer to confirm.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The room.
    pub room: rooms::Room,
    /// Its tenancy.
    pub tenancy_id: TenancyId,
    /// Who lives there.
    pub residents: Vec<residents::Resident>,
    /// To be paid, in minor units.
    pub amount_minor: i64,
    /// To be credited, in Wh.
    pub energy_wh: i64,
    /// Major units a kWh; of several pieces their average.
    pub price: Price,
    /// One a price: a ladder may have cut the sale.
    pub pieces: Vec<Piece>,
    /// The site's currency.
    pub currency: Currency,
}

/// A confirmed quote.
#[derive(Clone, Debug, Serialize)]
pub struct SellRequest {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy the quote was for.
    pub tenancy_id: TenancyId,
    /// Paid, in minor units.
    pub amount_minor: i64,
    /// To be credited, in Wh.
    pub energy_wh: i64,
    /// The price of the quote: major units a kWh.
    pub price_per_kwh: String,
    /// How it is paid.
    pub payment: Payment,
    /// Which resident pays, where that is known: a refund may be shared by what each paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_id: Option<ResidentId>,
}

/// The longest reference of a payment, in characters.
pub const MAX_REFERENCE: usize = 64;

/// How a sale is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Payment {
    /// Into the drawer of the seller's open shift.
    Cash,
    /// Over a channel that keeps its own books; a reference pays once a channel.
    Channel {
        /// Its name, such as `bank-transfer`.
        channel: String,
        /// What the channel calls the payment.
        reference: String,
    },
}

/// What a sale to this room would be now.
///
/// # Errors
/// [`OpError::NotFound`], [`OpError::NoTenancy`], [`OpError::NoMeter`], [`OpError::NoPrice`],
/// [`OpError::Hoarding`], [`OpError::OutOfRange`] with field `amount` (minor units) or `energy` (Wh).
pub async fn quote(db: &Db, clock: &dyn Clock, room_id: &RoomId, input: SaleInput) -> Result<Quote, OpError> {
    let mut conn = db.read().await?;
    let room = rooms::room(&mut conn, room_id).await?.ok_or(OpError::NotFound("room"))?;
    let tenancy = residents::open_tenancy(&mut conn, room_id).await?.ok_or(OpError::NoTenancy)?;
    let outlet = households::of_room(&mut conn, room_id).await?.ok_or(OpError::NoMeter)?;
    if outlet.tenancy_id.as_ref() != Some(&tenancy.id) {
        return Err(OpError::NoMeter);
    }
    let residents = residents::residents_of(&mut conn, &tenancy.id).await?;
    let currency = site::get(&mut conn).await?.ok_or(OpError::NotFound("site"))?.currency();
    let now_ms = clock.now_ms();
    let tariff = price_plans::of_room(&mut conn, room_id, now_ms).await?.ok_or(OpError::NoPrice)?;
    let bought_wh = terms::bought_wh(&mut conn, &tariff, &tenancy.id, now_ms).await?;
    let Cut { amount_minor, energy_wh, price, pieces } = terms::cut(input, &tariff, bought_wh, &currency)?;
    let (remaining_wh, settings) = households::credit_held(&mut conn, &outlet.id).await?;
    check_hoarding(remaining_wh + energy_wh, settings.as_deref())?;
    Ok(Quote { room, tenancy_id: tenancy.id, residents, amount_minor, energy_wh, price, pieces, currency })
}

/// Writes a confirmed sale: its money and its energy in the books, and the household's credited total raised.
/// The same key and request again is answered with the first sale.
///
/// # Errors
/// Those of [`quote`], and [`OpError::PriceChanged`], [`OpError::TenancyChanged`], [`OpError::KeyReused`],
/// [`OpError::Forbidden`], [`OpError::NoShift`] for cash, for another channel [`OpError::Invalid`] or
/// [`OpError::Exists`] with field `reference`, [`OpError::Invalid`] with field `payer`. Nothing is changed then.
pub async fn sell(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: SellRequest,
) -> Result<Outcome, OpError> {
    require(actor, Action::Sell)?;
    if let Payment::Channel { reference, .. } = &mut request.payment {
        *reference = OpError::text("reference", reference, MAX_REFERENCE)?;
    }
    let operation = Operation::new(clock, actor, "sell", &request.key, request.room_id.as_str(), &request)?;
    let cashier = actor.id();
    operation
        .run(db, (request, cashier), |operation, (request, cashier), conn| {
            record(operation, request, cashier, conn).boxed()
        })
        .await
}

async fn record(
    operation: &Operation,
    request: &SellRequest,
    cashier: &UserId,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let (credited, pieces) = credit(conn, request, operation.at_ms).await?;
    check_payer(conn, request).await?;
    let sale = sales::NewSale {
        id: &operation.id,
        household_id: &credited.id,
        tenancy_id: &request.tenancy_id,
        epoch: credited.epoch,
        amount_minor: request.amount_minor,
        energy_wh: request.energy_wh,
        price_per_kwh: request.price_per_kwh.clone(),
        payer_id: request.payer_id.as_ref(),
        cashier_id: cashier,
        at_ms: operation.at_ms,
        credited_after_wh: credited.credited_wh,
    };
    let paid_into = insert(conn, &sale, &request.payment).await?;
    sales::insert_steps(conn, &operation.id, &pieces).await?;
    let (tenancy, amount_minor, energy_wh) = (&request.tenancy_id, request.amount_minor, request.energy_wh);
    transfers::record_sale(conn, &operation.id, &paid_into, tenancy, amount_minor, energy_wh).await?;
    Ok(())
}

/// Whoever pays by name lives there.
async fn check_payer(conn: &mut AnyConnection, request: &SellRequest) -> Result<(), OpError> {
    let Some(payer) = &request.payer_id else { return Ok(()) };
    let residents = residents::residents_of(conn, &request.tenancy_id).await?;
    if residents.iter().any(|one| one.id == *payer) {
        Ok(())
    } else {
        Err(OpError::Invalid { field: "payer", problem: Problem::Malformed })
    }
}

/// Writes the sale itself; the account that its money goes into.
async fn insert(
    conn: &mut AnyConnection,
    sale: &sales::NewSale<'_>,
    payment: &Payment,
) -> Result<Account, OpError> {
    match payment {
        Payment::Cash => {
            let shift_id = sales::insert_cash(conn, sale).await?.ok_or(OpError::NoShift)?;
            Ok(Account::Drawer(shift_id))
        }
        Payment::Channel { channel, reference } => {
            if !payments::claim(conn, channel, reference, sale.id).await? {
                return Err(OpError::Exists("reference"));
            }
            sales::insert_over_channel(conn, sale, channel, reference).await?;
            Ok(Account::Channel(channel.clone()))
        }
    }
}

fn check_range(request: &SellRequest) -> Result<(), OpError> {
    if request.amount_minor < 1 {
        return Err(OpError::OutOfRange { field: "amount", min: 1, max: i64::MAX });
    }
    if !(1..=MAX_SALE_WH).contains(&request.energy_wh) {
        return Err(OpError::OutOfRange { field: "energy", min: 1, max: MAX_SALE_WH });
    }
    Ok(())
}

async fn credit(
    conn: &mut AnyConnection,
    request: &SellRequest,
    now_ms: i64,
) -> Result<(households::Credited, Vec<Piece>), OpError> {
    // A total below zero is not for the database to refuse: nothing of a forged form gets that far.
    check_range(request)?;
    let credited =
        households::credit(conn, &request.room_id, &request.tenancy_id, request.energy_wh, now_ms).await;
    match credited {
        Ok(Some(credited)) => {
            let (Some(code), Some(digits)) = (credited.currency.clone(), credited.currency_digits) else {
                return Err(OpError::NotFound("site"));
            };
            let currency = site::currency(code, digits)?;
            let cut = terms::confirmed(conn, credited.terms.as_deref(), request, &currency, now_ms).await?;
            let cut = cut.ok_or(OpError::PriceChanged)?;
            check_hoarding(credited.remaining_wh, credited.credit_settings.as_deref())?;
            Ok((credited, cut.pieces))
        }
        // The meter keeps totals in 32 bits; the schema refuses what would not fit.
        Err(DbError::Constraint(_)) => {
            Err(OpError::OutOfRange { field: "energy", min: 1, max: i64::from(u32::MAX) })
        }
        Err(error) => Err(error.into()),
        Ok(None) => Err(why_not_credited(conn, request).await?),
    }
}

/// The meter would refuse what lifts its credit above the hoarding limit, and the sale would never arrive.
pub(crate) fn check_hoarding(remaining_wh: i64, settings: Option<&str>) -> Result<(), OpError> {
    let Some(content) = settings else { return Ok(()) };
    let HouseholdBlock::Credit(credit) = household_block(0, content)? else { return Ok(()) };
    if credit.may_hold(remaining_wh) {
        Ok(())
    } else {
        Err(OpError::Hoarding { limit_wh: credit.hoarding_wh.into() })
    }
}

async fn why_not_credited(conn: &mut AnyConnection, request: &SellRequest) -> Result<OpError, OpError> {
    if rooms::room(conn, &request.room_id).await?.is_none() {
        return Ok(OpError::NotFound("room"));
    }
    Ok(match residents::open_tenancy(conn, &request.room_id).await? {
        None => OpError::NoTenancy,
        Some(tenancy) if tenancy.id != request.tenancy_id => OpError::TenancyChanged,
        Some(_) => OpError::NoMeter,
    })
}
