//! A table as a file that is downloaded: Excel or CSV.

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use paper::exports::{Table, csv, excel};

use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// An Excel workbook.
    Excel,
    /// Comma-separated values.
    Csv,
}

impl FileKind {
    /// As addresses have it.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for anything else.
    pub fn parse(text: &str) -> Result<Self, WebError> {
        match text {
            "excel" => Ok(Self::Excel),
            "csv" => Ok(Self::Csv),
            _ => Err(WebError::NotFound),
        }
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Excel => (excel::CONTENT_TYPE, "xlsx"),
            Self::Csv => (csv::CONTENT_TYPE, "csv"),
        }
    }
}

/// The file, called `name` without its ending. It is written away from the threads that answer requests: a workbook of
/// every room of a university takes a moment.
///
/// # Errors
/// [`WebError::Internal`] when no workbook can be written.
pub async fn table_file(table: Table, kind: FileKind, name: &str, f: &Format) -> Result<Response, WebError> {
    let made = f.zone().to_datetime(Timestamp::from_millisecond(f.now_ms()).unwrap_or_default());
    let work = move || match kind {
        FileKind::Excel => excel::write(&table, made),
        FileKind::Csv => Ok(csv::write(&table).into_bytes()),
    };
    let done = tokio::task::spawn_blocking(work).await;
    let file = done
        .map_err(|error| WebError::Internal(error.to_string()))?
        .map_err(|error| WebError::Internal(format!("a workbook could not be written: {error}")))?;
    let (content_type, ending) = kind.names();
    let headers = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}
