//! A shift report: the drawer's arithmetic first, then everything that moved it.

use super::section;
use crate::content::{ShiftEntry, ShiftEvent, ShiftReport, ShiftSum};
use crate::figures::{Figures, stamp};
use crate::sheet::{Block, Column, Fact, Signatures, Table, Total};
use words::Lang;

pub(super) fn blocks(report: &ShiftReport, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut blocks = vec![Block::Facts(facts(report, f))];
    blocks.extend(section(f, t.paper_total(), sums(report, f)));
    blocks.push(Block::Totals(drawer(report, f)));
    if !report.denominations.is_empty() {
        blocks.extend(section(f, t.paper_denominations(), denominations(report, f)));
    }
    if !report.note.is_empty() {
        blocks.push(Block::Heading(t.paper_note().to_owned()));
        blocks.push(Block::Note(report.note.clone()));
    }
    blocks.extend(section(f, t.paper_movements(), entries(report, f)));
    blocks.push(Block::Signatures(Signatures::of(&[t.paper_handed_over(), t.paper_taken_over()])));
    blocks
}

fn facts(report: &ShiftReport, f: Figures<'_>) -> Vec<Fact> {
    let t = f.language;
    let closed = report.closed.map_or_else(|| t.paper_still_open().to_owned(), |at| f.when(at));
    vec![
        Fact::new(t.paper_shift(), report.shift_number.to_string()),
        Fact::new(t.paper_cashier(), report.cashier.clone()),
        Fact::new(t.paper_opened(), f.when(report.opened)),
        Fact::new(t.paper_closed(), closed),
    ]
}

const fn event(event: ShiftEvent, t: Lang) -> &'static str {
    match event {
        ShiftEvent::Sale => t.paper_sales(),
        ShiftEvent::Void => t.paper_voids(),
        ShiftEvent::Refund => t.paper_refunds(),
        ShiftEvent::Other => t.paper_other_movements(),
    }
}

fn sums(report: &ShiftReport, f: Figures<'_>) -> Table {
    let t = f.language;
    let row = |sum: &ShiftSum| {
        vec![
            event(sum.event, t).to_owned(),
            f.count(sum.count),
            f.energy(sum.energy_wh),
            f.amount(sum.amount_minor),
        ]
    };
    Table {
        columns: vec![
            Column::text(t.paper_what()),
            Column::figures(t.paper_count()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_amount_in(&f.letterhead.currency)),
        ],
        rows: report.sums.iter().map(row).collect(),
        sums: None,
    }
}

fn drawer(report: &ShiftReport, f: Figures<'_>) -> Vec<Total> {
    let t = f.language;
    let mut totals = vec![
        Total::part(t.paper_float(), f.money(report.float_minor)),
        Total::strong(t.paper_expected(), f.money(report.expected_minor)),
    ];
    if let Some(counted_minor) = report.counted_minor {
        totals.push(Total::part(t.paper_counted(), f.money(counted_minor)));
        totals.push(Total::strong(t.paper_difference(), f.money(counted_minor - report.expected_minor)));
    }
    totals
}

fn denominations(report: &ShiftReport, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    Table {
        columns: vec![
            Column::figures(t.paper_denomination()),
            Column::figures(t.paper_pieces()),
            Column::figures(t.paper_amount_in(currency)),
        ],
        rows: report
            .denominations
            .iter()
            .map(|(minor, pieces)| vec![f.amount(*minor), f.count(*pieces), f.amount(minor * pieces)])
            .collect(),
        sums: None,
    }
}

fn entries(report: &ShiftReport, f: Figures<'_>) -> Table {
    let t = f.language;
    let row = |entry: &ShiftEntry| {
        vec![
            stamp(entry.at),
            event(entry.event, t).to_owned(),
            entry.number.clone(),
            f.place(&entry.place),
            f.energy(entry.energy_wh),
            f.amount(entry.amount_minor),
        ]
    };
    Table {
        columns: vec![
            Column::mark(t.paper_date()),
            Column::mark(t.paper_what()),
            Column::text(t.paper_reference()),
            Column::text(t.paper_room()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_amount_in(&f.letterhead.currency)),
        ],
        rows: report.entries.iter().map(row).collect(),
        sums: None,
    }
}
