//! A refund statement: from the first purchase to the signatures.

use super::{section, sum, whose};
use crate::content::{Payee, Purchase, RefundStatement};
use crate::figures::{Figures, stamp};
use crate::parts::Reading;
use crate::sheet::{Block, Column, Fact, Signatures, Table, Total};
use words::Lang;

pub(super) fn blocks(statement: &RefundStatement, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut blocks = vec![Block::Facts(facts(statement, f))];
    blocks.extend(section(f, t.paper_purchases(), purchases(statement, f)));
    blocks.extend(section(f, t.paper_grants(), grants(statement, f)));
    blocks.extend(section(f, t.paper_consumption(), consumption(statement, f)));
    if statement.lapsed_wh != 0 {
        blocks.push(Block::Note(t.paper_lapsed(f.kwh(statement.lapsed_wh))));
    }
    if !statement.adjustments.is_empty() {
        blocks.extend(section(f, t.paper_adjustments(), adjustments(statement, f)));
    }
    blocks.extend(section(f, t.paper_lots(), lots(statement, f)));
    blocks.push(Block::Totals(totals(statement, f)));
    blocks.push(sum(f, t.paper_refund_total(), statement.total_minor, &both(t)));
    if !statement.payees.is_empty() {
        blocks.extend(section(f, t.paper_payees(), payees(&statement.payees, f)));
        blocks.extend(sharing(statement, t));
    }
    blocks.push(Block::Note(t.paper_rounding_rule().to_owned()));
    let names = [t.paper_resident_signature(), t.paper_clerk_signature(), t.paper_approver_signature()];
    blocks.push(Block::Signatures(Signatures {
        seal: Some(t.paper_seal().to_owned()),
        ..Signatures::of(&names)
    }));
    blocks
}

/// The document's own language first.
fn both(own: Lang) -> [Lang; 2] {
    [own, own.others().next().unwrap_or(own)]
}

fn facts(statement: &RefundStatement, f: Figures<'_>) -> Vec<Fact> {
    let t = f.language;
    let mut facts = whose(f, &statement.place, &statement.residents);
    let opening = statement.opening.as_ref();
    facts.extend([
        Fact::new(t.paper_meter(), f.outlet(statement.outlet)),
        Fact::new(t.paper_settled_by(), statement.settled_by.clone()),
        Fact::new(t.paper_moved_in(), f.when(statement.from)),
        Fact::new(t.paper_moved_out(), f.when(statement.to)),
        Fact::new(
            t.paper_opening_reading(),
            opening.map_or_else(|| t.paper_reading_unknown().to_owned(), |reading| self::reading(reading, f)),
        ),
        Fact::new(t.paper_closing_reading(), reading(&statement.closing, f)),
    ]);
    facts
}

fn reading(reading: &Reading, f: Figures<'_>) -> String {
    let figure = f.kwh(reading.total_wh);
    if reading.entered { f.language.paper_reading_entered(figure) } else { figure }
}

fn purchases(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    let row = |purchase: &Purchase| {
        vec![
            stamp(purchase.at),
            if purchase.carried {
                t.paper_carried_from(&purchase.reference)
            } else {
                purchase.reference.clone()
            },
            f.payment(&purchase.payment),
            f.energy(purchase.energy_wh),
            purchase.price_per_kwh.clone(),
            f.amount(purchase.amount_minor),
        ]
    };
    let energy_wh = statement.purchases.iter().map(|purchase| purchase.energy_wh).sum();
    let amount_minor = statement.purchases.iter().map(|purchase| purchase.amount_minor).sum();
    Table {
        columns: vec![
            Column::mark(t.paper_date()),
            Column::text(t.paper_reference()),
            Column::text(t.paper_payment()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_price_in(currency)),
            Column::figures(t.paper_amount_in(currency)),
        ],
        rows: statement.purchases.iter().map(row).collect(),
        sums: Some(vec![
            t.paper_total().to_owned(),
            String::new(),
            String::new(),
            f.energy(energy_wh),
            String::new(),
            f.amount(amount_minor),
        ]),
    }
}

fn grants(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let t = f.language;
    let energy_wh = statement.grants.iter().map(|grant| grant.energy_wh).sum();
    Table {
        columns: vec![
            Column::mark(t.paper_date()),
            Column::text(t.paper_grant_for()),
            Column::figures(t.paper_energy_kwh()),
        ],
        rows: statement
            .grants
            .iter()
            .map(|grant| vec![stamp(grant.at), grant.period.clone(), f.energy(grant.energy_wh)])
            .collect(),
        sums: Some(vec![t.paper_total().to_owned(), String::new(), f.energy(energy_wh)]),
    }
}

