//! The account of a departure before it is settled: what it would come to, and the form that settles it.

use domain::books::settlement::Sharing;
use words::Lang;

use super::typed::{Typed, typed};
use crate::db::Connection;
use crate::ops::moves::move_out::{MAX_DEBT_TEXT, Preview, preview};
use crate::reads::moves::departures::{Departure, LastReading};
use crate::reads::people::residents::Resident;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;

/// Lines for other debts on the form.
pub(super) const DEBT_LINES: usize = 3;

/// What the account would come to.
pub(super) struct Account {
    pub(super) preview: Preview,
    pub(super) last: LastReading,
}

/// How it is to be settled.
pub(super) struct SettlementForm {
    /// Text and amount of other debts.
    pub(super) debts: Vec<(Field, Field)>,
    pub(super) sharings: Vec<Choice>,
    pub(super) sharing: String,
    pub(super) payee: Field,
}

/// What it would come to; `None` while nobody knows how its epoch ended, or when more has been recognised than the reading
/// says.
pub(super) async fn read(conn: &mut Connection, departure: &Departure) -> Result<Option<Account>, WebError> {
    let found = preview(conn, departure).await?;
    Ok(found.zip(departure.last_reading()).map(|(preview, last)| Account { preview, last }))
}

pub(super) fn form(
    t: Lang,
    f: &Format,
    residents: &[Resident],
    form: &Typed,
    faults: &Faults,
) -> SettlementForm {
    let debt = |line: usize| {
        let (text, amount) = (format!("debt{line}"), format!("amount{line}"));
        let text = Field::text(&text, t.debt_text(line)).value(typed(form, &text)).longest(MAX_DEBT_TEXT);
        let number = Field::number(&amount, t.debt_amount(), f.currency()).value(typed(form, &amount));
        (text.optional().error(faults), number.optional().error(faults))
    };
    let choice = |(sharing, label, hint): (Sharing, &str, &str)| Choice {
        value: sharing.as_str().to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let sharings = [
        (Sharing::Equal, t.sharing_equal(), t.sharing_equal_hint()),
        (Sharing::Paid, t.sharing_paid(), t.sharing_paid_hint()),
        (Sharing::One, t.sharing_one(), t.sharing_one_hint()),
    ];
    let payees = std::iter::once(Choice::new("", t.choose()));
    let payees = payees.chain(residents.iter().map(|one| Choice::new(one.id.as_str(), &one.name)));
    let payee = Field::select("payee", t.sharing_payee(), payees.collect()).value(typed(form, "payee"));
    SettlementForm {
        debts: (1..=DEBT_LINES).map(debt).collect(),
        sharings: sharings.map(choice).to_vec(),
        sharing: Sharing::parse(typed(form, "sharing")).unwrap_or_default().as_str().to_owned(),
        payee: payee.optional().error(faults),
    }
}
