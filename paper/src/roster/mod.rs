//! A list of who moves in where, as an office has it: an Excel or CSV file. Reading only; whether the rooms exist is not
//! known here. Nothing of a file is ever calculated, and none can make the server use much time or memory.

mod columns;
mod delimited;
mod sheet;

pub use columns::Column;
use columns::{ACCOUNTS, Form, MOVE_IN};

use domain::text;
use serde::{Deserialize, Serialize};

/// The largest file.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The most lines below the headings.
pub const MAX_LINES: usize = 20_000;
/// Cells to the right of these are not looked at.
const MAX_COLUMNS: usize = 64;
/// Headings may stand below so many lines of titles.
const MAX_TITLE_LINES: usize = 10;
/// More characters than any cell of use has.
const MAX_CELL_CHARS: usize = 200;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its text, trimmed; of a formula, what the spreadsheet last made of it.
    pub text: String,
    /// It is a formula, or would be one for a spreadsheet.
    pub formula: bool,
    /// It is a number that has lost digits: of more than a spreadsheet keeps, or written in powers of ten.
    #[serde(default)]
    pub rounded: bool,
}

impl Cell {
    /// Text as somebody typed it into a file of text: the apostrophe by which spreadsheets guard text is no part of it,
    /// and a number in powers of ten has lost its digits.
    fn typed(text: &str) -> Self {
        let guarded = text.trim().strip_prefix('\'').filter(|rest| rest.starts_with(needs_a_guard));
        let mut cell = Self::plain(guarded.unwrap_or(text));
        cell.rounded = is_power_of_ten(&cell.text);
        cell
    }

    fn plain(text: &str) -> Self {
        let text = text.replace(['\n', '\r'], " ");
        let text: String = text::clean(&text).chars().take(MAX_CELL_CHARS).collect();
        let formula = text.starts_with(['=', '+', '-', '@']);
        Self { text, formula, rounded: false }
    }

    /// Whether nothing stands there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.formula
    }
}

fn needs_a_guard(first: char) -> bool {
    first.is_ascii_digit() || matches!(first, '=' | '+' | '-' | '@')
}

/// Whether it is written like `2.0261E+11`.
fn is_power_of_ten(text: &str) -> bool {
    let text = text::plain(text);
    let Some((digits, power)) = text.split_once(['e', 'E']) else { return false };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    // `1E5` may be a room of building E; only what a spreadsheet writes has a sign or a point.
    let written = text.contains(['+', '.', ',']);
    written
        && [whole, part, power].iter().all(|run| !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit()))
}

/// A line of the list: a person and a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the file, from 1, for a person to find it by.
    pub row: usize,
    /// The building; empty where the file has no such column.
    pub building: Cell,
    /// The floor; empty where the file has no such column.
    pub floor: Cell,
    /// The room.
    pub room: Cell,
    /// The resident's number.
    pub number: Cell,
    /// The resident's name.
    pub name: Cell,
}

/// A line of a list of bank accounts: a resident's number and the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountLine {
    /// Its number in the file, from 1, for a person to find it by.
    pub row: usize,
    /// The resident's number.
    pub number: Cell,
    /// The account's holder.
    pub holder: Cell,
    /// The account's number.
    pub account: Cell,
    /// The bank.
    pub bank: Cell,
}

impl AccountLine {
    /// Whether no account stands there.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.holder.is_empty() && self.account.is_empty() && self.bank.is_empty()
    }
}

/// Why a file is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// No line, or none below the headings.
    #[error("the file is empty")]
    Empty,
    /// Neither an Excel workbook nor text.
    #[error("the file cannot be read")]
    Unreadable,
    /// A workbook of the format before 2007.
    #[error("the file is of an old Excel format")]
    OldExcel,
    /// Larger than [`MAX_FILE_BYTES`], or unpacks to far more.
    #[error("the file is too large")]
    TooLarge,
    /// More than [`MAX_LINES`].
    #[error("the file has too many lines")]
    TooManyLines,
    /// Columns that must be there are not.
    #[error("columns are missing: {0:?}")]
    MissingColumns(Vec<Column>),
    /// A heading stands there twice.
    #[error("a column is there twice: {0:?}")]
    RepeatedColumn(Column),
}

/// Rows of cells with their numbers.
type Rows = Vec<(usize, Vec<Cell>)>;

/// Reads a list: an Excel workbook (its first sheet), or text separated by commas, semicolons or tabs in UTF-8, UTF-16
/// with its mark, or GB18030.
///
/// # Errors
/// Why it is none.
pub fn read(file: &[u8]) -> Result<Vec<Line>, FileProblem> {
    lines(cells(file, &MOVE_IN)?, &MOVE_IN, |row, cell| Line {
        row,
        building: cell(Column::Building),
        floor: cell(Column::Floor),
        room: cell(Column::Room),
        number: cell(Column::Number),
        name: cell(Column::Name),
    })
}

/// Reads a list of bank accounts, from a file of the same kinds.
///
/// # Errors
/// Why it is none.
pub fn read_accounts(file: &[u8]) -> Result<Vec<AccountLine>, FileProblem> {
    lines(cells(file, &ACCOUNTS)?, &ACCOUNTS, |row, cell| AccountLine {
        row,
        number: cell(Column::Number),
        holder: cell(Column::Holder),
        account: cell(Column::Account),
        bank: cell(Column::Bank),
    })
}

fn cells(file: &[u8], form: &Form) -> Result<Rows, FileProblem> {
    if file.len() > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge);
    }
    match file {
        [b'P', b'K', 3 | 5, ..] => sheet::rows(file),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(FileProblem::OldExcel),
        _ => delimited::rows(file, form),
    }
}

fn lines<T>(
    rows: Rows,
    form: &Form,
    line: impl Fn(usize, &dyn Fn(Column) -> Cell) -> T,
) -> Result<Vec<T>, FileProblem> {
    let (below, places) = columns::find(&rows, form)?;
    let cell = |cells: &[Cell], column| {
        let at: Option<usize> = places.of(column);
        at.and_then(|at| cells.get(at)).cloned().unwrap_or_default()
    };
    let mut lines = Vec::new();
    for (row, cells) in rows.get(below..).unwrap_or_default() {
        if cells.iter().all(Cell::is_empty) {
            continue;
        }
        if lines.len() == MAX_LINES {
            return Err(FileProblem::TooManyLines);
        }
        lines.push(line(*row, &|column| cell(cells, column)));
    }
    if lines.is_empty() { Err(FileProblem::Empty) } else { Ok(lines) }
}

#[cfg(test)]
mod tests;