fn consumption(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let (t, months) = (f.language, &statement.consumption);
    let row = |name: String, subsidy_wh: i64, paid_wh: i64, paid_minor: i64| {
        vec![
            name,
            f.energy(subsidy_wh),
            f.energy(paid_wh),
            f.energy(subsidy_wh + paid_wh),
            f.amount(paid_minor),
        ]
    };
    Table {
        columns: vec![
            Column::text(t.paper_month()),
            Column::figures(t.paper_of_subsidy_kwh()),
            Column::figures(t.paper_of_paid_kwh()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_paid_value(&f.letterhead.currency)),
        ],
        rows: months
            .iter()
            .map(|month| row(month.month.clone(), month.subsidy_wh, month.paid_wh, month.paid_minor))
            .collect(),
        sums: Some(row(
            t.paper_total().to_owned(),
            months.iter().map(|month| month.subsidy_wh).sum(),
            months.iter().map(|month| month.paid_wh).sum(),
            months.iter().map(|month| month.paid_minor).sum(),
        )),
    }
}

fn adjustments(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let t = f.language;
    Table {
        columns: vec![
            Column::mark(t.paper_date()),
            Column::text(t.paper_text()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_amount_in(&f.letterhead.currency)),
        ],
        rows: statement
            .adjustments
            .iter()
            .map(|line| {
                vec![
                    stamp(line.at),
                    line.reason.clone(),
                    f.energy(line.energy_wh),
                    f.amount(line.amount_minor),
                ]
            })
            .collect(),
        sums: None,
    }
}

fn lots(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let (t, currency, lots) = (f.language, &f.letterhead.currency, &statement.refunded);
    Table {
        columns: vec![
            Column::mark(t.paper_bought()),
            Column::text(t.paper_reference()),
            Column::figures(t.paper_left_kwh()),
            Column::figures(t.paper_price_in(currency)),
            Column::figures(t.paper_amount_in(currency)),
        ],
        rows: lots
            .iter()
            .map(|lot| {
                vec![
                    stamp(lot.bought),
                    lot.reference.clone(),
                    f.energy(lot.energy_wh),
                    lot.price_per_kwh.clone(),
                    f.amount(lot.amount_minor),
                ]
            })
            .collect(),
        sums: Some(vec![
            t.paper_total().to_owned(),
            String::new(),
            f.energy(lots.iter().map(|lot| lot.energy_wh).sum()),
            String::new(),
            f.amount(lots.iter().map(|lot| lot.amount_minor).sum()),
        ]),
    }
}

/// From what is left of the lots to what is paid out.
fn totals(statement: &RefundStatement, f: Figures<'_>) -> Vec<Total> {
    let t = f.language;
    let lots = statement.refunded.iter().map(|lot| lot.amount_minor).sum();
    let mut totals = vec![Total::part(t.paper_lots_sum(), f.money(lots))];
    for debt in &statement.set_offs {
        totals.push(Total::part(t.paper_set_off(&debt.text), f.money(-debt.amount_minor)));
    }
    if statement.owed_minor != 0 {
        totals.push(Total::part(t.paper_still_owed(), f.money(statement.owed_minor)));
    }
    totals.push(Total::part(t.paper_rounding(), f.money(statement.rounding_minor)));
    totals
}

fn payees(payees: &[Payee], f: Figures<'_>) -> Table {
    let t = f.language;
    let how = |payee: &Payee| payee.payment.as_ref().map_or_else(String::new, |payment| f.payment(payment));
    Table {
        columns: vec![
            Column::text(t.paper_payee()),
            Column::text(t.paper_how_paid()),
            Column::text(t.paper_sign_here()),
            Column::figures(t.paper_share(&f.letterhead.currency)),
        ],
        rows: payees
            .iter()
            .map(|payee| {
                vec![f.person(&payee.person), how(payee), String::new(), f.amount(payee.amount_minor)]
            })
            .collect(),
        sums: None,
    }
}

fn sharing(statement: &RefundStatement, t: Lang) -> Option<Block> {
    let rule = match statement.sharing.as_str() {
        "equally" => t.paper_shared_equally(),
        "by-payments" => t.paper_shared_by_payments(),
        "one-payee" => t.paper_shared_to_one(),
        _ => return None,
    };
    Some(Block::Note(rule.to_owned()))
}
