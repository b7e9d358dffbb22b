//! The whole table of roles and routes, walked as everybody.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::actor::Role;
use domain::rights::Rights;
use wattwarden::store;
use wattwarden::web::{Access, access_list};

use crate::support::database::on_sqlite;
use crate::support::web::Office;

/// Who signs in as what in these tests, and their letter in the table.
const PEOPLE: [(&str, Role, char); 5] = [
    ("desk", Role::Cashier, 'C'),
    ("technician", Role::Technician, 'T'),
    ("auditor", Role::Auditor, 'A'),
    ("manager", Role::Manager, 'M'),
    ("boss", Role::Administrator, 'S'),
];

/// Path → who is shown it, and who may change it. Written out, so that nothing changes hands by accident. Nobody at all
/// means that it is for everyone.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str)] = &[
    ("/sign-in", "", ""),
    ("/sign-out", "", ""),
    ("/setup/{token}", "", ""),
    ("/language", "", ""),
    ("/", "CTAMS", "CTAMS"),
    ("/rooms/{id}", "CTAMS", "CTAMS"),
    ("/rooms/{id}/tenancy", "MS", "MS"),
    ("/rooms/{id}/supply", "TMS", "TMS"),
    ("/rooms/{id}/reminder", "CTMS", "CTMS"),
    ("/moves", "CAMS", "CAMS"),
    ("/moves/bank", "CAMS", "CAMS"),
    ("/moves/terms", "S", "S"),
    ("/rooms/{id}/move-out", "MS", "MS"),
    ("/rooms/{id}/change", "MS", "MS"),
    ("/departures/{id}", "CAMS", "CAMS"),
    ("/departures/{id}/reading", "MS", "MS"),
    ("/departures/{id}/settlement", "MS", "MS"),
    ("/departures/{id}/approval", "MS", "MS"),
    ("/departures/{id}/payouts", "CMS", "CMS"),
    ("/moves/graduation", "MS", "MS"),
    ("/moves/runs/{id}", "CAMS", "CAMS"),
    ("/moves/runs/{id}/going-on", "MS", "MS"),
    ("/moves/runs/{id}/exceptions/{format}", "CAMS", "CAMS"),
    ("/moves/runs/{id}/refunds", "CMS", "CMS"),
    ("/moves/runs/{id}/refunds/{format}", "CAMS", "CAMS"),
    ("/moves/runs/{id}/accounts", "CMS", "CMS"),
    ("/moves/list", "MS", "MS"),
    ("/moves/list/template", "MS", "MS"),
    ("/moves/lists/{id}", "MS", "MS"),
    ("/rooms/{id}/account", "CAMS", "CMS"),
    ("/books", "AMS", "AMS"),
    ("/books/held", "AMS", "AMS"),
    ("/books/held/{id}", "AMS", "MS"),
    ("/rooms/{id}/lockout", "TMS", "TMS"),
    ("/rooms/{id}/demo", "CTAMS", "CTAMS"),
    ("/settings", "TAMS", "TAMS"),
    ("/settings/credit", "TAMS", "TMS"),
    ("/settings/friendly", "TAMS", "TMS"),
    ("/settings/cap", "TAMS", "TMS"),
    ("/settings/schedule/{kind}", "TAMS", "TMS"),
    ("/settings/voltage", "TAMS", "TMS"),
    ("/settings/over-current", "TAMS", "TMS"),
    ("/settings/vicious", "TAMS", "TMS"),
    ("/settings/permitted", "TAMS", "TMS"),
    ("/settings/calendar", "TAMS", "TMS"),
    ("/sell", "CMS", "CMS"),
    ("/rooms/{id}/sale", "CMS", "CMS"),
    ("/rooms/{id}/sale/preview", "CMS", "CMS"),
    ("/rooms/{id}/sales", "CMS", "CMS"),
    ("/sales/{id}", "CAMS", "CAMS"),
    ("/sales/{id}/receipt", "CMS", "CMS"),
    ("/documents", "CAMS", "CAMS"),
    ("/documents/{kind}", "CAMS", "CAMS"),
    ("/documents/{kind}/originals", "CMS", "CMS"),
    ("/documents/{kind}/{number}", "CAMS", "CAMS"),
    ("/documents/{kind}/{number}/print", "CAMS", "CAMS"),
    ("/documents/{kind}/{number}/original", "CMS", "CMS"),
    ("/verify", "CAMS", "CAMS"),
    ("/shift", "CMS", "CMS"),
    ("/shifts", "CAMS", "CAMS"),
    ("/shifts/{id}", "CAMS", "CAMS"),
    ("/shifts/{id}/close", "CMS", "CMS"),
    ("/shifts/{id}/report", "CMS", "CMS"),
    ("/reports", "CAMS", "CAMS"),
    ("/reports/{report}", "CAMS", "CAMS"),
    ("/reports/{report}/{format}", "CAMS", "CAMS"),
    ("/reports/day-end", "AMS", "AMS"),
    ("/reports/sales", "AMS", "AMS"),
    ("/reports/sales/document", "MS", "MS"),
    ("/sales/{id}/void", "CMS", "CMS"),
    ("/equipment", "CTAMS", "CTAMS"),
    ("/equipment/collector", "TS", "TS"),
    ("/equipment/collectors/{id}", "CTAMS", "TS"),
    ("/equipment/meter", "TS", "TS"),
    ("/equipment/meters/{id}", "CTAMS", "CTAMS"),
    ("/equipment/meters/{id}/events", "CTAMS", "CTAMS"),
    ("/equipment/meters/{id}/display", "CTAMS", "CTAMS"),
    ("/equipment/meters/{id}/credit", "MS", "MS"),
    ("/equipment/meters/{id}/second-loops", "TS", "TS"),
    ("/equipment/meters/{id}/rooms", "TS", "TS"),
    ("/rooms/{id}/grant", "MS", "MS"),
    ("/rooms/{id}/residents", "AMS", "MS"),
    ("/allowances", "AMS", "AMS"),
    ("/allowances/rule", "MS", "MS"),
    ("/allowances/rules/{id}", "AMS", "MS"),
    ("/allowances/rules/{id}/runs", "AMS", "MS"),
    ("/allowances/rules/{id}/runs/{period}", "AMS", "AMS"),
    ("/allowances/rules/{id}/runs/{period}/{format}", "AMS", "AMS"),
    ("/reports/subsidy", "AMS", "MS"),
    ("/prices", "AMS", "AMS"),
    ("/prices/groups", "MS", "MS"),
    ("/prices/rooms", "MS", "MS"),
    ("/prices/groups/{id}", "AMS", "MS"),
    ("/prices/groups/{id}/preview", "MS", "MS"),
    ("/prices/plans/{id}/withdrawal", "MS", "MS"),
    ("/installation", "AMS", "AMS"),
    ("/installation/site", "S", "S"),
    ("/installation/letterhead", "AMS", "S"),
    ("/installation/prices", "MS", "MS"),
    ("/installation/buildings", "S", "S"),
    ("/installation/rooms", "S", "S"),
    ("/account", "CTAMS", "CTAMS"),
    ("/account/password", "CTAMS", "CTAMS"),
    ("/users", "AS", "S"),
    ("/users/{id}/status", "S", "S"),
    ("/users/{id}/password", "S", "S"),
];

