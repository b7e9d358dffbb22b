//! The door of every route: signed in, and allowed to by the one policy.

use axum::Router;
use axum::extract::Request;
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use domain::actor::Actor;
use domain::rights::Action;

use crate::web::kit::error::WebError;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever may do that.
    May {
        /// To be shown it, with `GET` and `HEAD`.
        see: Action,
        /// To change it, with any other method.
        act: Action,
    },
}

impl Access {
    /// Whether somebody who is signed in may use it with that method.
    #[must_use]
    pub fn lets(self, actor: &Actor, method: &Method) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::May { see, act } => actor.may(if method.is_safe() { see } else { act }),
        }
    }

    /// Whether somebody is shown it who cannot change it.
    #[must_use]
    pub fn only_shows(self, actor: &Actor) -> bool {
        matches!(self, Self::May { act, .. } if !actor.may(act))
    }
}

/// A route with who may use it.
pub struct Route {
    /// As axum writes it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    methods: MethodRouter<AppState>,
}

/// A route that only those may use who may do `action`.
pub fn may(path: &'static str, action: Action, methods: MethodRouter<AppState>) -> Route {
    sees_and_may(path, action, action, methods)
}

/// A route that is shown to those who may `see` it, and changes something for those who may `act`.
pub fn sees_and_may(path: &'static str, see: Action, act: Action, methods: MethodRouter<AppState>) -> Route {
    Route { path, access: Access::May { see, act }, methods }
}

/// A route for whoever is signed in: their own account.
pub fn signed_in(path: &'static str, methods: MethodRouter<AppState>) -> Route {
    Route { path, access: Access::SignedIn, methods }
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
            access => self
                .methods
                .layer(from_fn(move |visitor, request, next| guard(access, visitor, request, next))),
        };
        router.route(self.path, methods)
    }
}

async fn guard(access: Access, mut visitor: Visitor, mut request: Request, next: Next) -> Response {
    match visitor.actor() {
        Ok(actor) if access.lets(actor, request.method()) => {
            visitor.only_looks = access.only_shows(actor);
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(actor) => {
            tracing::warn!(user = %actor.id(), ?access, path = %visitor.here, "role refused");
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
