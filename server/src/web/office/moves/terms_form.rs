//! The form of what refunds are settled by.

use domain::money::{Currency, format_amount, parse_amount};
use serde::Deserialize;
use words::Lang;

use crate::reads::moves::settlements::Terms;
use crate::reads::places::site::Site;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::office::desk::sale::number_words;

/// Amounts as typed; an empty limit is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    pub(super) key: String,
    coin: String,
    approval: String,
}

impl TermsForm {
    /// The fields: as typed where something is wrong, else as they stand.
    pub(super) fn fields(
        &self,
        t: Lang,
        f: &Format,
        stands: Option<Terms>,
        site: Option<&Site>,
        faults: &Faults,
    ) -> [Field; 2] {
        let digits = site.map_or(2, |site| site.currency().digits);
        let amount = |minor: Option<i64>| minor.map(|minor| format_amount(minor, digits)).unwrap_or_default();
        let (mut coin, mut approval) = (
            amount(stands.map(|terms| terms.smallest_coin_minor)),
            amount(stands.and_then(|terms| terms.refund_approval_minor)),
        );
        if !faults.is_empty() {
            (coin, approval) = (self.coin.clone(), self.approval.clone());
        }
        [
            Field::number("coin", t.terms_coin(), f.currency())
                .value(coin)
                .hint(t.terms_coin_hint())
                .error(faults),
            Field::number("approval", t.terms_approval(), f.currency())
                .value(approval)
                .hint(t.terms_approval_hint())
                .optional()
                .error(faults),
        ]
    }

    /// The smallest coin and the limit above which a second person approves, in minor units.
    pub(super) fn request(&self, t: Lang, currency: &Currency) -> Result<(i64, Option<i64>), Faults> {
        let mut faults = Faults::default();
        let coin =
            parse_amount(&self.coin, currency).map_err(|error| faults.add("coin", number_words(t, error)));
        let typed = self.approval.trim();
        let approval = if typed.is_empty() {
            Ok(None)
        } else if typed.chars().all(|c| matches!(c, '0' | '.')) {
            Ok(Some(0))
        } else {
            parse_amount(typed, currency)
                .map(Some)
                .map_err(|error| faults.add("approval", number_words(t, error)))
        };
        match (coin, approval) {
            (Ok(coin), Ok(approval)) => Ok((coin, approval)),
            _ => Err(faults),
        }
    }
}
