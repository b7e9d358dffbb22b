//! The whole role × route table.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use domain::actor::Role;
use domain::rights::may;
use wattwarden::store;
use wattwarden::web::{Access, access_list};

use crate::support::database::on_sqlite;
use crate::support::web::Office;

/// Who may use each page at least. Written out, so that nothing changes hands by accident.
const LEAST: &[(&str, Option<Role>)] = &[
    ("/", Some(Role::Cashier)),
    ("/rooms/{id}", Some(Role::Cashier)),
    ("/rooms/{id}/account", Some(Role::Cashier)),
    ("/books", Some(Role::Manager)),
    ("/books/held", Some(Role::Manager)),
    ("/books/held/{id}", Some(Role::Manager)),
    ("/rooms/{id}/tenancy", Some(Role::Manager)),
    ("/rooms/{id}/supply", Some(Role::Manager)),
    ("/rooms/{id}/reminder", Some(Role::Cashier)),
    ("/moves", Some(Role::Cashier)),
    ("/moves/bank", Some(Role::Cashier)),
    ("/moves/terms", Some(Role::Administrator)),
    ("/moves/graduation", Some(Role::Manager)),
    ("/moves/runs/{id}", Some(Role::Cashier)),
    ("/moves/runs/{id}/going-on", Some(Role::Manager)),
    ("/moves/runs/{id}/exceptions/{format}", Some(Role::Cashier)),
    ("/moves/runs/{id}/refunds", Some(Role::Cashier)),
    ("/moves/runs/{id}/refunds/{format}", Some(Role::Cashier)),
    ("/moves/runs/{id}/accounts", Some(Role::Cashier)),
    ("/rooms/{id}/move-out", Some(Role::Manager)),
    ("/rooms/{id}/change", Some(Role::Manager)),
    ("/departures/{id}", Some(Role::Cashier)),
    ("/departures/{id}/reading", Some(Role::Manager)),
    ("/departures/{id}/settlement", Some(Role::Manager)),
    ("/departures/{id}/approval", Some(Role::Manager)),
    ("/departures/{id}/payouts", Some(Role::Cashier)),
    ("/moves/list", Some(Role::Manager)),
    ("/moves/list/template", Some(Role::Manager)),
    ("/moves/lists/{id}", Some(Role::Manager)),
    ("/rooms/{id}/lockout", Some(Role::Manager)),
    ("/rooms/{id}/demo", Some(Role::Cashier)),
    ("/settings", Some(Role::Manager)),
    ("/settings/credit", Some(Role::Manager)),
    ("/settings/friendly", Some(Role::Manager)),
    ("/settings/cap", Some(Role::Manager)),
    ("/settings/schedule/{kind}", Some(Role::Manager)),
    ("/settings/voltage", Some(Role::Manager)),
    ("/settings/over-current", Some(Role::Manager)),
    ("/settings/vicious", Some(Role::Manager)),
    ("/settings/permitted", Some(Role::Manager)),
    ("/settings/calendar", Some(Role::Manager)),
    ("/sell", Some(Role::Cashier)),
    ("/rooms/{id}/sale", Some(Role::Cashier)),
    ("/rooms/{id}/sale/preview", Some(Role::Cashier)),
    ("/rooms/{id}/sales", Some(Role::Cashier)),
    ("/sales/{id}", Some(Role::Cashier)),
    ("/sales/{id}/receipt", Some(Role::Cashier)),
    ("/documents", Some(Role::Cashier)),
    ("/documents/{kind}", Some(Role::Cashier)),
    ("/documents/{kind}/originals", Some(Role::Cashier)),
    ("/documents/{kind}/{number}", Some(Role::Cashier)),
    ("/documents/{kind}/{number}/print", Some(Role::Cashier)),
    ("/documents/{kind}/{number}/original", Some(Role::Cashier)),
    ("/verify", Some(Role::Cashier)),
    ("/installation/letterhead", Some(Role::Administrator)),
    ("/shifts/{id}/report", Some(Role::Cashier)),
    ("/reports/sales/document", Some(Role::Manager)),
    ("/sales/{id}/void", Some(Role::Cashier)),
    ("/shift", Some(Role::Cashier)),
    ("/shifts", Some(Role::Cashier)),
    ("/shifts/{id}", Some(Role::Cashier)),
    ("/shifts/{id}/close", Some(Role::Cashier)),
    ("/reports", Some(Role::Cashier)),
    ("/reports/{report}", Some(Role::Cashier)),
    ("/reports/{report}/{format}", Some(Role::Cashier)),
    ("/reports/day-end", Some(Role::Manager)),
    ("/reports/sales", Some(Role::Manager)),
    ("/equipment", Some(Role::Cashier)),
    ("/equipment/collector", Some(Role::Administrator)),
    ("/equipment/collectors/{id}", Some(Role::Administrator)),
    ("/equipment/meter", Some(Role::Administrator)),
    ("/equipment/meters/{id}", Some(Role::Cashier)),
    ("/equipment/meters/{id}/events", Some(Role::Cashier)),
    ("/equipment/meters/{id}/display", Some(Role::Cashier)),
    ("/equipment/meters/{id}/credit", Some(Role::Manager)),
    ("/equipment/meters/{id}/rooms", Some(Role::Administrator)),
    ("/rooms/{id}/grant", Some(Role::Manager)),
    ("/rooms/{id}/residents", Some(Role::Manager)),
    ("/reports/subsidy", Some(Role::Manager)),
    ("/prices", Some(Role::Manager)),
    ("/prices/groups", Some(Role::Manager)),
    ("/prices/rooms", Some(Role::Manager)),
    ("/prices/groups/{id}", Some(Role::Manager)),
    ("/prices/groups/{id}/preview", Some(Role::Manager)),
    ("/prices/plans/{id}/withdrawal", Some(Role::Manager)),
    ("/allowances", Some(Role::Manager)),
    ("/allowances/rule", Some(Role::Manager)),
    ("/allowances/rules/{id}", Some(Role::Manager)),
    ("/allowances/rules/{id}/runs", Some(Role::Manager)),
    ("/allowances/rules/{id}/runs/{period}", Some(Role::Manager)),
    ("/allowances/rules/{id}/runs/{period}/{format}", Some(Role::Manager)),
    ("/equipment/meters/{id}/second-loops", Some(Role::Administrator)),
    ("/installation", Some(Role::Manager)),
    ("/installation/site", Some(Role::Administrator)),
    ("/installation/prices", Some(Role::Manager)),
    ("/installation/buildings", Some(Role::Administrator)),
    ("/installation/rooms", Some(Role::Administrator)),
    ("/account", Some(Role::Cashier)),
    ("/account/password", Some(Role::Cashier)),
    ("/users", Some(Role::Administrator)),
    ("/users/{id}/status", Some(Role::Administrator)),
    ("/users/{id}/password", Some(Role::Administrator)),
    ("/sign-in", None),
    ("/sign-out", None),
    ("/setup/{token}", None),
    ("/language", None),
];

