//! Lists as text: UTF-8, UTF-16 with its mark, or GB18030; commas, semicolons or tabs; quotes as spreadsheets write them.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::columns::Form;
use super::{Cell, Column, FileProblem, MAX_COLUMNS, MAX_LINES, MAX_TITLE_LINES, Rows};

pub(super) fn rows(file: &[u8], form: &Form) -> Result<Rows, FileProblem> {
    let text = decode(file)?;
    if text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    parse(&text, separator(&text, form))
}

/// Text as its mark says, else as UTF-8 if it is that, else as GB18030.
fn decode(file: &[u8]) -> Result<String, FileProblem> {
    let (encoding, marked) = match Encoding::for_bom(file) {
        Some((encoding, length)) => (encoding, length),
        None if std::str::from_utf8(file).is_ok() => (UTF_8, 0),
        None => (GB18030, 0),
    };
    let body = file.get(marked..).unwrap_or_default();
    let text = encoding.decode_without_bom_handling_and_without_replacement(body);
    // Text has no zeros; a picture or a program has.
    let text = text.filter(|text| !text.contains('\0'));
    text.map(std::borrow::Cow::into_owned).ok_or(FileProblem::Unreadable)
}

/// The one by which a line falls into the most headings.
fn separator(text: &str, form: &Form) -> char {
    let headings = |separator: char| {
        let of_line = |line: &str| {
            let cells = line.split(separator).map(|cell| Cell::plain(cell.trim_matches('"')));
            cells.filter(|cell| Column::of(cell, form).is_some()).count()
        };
        text.lines().take(MAX_TITLE_LINES + 1).map(of_line).max()
    };
    // The last of equals wins.
    ['，', ';', '\t', ','].into_iter().max_by_key(|separator| headings(*separator)).unwrap_or(',')
}

struct Parser {
    rows: Rows,
    cells: Vec<Cell>,
    field: String,
    first_line: usize,
}

impl Parser {
    fn end_cell(&mut self) {
        if self.cells.len() < MAX_COLUMNS {
            self.cells.push(Cell::plain(&self.field));
        }
        self.field.clear();
    }

    fn end_row(&mut self, next_line: usize) {
        self.end_cell();
        self.rows.push((self.first_line, std::mem::take(&mut self.cells)));
        self.first_line = next_line;
    }
}

fn parse(text: &str, separator: char) -> Result<Rows, FileProblem> {
    let mut parser = Parser { rows: Vec::new(), cells: Vec::new(), field: String::new(), first_line: 1 };
    let (mut line, mut quoted) = (1, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                parser.field.push('"');
            }
            '"' if quoted || parser.field.trim().is_empty() => quoted = !quoted,
            '\n' => {
                line += 1;
                if quoted { parser.field.push(' ') } else { parser.end_row(line) }
            }
            '\r' => {}
            _ if character == separator && !quoted => parser.end_cell(),
            _ => parser.field.push(character),
        }
        if parser.rows.len() > MAX_LINES + MAX_TITLE_LINES + 1 {
            return Err(FileProblem::TooManyLines);
        }
    }
    if quoted {
        return Err(FileProblem::Unreadable);
    }
    if !parser.field.is_empty() || !parser.cells.is_empty() {
        parser.end_row(line);
    }
    Ok(parser.rows)
}
