//! The door of every route: signed in, and allowed to by the one policy.

use axum::Router;
use axum::extract::Request;
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use domain::rights::{Action, may};

use crate::web::kit::error::WebError;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Signed in, with a role that may do this.
    May(Action),
}

/// A route with who may use it.
pub struct Route {
    /// As axum writes it.
    pub path: &'static str,
    /// Who may use it, with any method.
    pub access: Access,
    methods: MethodRouter<AppState>,
}

/// A route that only those may use who may do `action`.
pub fn may_use(path: &'static str, action: Action, methods: MethodRouter<AppState>) -> Route {
    Route { path, access: Access::May(action), methods }
}

/// A route for everyone.
pub fn public(path: &'static str, methods: MethodRouter<AppState>) -> Route {
    Route { path, access: Access::Public, methods }
}

impl Route {
    /// Adds it to the router, with its guard around it.
    pub fn add_to(self, router: Router<AppState>) -> Router<AppState> {
        let methods = match self.access {
            Access::Public => self.methods,
            Access::May(action) => self
                .methods
                .layer(from_fn(move |visitor, request, next| guard(action, visitor, request, next))),
        };
        router.route(self.path, methods)
    }
}

async fn guard(action: Action, visitor: Visitor, request: Request, next: Next) -> Response {
    match visitor.actor() {
        Ok(actor) if may(actor.role, action) => next.run(request).await,
        Ok(actor) => {
            tracing::warn!(user = %actor.user_id, ?action, path = %visitor.here, "role refused");
            WebError::Forbidden.into_response()
        }
        // A page that refreshes itself would show the sign-in form inside itself; tell it to load anew instead.
        Err(_) if request.headers().contains_key("hx-request") => (
            StatusCode::UNAUTHORIZED,
            [(HeaderName::from_static("hx-refresh"), HeaderValue::from_static("true"))],
        )
            .into_response(),
        Err(signed_out) => signed_out.into_response(),
    }
}
