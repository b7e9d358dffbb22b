//! Error pages: what happened in plain words, what to do next, and a number to find it in the log by.

use askama::Template;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use words::Lang;

use crate::web::kit::error::Problem;
use crate::web::kit::page::Page;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `problem.html`.
#[derive(Template)]
#[template(path = "kit/problem.html")]
struct ProblemPage {
    t: Lang,
    page: Page,
    code: u16,
    next: String,
    request_id: String,
}

/// Gives a response that only carries a [`Problem`] its page; leaves every other one alone.
pub fn render(app: &AppState, visitor: &Visitor, mut response: Response) -> Response {
    let problem = response.extensions().get::<Problem>().copied().or_else(|| bare(&response));
    let Some(problem) = problem else { return response };
    let status = problem.status();
    tracing::info!(status = status.as_u16(), request = %visitor.request_id, path = %visitor.here, "refused");
    let (title, next) = words(visitor.lang, problem);
    let page = ProblemPage {
        t: visitor.lang,
        page: Page::new(app, visitor, title),
        code: status.as_u16(),
        next,
        request_id: visitor.request_id.to_string(),
    };
    match page.render() {
        Ok(html) => {
            response.headers_mut().remove(CONTENT_LENGTH);
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            *response.body_mut() = Body::from(html);
        }
        Err(error) => tracing::error!(%error, "an error page could not be rendered"),
    }
    *response.status_mut() = status;
    response
}

/// Refusals of axum's own and of the layers around the routes, which know nothing of our pages.
fn bare(response: &Response) -> Option<Problem> {
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::Method),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::TooLarge),
        StatusCode::NOT_FOUND => Some(Problem::NotFound),
        StatusCode::BAD_REQUEST => Some(Problem::BadRequest),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::Internal),
        _ => None,
    }
    .filter(|_| !is_page(response))
}

fn is_page(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn words(t: Lang, problem: Problem) -> (&'static str, String) {
    let (title, next) = match problem {
        Problem::Throttled(seconds) => return (t.throttled_title(), t.throttled_next(seconds)),
        Problem::BadRequest => (t.bad_request_title(), t.bad_request_next()),
        Problem::Forbidden => (t.forbidden_title(), t.forbidden_next()),
        Problem::CrossSite => (t.cross_site_title(), t.cross_site_next()),
        Problem::NotFound => (t.not_found_title(), t.not_found_next()),
        Problem::Method => (t.method_title(), t.method_next()),
        Problem::Conflict => (t.conflict_title(), t.conflict_next()),
        Problem::TooLarge => (t.too_large_title(), t.too_large_next()),
        Problem::SetupSpent => (t.setup_spent_title(), t.setup_spent_next()),
        Problem::Unavailable => (t.unavailable_title(), t.unavailable_next()),
        Problem::Internal => (t.internal_title(), t.internal_next()),
    };
    (title, next.to_owned())
}
