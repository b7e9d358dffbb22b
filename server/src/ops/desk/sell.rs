//! A sale of electricity: quoted, confirmed, and written once, whatever happens to the browser.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{ResidentId, RoomId, TenancyId};
use domain::money::{Currency, Price};
use domain::rights::Action;
use domain::settings::household_block;
use domain::tariff::Piece;
use domain::text::{self, TextProblem};
use futures_util::FutureExt;
use meter_core::settings::HouseholdBlock;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::ops::plans::terms::{self, Confirmed, Cut, NoCut};
pub use crate::ops::plans::terms::{MAX_SALE_WH, SaleInput};
use crate::store::books::transfers;
use crate::store::books::transfers::Account;
use crate::store::desk::{payments, sales};
use crate::store::meters::households;
use crate::store::people::residents;
use crate::store::places::{rooms, site};
use crate::store::plans::price_plans;

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

/// Why nothing is sold to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSale {
    /// There is no such room.
    #[error("no such room")]
    NoRoom,
    /// Nobody lives there.
    #[error("the room is vacant")]
    Vacant,
    /// No meter serves the residents.
    #[error("no meter serves the room")]
    NoMeter,
    /// No price has been set that can be sold by.
    #[error("no price has been set")]
    NoPrice,
    /// The meter would refuse so much.
    #[error("the room may hold at most {limit_wh} Wh")]
    Hoarding {
        /// The most that it may hold, in Wh.
        limit_wh: i64,
    },
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
    /// The meter keeps totals in 32 bits, and this one's are used up.
    #[error("the meter can't be credited any more")]
    MeterFull,
    /// The price is another now than when the form was shown.
    #[error("the price has changed")]
    PriceChanged,
    /// Others live there now than when the form was shown.
    #[error("the room's residents have changed")]
    TenancyChanged,
    /// Cash is taken over a shift's drawer, and whoever sells has none open.
    #[error("no shift is open")]
    NoShift,
    /// Something is wrong with the reference of a payment.
    #[error("the reference {0}")]
    Reference(TextProblem),
    /// The payment was taken for another sale.
    #[error("the payment was used for another sale")]
    ReferenceUsed,
    /// Whoever shall have paid does not live there.
    #[error("whoever pays does not live there")]
    NotTheirs,
}

refusals!(NoSale);

impl From<NoCut> for Refused<NoSale> {
    fn from(why: NoCut) -> Self {
        Self::Because(match why {
            NoCut::Amount { max_minor } => NoSale::Amount { max_minor },
            NoCut::Energy { max_wh } => NoSale::Energy { max_wh },
            NoCut::NotAhead => NoSale::NoPrice,
        })
    }
}

/// What a sale to this room would be now.
///
/// # Errors
/// [`NoSale`]; the database's.
pub async fn quote(
    db: &Db,
    clock: &dyn Clock,
    room_id: &RoomId,
    input: SaleInput,
) -> Result<Quote, Refused<NoSale>> {
    let mut conn = db.read().await?;
    let room = rooms::room(&mut conn, room_id).await?.ok_or(NoSale::NoRoom)?;
    let tenancy = residents::open_tenancy(&mut conn, room_id).await?.ok_or(NoSale::Vacant)?;
    let outlet = households::of_room(&mut conn, room_id).await?.ok_or(NoSale::NoMeter)?;
    if outlet.tenancy_id.as_ref() != Some(&tenancy.id) {
        return Err(NoSale::NoMeter.into());
    }
    let residents = residents::residents_of(&mut conn, &tenancy.id).await?;
    let currency = site::get(&mut conn).await?.ok_or(NoSale::NoPrice)?.currency();
    let now_ms = clock.now_ms();
    let tariff = price_plans::of_room(&mut conn, room_id, now_ms).await?.ok_or(NoSale::NoPrice)?;
    let bought_wh = terms::bought_wh(&mut conn, &tariff, &tenancy.id, now_ms).await?;
    let Cut { amount_minor, energy_wh, price, pieces } = terms::cut(input, &tariff, bought_wh, &currency)?;
    let (remaining_wh, settings) = households::credit_held(&mut conn, &outlet.id).await?;
    check_hoarding(remaining_wh + energy_wh, settings.as_deref())?;
    Ok(Quote { room, tenancy_id: tenancy.id, residents, amount_minor, energy_wh, price, pieces, currency })
}

/// A confirmed sale: its money and its energy in the books, and the household's credited total raised.
impl Verb for SellRequest {
    const NAME: &'static str = "sell";
    type Refusal = NoSale;

