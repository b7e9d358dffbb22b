//! What a buyer names, as typed and as understood.

use domain::money::{Currency, ParseError, parse_amount, parse_kwh};
use words::Lang;

use crate::ops::desk::sell::{NoSale, SaleInput};
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

/// Why a sale can't be made: at the field `value` for what was named, at `reference` and `payer` for how it is paid, at
/// `room` for what no form mends.
#[must_use]
pub fn sale_faults(t: Lang, f: &Format, why: NoSale) -> Faults {
    match why {
        NoSale::Amount { max_minor } => {
            Faults::one("value", t.sale_amount_range(f.money(&1), f.money(&max_minor)))
        }
        NoSale::Energy { max_wh } => {
            Faults::one("value", t.sale_energy_range(f.kwh_exact(&1), f.kwh_exact(&max_wh)))
        }
        NoSale::MeterFull => Faults::one("value", t.sale_meter_full()),
        NoSale::Hoarding { limit_wh } => Faults::one("value", t.sale_hoarding(f.kwh_exact(&limit_wh))),
        NoSale::NoRoom | NoSale::Vacant => Faults::one("room", t.sale_no_tenancy()),
        NoSale::NoMeter => Faults::one("room", t.sale_no_meter()),
        NoSale::NoPrice => Faults::one("room", t.sale_no_price()),
        NoSale::PriceChanged => Faults::one("room", t.sale_price_changed()),
        NoSale::TenancyChanged => Faults::one("room", t.sale_residents_changed()),
        NoSale::NoShift => Faults::one("room", t.sale_no_shift()),
        NoSale::Reference(problem) => Faults::text(t, "reference", problem),
        NoSale::ReferenceUsed => Faults::one("reference", t.pay_reference_used()),
        NoSale::NotTheirs => Faults::one("payer", t.pay_payer_gone()),
    }
}
