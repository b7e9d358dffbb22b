//! A table as an Excel workbook: numbers are numbers with their format, words are words, the headings stay in sight.
//!
//! Rows go to a temporary file as they are written, so that a report of every room of a university takes no more memory
//! than the report itself.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use jiff::civil::DateTime;

use super::guard::is_formula;
use super::{Cell, Column, Table, Unit};

/// The type of such a file.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Title, subtitle, an empty row; then the headings.
const HEADINGS_ROW: u32 = 3;
/// Of a sheet's name, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// Narrowest and widest column, in digits.
const WIDTHS: (usize, usize) = (10, 48);
/// Paper: A4.
const A4: u8 = 9;

/// Formats by column, made once.
struct Formats {
    plain: Vec<Format>,
    total: Vec<Format>,
    quoted: Format,
    heading: Format,
    number_heading: Format,
    title: Format,
}

/// Writes a table; `made` is when, for the file's properties.
///
/// # Errors
/// When no temporary file can be written, or a text is beyond what a cell holds.
pub fn write(table: &Table, made: DateTime) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new().set_title(&table.title).set_creation_datetime(&moment(made)?);
    book.set_properties(&properties);
    let formats = Formats::of(table);
    let sheet = book.add_worksheet_with_constant_memory()?;
    set_up(sheet, table)?;
    sheet.write_string_with_format(0, 0, &table.title, &formats.title)?;
    sheet.write_string(1, 0, &table.subtitle)?;
    for (index, column) in (0..).zip(&table.columns) {
        let format = if is_words(column.unit) { &formats.heading } else { &formats.number_heading };
        sheet.write_string_with_format(HEADINGS_ROW, index, table.heading(column), format)?;
    }
    let mut row = HEADINGS_ROW;
    for line in &table.rows {
        row += 1;
        write_row(sheet, row, table, &line.cells, &formats.plain, &formats.quoted)?;
    }
    if !table.rows.is_empty() {
        sheet.autofilter(HEADINGS_ROW, 0, row, last_column(table))?;
    }
    if let Some(total) = &table.total {
        write_row(sheet, row + 1, table, total, &formats.total, &formats.quoted)?;
    }
    book.save_to_buffer()
}

impl Formats {
    fn of(table: &Table) -> Self {
        let plain: Vec<_> = table.columns.iter().map(|column| number_format(table, column)).collect();
        let heading =
            Format::new().set_bold().set_text_wrap().set_border_bottom(rust_xlsxwriter::FormatBorder::Thin);
        Self {
            total: plain
                .iter()
                .map(|format| format.clone().set_bold().set_border_top(rust_xlsxwriter::FormatBorder::Thin))
                .collect(),
            plain,
            // Excel's own mark for “this is text”: also when somebody edits the cell.
            quoted: Format::new().set_quote_prefix(),
            number_heading: heading.clone().set_align(rust_xlsxwriter::FormatAlign::Right),
            heading,
            title: Format::new().set_bold().set_font_size(14),
        }
    }
}

fn number_format(table: &Table, column: &Column) -> Format {
    let format = Format::new();
    match column.unit {
        Unit::Text => format,
        Unit::Count => format.set_num_format("#,##0"),
        Unit::Money | Unit::Energy => {
            let digits = usize::try_from(table.digits(column.unit)).unwrap_or(0);
            let point = if digits == 0 { "" } else { "." };
            format.set_num_format(format!("#,##0{point}{}", "0".repeat(digits)))
        }
        Unit::Change => format.set_num_format("0.0"),
        Unit::Day => format.set_num_format("yyyy-mm-dd"),
        Unit::Month => format.set_num_format("yyyy-mm"),
        Unit::Moment => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
    }
}

/// What is said of a sheet before its rows are written.
fn set_up(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&table.title))?;
    sheet.set_freeze_panes(HEADINGS_ROW + 1, 0)?;
    sheet.set_repeat_rows(HEADINGS_ROW, HEADINGS_ROW)?;
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    if table.columns.len() > 6 {
        sheet.set_landscape();
    }
    for (index, column) in (0..).zip(&table.columns) {
        let digits = u32::try_from(width(table, index.into(), column)).unwrap_or(0);
        sheet.set_column_width(index, digits)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    table: &Table,
    cells: &[Cell],
    formats: &[Format],
    quoted: &Format,
) -> Result<(), XlsxError> {
    for (index, ((column, cell), format)) in (0..).zip(table.columns.iter().zip(cells).zip(formats)) {
        match cell {
            Cell::Empty => sheet.write_blank(row, index, format)?,
            Cell::Text(text) => {
                let format = if is_formula(text) { quoted } else { format };
                sheet.write_string_with_format(row, index, storable(text), format)?
            }
            Cell::Number(number) => {
                let whole = 10_f64.powi(i32::try_from(table.digits(column.unit)).unwrap_or(0));
                // Exact up to 2⁵³ of the smallest unit, which is how far Excel counts.
                #[expect(clippy::cast_precision_loss, reason = "Excel has no other numbers")]
                let number = *number as f64 / whole;
                sheet.write_number_with_format(row, index, number, format)?
            }
            Cell::Day(day) => {
                sheet.write_datetime_with_format(row, index, moment(day.at(0, 0, 0, 0))?, format)?
            }
            Cell::Moment(at) => sheet.write_datetime_with_format(row, index, moment(*at)?, format)?,
        };
    }
    Ok(())
}

