//! `/departures/{id}/payouts`: pays a resident's share out.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use words::Lang;

use super::{Typed, departure_page, typed};
use crate::db::Connection;
use crate::ops::moves::move_out::{AccountPart, BANK, NotPaid, PayRequest, Way};
use crate::reads::moves::settlements::{self, Payout, Settlement, Share};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Ways besides cash and bank: the channels that the desk knows.
const CHANNELS: [&str; 2] = ["bank-transfer", "telephone-bank"];

/// A share with how it was paid, or the form that pays it.
pub(super) struct ShareLine {
    pub(super) share: Share,
    pub(super) paid: Option<(String, Payout)>,
    pub(super) form: Option<PayForm>,
}

/// The form that pays a share.
pub(super) struct PayForm {
    pub(super) way: Field,
    /// Reference, account name, account number, bank.
    pub(super) details: Vec<Field>,
    pub(super) trouble: Option<String>,
    /// Whether the details are to be seen at once.
    pub(super) open: bool,
}

pub(super) async fn lines(
    conn: &mut Connection,
    t: Lang,
    settlement: &Settlement,
    may_pay: bool,
    form: &Typed,
    faults: &Faults,
) -> Result<Vec<ShareLine>, WebError> {
    let paid = settlements::payouts_of(conn, &settlement.id).await?;
    let shares = settlements::shares_of(conn, &settlement.id).await?;
    let line = |share: Share| {
        let paid = paid.iter().find(|payout| payout.position == share.position).cloned();
        let nothing = (Typed::new(), Faults::default());
        let here = typed(form, "position") == share.position.to_string();
        let (form, faults) = if here { (form, faults) } else { (&nothing.0, &nothing.1) };
        ShareLine {
            form: (may_pay && paid.is_none()).then(|| pay_form(t, &share, form, faults)),
            paid: paid.map(|payout| (way_words(t, &payout.way), payout)),
            share,
        }
    };
    Ok(shares.into_iter().map(line).collect())
}

fn pay_form(t: Lang, share: &Share, form: &Typed, faults: &Faults) -> PayForm {
    let name = |field: &str| format!("{field}-{}", share.position);
    let mut ways = vec![Choice::new("cash", t.way_cash())];
    ways.extend(CHANNELS.iter().map(|channel| Choice::new(*channel, way_words(t, channel))));
    ways.push(Choice::new(BANK, t.way_bank()));
    let way = Field::select(name("way"), t.way(), ways).value(typed(form, &name("way")));
    let details = [
        ("reference", t.way_reference(), 60),
        ("account_name", t.way_account_name(), 80),
        ("account_number", t.way_account_number(), 40),
        ("bank", t.way_bank_name(), 80),
    ];
    let field = |(field, label, longest): (&str, &str, usize)| {
        let value = typed(form, &name(field)).to_owned();
        let mut shown = Faults::default();
        if let Some(fault) = faults.of(field) {
            shown.add(&name(field), fault);
        }
        Field::text(name(field), label).value(value).longest(longest).optional().error(&shown)
    };
    PayForm {
        way,
        details: details.into_iter().map(field).collect(),
        trouble: faults.of("pay").map(str::to_owned),
        open: !matches!(typed(form, &name("way")), "" | "cash"),
    }
}

/// A way of paying in words.
#[must_use]
pub fn way_words(t: Lang, way: &str) -> String {
    match way {
        "cash" => t.way_cash().to_owned(),
        BANK => t.way_bank().to_owned(),
        "bank-transfer" => t.way_transfer().to_owned(),
        "telephone-bank" => t.way_telephone().to_owned(),
        other => other.to_owned(),
    }
}

fn way(form: &Typed, position: &str) -> Option<Way> {
    let of = |field: &str| typed(form, &format!("{field}-{position}")).to_owned();
    match of("way").as_str() {
        "cash" => Some(Way::Cash),
        BANK => Some(Way::Bank {
            account_name: of("account_name"),
            account_number: of("account_number"),
            bank: of("bank"),
        }),
        other if CHANNELS.contains(&other) => {
            Some(Way::Channel { name: other.to_owned(), reference: of("reference") })
        }
        _ => None,
    }
}

/// `POST /departures/{id}/payouts`.
///
/// # Errors
/// [`WebError::NotFound`] without such a share.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let position = typed(&form, "position");
    let request = PayRequest {
        key: typed(&form, "key").parse()?,
        departure_id: id.clone(),
        position: position.parse().map_err(|_| WebError::BadRequest)?,
        way: way(&form, position).ok_or(WebError::BadRequest)?,
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/departures/{id}"))),
        Err(refused) => {
            let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
            let faults = faults_of(visitor.lang, &f, because(refused)?)?;
            show_refused(&departure_page(&app, &visitor, &id, &form, &faults).await?)
        }
    }
}

fn faults_of(t: Lang, f: &Format, why: NotPaid) -> Result<Faults, WebError> {
    Ok(match why {
        NotPaid::NoShare => return Err(WebError::NotFound),
        NotPaid::PaidOut => Faults::one("page", t.refund_paid_already()),
        NotPaid::NotApproved => Faults::one("page", t.refund_not_approved()),
        NotPaid::NoShift => Faults::one("pay", t.refund_no_shift()),
        NotPaid::DrawerShort { held_minor } => {
            Faults::one("pay", t.refund_drawer_short(f.money(&held_minor)))
        }
        NotPaid::Channel(problem) => Faults::text(t, "way", problem),
        NotPaid::Reference(problem) => Faults::text(t, "reference", problem),
        NotPaid::Account(AccountPart::Holder, problem) => Faults::text(t, "account_name", problem),
        NotPaid::Account(AccountPart::Number, problem) => Faults::text(t, "account_number", problem),
        NotPaid::Account(AccountPart::Bank, problem) => Faults::text(t, "bank", problem),
    })
}
