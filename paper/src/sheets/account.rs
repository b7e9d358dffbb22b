//! An account statement: brought forward, every line, carried forward.

use domain::books::{AccountEvent, Balances};

use super::{section, whose};
use crate::content::{AccountLine, AccountStatement};
use crate::figures::{Figures, stamp};
use crate::sheet::{Block, Column, Fact, Table};
use words::Lang;

pub(super) fn blocks(statement: &AccountStatement, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut facts = whose(f, &statement.place, &statement.residents);
    facts.push(Fact::new(t.paper_period(), f.days(statement.from, statement.to)));
    facts.extend(statement.outlet.map(|outlet| Fact::new(t.paper_meter(), f.outlet(outlet))));
    let mut blocks = vec![
        Block::Facts(facts),
        Block::Heading(t.paper_opening_balance().to_owned()),
        Block::Facts(balances(statement.opening, f)),
    ];
    blocks.extend(section(f, t.paper_account_lines(), lines(statement, f)));
    blocks.push(Block::Heading(t.paper_closing_balance().to_owned()));
    blocks.push(Block::Facts(balances(statement.closing, f)));
    blocks.push(Block::Note(t.paper_rounding_rule().to_owned()));
    blocks
}

fn balances(balances: Balances, f: Figures<'_>) -> Vec<Fact> {
    let t = f.language;
    vec![
        Fact::new(t.paper_paid_credit(), f.kwh(balances.paid_wh)),
        Fact::new(t.paper_free_credit(), f.kwh(balances.subsidy_wh)),
        Fact::new(t.paper_prepaid_worth(), f.money(balances.prepaid_minor)),
    ]
}

fn lines(statement: &AccountStatement, f: Figures<'_>) -> Table {
    let t = f.language;
    let what = |line: &AccountLine| format!("{} {}", event(line.event, t), line.text).trim_end().to_owned();
    let row = |line: &AccountLine| {
        vec![
            stamp(line.at),
            what(line),
            f.energy(line.paid_wh),
            f.energy(line.subsidy_wh),
            f.amount(line.amount_minor),
            f.energy(line.after.paid_wh),
            f.energy(line.after.subsidy_wh),
        ]
    };
    let sum = |figure: fn(&AccountLine) -> i64| statement.lines.iter().map(figure).sum::<i64>();
    Table {
        columns: vec![
            Column::mark(t.paper_date()),
            Column::text(t.paper_what()),
            Column::figures(t.paper_paid_kwh()),
            Column::figures(t.paper_free_kwh()),
            Column::figures(t.paper_amount_in(&f.letterhead.currency)),
            Column::figures(t.paper_paid_after_kwh()),
            Column::figures(t.paper_free_after_kwh()),
        ],
        rows: statement.lines.iter().map(row).collect(),
        sums: Some(vec![
            t.paper_total().to_owned(),
            String::new(),
            f.energy(sum(|line| line.paid_wh)),
            f.energy(sum(|line| line.subsidy_wh)),
            f.amount(sum(|line| line.amount_minor)),
            String::new(),
            String::new(),
        ]),
    }
}

const fn event(event: AccountEvent, t: Lang) -> &'static str {
    match event {
        AccountEvent::Sale => t.paper_event_sale(),
        AccountEvent::Void => t.paper_event_void(),
        AccountEvent::Grant => t.paper_event_grant(),
        AccountEvent::Lapse => t.paper_event_lapse(),
        AccountEvent::Use => t.paper_event_use(),
        AccountEvent::CarriedIn => t.paper_event_carried_in(),
        AccountEvent::CarriedOut => t.paper_event_carried_out(),
        AccountEvent::Refund => t.paper_event_refund(),
        AccountEvent::Adjustment => t.paper_event_adjustment(),
    }
}
