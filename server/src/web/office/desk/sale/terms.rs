//! What a buyer names, as typed and as understood.

use domain::money::{Currency, ParseError, parse_amount, parse_kwh};
use words::Lang;

use crate::ops::desk::sell::SaleInput;
use crate::ops::kit::OpError;
use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;

/// What the buyer names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Money.
    Amount,
    /// Energy.
    Energy,
}

impl By {
    /// As forms send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Energy => "energy",
        }
    }

    /// Anything unknown is an amount, the usual way.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "energy" { Self::Energy } else { Self::Amount }
    }

    /// A typed value.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn input(self, value: &str, currency: &Currency) -> Result<SaleInput, ParseError> {
        match self {
            Self::Amount => parse_amount(value, currency).map(SaleInput::Amount),
            Self::Energy => parse_kwh(value).map(SaleInput::Energy),
        }
    }
}

/// What is wrong with a typed number, in words.
#[must_use]
pub fn number_words(t: Lang, error: ParseError) -> String {
    match error {
        ParseError::NotANumber => t.field_not_a_number().to_owned(),
        ParseError::NotPositive => t.field_not_positive().to_owned(),
        ParseError::Negative => t.field_negative().to_owned(),
        ParseError::TooFine(digits) => t.field_too_fine(digits),
        ParseError::TooLarge => t.field_too_large().to_owned(),
    }
}

/// Why a sale can't be made, at the field `value` or for the whole room.
///
/// # Errors
/// Whatever isn't for the cashier to mend.
pub fn sale_faults(t: Lang, f: &Format, error: OpError) -> Result<Faults, WebError> {
    Ok(match error {
        OpError::OutOfRange { field: "amount", min, max } => {
            Faults::one("value", t.sale_amount_range(f.money(&min), f.money(&max)))
        }
        OpError::OutOfRange { field: "energy", max, .. } if max == i64::from(u32::MAX) => {
            Faults::one("value", t.sale_meter_full())
        }
        OpError::OutOfRange { field: "energy", min, max } => {
            Faults::one("value", t.sale_energy_range(f.kwh_exact(&min), f.kwh_exact(&max)))
        }
        OpError::Hoarding { limit_wh } => Faults::one("value", t.sale_hoarding(f.kwh_exact(&limit_wh))),
        OpError::NoTenancy => Faults::one("room", t.sale_no_tenancy()),
        OpError::NoMeter => Faults::one("room", t.sale_no_meter()),
        OpError::NoPrice | OpError::NotFound("site") => Faults::one("room", t.sale_no_price()),
        other => return Err(other.into()),
    })
}
