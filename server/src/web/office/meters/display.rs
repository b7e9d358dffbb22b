//! `/equipment/meters/{id}/display`: what is on a meter's display, live, beside the office's figures of the same outlet.
//!
//! The field layer reads displays only while somebody looks: showing the card says so, and an open page asks anew every
//! few seconds.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::ids::MeterId;
use domain::supply::Reported;
use serde::Deserialize;
use words::Lang;

use crate::ops::meters::read_now::read_now;
use crate::ops::meters::watch_display::watch;
use crate::reads::meters::displays::{self, DisplayPage};
use crate::reads::meters::outlets::OutletRoom;
use crate::reads::meters::{equipment, households, outlets};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::reasons::reason_words;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::meter_new::outlet_label;

/// Pages before those of the outlets: what is shown, and the meter's own.
const FIRST_OF_OUTLETS: i64 = 2;
/// Pages of an outlet: its overview and its details.
const OUTLET_PAGES: i64 = 4;
/// Site time after which what was read is called old.
const FRESH_MS: i64 = 60_000;

/// `meter_display.html`.
#[derive(Template)]
#[template(path = "office/meters/meter_display.html")]
struct DisplayScreen {
    t: Lang,
    page: Page,
    serial: i64,
    display: DisplayCard,
}

/// What a page shows of a display: `display_card.html`.
pub struct DisplayCard {
    /// Whose.
    pub meter_id: MeterId,
    /// The outlet whose pages are shown.
    pub position: i64,
    /// What is on the display now.
    pub shown: Option<Screen>,
    /// The pages of the outlet.
    pub screens: Vec<Screen>,
    /// How old that is, in words.
    pub age: Option<String>,
    /// What the office has of the outlet: its label, and name and value of each figure.
    pub office: (String, Vec<(&'static str, String)>),
    /// Every outlet, to choose another.
    pub chips: Vec<OutletChip>,
}

/// A page of the display.
pub struct Screen {
    /// Which it is.
    pub title: String,
    /// Its lines, one below the other.
    pub text: String,
}

/// An outlet to choose.
pub struct OutletChip {
    /// From 0.
    pub position: i64,
    /// As marked on the meter, and the room it serves.
    pub label: String,
    /// This one is shown.
    pub chosen: bool,
}

impl DisplayCard {
    /// Says that somebody looks, and reads what is known so far. `outlet` is the one that was asked for.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for a meter without outlets; the database's.
    pub async fn read(
        app: &AppState,
        visitor: &Visitor,
        meter: &MeterId,
        outlet: Option<i64>,
    ) -> Result<Self, WebError> {
        let mut conn = app.db.read().await?;
        let all = outlets::of_meter(&mut conn, meter).await?;
        drop(conn);
        let chosen = choose(&all, outlet).ok_or(WebError::NotFound)?;
        watch(&app.ops, meter, u8::try_from(chosen.position).ok()).await?;
        let mut conn = app.db.read().await?;
        let pages = displays::of_meter(&mut conn, meter).await?;
        let said = households::reported(&mut conn, &chosen.household_id).await?;
        drop(conn);
        let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
        let card = Self::new(visitor.lang, &f, meter, &all, chosen, &pages, said.as_ref());
        if card.age.is_none() {
            read_now(&app.ops);
        }
        Ok(card)
    }

    fn new(
        t: Lang,
        f: &Format,
        meter: &MeterId,
        all: &[OutletRoom],
        chosen: &OutletRoom,
        pages: &[DisplayPage],
        said: Option<&Reported>,
    ) -> Self {
        let first = FIRST_OF_OUTLETS + chosen.position * OUTLET_PAGES;
        let of_outlet = pages.iter().filter(|page| (first..first + OUTLET_PAGES).contains(&page.page));
        let title = |page: &DisplayPage| match page.page - first {
            0 => t.display_overview().to_owned(),
            number => t.display_detail(number),
        };
        let screens: Vec<_> = of_outlet.map(|page| Screen::new(title(page), page)).collect();
        let shown = pages.iter().find(|page| page.page == 0);
        let oldest_ms = shown.filter(|_| !screens.is_empty()).map(|page| page.read_ms);
        Self {
            meter_id: meter.clone(),
            position: chosen.position,
            age: oldest_ms.map(|read_ms| age(t, f, read_ms)),
            shown: shown.map(|page| Screen::new(t.display_now().to_owned(), page)),
            screens,
            office: (label(t, chosen), said.map_or_else(Vec::new, |said| figures(t, f, said))),
            chips: all.iter().map(|outlet| chip(t, outlet, chosen.position)).collect(),
        }
    }
}

impl Screen {
    fn new(title: String, page: &DisplayPage) -> Self {
        Self { title, text: page.text.clone() }
    }
}

/// The outlet that was asked for, else the first that serves a room.
fn choose(all: &[OutletRoom], wanted: Option<i64>) -> Option<&OutletRoom> {
    let asked = all.iter().find(|outlet| Some(outlet.position) == wanted);
    asked.or_else(|| all.iter().find(|outlet| outlet.room_id.is_some())).or(all.first())
}

fn label(t: Lang, outlet: &OutletRoom) -> String {
    outlet_label(t, outlet.position, outlet.phases)
}

fn chip(t: Lang, outlet: &OutletRoom, chosen: i64) -> OutletChip {
    let room = outlet.room_name.as_ref().map(|name| format!(" · {name}"));
    OutletChip {
        position: outlet.position,
        label: label(t, outlet) + room.as_deref().unwrap_or_default(),
        chosen: outlet.position == chosen,
    }
}

fn age(t: Lang, f: &Format, read_ms: i64) -> String {
    if f.now_ms() - read_ms > FRESH_MS {
        t.display_stale(f.age(&read_ms))
    } else {
        t.display_read(f.age(&read_ms))
    }
}

/// What the pages of the display show, in their order.
fn figures(t: Lang, f: &Format, said: &Reported) -> Vec<(&'static str, String)> {
    let why = reason_words(t, said.open_reasons);
    let supply =
        if said.relay_closed == 1 { t.room_relay_on().to_owned() } else { t.room_relay_off().to_owned() };
    let phases = |first: String, rest: [(i64, String); 2]| {
        let present = rest.into_iter().filter(|(raw, _)| *raw > 0).map(|(_, words)| words);
        std::iter::once(first).chain(present).collect::<Vec<_>>().join(" · ")
    };
    let volts =
        phases(f.volts(&said.voltage1_mv), [said.voltage2_mv, said.voltage3_mv].map(|mv| (mv, f.volts(&mv))));
    // Which phases there are, the voltages say: a phase without current is one all the same.
    let amps = phases(
        f.amps(&said.current1_ma),
        [(said.voltage2_mv, f.amps(&said.current2_ma)), (said.voltage3_mv, f.amps(&said.current3_ma))],
    );
    vec![
        (t.room_remaining(), f.kwh_exact(&said.remaining_wh())),
        (
            t.room_supply(),
            if why.is_empty() { supply } else { format!("{supply}{}", t.display_because(why)) },
        ),
        (t.room_power(), f.power(&said.power_mw)),
        (t.display_bought(), f.kwh_exact(&(said.credited_wh - said.debited_wh))),
        (t.room_used(), f.kwh_exact(&said.used_wh)),
        (t.display_running(), f.kwh_exact(&said.energy_total_wh)),
        (t.room_voltage(), volts),
        (t.room_current(), amps),
    ]
}

/// Which outlet.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DisplayQuery {
    outlet: String,
}

/// `GET /equipment/meters/{id}/display`.
///
/// # Errors
/// [`WebError::NotFound`] without such a meter.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
    Query(query): Query<DisplayQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let meters = equipment::meters(&mut conn).await?;
    drop(conn);
    let serial = meters.iter().find(|meter| meter.id == id).ok_or(WebError::NotFound)?.serial;
    let display = DisplayCard::read(&app, &visitor, &id, query.outlet.parse().ok()).await?;
    show(&DisplayScreen { t, page: Page::new(&app, &visitor, t.display_of(serial)), serial, display })
}
