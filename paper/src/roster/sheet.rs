//! Lists as Excel workbooks. They are zip files of XML, so a small one may unpack to anything: it is unpacked once with a
//! limit, and its cells are read one by one, since a single cell in the last corner would make a grid of billions.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::{Cell, FileProblem, MAX_COLUMNS, MAX_LINES, MAX_TITLE_LINES, Rows};

/// The most that a workbook unpacks to.
const MAX_UNPACKED_BYTES: u64 = 48 << 20;
/// The most files in it; those of Excel have a few dozen.
const MAX_PARTS: usize = 512;

/// The most cells that are looked at.
const MAX_CELLS: usize = MAX_COLUMNS * (MAX_LINES + MAX_TITLE_LINES);

type Book<'f> = Xlsx<Cursor<&'f [u8]>>;

pub(super) fn rows(file: &[u8]) -> Result<Rows, FileProblem> {
    unpack_once(file)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(file)).map_err(unreadable)?;
    let sheet = book.sheet_names().first().cloned().ok_or(FileProblem::Empty)?;
    let formats = formats(&mut book, &sheet)?;
    let merged = merged(&mut book, &sheet)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut rows: Rows = Vec::new();
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(unreadable)? {
        let (row, column) = found.pos;
        let (row, column) = (row as usize + 1, column as usize);
        let cell = cell(&found.value, found.formula.is_some(), formats.get(&found.pos).map(String::as_str));
        if column >= MAX_COLUMNS || cell.is_empty() {
            continue;
        }
        match rows.last() {
            Some((last, _)) if *last == row => {}
            // Rows out of order are no workbook of a spreadsheet.
            Some((last, _)) if *last > row => return Err(FileProblem::Unreadable),
            _ => rows.push((row, Vec::new())),
        }
        if rows.len() > MAX_LINES + MAX_TITLE_LINES + 1 {
            return Err(FileProblem::TooManyLines);
        }
        let Some((_, cells)) = rows.last_mut() else { continue };
        if cells.len() <= column {
            cells.resize(column + 1, Cell::default());
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = cell;
        }
    }
    spread(&mut rows, &merged);
    if rows.is_empty() { Err(FileProblem::Empty) } else { Ok(rows) }
}

/// The codes of number formats other than the general one, by zero-based row and column.
fn formats(book: &mut Book<'_>, sheet: &str) -> Result<HashMap<(u32, u32), String>, FileProblem> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(unreadable)?;
    let mut formats = HashMap::new();
    while let Some((row, column, style)) = cells.next_style_id().map_err(unreadable)? {
        let code = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        if let Some(code) = code.filter(|code| shows_zeros(&code.format_code)) {
            formats.insert((row, column), code.format_code.clone());
            if formats.len() > MAX_CELLS {
                return Err(FileProblem::TooLarge);
            }
        }
    }
    Ok(formats)
}

/// A format of nothing but zeros: that many digits are shown, with zeros in front.
fn shows_zeros(code: &str) -> bool {
    code.len() > 1 && code.bytes().all(|byte| byte == b'0')
}

fn merged(book: &mut Book<'_>, sheet: &str) -> Result<Vec<Dimensions>, FileProblem> {
    let merged = book.merge_cells_by_sheet_name(sheet).map_err(unreadable)?;
    if merged.len() > MAX_LINES { Err(FileProblem::TooLarge) } else { Ok(merged) }
}

/// What stands in a merged cell stands in each row that it covers, as people see it; across columns it is a title.
fn spread(rows: &mut Rows, merged: &[Dimensions]) {
    for area in merged.iter().filter(|area| area.start.1 == area.end.1) {
        let (from, to) = (area.start.0 as usize + 1, area.end.0 as usize + 1);
        let column = area.start.1 as usize;
        let first = rows.partition_point(|(row, _)| *row < from);
        let shown = rows.get(first).filter(|(row, _)| *row == from).and_then(|(_, cells)| cells.get(column));
        let Some(shown) = shown.filter(|cell| !cell.is_empty()).cloned() else { continue };
        for (_, cells) in rows.iter_mut().skip(first + 1).take_while(|(row, _)| *row <= to) {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::default());
            }
            if let Some(cell) = cells.get_mut(column).filter(|cell| cell.is_empty()) {
                *cell = shown.clone();
            }
        }
    }
}

fn unreadable(error: XlsxError) -> FileProblem {
    tracing::debug!(%error, "a workbook that cannot be read");
    FileProblem::Unreadable
}

/// Counts what the file unpacks to; what it says of itself may be a lie.
fn unpack_once(file: &[u8]) -> Result<(), FileProblem> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| FileProblem::Unreadable)?;
    if archive.len() > MAX_PARTS {
        return Err(FileProblem::TooLarge);
    }
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| FileProblem::Unreadable)?;
        let mut limited = part.take(left + 1);
        let unpacked =
            std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| FileProblem::Unreadable)?;
        left = left.checked_sub(unpacked).ok_or(FileProblem::TooLarge)?;
    }
    Ok(())
}

fn cell(value: &DataRef<'_>, formula: bool, format: Option<&str>) -> Cell {
    let mut cell = match value {
        DataRef::Empty => Cell::default(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::plain(text),
        DataRef::SharedString(text) => Cell::plain(text),
        DataRef::Int(number) => number_cell(&with_zeros(number.to_string(), format)),
        DataRef::Float(number) => number_cell(&with_zeros(plain_number(*number), format)),
        DataRef::Bool(yes) => Cell::plain(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => number_cell(&plain_number(moment.as_f64())),
        DataRef::Error(error) => Cell { text: error.to_string(), formula: true, rounded: false },
    };
    cell.formula |= formula;
    cell
}

/// A number is no formula, even a negative one. Spreadsheets keep fifteen digits of it.
fn number_cell(text: &str) -> Cell {
    let rounded = text.bytes().filter(u8::is_ascii_digit).count() > 15;
    Cell { text: text.to_owned(), formula: false, rounded }
}

/// Student numbers are often kept as numbers: whole ones show no point.
fn plain_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 { format!("{number:.0}") } else { number.to_string() }
}

/// As a format of zeros shows it; what such a format does not fit is left as it is.
fn with_zeros(number: String, format: Option<&str>) -> String {
    match format {
        Some(zeros) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{number:0>width$}", width = zeros.len())
        }
        _ => number,
    }
}
