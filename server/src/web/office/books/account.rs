//! `/rooms/{id}/account`: everything that happened on a tenancy's account, with what stood on it after each event; and
//! its statement on paper, for the days that are shown.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::books::AccountEvent;
use domain::books::account::{Entry, Statement};
use domain::ids::{RoomId, TenancyId};
use jiff::ToSpan;
use jiff::civil::Date;
use paper::Kind;
use serde::Deserialize;
use words::Lang;

use crate::ops::books::issue_statement::{IssueStatement, NoStatement};
use crate::ops::kit::Key;
use crate::reads::books::account::TenancyOfRoom;
use crate::reads::papers::documents;
use crate::reads::people::residents::Resident;
use crate::reads::places::rooms::{self, Room};
use crate::reads::room::account;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::period::{day_of, ends_ms, next_day, parse_day};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Tenancies to choose from.
const TENANCIES: i64 = 50;
/// Months that a click leads to.
const MONTHS: i32 = 3;

/// `room_account.html`.
#[derive(Template)]
#[template(path = "office/books/room_account.html")]
struct AccountPage {
    t: Lang,
    page: Page,
    f: Format,
    room: Room,
    residents: Vec<Resident>,
    fields: Vec<Field>,
    periods: Vec<Period>,
    shown: Option<Shown>,
}

/// The account of those who live there, or lived.
struct Shown {
    statement: Statement,
    tenancy: TenancyId,
    from: Date,
    until: Date,
    key: String,
}

/// A period that a click leads to.
struct Period {
    href: String,
    label: String,
    current: bool,
}

/// Whose account, and which days of it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AccountQuery {
    tenancy: String,
    from: String,
    until: String,
}

/// The days that a statement is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StatementForm {
    key: String,
    tenancy: String,
    from: String,
    until: String,
}

/// `GET /rooms/{id}/account`: of those who live there, this month, unless another tenancy or other days are asked for.
///
/// # Errors
/// [`WebError::NotFound`] without such a room or tenancy.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Query(query): Query<AccountQuery>,
) -> Result<Response, WebError> {
    let days = Days::asked(&app, &visitor, &query.from, &query.until);
    show(&account_page(&app, &visitor, &id, &query.tenancy, days).await?)
}

/// `POST /rooms/{id}/account`: issues the statement of the days that were shown, and leads to it.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<StatementForm>,
) -> Result<Response, WebError> {
    let (t, key) = (visitor.lang, form.key.parse::<Key>()?);
    let mut days = Days::asked(&app, &visitor, &form.from, &form.until);
    let mut conn = app.db.read().await?;
    let seen = visitor.seen(&mut conn, &id).await?;
    let tenancies = account::tenancies(&mut conn, &seen, TENANCIES).await?;
    drop(conn);
    let tenancy = choose(&tenancies, &form.tenancy)?.ok_or(WebError::NotFound)?;
    if days.faults.is_empty() {
        let (from_ms, to_ms) = days.ends_ms;
        let language = t;
        let request = IssueStatement { key, tenancy_id: tenancy.id.clone(), from_ms, to_ms, language };
        match app.ops.perform(visitor.actor()?, request).await {
            Ok(outcome) => {
                let (kind, mut conn) = (Kind::AccountStatement, app.db.read().await?);
                let number = documents::number_of(&mut conn, kind, outcome.id.as_str()).await?;
                let number = number.ok_or(WebError::NotFound)?;
                return Ok(go(&format!("/documents/{}/{number}", kind.as_str())));
            }
            Err(refused) => {
                days.faults = match because(refused)? {
                    NoStatement::NoTenancy => return Err(WebError::NotFound),
                    NoStatement::NoDay => Faults::one("until", t.field_malformed()),
                    NoStatement::NotBegun => Faults::one("from", t.field_too_far_ahead()),
                }
            }
        }
    }
    show_refused(&account_page(&app, &visitor, &id, &form.tenancy, days).await?)
}

/// The tenancy that is asked for; the latest when none is. `None` when nobody has lived there.
fn choose<'a>(tenancies: &'a [TenancyOfRoom], asked: &str) -> Result<Option<&'a TenancyOfRoom>, WebError> {
    match asked {
        "" => Ok(tenancies.first()),
        asked => Ok(Some(tenancies.iter().find(|one| one.id.as_str() == asked).ok_or(WebError::NotFound)?)),
    }
}

async fn account_page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    asked: &str,
    days: Days,
) -> Result<AccountPage, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut conn = app.db.read().await?;
    let room = rooms::room(&mut conn, id).await?.ok_or(WebError::NotFound)?;
    let seen = visitor.seen(&mut conn, id).await?;
    let tenancies = account::tenancies(&mut conn, &seen, TENANCIES).await?;
    let chosen = choose(&tenancies, asked)?;
    let (mut shown, mut residents) = (None, Vec::new());
    if let Some(tenancy) = chosen {
        let booked = account::account(&mut conn, &seen, &tenancy.id).await?;
        let entries;
        (entries, residents) = booked.ok_or(WebError::NotFound)?;
        shown = Some(Shown {
            statement: Statement::of(entries, days.ends_ms.0, days.ends_ms.1),
            tenancy: tenancy.id.clone(),
            from: days.from,
            until: days.until,
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        });
    }
    drop(conn);
    Ok(AccountPage {
        page: Page::new(app, visitor, t.account_of_room(&room.name)),
        residents,
        fields: days.fields(t, &f, &tenancies, chosen),
        periods: days.periods(t, &f, id, chosen),
        shown,
        room,
        t,
        f,
    })
}

