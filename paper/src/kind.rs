//! The kinds of documents, each with a sequence of numbers of its own.

use std::str::FromStr;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// What a buyer is given for a sale.
    Receipt,
    /// What is refunded when residents move out.
    RefundStatement,
    /// What happened on a room's account in a period.
    AccountStatement,
    /// Free electricity of a month.
    SubsidyReport,
    /// A cashier's shift, handed over.
    ShiftReport,
    /// Sales of a day or a month.
    SalesReport,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Receipt,
        Self::RefundStatement,
        Self::AccountStatement,
        Self::SubsidyReport,
        Self::ShiftReport,
        Self::SalesReport,
    ];

    /// As stored, and as in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::RefundStatement => "refund-statement",
            Self::AccountStatement => "account-statement",
            Self::SubsidyReport => "subsidy-report",
            Self::ShiftReport => "shift-report",
            Self::SalesReport => "sales-report",
        }
    }

    /// The letters in front of its numbers.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Receipt => "RC",
            Self::RefundStatement => "RF",
            Self::AccountStatement => "AS",
            Self::SubsidyReport => "SB",
            Self::ShiftReport => "SH",
            Self::SalesReport => "SR",
        }
    }

    /// The number as it stands on paper: `RF-000123`.
    #[must_use]
    pub fn numbered(self, number: i64) -> String {
        format!("{}-{number:06}", self.prefix())
    }

    /// Reads [`Kind::numbered`] back, as a person types it: any case, spaces around, leading zeros left out.
    #[must_use]
    pub fn parse_number(text: &str) -> Option<(Self, i64)> {
        let text = text.trim().to_ascii_uppercase();
        let kind = Self::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let digits = text[kind.prefix().len()..].trim_start_matches(['-', ' ', '\u{2013}', '\u{ff0d}']);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = if plain { digits.parse().ok()? } else { return None };
        (number > 0).then_some((kind, number))
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            for number in [1, 999_999, 1_000_000, i64::MAX] {
                assert_eq!(Kind::parse_number(&kind.numbered(number)), Some((kind, number)));
            }
        }
        assert_eq!(Kind::parse_number(" rf 12 "), Some((Kind::RefundStatement, 12)));
        for wrong in ["", "RF", "RF-", "RF-0", "XX-1", "RF-1x", "12", "RF-99999999999999999999", "退-1"] {
            assert_eq!(Kind::parse_number(wrong), None, "{wrong}");
        }
    }
}