fn moment(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let small = |part: i8| u8::try_from(part).unwrap_or(0);
    let year = u16::try_from(at.year()).unwrap_or(0);
    let day = ExcelDateTime::from_ymd(year, small(at.month()), small(at.day()))?;
    day.and_hms(u16::from(small(at.hour())), small(at.minute()), small(at.second()))
}

fn is_words(unit: Unit) -> bool {
    matches!(unit, Unit::Text | Unit::Day | Unit::Month | Unit::Moment)
}

fn last_column(table: &Table) -> u16 {
    u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(0)
}

/// Enough for the heading and the longest cell, in digits; a Chinese character takes two.
fn width(table: &Table, index: usize, column: &Column) -> usize {
    let wide = |text: &str| text.chars().map(|character| 1 + usize::from(character as u32 > 0x2e7f)).sum();
    let cells =
        table.rows.iter().map(|row| &row.cells).chain(&table.total).filter_map(|cells| cells.get(index));
    let longest: usize = cells.map(|cell| wide(&table.plain(column.unit, cell))).max().unwrap_or(0);
    // Grouping takes a place every three digits.
    let longest = if is_words(column.unit) { longest } else { longest + longest / 3 };
    let heading: usize = wide(&table.heading(column));
    (longest.max(heading) + 2).clamp(WIDTHS.0, WIDTHS.1)
}

/// What Excel takes for a sheet's name: short, without the characters that mean something in a reference.
fn sheet_name(title: &str) -> String {
    let plain = title.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    let mut units = 0;
    let fits = |character: &char| {
        units += character.len_utf16();
        units <= LONGEST_NAME
    };
    let name: String = plain.chars().take_while(fits).collect();
    let name = name.trim_matches(['\'', ' ']);
    if name.is_empty() { "1".to_owned() } else { name.to_owned() }
}

/// Without what no XML may hold, however written.
fn storable(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use jiff::civil::date;

    use super::*;
    use crate::exports::Row;
    use domain::money::Currency;

    fn table(title: &str, digits: u32, cells: Vec<(Unit, Cell)>) -> Table {
        let columns = cells.iter().map(|(unit, _)| Column { heading: "x".into(), unit: *unit }).collect();
        let rows = vec![Row { cells: cells.into_iter().map(|(_, cell)| cell).collect(), href: None }];
        let currency = Currency { code: "CNY".into(), digits };
        Table { title: title.into(), subtitle: String::new(), columns, rows, total: None, currency }
    }

    fn read(table: &Table) -> (String, Vec<Data>) {
        let bytes = write(table, date(2026, 9, 1).at(8, 0, 0, 0)).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        let sheet = book.worksheet_range(&name).unwrap();
        (name, sheet.rows().next_back().unwrap().to_vec())
    }

    #[test]
    fn figures_have_the_digits_of_their_unit() {
        for (digits, expected) in [(0, 1_234_567.0), (2, 12_345.67), (3, 1_234.567)] {
            let cells = vec![
                (Unit::Money, Cell::Number(1_234_567)),
                (Unit::Energy, Cell::Number(-5)),
                (Unit::Change, Cell::Number(-123)),
                (Unit::Count, Cell::Number(7)),
            ];
            let (_, row) = read(&table("Sales", digits, cells));
            assert_eq!(row, [expected, -0.005, -12.3, 7.0].map(Data::Float));
        }
    }

    #[test]
    fn days_are_days_and_words_are_words() {
        let day = date(2026, 9, 1);
        let cells = vec![
            (Unit::Day, Cell::Day(day)),
            (Unit::Moment, Cell::Moment(day.at(23, 59, 58, 0))),
            (Unit::Text, Cell::text("=1+1")),
            (Unit::Text, Cell::text("0017")),
            (Unit::Money, Cell::Empty),
            (Unit::Text, Cell::text("喆\u{1}\u{fffe}<&>")),
        ];
        let (_, row) = read(&table("Sales", 2, cells));
        let moment =
            |cell: &Data| if let Data::DateTime(at) = cell { at.as_f64() } else { panic!("{cell:?}") };
        assert!((moment(&row[1]) - moment(&row[0]) - 86_398.0 / 86_400.0).abs() < 1e-6);
        assert_eq!((&row[2], &row[3]), (&Data::String("=1+1".into()), &Data::String("0017".into())));
        assert_eq!(row[4], Data::Empty);
        assert_eq!(row[5], Data::String("喆\u{1}<&>".into()));
    }

    #[test]
    fn any_title_makes_a_sheets_name() {
        for title in ["", "'", "a/b:c?*[x]\\", "房间".repeat(40).as_str(), "History", " x "] {
            let (name, _) = read(&table(title, 2, vec![(Unit::Count, Cell::Number(i64::MIN))]));
            assert!((1..=LONGEST_NAME).contains(&name.chars().count()), "{name:?}");
        }
    }
}