/// The days that are shown, both ends within.
struct Days {
    from: Date,
    until: Date,
    /// When the first begins, and when the last ends.
    ends_ms: (i64, i64),
    faults: Faults,
}

impl Days {
    fn asked(app: &AppState, visitor: &Visitor, first: &str, last: &str) -> Self {
        let t = visitor.lang;
        let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
        let (mut from, mut until) = month(day_of(f.zone(), f.now_ms()), 0);
        let mut faults = Faults::default();
        for (name, text, day) in [("from", first, &mut from), ("until", last, &mut until)] {
            match parse_day(text) {
                Some(asked) => *day = asked,
                None if text.is_empty() => {}
                None => faults.add(name, t.books_day_bad()),
            }
        }
        if from > until && faults.is_empty() {
            faults.add("until", t.account_days_reversed());
        }
        let ends_ms = ends_ms(f.zone(), from, next_day(until));
        Self { from, until, ends_ms, faults }
    }

    fn fields(
        &self,
        t: Lang,
        f: &Format,
        tenancies: &[TenancyOfRoom],
        chosen: Option<&TenancyOfRoom>,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        if tenancies.len() > 1 {
            let choices = tenancies.iter().map(|one| Choice::new(one.id.as_str(), span(t, f, one))).collect();
            let chosen = chosen.map_or("", |one| one.id.as_str());
            fields.push(Field::select("tenancy", t.account_tenancy(), choices).value(chosen));
        }
        let day =
            |name, label, value: Date| Field::date(name, label).value(value.to_string()).error(&self.faults);
        fields.push(day("from", t.account_from(), self.from));
        fields.push(day("until", t.account_until(), self.until));
        fields
    }

    fn periods(&self, t: Lang, f: &Format, room: &RoomId, chosen: Option<&TenancyOfRoom>) -> Vec<Period> {
        let Some(tenancy) = chosen else { return Vec::new() };
        let today = day_of(f.zone(), f.now_ms());
        let whole =
            (day_of(f.zone(), tenancy.opened_ms), tenancy.closed_ms.map_or(today, |ms| day_of(f.zone(), ms)));
        let mut periods: Vec<_> =
            (0..MONTHS).map(|back| (month(today, back), f.month(month(today, back).0))).collect();
        periods.push((whole, t.account_whole().to_owned()));
        let period = |((from, until), label): ((Date, Date), String)| Period {
            href: format!("/rooms/{room}/account?tenancy={}&from={from}&until={until}", tenancy.id),
            label,
            current: (from, until) == (self.from, self.until),
        };
        periods.into_iter().map(period).collect()
    }
}

/// The first and last day of the month that lies `back` months before a day's.
fn month(day: Date, back: i32) -> (Date, Date) {
    let then = day.saturating_sub(back.months());
    (then.first_of_month(), then.last_of_month())
}

/// A tenancy, by when it was.
fn span(t: Lang, f: &Format, tenancy: &TenancyOfRoom) -> String {
    let until = tenancy.closed_ms.map_or_else(|| t.account_now().to_owned(), |ms| f.when(&ms));
    t.account_span(f.when(&tenancy.opened_ms), until)
}

impl AccountPage {
    /// What happened, in words.
    fn event(&self, entry: &Entry) -> &'static str {
        let t = self.t;
        match entry.event {
            AccountEvent::Sale => t.event_sale(),
            AccountEvent::Void => t.event_void(),
            AccountEvent::Grant => t.event_grant(),
            AccountEvent::Lapse => t.event_lapse(),
            AccountEvent::Use => t.event_use(),
            AccountEvent::CarriedIn => t.event_carried_in(),
            AccountEvent::CarriedOut => t.event_carried_out(),
            AccountEvent::Refund => t.event_refund(),
            AccountEvent::Adjustment => t.event_adjustment(),
        }
    }

    /// Whether it has a receipt.
    #[expect(clippy::unused_self, reason = "templates reach it by the page")]
    fn sold(&self, entry: &Entry) -> bool {
        entry.event == AccountEvent::Sale
    }

    /// Energy in or out; nothing for none.
    fn wh(&self, wh: &i64) -> String {
        if *wh == 0 { String::new() } else { self.f.kwh_exact(wh) }
    }

    /// Money in or out; nothing for none.
    fn minor(&self, minor: &i64) -> String {
        if *minor == 0 { String::new() } else { self.f.money(minor) }
    }
}