    fn right(&self) -> Action {
        Action::Sell
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoSale> {
        if let Payment::Channel { reference, .. } = &mut self.payment {
            *reference = text::required_identity(reference, MAX_REFERENCE).map_err(NoSale::Reference)?;
        }
        // A total below zero is not for the database to refuse: nothing of a forged form gets that far.
        if self.amount_minor < 1 {
            return Err(NoSale::Amount { max_minor: i64::MAX });
        }
        if !(1..=MAX_SALE_WH).contains(&self.energy_wh) {
            return Err(NoSale::Energy { max_wh: MAX_SALE_WH });
        }
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSale> {
        record(operation, self, conn).boxed()
    }
}

async fn record(
    operation: &Operation,
    request: &SellRequest,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoSale>> {
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
        cashier_id: &operation.by.id(),
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
async fn check_payer(conn: &mut AnyConnection, request: &SellRequest) -> Result<(), Refused<NoSale>> {
    let Some(payer) = &request.payer_id else { return Ok(()) };
    let residents = residents::residents_of(conn, &request.tenancy_id).await?;
    if residents.iter().any(|one| one.id == *payer) { Ok(()) } else { Err(NoSale::NotTheirs.into()) }
}

/// Writes the sale itself; the account that its money goes into.
async fn insert(
    conn: &mut AnyConnection,
    sale: &sales::NewSale<'_>,
    payment: &Payment,
) -> Result<Account, Refused<NoSale>> {
    match payment {
        Payment::Cash => {
            let shift_id = sales::insert_cash(conn, sale).await?.ok_or(NoSale::NoShift)?;
            Ok(Account::Drawer(shift_id))
        }
        Payment::Channel { channel, reference } => {
            if !payments::claim(conn, channel, reference, sale.id).await? {
                return Err(NoSale::ReferenceUsed.into());
            }
            sales::insert_over_channel(conn, sale, channel, reference).await?;
            Ok(Account::Channel(channel.clone()))
        }
    }
}

async fn credit(
    conn: &mut AnyConnection,
    request: &SellRequest,
    now_ms: i64,
) -> Result<(households::Credited, Vec<Piece>), Refused<NoSale>> {
    let credited =
        households::credit(conn, &request.room_id, &request.tenancy_id, request.energy_wh, now_ms).await;
    match credited {
        Ok(Some(credited)) => {
            let (Some(code), Some(digits)) = (credited.currency.clone(), credited.currency_digits) else {
                return Err(NoSale::NoPrice.into());
            };
            let currency = site::currency(code, digits)?;
            let terms = credited.terms.as_deref().ok_or(NoSale::NoPrice)?;
            let confirmed = Confirmed {
                tenancy_id: &request.tenancy_id,
                amount_minor: request.amount_minor,
                energy_wh: request.energy_wh,
                price_per_kwh: &request.price_per_kwh,
            };
            let cut = terms::confirmed(conn, terms, confirmed, &currency, now_ms).await?;
            let cut = cut.ok_or(NoSale::PriceChanged)?;
            check_hoarding(credited.remaining_wh, credited.credit_settings.as_deref())?;
            Ok((credited, cut.pieces))
        }
        // The meter keeps totals in 32 bits; the schema refuses what would not fit.
        Err(DbError::Constraint(_)) => Err(NoSale::MeterFull.into()),
        Err(error) => Err(error.into()),
        Ok(None) => Err(why_not_credited(conn, request).await?.into()),
    }
}

/// The meter would refuse what lifts its credit above the hoarding limit, and the sale would never arrive.
fn check_hoarding(remaining_wh: i64, settings: Option<&str>) -> Result<(), Refused<NoSale>> {
    match hoarding_limit_wh(remaining_wh, settings)? {
        None => Ok(()),
        Some(limit_wh) => Err(NoSale::Hoarding { limit_wh }.into()),
    }
}

/// The hoarding limit that so much credit would exceed, in Wh.
///
/// # Errors
/// Settings that no version of this program writes.
pub(crate) fn hoarding_limit_wh(remaining_wh: i64, settings: Option<&str>) -> Result<Option<i64>, DbError> {
    let Some(content) = settings else { return Ok(None) };
    let HouseholdBlock::Credit(credit) = household_block(0, content)? else { return Ok(None) };
    Ok((!credit.may_hold(remaining_wh)).then(|| credit.hoarding_wh.into()))
}

async fn why_not_credited(conn: &mut AnyConnection, request: &SellRequest) -> Result<NoSale, DbError> {
    if rooms::room(conn, &request.room_id).await?.is_none() {
        return Ok(NoSale::NoRoom);
    }
    Ok(match residents::open_tenancy(conn, &request.room_id).await? {
        None => NoSale::Vacant,
        Some(tenancy) if tenancy.id != request.tenancy_id => NoSale::TenancyChanged,
        Some(_) => NoSale::NoMeter,
    })
}
