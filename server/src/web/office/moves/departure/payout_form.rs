//! The shares of a refund, and the form that pays one out.

use words::Lang;

use super::typed::{Typed, typed};
use crate::db::Connection;
use crate::ops::moves::move_out::{BANK, Way};
use crate::reads::moves::settlements::{self, Payout, Settlement, Share};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults, Field};

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

pub(super) fn way(form: &Typed, position: &str) -> Option<Way> {
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
