//! The contents of documents, one kind a file. Their JSON is canonical: the fields in the order they are declared.

mod account;
mod receipt;
mod refund;
mod sales;
mod shift;
mod subsidy;

pub use account::{AccountLine, AccountStatement};
pub use receipt::{PriceStep, Receipt};
pub use refund::{
    Adjustment, GrantLine, MonthUse, Payee, Purchase, RefundStatement, RefundedLot, SetOff, Unequal,
};
pub use sales::{SalesGroup, SalesGrouping, SalesReport, SalesRow, Span};
pub use shift::{ShiftEntry, ShiftEvent, ShiftReport, ShiftSum};
pub use subsidy::{SubsidyReport, SubsidyRow};

use super::Kind;

/// The content of a document that was, or is about to be, issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// [`Kind::Receipt`].
    Receipt(Receipt),
    /// [`Kind::RefundStatement`].
    RefundStatement(RefundStatement),
    /// [`Kind::AccountStatement`].
    AccountStatement(AccountStatement),
    /// [`Kind::SubsidyReport`].
    SubsidyReport(SubsidyReport),
    /// [`Kind::ShiftReport`].
    ShiftReport(ShiftReport),
    /// [`Kind::SalesReport`].
    SalesReport(SalesReport),
}

impl Document {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Receipt(_) => Kind::Receipt,
            Self::RefundStatement(_) => Kind::RefundStatement,
            Self::AccountStatement(_) => Kind::AccountStatement,
            Self::SubsidyReport(_) => Kind::SubsidyReport,
            Self::ShiftReport(_) => Kind::ShiftReport,
            Self::SalesReport(_) => Kind::SalesReport,
        }
    }

    /// Its canonical JSON.
    ///
    /// # Errors
    /// Never for these contents: they hold integers and text only.
    pub fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Receipt(content) => serde_json::to_string(content),
            Self::RefundStatement(content) => serde_json::to_string(content),
            Self::AccountStatement(content) => serde_json::to_string(content),
            Self::SubsidyReport(content) => serde_json::to_string(content),
            Self::ShiftReport(content) => serde_json::to_string(content),
            Self::SalesReport(content) => serde_json::to_string(content),
        }
    }

    /// Reads [`Document::to_json`] back.
    ///
    /// # Errors
    /// When the text is no content of that kind.
    pub fn from_json(kind: Kind, text: &str) -> serde_json::Result<Self> {
        Ok(match kind {
            Kind::Receipt => Self::Receipt(serde_json::from_str(text)?),
            Kind::RefundStatement => Self::RefundStatement(serde_json::from_str(text)?),
            Kind::AccountStatement => Self::AccountStatement(serde_json::from_str(text)?),
            Kind::SubsidyReport => Self::SubsidyReport(serde_json::from_str(text)?),
            Kind::ShiftReport => Self::ShiftReport(serde_json::from_str(text)?),
            Kind::SalesReport => Self::SalesReport(serde_json::from_str(text)?),
        })
    }
}
