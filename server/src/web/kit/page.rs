//! The frame of every page: title, navigation by role, language switch.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use domain::actor::{Actor, Role};
use domain::rights::{Action, Rights};
use words::Lang;

use crate::web::kit::assets::{self, Urls};
use crate::web::kit::error::WebError;
use crate::web::kit::icon::Icon;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// The frame of a page.
pub struct Page {
    /// In the browser's title bar.
    pub title: String,
    /// The address of this page, for the language switch.
    pub here: String,
    /// The site's name, once it has one.
    pub site: Option<String>,
    /// Who is signed in; without anyone the page stands alone.
    pub user: Option<User>,
    /// What the role may see, the daily work first.
    pub nav: Vec<NavGroup>,
    /// What they may do.
    pub rights: Rights,
    /// Shown to somebody who cannot change what stands there.
    pub read_only: bool,
    /// Simulated meters.
    pub demo: bool,
    /// The static files.
    pub urls: &'static Urls,
}

/// Who is signed in.
pub struct User {
    /// As on receipts.
    pub name: String,
    /// In words.
    pub role: &'static str,
}

/// Lines of the navigation that belong together.
pub struct NavGroup {
    /// In words.
    pub label: &'static str,
    /// Its lines; at least one.
    pub items: Vec<NavItem>,
}

/// A line of the navigation.
pub struct NavItem {
    /// Where to.
    pub href: &'static str,
    /// In words.
    pub label: &'static str,
    /// Of the sprite.
    pub icon: &'static str,
    /// This page belongs to it.
    pub current: bool,
}

impl Page {
    /// The frame for this visitor.
    #[must_use]
    pub fn new(app: &AppState, visitor: &Visitor, title: impl Into<String>) -> Self {
        let actor = visitor.session.as_ref().map(|session| &session.actor);
        Self {
            title: title.into(),
            here: visitor.here.clone(),
            site: visitor.site.as_ref().map(|site| site.name.clone()),
            user: actor.and_then(Actor::staff).map(|staff| User {
                name: staff.display_name.clone(),
                role: role_name(visitor.lang, staff.role),
            }),
            nav: actor.map_or_else(Vec::new, |actor| navigation(visitor, actor)),
            rights: actor.map(Rights::of).unwrap_or_default(),
            read_only: visitor.only_looks,
            demo: app.reach.demo,
            urls: assets::urls(),
        }
    }
}

impl Page {
    /// Whether whoever is signed in may do that.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.rights.holds(action)
    }

    /// Without navigation, whoever is signed in: for what comes before a sign-in.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.user = None;
        self
    }

    /// What a phone has at the thumb; the rest is behind "more".
    #[must_use]
    pub fn at_the_thumb(&self) -> &[NavItem] {
        self.nav.first().map_or(&[], |group| &group.items)
    }

    /// Whether this page belongs to what is behind "more".
    #[must_use]
    pub fn is_behind_more(&self) -> bool {
        self.nav.iter().skip(1).any(|group| group.items.iter().any(|item| item.current))
    }

    /// An icon, for the template.
    #[must_use]
    pub fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }
}

fn navigation(visitor: &Visitor, actor: &Actor) -> Vec<NavGroup> {
    let t = visitor.lang;
    let current = section(visitor.here.split('?').next().unwrap_or_default());
    let group = |label, lines: &[(&'static str, &'static str, &'static str, Action)]| NavGroup {
        label,
        items: lines
            .iter()
            .filter(|(_, _, _, action)| actor.may(*action))
            .map(|&(href, label, icon, _)| NavItem { href, label, icon, current: href == current })
            .collect(),
    };
    let daily = [
        ("/", t.nav_rooms(), "rooms", Action::SeeRooms),
        ("/sell", t.nav_sell(), "sell", Action::Sell),
        ("/moves", t.nav_moves(), "move-in", Action::SeeMoney),
        ("/shift", t.nav_shift(), "drawer", Action::KeepShift),
    ];
    let money = [
        ("/reports", t.nav_reports(), "chart", Action::SeeMoney),
        ("/documents", t.nav_documents(), "document", Action::SeeMoney),
        ("/books", t.nav_books(), "book", Action::SeeBooks),
        ("/allowances", t.nav_allowances(), "gift", Action::SeeAllowances),
        ("/prices", t.nav_prices(), "tag", Action::SeePrices),
    ];
    let house = [
        ("/equipment", t.nav_equipment(), "equipment", Action::SeeEquipment),
        ("/settings", t.nav_settings(), "sliders", Action::SeeSettings),
        ("/installation", t.nav_installation(), "settings", Action::SeeInstallation),
        ("/users", t.nav_users(), "users", Action::SeeUsers),
    ];
    let groups = [group(t.nav_daily(), &daily), group(t.nav_money(), &money), group(t.nav_house(), &house)];
    groups.into_iter().filter(|group| !group.items.is_empty()).collect()
}

/// The navigation's line that a page belongs to.
fn section(path: &str) -> &str {
    match path.split('/').nth(1).unwrap_or_default() {
        "" => "/",
        "rooms" if path.contains("/sale") => "/sell",
        "rooms" => "/",
        "sell" | "sales" => "/sell",
        "moves" | "departures" => "/moves",
        "shift" | "shifts" => "/shift",
        "documents" | "verify" => "/documents",
        "reports" => "/reports",
        "books" => "/books",
        "equipment" => "/equipment",
        "allowances" => "/allowances",
        "prices" => "/prices",
        "settings" => "/settings",
        "installation" => "/installation",
        "users" => "/users",
        _ => path,
    }
}

/// A role in words.
#[must_use]
pub const fn role_name(t: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => t.role_administrator(),
        Role::Manager => t.role_manager(),
        Role::Auditor => t.role_auditor(),
        Role::Technician => t.role_technician(),
        Role::Cashier => t.role_cashier(),
    }
}

/// Renders a page.
///
/// # Errors
/// When a template fails, which is ours to mend.
pub fn show(template: &impl Template) -> Result<Response, WebError> {
    Ok(Html(template.render()?).into_response())
}

/// Renders a form again that was not taken: nothing was changed, the fields say why.
///
/// # Errors
/// As [`show`].
pub fn show_refused(template: &impl Template) -> Result<Response, WebError> {
    let mut response = show(template)?;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Sends the browser on to a page, after a form was taken.
#[must_use]
pub fn go(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}
