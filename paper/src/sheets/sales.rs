//! A sales report: the same sales by one thing after another, and what the books say.

use super::section;
use crate::content::{SalesGroup, SalesGrouping, SalesReport, SalesRow, Span};
use crate::figures::Figures;
use crate::sheet::{Block, Column, Fact, Signatures, Table, Total};
use words::Lang;

pub(super) const fn title(span: Span, t: Lang) -> &'static str {
    match span {
        Span::Day => t.paper_sales_report_day(),
        Span::Month => t.paper_sales_report_month(),
    }
}

pub(super) fn blocks(report: &SalesReport, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let taken_minor: i64 =
        report.groups.first().map_or(0, |group| group.rows.iter().map(|row| row.amount_minor).sum());
    let mut blocks = vec![
        Block::Facts(vec![Fact::new(t.paper_period(), f.days(report.from, report.to))]),
        Block::Totals(vec![
            Total::strong(t.paper_taken_total(), f.money(taken_minor)),
            Total::part(t.paper_books_say(), f.money(report.books_minor)),
        ]),
    ];
    let agree = taken_minor == report.books_minor;
    blocks.push(Block::Note(if agree { t.paper_books_agree() } else { t.paper_books_differ() }.to_owned()));
    for group in &report.groups {
        blocks.extend(section(f, by(group.by, t).0, rows(group, f)));
    }
    blocks.push(Block::Note(t.paper_taken(f.when(report.taken))));
    blocks.push(Block::Signatures(Signatures::of(&[t.paper_report_author(), t.paper_report_reviewer()])));
    blocks
}

/// The heading, and the head of the first column.
const fn by(grouping: SalesGrouping, t: Lang) -> (&'static str, &'static str) {
    match grouping {
        SalesGrouping::Day => (t.paper_by_day(), t.paper_day()),
        SalesGrouping::Channel => (t.paper_by_channel(), t.paper_channel()),
        SalesGrouping::Cashier => (t.paper_by_cashier(), t.paper_cashier()),
        SalesGrouping::Building => (t.paper_by_building(), t.paper_building()),
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
            Column::figures(t.paper_sales_count()),
            Column::figures(t.paper_voids_count()),
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_amount_in(currency)),
            Column::figures(t.paper_refunds_in(currency)),
        ],
        rows: group.rows.iter().map(|row| cells(name(row), row)).collect(),
        sums: Some(cells(t.paper_total().to_owned(), &total)),
    }
}
