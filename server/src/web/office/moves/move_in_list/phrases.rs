//! What is wrong with a list, in words that say what to do.

use paper::roster::{Column, FileProblem, MAX_FILE_BYTES, MAX_LINES};
use words::Lang;

use crate::ops::moves::move_in_list::RowProblem;

/// A column's heading as the template has it.
pub const fn column(t: Lang, column: Column) -> &'static str {
    match column {
        Column::Building => t.list_building(),
        Column::Floor => t.list_floor(),
        Column::Room => t.list_room(),
        Column::Number => t.list_number(),
        Column::Name => t.list_name(),
        Column::Holder => t.way_account_name(),
        Column::Account => t.way_account_number(),
        Column::Bank => t.way_bank_name(),
    }
}

/// Why a file is no list.
pub fn file_problem(t: Lang, problem: &FileProblem) -> String {
    match problem {
        FileProblem::Empty => t.list_empty().to_owned(),
        FileProblem::Unreadable => t.list_unreadable().to_owned(),
        FileProblem::OldExcel => t.list_old_excel().to_owned(),
        FileProblem::TooLarge => t.list_too_large(MAX_FILE_BYTES >> 20),
        FileProblem::TooManyLines => t.list_too_many_lines(MAX_LINES),
        FileProblem::MissingColumns(columns) => {
            let names: Vec<_> = columns.iter().map(|one| column(t, *one)).collect();
            t.list_missing_columns(names.join(t.list_separator()))
        }
        FileProblem::RepeatedColumn(one) => t.list_repeated_column(column(t, *one)),
    }
}

/// What is wrong with a row.
pub(super) fn row_problem(t: Lang, problem: &RowProblem) -> String {
    match problem {
        RowProblem::Missing(one) => t.list_row_missing(column(t, *one)),
        RowProblem::TooLong(one) => t.list_row_too_long(column(t, *one)),
        RowProblem::Malformed(one) => t.list_row_malformed(column(t, *one)),
        RowProblem::Formula(one) => t.list_row_formula(column(t, *one)),
        RowProblem::Rounded(one) => t.list_row_rounded(column(t, *one)),
        RowProblem::UnknownRoom => t.list_row_unknown_room().to_owned(),
        RowProblem::AmbiguousRoom => t.list_row_ambiguous().to_owned(),
        RowProblem::Occupied => t.list_row_occupied().to_owned(),
        RowProblem::Unclosed => t.list_row_unclosed().to_owned(),
        RowProblem::TooMany(most) => t.list_row_too_many(most),
        RowProblem::RepeatedNumber(row) => t.list_row_repeated(row),
        RowProblem::OtherName(name) => t.list_row_other_name(name),
        RowProblem::LivesElsewhere(place) => t.list_row_lives(place),
    }
}

/// Why a room was left out.
pub(super) const fn failure(t: Lang, why: &str) -> &'static str {
    match why.as_bytes() {
        b"occupied" => t.list_row_occupied(),
        b"unclosed" => t.list_row_unclosed(),
        b"elsewhere" => t.list_left_lives(),
        b"other-name" => t.list_left_other_name(),
        _ => t.list_row_unknown_room(),
    }
}
