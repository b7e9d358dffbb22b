//! Statements a second as PDF: one a file, as at a desk; and a building's in one file, as after a graduation.

use std::time::{Duration, Instant};

use paper::pdf::{PdfError, pdf};
use paper::sheet::Sheet;

use super::statement::{empty, statement};
use super::{Latencies, table};

/// One line of the table.
struct Line {
    what: String,
    files: Latencies,
    sheets_a_file: usize,
    bytes: usize,
}

/// Measures single files for `duration`, statements and empty ones, then `count` statements in one file. On one thread:
/// that is what one request gets.
///
/// # Errors
/// [`PdfError`].
pub fn measure(count: i64, duration: Duration) -> Result<String, PdfError> {
    // The fonts inside the program are read once, by the first.
    pdf(&[statement(0)])?;
    let lines = [
        repeat("statement, one a file", 1, duration, |nth| vec![statement(nth)])?,
        repeat("empty statement, one a file", 1, duration, |nth| vec![empty(nth)])?,
        repeat("statements in one file", count, Duration::ZERO, |_| (1..=count).map(statement).collect())?,
    ];
    Ok(show(&lines))
}

/// Makes files until the time is over, at least one.
fn repeat(
    what: &str,
    sheets: i64,
    duration: Duration,
    make: impl Fn(i64) -> Vec<Sheet>,
) -> Result<Line, PdfError> {
    let (begun, mut latencies, mut bytes) = (Instant::now(), Vec::new(), 0);
    for nth in 1.. {
        let start = Instant::now();
        bytes = pdf(&make(nth))?.len();
        latencies.push(start.elapsed());
        if begun.elapsed() >= duration {
            break;
        }
    }
    let files = Latencies::new(latencies, begun.elapsed());
    Ok(Line { what: what.to_owned(), files, sheets_a_file: usize::try_from(sheets).unwrap_or(0), bytes })
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn show(lines: &[Line]) -> String {
    let heads = ["what", "sheets a file", "sheets/s", "p50 ms a file", "p99 ms a file", "bytes a file"];
    let rows = lines.iter().map(|line| {
        vec![
            line.what.clone(),
            line.sheets_a_file.to_string(),
            format!("{:.0}", line.files.rate() * line.sheets_a_file as f64),
            format!("{:.2}", line.files.at_ms(500)),
            format!("{:.2}", line.files.at_ms(990)),
            line.bytes.to_string(),
        ]
    });
    table(&heads, rows)
}
