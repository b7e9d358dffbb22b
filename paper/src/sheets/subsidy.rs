//! A report on free electricity.

use super::section;
use crate::content::{SubsidyReport, SubsidyRow};
use crate::figures::Figures;
use crate::sheet::{Block, Column, Fact, Signatures, Table};

pub(super) fn blocks(report: &SubsidyReport, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut blocks = vec![Block::Facts(vec![Fact::new(t.paper_period(), f.days(report.from, report.to))])];
    blocks.extend(section(f, t.paper_grants(), rows(report, f)));
    blocks.push(Block::Note(t.paper_taken(f.when(report.taken))));
    blocks.push(Block::Signatures(Signatures::of(&[t.paper_report_author(), t.paper_report_reviewer()])));
    blocks
}

fn rows(report: &SubsidyReport, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    // What was issued without it stays as it was.
    let with_value = report.rows.iter().any(|row| row.lapsed_minor.is_some());
    let figures = |row: &SubsidyRow| {
        let mut figures = vec![
            f.count(row.rooms),
            f.energy(row.granted_wh),
            f.amount(row.granted_minor),
            f.energy(row.used_wh),
            f.amount(row.used_minor),
            f.energy(row.lapsed_wh),
        ];
        figures.extend(with_value.then(|| f.amount(row.lapsed_minor.unwrap_or(0))));
        figures
    };
    let row = |row: &SubsidyRow| {
        let rule = if row.rule.is_empty() { t.paper_by_hand() } else { &row.rule };
        let names = if with_value {
            vec![format!("{rule}, {}", row.building), row.month.clone()]
        } else {
            vec![rule.to_owned(), row.building.clone(), row.month.clone()]
        };
        names.into_iter().chain(figures(row)).collect()
    };
    let total = report.rows.iter().fold(SubsidyRow::default(), |sum, row| SubsidyRow {
        rooms: sum.rooms + row.rooms,
        granted_wh: sum.granted_wh + row.granted_wh,
        granted_minor: sum.granted_minor + row.granted_minor,
        used_wh: sum.used_wh + row.used_wh,
        used_minor: sum.used_minor + row.used_minor,
        lapsed_wh: sum.lapsed_wh + row.lapsed_wh,
        lapsed_minor: Some(sum.lapsed_minor.unwrap_or(0) + row.lapsed_minor.unwrap_or(0)),
        ..sum
    });
    // Ten columns would leave no width for names.
    let (headings, names) = if with_value {
        let both = format!("{}, {}", t.paper_rule(), t.paper_building());
        (vec![Column::text(both)], vec![t.paper_total().to_owned(), String::new()])
    } else {
        let headings = vec![Column::text(t.paper_rule()), Column::text(t.paper_building())];
        (headings, vec![t.paper_total().to_owned(), String::new(), String::new()])
    };
    let mut columns = headings;
    columns.extend([
        Column::mark(t.paper_month()),
        Column::figures(t.paper_rooms()),
        Column::figures(t.paper_granted_kwh()),
        Column::figures(t.paper_granted_in(currency)),
        Column::figures(t.paper_used_kwh()),
        Column::figures(t.paper_used_in(currency)),
        Column::figures(t.paper_lapsed_kwh()),
    ]);
    columns.extend(with_value.then(|| Column::figures(t.paper_lapsed_in(currency))));
    Table {
        columns,
        rows: report.rows.iter().map(row).collect(),
        sums: Some(names.into_iter().chain(figures(&total)).collect()),
    }
}