/// What changes nothing of the house although it is sent by a form.
const HARMLESS: [&str; 2] = ["/rooms/{id}/demo", "/account/password"];

#[test]
fn the_table_names_every_route() {
    let mut routes: Vec<_> = access_list().into_iter().map(|(path, _)| path).collect();
    let mut table: Vec<_> = TABLE.iter().map(|(path, ..)| *path).collect();
    routes.sort_unstable();
    table.sort_unstable();
    assert_eq!(routes, table);
}

#[test]
fn each_route_is_open_to_who_the_table_says() {
    for (path, access) in access_list() {
        let (_, sees, acts) = TABLE.iter().find(|(name, ..)| *name == path).unwrap();
        assert_eq!(access == Access::Public, sees.is_empty(), "{path}");
        let Access::May { see, act } = access else { continue };
        for (_, role, letter) in PEOPLE {
            let rights = Rights::of_role(role);
            assert_eq!(rights.holds(see), sees.contains(letter), "{path} shown to {role:?}");
            assert_eq!(rights.holds(act), acts.contains(letter), "{path} changed by {role:?}");
        }
    }
}

async fn real(office: &Office, path: &str) -> String {
    let mut conn = office.house.db.read().await.unwrap();
    let id = match path.split('/').nth(1).unwrap_or_default() {
        "rooms" => office.house.rooms[0].to_string(),
        "shifts" => office.house.desk_shift().await.to_string(),
        "users" => store::people::users::all(&mut conn).await.unwrap()[0].id.to_string(),
        "equipment" if path.contains("/meters/") => {
            store::meters::equipment::meters(&mut conn).await.unwrap()[0].id.to_string()
        }
        "equipment" => store::meters::equipment::collectors(&mut conn).await.unwrap()[0].id.to_string(),
        _ => "00000000-0000-7000-8000-000000000000".to_owned(),
    };
    let path =
        path.replace("{report}", "sales-by-day").replace("{format}", "csv").replace("{period}", "2026-09");
    path.replace("{id}", &id).replace("{token}", &id).replace("{kind}", "rest")
}

