//! A sales report: the same sales by one thing after another, and what the books say.

use super::section;
use crate::Language;
use crate::content::{SalesGroup, SalesGrouping, SalesReport, SalesRow, Span};
use crate::figures::Figures;
use crate::sheet::{Block, Column, Fact, Signatures, Table, Total};

pub(super) const fn title(span: Span, t: Language) -> &'static str {
    match span {
        Span::Day => t.sales_report_day(),
        Span::Month => t.sales_report_month(),
    }
}

pub(super) fn blocks(report: &SalesReport, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let taken_minor: i64 =
        report.groups.first().map_or(0, |group| group.rows.iter().map(|row| row.amount_minor).sum());
    let mut blocks = vec![
        Block::Facts(vec![Fact::new(t.period(), f.days(report.from, report.to))]),
        Block::Totals(vec![
            Total::strong(t.taken_total(), f.money(taken_minor)),
            Total::part(t.books_say(), f.money(report.books_minor)),
        ]),
    ];
    let agree = taken_minor == report.books_minor;
    blocks.push(Block::Note(if agree { t.books_agree() } else { t.books_differ() }.to_owned()));
    for group in &report.groups {
        blocks.extend(section(f, by(group.by, t).0, rows(group, f)));
    }
    blocks.push(Block::Note(t.taken(f.when(report.taken))));
    blocks.push(Block::Signatures(Signatures::of(&[t.report_author(), t.report_reviewer()])));
    blocks
}

/// The heading, and the head of the first column.
const fn by(grouping: SalesGrouping, t: Language) -> (&'static str, &'static str) {
    match grouping {
        SalesGrouping::Day => (t.by_day(), t.day()),
        SalesGrouping::Channel => (t.by_channel(), t.channel()),
        SalesGrouping::Cashier => (t.by_cashier(), t.cashier()),
        SalesGrouping::Building => (t.by_building(), t.building()),
    }
}

fn rows(group: &SalesGroup, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    let name = |row: &SalesRow| {
        if group.by == SalesGrouping::Channel { f.channel(&row.name) } else { row.name.clone() }
    };
    let cells = |name: String, row: &SalesRow| {
        vec![
            name,
            f.count(row.sales),
            f.count(row.voids),
            f.energy(row.energy_wh),
            f.amount(row.amount_minor),
            row.refunds_minor.map_or_else(String::new, |minor| f.amount(minor)),
        ]
    };
    let total = group.rows.iter().fold(SalesRow::default(), |sum, row| SalesRow {
        name: String::new(),
        sales: sum.sales + row.sales,
        voids: sum.voids + row.voids,
        energy_wh: sum.energy_wh + row.energy_wh,
        amount_minor: sum.amount_minor + row.amount_minor,
        refunds_minor: sum
            .refunds_minor
            .or(row.refunds_minor)
            .map(|_| sum.refunds_minor.unwrap_or_default() + row.refunds_minor.unwrap_or_default()),
    });
    Table {
        columns: vec![
            Column::text(by(group.by, t).1),
            Column::figures(t.sales_count()),
            Column::figures(t.voids_count()),
            Column::figures(t.energy_kwh()),
            Column::figures(t.amount_in(currency)),
            Column::figures(t.refunds_in(currency)),
        ],
        rows: group.rows.iter().map(|row| cells(name(row), row)).collect(),
        sums: Some(cells(t.total().to_owned(), &total)),
    }
}
