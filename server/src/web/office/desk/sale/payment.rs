//! How a sale is paid: the part of the confirmation that asks, and what was answered.

use domain::ids::ResidentId;
use serde::Deserialize;
use words::Lang;

use crate::ops::desk::sell::{MAX_REFERENCE, Payment};
use crate::ops::kit::Key;
use crate::reads::desk::shifts;
use crate::reads::people::residents::Resident;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::shift::float_field;

/// What the office takes besides cash: channels with books of their own, compared by the reference.
const CHANNELS: [&str; 2] = ["bank-transfer", "telephone-bank"];

/// How it is paid, as the form sends it. Nothing is cash, as ever.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Paid {
    channel: String,
    reference: String,
    payer: String,
}

impl Paid {
    /// Which resident pays; `None` when nobody was named.
    #[must_use]
    pub fn payer(&self) -> Option<ResidentId> {
        Some(self.payer.trim()).filter(|id| !id.is_empty()).map(|id| ResidentId(id.to_owned()))
    }

    /// Who pays, for a refund that is shared by what each paid; nothing to ask where one lives alone.
    pub(super) fn payer_field(&self, t: Lang, residents: &[Resident], faults: &Faults) -> Option<Field> {
        if residents.len() < 2 {
            return None;
        }
        let choices = std::iter::once(Choice::new("", t.pay_by_nobody()));
        let choices = choices.chain(residents.iter().map(|one| Choice::new(one.id.as_str(), &one.name)));
        let field = Field::select("payer", t.pay_payer(), choices.collect()).value(&self.payer);
        Some(field.optional().error(faults))
    }

    /// As the operation takes it.
    ///
    /// # Errors
    /// [`WebError::BadRequest`] for a channel that the page doesn't offer.
    pub fn payment(&self) -> Result<Payment, WebError> {
        match self.channel.as_str() {
            "" | "cash" => Ok(Payment::Cash),
            channel if CHANNELS.contains(&channel) => {
                Ok(Payment::Channel { channel: channel.to_owned(), reference: self.reference.clone() })
            }
            _ => Err(WebError::BadRequest),
        }
    }
}

/// Every way to pay at the office.
pub fn channels() -> impl Iterator<Item = &'static str> {
    std::iter::once("cash").chain(CHANNELS)
}

/// A way to pay, in words.
#[must_use]
pub fn channel_name(t: Lang, channel: &str) -> String {
    match channel {
        "cash" => t.pay_cash().to_owned(),
        "bank-transfer" => t.pay_bank_transfer().to_owned(),
        "telephone-bank" => t.pay_telephone_bank().to_owned(),
        other => other.to_owned(),
    }
}

/// What the confirmation asks.
pub(super) struct PaymentPart {
    /// Ways to pay.
    pub choices: Vec<Choice>,
    /// Which of them is marked.
    pub chosen: String,
    /// The reference of a payment over a channel.
    pub reference: Field,
    /// What opens a shift, for who has none: cash is taken over its drawer.
    pub opening: Option<Opening>,
}

/// A form that opens a shift and comes back to the sale.
pub(super) struct Opening {
    /// Its idempotency key.
    pub key: String,
    /// Change in the drawer.
    pub float: Field,
    /// Where it comes back to.
    pub back: String,
}

impl PaymentPart {
    pub(super) async fn new(
        app: &AppState,
        visitor: &Visitor,
        paid: &Paid,
        back: &str,
        faults: &Faults,
    ) -> Result<Self, WebError> {
        let t = visitor.lang;
        let user = &visitor.actor()?.id();
        let mut conn = app.db.read().await?;
        let has_shift = shifts::open_of(&mut conn, user).await?.is_some();
        let last_float = if has_shift { None } else { shifts::last_float_minor(&mut conn, user).await? };
        drop(conn);
        let chosen = if paid.channel.is_empty() { "cash" } else { &paid.channel };
        let reference = Field::text("reference", t.pay_reference()).hint(t.pay_reference_hint()).optional();
        Ok(Self {
            choices: choices(t, has_shift),
            chosen: chosen.to_owned(),
            reference: reference.value(&paid.reference).longest(MAX_REFERENCE).error(faults),
            opening: (!has_shift).then(|| Opening {
                key: Key::new(app.clock.as_ref()).as_str().to_owned(),
                float: float_field(visitor, last_float, None, &Faults::default()),
                back: back.to_owned(),
            }),
        })
    }
}

fn choices(t: Lang, has_shift: bool) -> Vec<Choice> {
    let mut cash = Choice::new("cash", t.pay_cash());
    if !has_shift {
        t.pay_cash_needs_shift().clone_into(&mut cash.hint);
    }
    let channels = CHANNELS.map(|channel| Choice::new(channel, channel_name(t, channel)));
    std::iter::once(cash).chain(channels).collect()
}
