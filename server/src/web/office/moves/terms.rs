//! `/moves/terms`: by what refunds are settled.

use axum::extract::State;
use axum::response::Response;
use domain::money::{Currency, format_amount, parse_amount};
use serde::Deserialize;
use words::Lang;

use super::moves_page;
use crate::ops::moves::refund_terms::{NoTerms, SetRefundTerms};
use crate::reads::moves::settlements::Terms;
use crate::reads::places::site::Site;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::number_words;

/// Amounts as typed; an empty limit is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    key: String,
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

    fn request(&self, t: Lang, currency: &Currency) -> Result<(i64, Option<i64>), Faults> {
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

/// `POST /moves/terms`.
///
/// # Errors
/// [`WebError::NotFound`] before the site is set up.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<TermsForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let currency = visitor.site.as_ref().ok_or(WebError::NotFound)?.currency();
    let faults = match form.request(t, &currency) {
        Err(faults) => faults,
        Ok((smallest_coin_minor, approval_above_minor)) => {
            let key = form.key.parse()?;
            let request = SetRefundTerms { key, smallest_coin_minor, approval_above_minor };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go("/moves")),
                Err(refused) => {
                    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
                    let (field, min_minor, max_minor) = match because(refused)? {
                        NoTerms::Coin { max_minor } => ("coin", 1, max_minor),
                        NoTerms::Approval { max_minor } => ("approval", 0, max_minor),
                    };
                    Faults::one(field, t.field_out_of_range(f.money(&min_minor), f.money(&max_minor)))
                }
            }
        }
    };
    show_refused(&moves_page(&app, &visitor, &form, &faults).await?)
}
