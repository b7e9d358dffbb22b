//! `/equipment/meters/{id}/second-loops`: which outlets were built with a second loop.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::MeterId;
use words::Lang;

use crate::db::Connection;
use crate::ops::meters::change_second_loops::{ChangeSecondLoops, NoSuchMeter};
use crate::reads::meters::second_loops;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::meter_new::outlet_label;

/// The single-phase outlets with their boxes to tick.
pub struct SecondLoops {
    /// One an outlet.
    pub boxes: Vec<OutletBox>,
    /// The meter doesn't hold yet what was ticked.
    pub pending: bool,
}

/// A box to tick for an outlet.
pub struct OutletBox {
    /// The field.
    pub name: String,
    /// As marked on the meter.
    pub label: String,
    /// It has a second loop.
    pub ticked: bool,
}

impl SecondLoops {
    /// Of a meter.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(conn: &mut Connection, t: Lang, meter: &MeterId) -> Result<Self, WebError> {
        let all = second_loops::of_meter(conn, meter).await?;
        let boxes = all.iter().filter(|one| one.phases == 1).map(|one| OutletBox {
            name: name(one.position),
            label: outlet_label(t, one.position, one.phases),
            ticked: one.is_there(),
        });
        Ok(Self { boxes: boxes.collect(), pending: all.iter().any(second_loops::SecondLoop::is_pending) })
    }
}

fn name(position: i64) -> String {
    format!("outlet{position}")
}

/// `POST /equipment/meters/{id}/second-loops`.
///
/// # Errors
/// [`WebError::NotFound`] without such a meter.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let key = form.get("key").map_or("", String::as_str).parse()?;
    let ticked = form.keys().filter_map(|field| field.strip_prefix("outlet")?.parse().ok());
    let request = ChangeSecondLoops { key, meter_id: id.clone(), positions: ticked.collect() };
    match app.ops.perform(visitor.actor()?, request).await.map_err(because) {
        Ok(_) => Ok(go(&format!("/equipment/meters/{id}"))),
        Err(why) => why.and_then(|NoSuchMeter| Err(WebError::NotFound)),
    }
}