#[tokio::test]
async fn the_router_holds_to_the_table() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        office.add_user("technician", Role::Technician).await;
        office.add_user("auditor", Role::Auditor).await;
        for &(path, sees, acts) in TABLE.iter().filter(|(_, sees, _)| !sees.is_empty()) {
            let address = real(&office, path).await;
            for (method, allowed) in [(Method::GET, sees), (Method::POST, acts)] {
                let request = || {
                    let form = "application/x-www-form-urlencoded";
                    let request =
                        Request::builder().method(&method).uri(&address).header("content-type", form);
                    request.body(Body::empty()).unwrap()
                };
                let stranger = office.browser().send(request()).await;
                if stranger.status == StatusCode::METHOD_NOT_ALLOWED {
                    continue;
                }
                assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{method} {path}");
                assert!(stranger.location().starts_with("/sign-in"), "{method} {path}");
                for (name, _, letter) in PEOPLE {
                    let page = office.signed_in(name).await.send(request()).await;
                    let refused = page.status == StatusCode::FORBIDDEN;
                    assert_eq!(
                        refused,
                        !allowed.contains(letter),
                        "{method} {path} as {name}: {}",
                        page.status
                    );
                    let changes = method == Method::POST && !refused && !HARMLESS.contains(&path);
                    assert!(name != "auditor" || !changes, "an auditor may POST {path}");
                    assert!(!page.location().starts_with("/sign-in"), "{method} {path} as {name}");
                    assert!(!page.status.is_server_error(), "{method} {path} as {name}: {}", page.body);
                }
            }
        }
    })
    .await;
}

/// What a page offers: where its links lead, and where its forms are sent.
fn offers(body: &str) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    for (start, method) in [("<a ", Method::GET), ("<form ", Method::POST)] {
        for rest in body.split(start).skip(1) {
            let tag = rest.split('>').next().unwrap_or_default();
            let whole = rest.split("</form>").next().unwrap_or_default();
            let attribute = |name: &str| tag.split(&format!("{name}=\"")).nth(1)?.split('"').next();
            let to = if method == Method::GET { attribute("href") } else { attribute("action") };
            // A form without a button only shows what is set.
            let sent = method == Method::GET || tag.contains("method=\"post\"") && whole.contains("<button");
            found.extend(
                to.filter(|to| sent && to.starts_with('/')).map(|to| (method.clone(), to.to_owned())),
            );
        }
    }
    found
}

/// The route that an address is of.
fn route_of(address: &str) -> Option<(&'static str, Access)> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let fits = |route: &str| {
        let (mut route, mut path) = (route.split('/'), path.split('/'));
        loop {
            match (route.next(), path.next()) {
                (None, None) => return true,
                (Some(want), Some(is)) if want == is || want.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let mut routes: Vec<_> = access_list().into_iter().filter(|(route, _)| fits(route)).collect();
    // Of several, the router takes the one that names most.
    routes.sort_by_key(|(route, _)| route.matches('{').count());
    routes.first().copied()
}

#[tokio::test]
async fn no_page_offers_what_would_be_refused() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        office.add_user("technician", Role::Technician).await;
        office.add_user("auditor", Role::Auditor).await;
        let mut wrong = Vec::new();
        for (name, role, letter) in PEOPLE {
            let actor = office.house.actor(name).await;
            let mut browser = office.signed_in(name).await;
            for &(path, ..) in TABLE.iter().filter(|(_, sees, _)| sees.contains(letter)) {
                let address = real(&office, path).await;
                let page = browser.get(&address).await;
                if page.status != StatusCode::OK {
                    continue;
                }
                for (method, to) in offers(&page.body) {
                    let Some((_, access)) = route_of(&to) else { continue };
                    if !access.lets(&actor, &method) {
                        wrong.push(format!("{role:?} on {address}: {method} {to}"));
                    }
                }
            }
        }
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "offered and refused:\n{}", wrong.join("\n"));
    })
    .await;
}