#[test]
fn the_table_names_every_route() {
    let mut routes: Vec<_> = access_list().into_iter().map(|(path, _)| path).collect();
    let mut table: Vec<_> = LEAST.iter().map(|(path, _)| *path).collect();
    routes.sort_unstable();
    table.sort_unstable();
    assert_eq!(routes, table);
}

#[test]
fn each_route_is_open_to_who_the_table_says() {
    for (path, access) in access_list() {
        let (_, least) = LEAST.iter().find(|(name, _)| *name == path).unwrap();
        for role in Role::ALL {
            let allowed = match access {
                Access::Public => true,
                Access::May(action) => may(role, action),
            };
            assert_eq!(allowed, least.is_none_or(|least| role >= least), "{path} {role:?}");
        }
        assert_eq!(access == Access::Public, least.is_none(), "{path}");
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
        let people = [("desk", Role::Cashier), ("manager", Role::Manager), ("boss", Role::Administrator)];
        for &(path, least) in LEAST {
            let Some(least) = least else { continue };
            let address = real(&office, path).await;
            for method in [Method::GET, Method::POST] {
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
                for (name, role) in people {
                    let page = office.signed_in(name).await.send(request()).await;
                    let refused = page.status == StatusCode::FORBIDDEN;
                    assert_eq!(refused, role < least, "{method} {path} as {name}: {}", page.status);
                    assert!(!page.location().starts_with("/sign-in"), "{method} {path} as {name}");
                    assert!(!page.status.is_server_error(), "{method} {path} as {name}: {}", page.body);
                }
            }
        }
    })
    .await;
}
