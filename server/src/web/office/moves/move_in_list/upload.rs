//! `/moves/list`: takes a list of move-ins from a file; nobody moves in before it was looked through.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use paper::exports::csv;
use paper::roster::{self, Column};
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::moves::move_in_list::TakeIn;
use crate::web::kit::error::WebError;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::moves::move_in_list::phrases::file_problem;

/// The largest upload: a file and the form around it. A larger file is told so by the page up to this size.
pub const LARGEST_BODY: usize = 2 * roster::MAX_FILE_BYTES;

/// `move_in_upload.html`.
#[derive(Template)]
#[template(path = "office/moves/move_in_upload.html")]
struct UploadPage {
    t: Lang,
    page: Page,
    key: String,
    trouble: Option<String>,
}

fn upload_page(app: &AppState, visitor: &Visitor, trouble: Option<String>) -> UploadPage {
    UploadPage {
        t: visitor.lang,
        page: Page::new(app, visitor, visitor.lang.list_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble,
    }
}

/// `GET /moves/list`.
///
/// # Errors
/// When the template fails.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&upload_page(&app, &visitor, None))
}

/// `GET /moves/list/template`: a file with the headings and an example, for a spreadsheet.
pub async fn get_template(visitor: Visitor) -> Response {
    let t = visitor.lang;
    let headings: Vec<_> = Column::ALL.into_iter().map(|column| column.name(t)).collect();
    let example = csv::line(t.list_template_example().split(','));
    let file = format!("{}{}{example}", csv::START, csv::line(headings));
    let disposition = "attachment; filename=\"move-in.csv\"";
    ([(CONTENT_TYPE, csv::CONTENT_TYPE), (CONTENT_DISPOSITION, disposition)], file).into_response()
}

/// `POST /moves/list`.
///
/// # Errors
/// [`WebError::BadRequest`] for a damaged form.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    form: Multipart,
) -> Result<Response, WebError> {
    let (key, file_name, file) = parts(form).await?;
    // A list is parsed for up to a second: not on a thread that serves others.
    let read = tokio::task::spawn_blocking(move || roster::read(&file)).await;
    let lines = match read.map_err(|error| WebError::Internal(error.to_string()))? {
        Ok(lines) => lines,
        Err(problem) => {
            let words = file_problem(visitor.lang, &problem);
            return show_refused(&upload_page(&app, &visitor, Some(words)));
        }
    };
    let request = TakeIn { key: key.parse()?, file_name, lines };
    let kept = app.ops.perform(visitor.actor()?, request).await?;
    Ok(go(&format!("/moves/lists/{}", kept.id)))
}

/// The form's key, the file's name and the file.
///
/// # Errors
/// [`WebError::BadRequest`] for a damaged form, [`WebError::TooLarge`].
pub async fn parts(mut form: Multipart) -> Result<(String, String, Vec<u8>), WebError> {
    let (mut key, mut file_name, mut file) = (String::new(), String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(damaged)? {
        match field.name() {
            Some("key") => key = field.text().await.map_err(damaged)?,
            Some("file") => {
                file_name = field.file_name().unwrap_or_default().to_owned();
                file = field.bytes().await.map_err(damaged)?.to_vec();
            }
            _ => {}
        }
    }
    Ok((key, file_name, file))
}

fn damaged(error: axum::extract::multipart::MultipartError) -> WebError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        WebError::TooLarge
    } else {
        WebError::BadRequest
    }
}
