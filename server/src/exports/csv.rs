//! Comma-separated values as spreadsheets read them: UTF-8 with its mark, each cell quoted, lines ended by CR LF (RFC 4180).

use super::guard::as_text;
use super::{Cell, Row, Table};

/// The type of such a file.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// A file that grows row by row.
#[derive(Clone, Debug)]
pub struct Csv(String);

impl Default for Csv {
    fn default() -> Self {
        // Without the mark, some spreadsheets take it for the encoding of the country.
        Self("\u{feff}".to_owned())
    }
}

impl Csv {
    /// Adds a row of words: none of them is taken for a formula.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (index, cell) in cells.into_iter().enumerate() {
            self.cell(index, &as_text(cell.as_ref()));
        }
        self.0.push_str("\r\n");
    }

    /// Adds a row of a table; numbers are numbers, also below zero.
    fn table_row(&mut self, table: &Table, cells: &[Cell]) {
        for (index, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
            let plain = table.plain(column.unit, cell);
            let is_words = matches!(cell, Cell::Text(_));
            self.cell(index, if is_words { as_text(&plain) } else { plain.as_str().into() }.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, index: usize, text: &str) {
        if index > 0 {
            self.0.push(',');
        }
        self.0.push('"');
        for character in text.chars() {
            if character == '"' {
                self.0.push('"');
            }
            self.0.push(character);
        }
        self.0.push('"');
    }

    /// The whole file.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

/// A table as a file: headings with their units, its rows, its sums.
#[must_use]
pub fn write(table: &Table) -> String {
    let mut file = Csv::default();
    file.row(table.columns.iter().map(|column| table.heading(column)));
    for Row { cells, .. } in &table.rows {
        file.table_row(table, cells);
    }
    if let Some(total) = &table.total {
        file.table_row(table, total);
    }
    file.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::{Column, Unit};
    use crate::money::Currency;

    #[test]
    fn words_are_quoted_and_never_a_formula() {
        let mut file = Csv::default();
        file.row(["=1+1", "Li \"Na\", 101", "李娜"]);
        assert_eq!(file.finish(), "\u{feff}\"'=1+1\",\"Li \"\"Na\"\", 101\",\"李娜\"\r\n");
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
