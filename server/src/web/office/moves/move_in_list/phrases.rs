//! What is wrong with a list, in words that say what to do.

use paper::roster::{FileProblem, MAX_FILE_BYTES, MAX_LINES};
use words::Lang;

use crate::ops::moves::move_in_list::RowProblem;

/// Why a file is no list.
pub fn file_problem(t: Lang, problem: &FileProblem) -> String {
    match problem {
        FileProblem::Empty => t.list_empty().to_owned(),
        FileProblem::Unreadable => t.list_unreadable().to_owned(),
        FileProblem::OldExcel => t.list_old_excel().to_owned(),
        FileProblem::TooLarge => t.list_too_large(MAX_FILE_BYTES >> 20),
        FileProblem::TooManyLines => t.list_too_many_lines(MAX_LINES),
        FileProblem::MissingColumns(columns) => {
            let names: Vec<_> = columns.iter().map(|one| one.name(t)).collect();
            t.list_missing_columns(names.join(t.list_separator()))
        }
        FileProblem::RepeatedColumn(one) => t.list_repeated_column(one.name(t)),
    }
}

/// What is wrong with a row.
pub(super) fn row_problem(t: Lang, problem: &RowProblem) -> String {
    match problem {
        RowProblem::Missing(one) => t.list_row_missing(one.name(t)),
        RowProblem::TooLong(one) => t.list_row_too_long(one.name(t)),
        RowProblem::Malformed(one) => t.list_row_malformed(one.name(t)),
        RowProblem::Formula(one) => t.list_row_formula(one.name(t)),
        RowProblem::Rounded(one) => t.list_row_rounded(one.name(t)),
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
