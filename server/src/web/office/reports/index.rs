//! `/reports`: every report there is, by what it is about.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::rights::Action;
use words::Lang;

use super::Report;
use crate::web::kit::error::WebError;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `reports.html`.
#[derive(Template)]
#[template(path = "office/reports/reports.html")]
struct ReportsPage {
    t: Lang,
    page: Page,
    lead: &'static str,
    groups: Vec<Group>,
}

/// Reports about one thing.
struct Group {
    title: &'static str,
    /// Address and name.
    links: Vec<(String, &'static str)>,
}

/// `GET /reports`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let t = visitor.lang;
    let sees_all = visitor.actor()?.may(Action::SeeReports);
    let link = |report: Report| (format!("/reports/{}", report.slug()), report.title(t));
    let group = |title, reports: &[Report]| Group {
        title,
        links: reports
            .iter()
            .filter(|report| sees_all || report.for_cashiers())
            .map(|one| link(*one))
            .collect(),
    };
    let mut groups = vec![
        group(t.reports_sales(), &Report::ALL[..4]),
        group(t.reports_use(), &[Report::UseByRoom, Report::UseByBuilding, Report::UseByMonth]),
        group(
            t.reports_credit(),
            &[
                Report::Liability,
                Report::FreeByBuilding,
                Report::FreeByMonth,
                Report::FreeByRule,
                Report::Refunds,
            ],
        ),
    ];
    if visitor.actor()?.may(Action::SeeShifts) {
        let desk = [
            ("/reports/day-end", t.day_end_title()),
            ("/reports/sales", t.takings_title()),
            ("/shifts", t.shifts_title()),
        ];
        let links = desk.map(|(href, name)| (href.to_owned(), name)).to_vec();
        groups.push(Group { title: t.reports_desk(), links });
    }
    groups.retain(|group| !group.links.is_empty());
    let lead = if sees_all { t.reports_lead() } else { t.reports_own_lead() };
    show(&ReportsPage { t, page: Page::new(&app, &visitor, t.reports_title()), lead, groups })
}
