//! A report on free electricity.

use super::section;
use crate::documents::content::{SubsidyReport, SubsidyRow};
use crate::documents::figures::Figures;
use crate::documents::sheet::{Block, Column, Fact, Signatures, Table};

pub(super) fn blocks(report: &SubsidyReport, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut blocks = vec![Block::Facts(vec![Fact::new(t.period(), f.days(report.from, report.to))])];
    blocks.extend(section(f, t.grants(), rows(report, f)));
    blocks.push(Block::Note(t.taken(f.when(report.taken))));
    blocks.push(Block::Signatures(Signatures::of(&[t.report_author(), t.report_reviewer()])));
    blocks
}

fn rows(report: &SubsidyReport, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    let figures = |row: &SubsidyRow| {
        [
            f.count(row.rooms),
            f.energy(row.granted_wh),
            f.amount(row.granted_minor),
            f.energy(row.used_wh),
            f.amount(row.used_minor),
            f.energy(row.lapsed_wh),
        ]
    };
    let row = |row: &SubsidyRow| {
        let rule = if row.rule.is_empty() { t.by_hand() } else { &row.rule };
        let names = [rule.to_owned(), row.building.clone(), row.month.clone()];
        names.into_iter().chain(figures(row)).collect()
    };
    let total = report.rows.iter().fold(SubsidyRow::default(), |sum, row| SubsidyRow {
        rooms: sum.rooms + row.rooms,
        granted_wh: sum.granted_wh + row.granted_wh,
        granted_minor: sum.granted_minor + row.granted_minor,
        used_wh: sum.used_wh + row.used_wh,
        used_minor: sum.used_minor + row.used_minor,
        lapsed_wh: sum.lapsed_wh + row.lapsed_wh,
        ..sum
    });
    let names = [t.total().to_owned(), String::new(), String::new()];
    Table {
        columns: vec![
            Column::text(t.rule()),
            Column::text(t.building()),
            Column::mark(t.month()),
            Column::figures(t.rooms()),
            Column::figures(t.granted_kwh()),
            Column::figures(t.granted_in(currency)),
            Column::figures(t.used_kwh()),
            Column::figures(t.used_in(currency)),
            Column::figures(t.lapsed_kwh()),
        ],
        rows: report.rows.iter().map(row).collect(),
        sums: Some(names.into_iter().chain(figures(&total)).collect()),
    }
}
