//! `/books`: the trial balance of both ledgers on a day, what is owed to residents, and how recognition of use goes on.

pub mod account;
pub mod held;
pub mod judge;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use words::Lang;

use crate::ops::books::recognise_consumption::{JOB, RunReport};
use crate::reads::books::account as accounts;
use crate::reads::books::account::KindBalance;
use crate::reads::books::quarantines;
use crate::reads::kit::job_runs::{self, JobRun, JobState};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::period::{begins_ms, day_of, next_day, parse_day};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `books.html`.
#[derive(Template)]
#[template(path = "office/books/books.html")]
struct BooksPage {
    t: Lang,
    page: Page,
    f: Format,
    date: Field,
    ledgers: [Ledger; 2],
    owed: [(&'static str, String); 4],
    held: usize,
    recognition: Option<Recognition>,
}

/// A ledger's trial balance, written out.
struct Ledger {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
    debits: String,
    credits: String,
    sum: String,
    balanced: bool,
}

/// All accounts of a kind.
struct Line {
    name: String,
    debits: String,
    credits: String,
    balance: String,
}

/// The latest run of recognition.
struct Recognition {
    run: JobRun,
    report: RunReport,
}

impl Recognition {
    fn word(&self, t: Lang) -> (&'static str, &'static str) {
        match self.run.state {
            JobState::Waiting | JobState::Running => (t.job_running(), "pending"),
            JobState::Done => (t.job_done(), "on"),
            JobState::Failed => (t.job_failed(), "offline"),
        }
    }
}

/// Which day.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BooksQuery {
    date: String,
}

/// `GET /books`: as of the end of a day; without one, today.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<BooksQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let (asked, mut faults) = (parse_day(&query.date), Faults::default());
    if asked.is_none() && !query.date.is_empty() {
        faults.add("date", t.books_day_bad());
    }
    let day = asked.unwrap_or_else(|| day_of(f.zone(), f.now_ms()));
    let mut conn = app.db.read().await?;
    let balances = accounts::trial_balance(&mut conn, begins_ms(f.zone(), next_day(day))).await?;
    let held = quarantines::open(&mut conn, HELD).await?.len();
    let run = job_runs::latest(&mut conn, JOB, 1).await?.pop();
    drop(conn);
    show(&BooksPage {
        t,
        page: Page::new(&app, &visitor, t.books_title()),
        date: Field::date("date", t.books_day()).value(day.to_string()).error(&faults),
        ledgers: [ledger(t, &f, "money", &balances), ledger(t, &f, "energy", &balances)],
        owed: owed(t, &f, &balances),
        held,
        recognition: run
            .map(|run| Recognition { report: serde_json::from_str(&run.report).unwrap_or_default(), run }),
        f,
    })
}

/// Held readings that are counted.
const HELD: i64 = 100;

fn owed(t: Lang, f: &Format, balances: &[KindBalance]) -> [(&'static str, String); 4] {
    let of = |kind: &str| balances.iter().find(|one| one.kind == kind).map_or(0, KindBalance::balance);
    [
        (t.books_owed_prepaid(), f.money(&of("money:prepaid"))),
        (t.books_owed_refunds(), f.money(&of("money:refunds-payable"))),
        (t.books_owed_paid(), f.kwh(&of("energy:purse"))),
        (t.books_owed_free(), f.kwh(&of("energy:subsidy"))),
    ]
}

fn ledger(t: Lang, f: &Format, id: &'static str, balances: &[KindBalance]) -> Ledger {
    let money = id == "money";
    let figure = |amount: i64| if money { f.money(&amount) } else { f.kwh_exact(&amount) };
    let own = || balances.iter().filter(|one| one.kind.split(':').next() == Some(id));
    let lines = own().map(|one| Line {
        name: kind_word(t, &one.kind).map_or_else(|| one.kind.clone(), str::to_owned),
        debits: figure(one.debits),
        credits: figure(one.credits),
        balance: side(t, one.balance(), figure),
    });
    let (debits, credits) = own().fold((0, 0), |sum, one| (sum.0 + one.debits, sum.1 + one.credits));
    Ledger {
        id,
        title: if money { t.books_money() } else { t.books_energy() },
        lines: lines.collect(),
        debits: figure(debits),
        credits: figure(credits),
        sum: figure(credits - debits),
        balanced: debits == credits,
    }
}

/// A balance on its side, as bookkeepers write it: never below zero.
fn side(t: Lang, balance: i64, figure: impl Fn(i64) -> String) -> String {
    match balance {
        0 => figure(0),
        1.. => t.books_credit_balance(figure(balance)),
        _ => t.books_debit_balance(figure(balance.saturating_neg())),
    }
}

/// A kind of account in words.
fn kind_word(t: Lang, kind: &str) -> Option<&'static str> {
    Some(match kind {
        "money:cash" => t.kind_cash(),
        "money:safe" => t.kind_safe(),
        "money:cash-difference" => t.kind_cash_difference(),
        "money:channel" => t.kind_channel(),
        "money:prepaid" => t.kind_prepaid(),
        "money:revenue" => t.kind_revenue(),
        "money:subsidy" => t.kind_subsidy(),
        "money:refunds-payable" => t.kind_refunds_payable(),
        "money:set-off" => t.kind_set_off(),
        "money:rounding" => t.kind_rounding(),
        "energy:issued" => t.kind_issued(),
        "energy:granted" => t.kind_granted(),
        "energy:purse" => t.kind_purse(),
        "energy:subsidy" => t.kind_subsidy_purse(),
        "energy:consumed" => t.kind_consumed(),
        "energy:lapsed" => t.kind_lapsed(),
        "energy:refunded" => t.kind_refunded(),
        "energy:adjusted" => t.kind_adjusted(),
        _ => return None,
    })
}
