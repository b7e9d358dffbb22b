//! `/rooms/{id}`: a room: its credit and what it is made of, its supply wanted and reported, its history.

mod chart;
mod loops;
mod settings;
mod span;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::health::Anomaly;
use domain::ids::RoomId;
use domain::meter_kind::Feature;
use domain::observed::{Sign, Signs};
use domain::rights::Action;
use domain::supply::Desired;
use serde::Deserialize;
use words::Lang;

use self::chart::Chart;
use self::loops::{LoopCard, Protection, has_second, loops, protection};
use self::settings::SettingsCard;
use self::span::Span;
use crate::ops::kit::Key;
use crate::reads::meters::settings::Change;
use crate::reads::meters::supply_changes::SupplyChange;
use crate::reads::moves::adjustments::{self, Listed as Adjusted};
use crate::reads::moves::departures_list::{self, Listed as Departing, Stage};
use crate::reads::room::credit::RoomCredit;
use crate::reads::room::{RoomFacts, Served, consumption};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::reasons::reason_words;
use crate::web::kit::state::AppState;
use crate::web::kit::status::{Look, look, mode_word};
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::event_words::{EventLine, event_lines};
use crate::web::playground::{self, PlaygroundCard};

/// Former residents that a room's page looks back at.
const LEAVING: i64 = 3;

/// `room.html`.
#[derive(Template)]
#[template(path = "office/places/room.html")]
struct RoomPage {
    t: Lang,
    page: Page,
    f: Format,
    facts: RoomFacts,
    look: Look,
    can_sell: bool,
    can_switch: bool,
    can_move_in: bool,
    can_grant: bool,
    can_move_out: bool,
    /// Those who left and are not settled.
    leaving: Vec<Departing>,
    /// Where a reading entered by hand turned out otherwise.
    adjusted: Vec<Adjusted>,
    credit: Option<RoomCredit>,
    supply: Option<Supply>,
    /// Both, if there are two.
    loops: Vec<LoopCard>,
    /// What protection keeps open.
    protection: Option<Protection>,
    can_release: bool,
    phases: Vec<Phase>,
    chart: Option<Chart>,
    /// The code of the span that the chart shows.
    span: &'static str,
    spans: Vec<SpanChip>,
    settings: Option<SettingsCard>,
    can_set: bool,
    can_judge: bool,
    /// The low-credit reminder that waits to be acknowledged: its number, and whether the office has done so.
    reminder: Option<(i64, bool)>,
    key: String,
    /// Only in the demo.
    playground: Option<PlaygroundCard>,
    /// The meter keeps no more credit for now.
    held_back: bool,
    /// What the meter shows about credit.
    credit_notes: Vec<&'static str>,
    /// What the meter recorded of the room, the newest first.
    events: Vec<EventLine>,
}

/// A span that the chart can show.
struct SpanChip {
    code: &'static str,
    title: &'static str,
    chosen: bool,
}

/// The relay, wanted and reported.
struct Supply {
    wanted: String,
    /// Closed or open, and why.
    reported: Option<(bool, String)>,
    mode: Option<String>,
    settled: bool,
}

/// Voltage and current of a phase.
struct Phase {
    name: String,
    voltage_mv: i64,
    current_ma: i64,
}

/// What of its consumption to show.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RoomQuery {
    span: String,
}

