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
            let cells = line.split(separator).map(|cell| Cell::typed(cell.trim_matches('"')));
            cells.filter(|cell| Column::of(cell, form).is_some()).count()
        };
        text.split(['\n', '\r']).take(2 * MAX_TITLE_LINES + 2).map(of_line).max()
    };
    // The last of equals wins.
    ['，', ';', '\t', ','].into_iter().max_by_key(|separator| headings(*separator)).unwrap_or(',')
}

/// Of a separator beyond ASCII, which the reader does not know: a character that no list has.
const STAND_IN: char = '\u{1F}';
/// A line of its own at the end, unless a quote before it is never closed.
const END: &str = "\u{1E}";

fn parse(text: &str, separator: char) -> Result<Rows, FileProblem> {
    let plain = separator.is_ascii();
    let text = if plain { text.to_owned() } else { text.replace(separator, &STAND_IN.to_string()) };
    let text = format!("{text}\n{END}");
    let delimiter = u8::try_from(if plain { separator } else { STAND_IN }).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut lines): (Rows, _) = (Vec::new(), Lines::of(&text));
    for record in reader.records() {
        let record = record.map_err(|_| FileProblem::Unreadable)?;
        if record.len() == 1 && record.get(0) == Some(END) {
            return Ok(rows);
        }
        let from = record.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(usize::MAX));
        let row = lines.of_text_after(from);
        rows.push((row, record.iter().take(MAX_COLUMNS).map(Cell::typed).collect()));
        if rows.len() > MAX_LINES + MAX_TITLE_LINES + 1 {
            return Err(FileProblem::TooManyLines);
        }
    }
    Err(FileProblem::Unreadable)
}

/// The numbers of lines, asked for from first to last.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    const fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the first text from a byte on; the lines before it may be empty.
    fn of_text_after(&mut self, from: usize) -> usize {
        while let Some(byte) = self.text.get(self.at) {
            let next = self.text.get(self.at + 1);
            match byte {
                b'\r' if next == Some(&b'\n') => {}
                b'\r' | b'\n' => self.line += 1,
                _ if self.at >= from => break,
                _ => {}
            }
            self.at += 1;
        }
        self.line
    }
}
