//! Comma-separated values as spreadsheets read them: UTF-8 with its mark, each cell quoted, lines ended by CR LF (RFC 4180).

use super::guard::as_text;
use super::{Cell, Table};

/// The type of such a file.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// What a file begins with: without this mark, some spreadsheets take it for the encoding of the country.
pub const START: &str = "\u{feff}";

/// A line of words: none of them is taken for a formula.
#[must_use]
pub fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut text = String::new();
    for cell in cells {
        push(&mut text, &as_text(cell.as_ref()));
    }
    text + "\r\n"
}

/// A line of a table; numbers are numbers, also below zero.
fn push_row(file: &mut String, table: &Table, cells: &[Cell]) {
    let mut text = String::new();
    for (column, cell) in table.columns.iter().zip(cells) {
        let plain = table.plain(column.unit, cell);
        let is_words = matches!(cell, Cell::Text(_));
        push(&mut text, &if is_words { as_text(&plain) } else { plain.as_str().into() });
    }
    file.push_str(&text);
    file.push_str("\r\n");
}

fn push(line: &mut String, cell: &str) {
    if !line.is_empty() {
        line.push(',');
    }
    line.push('"');
    line.push_str(&cell.replace('"', "\"\""));
    line.push('"');
}

/// A table as a file: headings with their units, its rows, its sums.
#[must_use]
pub fn write(table: &Table) -> String {
    let mut file = START.to_owned();
    file.push_str(&line(table.columns.iter().map(|column| table.heading(column))));
    for row in &table.rows {
        push_row(&mut file, table, &row.cells);
    }
    if let Some(total) = &table.total {
        push_row(&mut file, table, total);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::{Column, Row, Unit};
    use domain::money::Currency;

    #[test]
    fn words_are_quoted_and_never_a_formula() {
        let line = line(["=1+1", "Li \"Na\", 101", "", "李娜"]);
        assert_eq!(line, "\"'=1+1\",\"Li \"\"Na\"\", 101\",\"\",\"李娜\"\r\n");
    }

    #[test]
    fn numbers_are_exact_and_may_be_below_zero() {
        let column = |heading: &str, unit| Column { heading: heading.to_owned(), unit };
        let table = Table {
            title: String::new(),
            subtitle: String::new(),
            columns: vec![
                column("Who", Unit::Text),
                column("Paid", Unit::Money),
                column("Used", Unit::Energy),
            ],
            rows: vec![Row {
                cells: vec![Cell::text("-"), Cell::Number(-1_234_567), Cell::Number(91_424)],
                href: None,
            }],
            total: Some(vec![Cell::Empty, Cell::Number(i64::MAX), Cell::Number(-5)]),
            currency: Currency { code: "CNY".into(), digits: 2 },
        };
        let lines: Vec<_> = write(&table).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "\u{feff}\"Who\",\"Paid (CNY)\",\"Used (kWh)\"");
        assert_eq!(lines[1], "\"'-\",\"-12345.67\",\"91.424\"");
        assert_eq!(lines[2], "\"\",\"92233720368547758.07\",\"-0.005\"");
    }
}