/// `GET /rooms/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    playground: Option<Extension<playground::Shared>>,
    Path(id): Path<RoomId>,
    Query(query): Query<RoomQuery>,
) -> Result<Response, WebError> {
    let (t, now_ms, actor) = (visitor.lang, app.clock.now_ms(), visitor.actor()?);
    let f = Format::new(t, visitor.site.as_ref(), now_ms);
    let span = Span::parse(&query.span);
    let edges = span.edges(f.zone(), now_ms);
    let since_ms = edges.first().copied().unwrap_or(now_ms);
    let mut conn = app.db.read().await?;
    let facts = visitor.room(&mut conn, &id, (since_ms, now_ms)).await?;
    let mut leaving = departures_list::of_room(&mut conn, &id, LEAVING).await?;
    leaving.retain(|one| one.stage() != Stage::Done);
    let adjusted = adjustments::latest(&mut conn, Some(&id), LEAVING).await?;
    drop(conn);
    let low_wh = visitor.site.as_ref().map_or(0, |site| site.low_credit_wh);
    let served = facts.served.as_ref();
    let totals = consumption::totals(&facts.past.hours, &facts.past.readings);
    let slots = consumption::slots(&totals, &edges, now_ms);
    let chart = served.and_then(|_| Chart::draw(t, &f, &facts.room.name, span, &slots));
    let occupied = facts.tenancy.is_some();
    show(&RoomPage {
        t,
        page: Page::new(&app, &visitor, t.room_title(&facts.room.name)),
        look: look(t, facts.status(low_wh)),
        can_sell: actor.may(Action::Sell) && occupied && served.is_some(),
        can_switch: actor.may(Action::SwitchSupply) && served.is_some(),
        can_move_in: actor.may(Action::MoveIn) && !occupied,
        can_grant: actor.may(Action::Grant) && occupied && served.is_some(),
        credit: facts.credit(),
        can_move_out: actor.may(Action::MoveOut) && occupied,
        leaving,
        adjusted,
        supply: served.map(|served| supply(t, &f, served)),
        loops: served.map_or_else(Vec::new, |served| loops(t, &f, served)),
        protection: served.and_then(|served| protection(t, served)),
        can_release: actor.may(Action::ReleaseLockout),
        phases: served.map_or_else(Vec::new, |served| phases(t, served)),
        chart,
        span: span.code(),
        spans: Span::ALL
            .map(|one| SpanChip { code: one.code(), title: one.title(t), chosen: one == span })
            .into(),
        settings: served
            .filter(|served| served.outlet.features.has(Feature::Settings))
            .map(|served| settings::card(&served.settings, t, &f, has_second_loop(served)))
            .transpose()?,
        can_set: actor.may(Action::ChangeSettings)
            && served.is_some_and(|served| served.outlet.features.has(Feature::Settings)),
        can_judge: actor.may(Action::JudgeReadings),
        reminder: served.and_then(reminder),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        playground: served
            .and_then(|served| playground::card(&app, playground, t, &id, has_second_loop(served))),
        held_back: served.is_some_and(Served::is_held_back),
        credit_notes: served.map_or_else(Vec::new, |served| credit_notes(t, served)),
        events: event_lines(t, &f, &facts.past.events),
        f,
        facts,
    })
}

fn supply(t: Lang, f: &Format, served: &Served) -> Supply {
    let said = served.reported.as_ref();
    Supply {
        wanted: wanted(t, f, &served.desired),
        reported: said.map(|said| (said.relay_closed == 1, reason_words(t, said.open_reasons))),
        mode: said.map(|said| {
            let until_ms = (said.supply_until_s > 0).then(|| said.supply_until_s.saturating_mul(1000));
            mode_until(t, f, mode_word(t, said.supply_mode), until_ms)
        }),
        settled: served.settled(),
    }
}

/// The reminder that keeps the supply off, and whether the office has acknowledged it.
fn reminder(served: &Served) -> Option<(i64, bool)> {
    let reminder = served.reported.as_ref().map_or(0, |said| said.reminder);
    (reminder > 0).then_some((reminder, served.desired.acknowledged_reminder == reminder))
}

fn credit_notes(t: Lang, served: &Served) -> Vec<&'static str> {
    let signs = served.reported.as_ref().map_or_else(Signs::new, |said| said.signs);
    let notes = [
        (Sign::LowCredit, t.credit_low_warning()),
        (Sign::Overdrawn, t.credit_overdrawn()),
        (Sign::FriendlyTime, t.credit_friendly_now()),
    ];
    notes.into_iter().filter(|(sign, _)| signs.has(*sign)).map(|(_, note)| note).collect()
}

fn wanted(t: Lang, f: &Format, desired: &Desired) -> String {
    let mode = desired.mode_at(f.now_ms());
    let until_ms = desired.supply_until_ms.filter(|until_ms| *until_ms > f.now_ms());
    mode_until(t, f, mode_word(t, mode), until_ms)
}

/// A mode with its end, if it has one.
#[must_use]
pub fn mode_until(t: Lang, f: &Format, mode: &str, until_ms: Option<i64>) -> String {
    until_ms.map_or_else(|| mode.to_owned(), |until_ms| t.mode_until(mode, f.when(&until_ms)))
}

fn phases(t: Lang, served: &Served) -> Vec<Phase> {
    let Some(said) = &served.reported else { return Vec::new() };
    let all = [
        (said.voltage1_mv, said.current1_ma),
        (said.voltage2_mv, said.current2_ma),
        (said.voltage3_mv, said.current3_ma),
    ];
    let count = if served.outlet.three_phase() { 3 } else { 1 };
    let phase = |(index, (voltage_mv, current_ma))| Phase { name: t.phase(index), voltage_mv, current_ma };
    (1..).zip(all).take(count).map(phase).collect()
}

fn has_second_loop(served: &Served) -> bool {
    served.reported.as_ref().is_some_and(has_second)
}

impl RoomPage {
    /// What a line of the history of settings set.
    fn settings_words(&self, change: &Change) -> String {
        settings::change_words(self.t, &self.f, change)
    }

    /// What a line of the history of supply asked for.
    fn change_words(&self, change: &SupplyChange) -> String {
        mode_until(self.t, &self.f, mode_word(self.t, change.mode), change.until_ms)
    }
}
