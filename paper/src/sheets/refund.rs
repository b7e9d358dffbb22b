//! A refund statement: from the first purchase to the signatures.

use super::{section, sum, whose};
use crate::Language;
use crate::content::{Payee, Purchase, RefundStatement};
use crate::figures::{Figures, stamp};
use crate::parts::Reading;
use crate::sheet::{Block, Column, Fact, Signatures, Table, Total};

pub(super) fn blocks(statement: &RefundStatement, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut blocks = vec![Block::Facts(facts(statement, f))];
    blocks.extend(section(f, t.purchases(), purchases(statement, f)));
    blocks.extend(section(f, t.grants(), grants(statement, f)));
    blocks.extend(section(f, t.consumption(), consumption(statement, f)));
    if statement.lapsed_wh != 0 {
        blocks.push(Block::Note(t.lapsed(f.kwh(statement.lapsed_wh))));
    }
    if !statement.adjustments.is_empty() {
        blocks.extend(section(f, t.adjustments(), adjustments(statement, f)));
    }
    blocks.extend(section(f, t.lots(), lots(statement, f)));
    blocks.push(Block::Totals(totals(statement, f)));
    blocks.push(sum(f, t.refund_total(), statement.total_minor, &both(t)));
    if !statement.payees.is_empty() {
        blocks.extend(section(f, t.payees(), payees(&statement.payees, f)));
        blocks.extend(sharing(statement, t));
    }
    blocks.push(Block::Note(t.rounding_rule().to_owned()));
    let names = [t.resident_signature(), t.clerk_signature(), t.approver_signature()];
    blocks.push(Block::Signatures(Signatures { seal: Some(t.seal().to_owned()), ..Signatures::of(&names) }));
    blocks
}

/// The document's own language first.
fn both(own: Language) -> [Language; 2] {
    if own == Language::En { [Language::En, Language::Zh] } else { [Language::Zh, Language::En] }
}

fn facts(statement: &RefundStatement, f: Figures<'_>) -> Vec<Fact> {
    let t = f.language;
    let mut facts = whose(f, &statement.place, &statement.residents);
    let opening = statement.opening.as_ref();
    facts.extend([
        Fact::new(t.meter(), f.outlet(statement.outlet)),
        Fact::new(t.settled_by(), statement.settled_by.clone()),
        Fact::new(t.moved_in(), f.when(statement.from)),
        Fact::new(t.moved_out(), f.when(statement.to)),
        Fact::new(
            t.opening_reading(),
            opening.map_or_else(|| t.reading_unknown().to_owned(), |reading| self::reading(reading, f)),
        ),
        Fact::new(t.closing_reading(), reading(&statement.closing, f)),
    ]);
    facts
}

fn reading(reading: &Reading, f: Figures<'_>) -> String {
    let figure = f.kwh(reading.total_wh);
    if reading.entered { f.language.reading_entered(figure) } else { figure }
}

fn purchases(statement: &RefundStatement, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    let row = |purchase: &Purchase| {
        vec![
            stamp(purchase.at),
            if purchase.carried { t.carried_from(&purchase.reference) } else { purchase.reference.clone() },
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
            Column::mark(t.date()),
            Column::text(t.reference()),
            Column::text(t.payment()),
            Column::figures(t.energy_kwh()),
            Column::figures(t.price_in(currency)),
            Column::figures(t.amount_in(currency)),
        ],
        rows: statement.purchases.iter().map(row).collect(),
        sums: Some(vec![
            t.total().to_owned(),
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
        columns: vec![Column::mark(t.date()), Column::text(t.grant_for()), Column::figures(t.energy_kwh())],
        rows: statement
            .grants
            .iter()
            .map(|grant| vec![stamp(grant.at), grant.period.clone(), f.energy(grant.energy_wh)])
            .collect(),
        sums: Some(vec![t.total().to_owned(), String::new(), f.energy(energy_wh)]),
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
            Column::text(t.month()),
            Column::figures(t.of_subsidy_kwh()),
            Column::figures(t.of_paid_kwh()),
            Column::figures(t.energy_kwh()),
            Column::figures(t.paid_value(&f.letterhead.currency)),
        ],
        rows: months
            .iter()
            .map(|month| row(month.month.clone(), month.subsidy_wh, month.paid_wh, month.paid_minor))
            .collect(),
        sums: Some(row(
            t.total().to_owned(),
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
            Column::mark(t.date()),
            Column::text(t.text()),
            Column::figures(t.energy_kwh()),
            Column::figures(t.amount_in(&f.letterhead.currency)),
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
            Column::mark(t.bought()),
            Column::text(t.reference()),
            Column::figures(t.left_kwh()),
            Column::figures(t.price_in(currency)),
            Column::figures(t.amount_in(currency)),
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
            t.total().to_owned(),
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
    let mut totals = vec![Total::part(t.lots_sum(), f.money(lots))];
    for debt in &statement.set_offs {
        totals.push(Total::part(t.set_off(&debt.text), f.money(-debt.amount_minor)));
    }
    if statement.owed_minor != 0 {
        totals.push(Total::part(t.still_owed(), f.money(statement.owed_minor)));
    }
    totals.push(Total::part(t.rounding(), f.money(statement.rounding_minor)));
    totals
}

fn payees(payees: &[Payee], f: Figures<'_>) -> Table {
    let t = f.language;
    let how = |payee: &Payee| payee.payment.as_ref().map_or_else(String::new, |payment| f.payment(payment));
    Table {
        columns: vec![
            Column::text(t.payee()),
            Column::text(t.how_paid()),
            Column::text(t.sign_here()),
            Column::figures(t.share(&f.letterhead.currency)),
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

fn sharing(statement: &RefundStatement, t: Language) -> Option<Block> {
    let rule = match statement.sharing.as_str() {
        "equally" => t.shared_equally(),
        "by-payments" => t.shared_by_payments(),
        "one-payee" => t.shared_to_one(),
        _ => return None,
    };
    Some(Block::Note(rule.to_owned()))
}
