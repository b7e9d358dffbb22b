//! A meter that lost its memory: what it held, and `POST /equipment/meters/{id}/credit` to send its credit anew.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::MeterId;
use domain::rights::Action;
use serde::Deserialize;
use words::Lang;

use crate::db::Connection;
use crate::ops::meters::restore_credit::{NoLoss, RestoreCredit};
use crate::reads::meters::memory_losses::{self, FallenRoom, Loss};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::meter_new::outlet_label;

/// What a page tells of a loss that waits for a decision.
pub struct LossCard {
    /// The loss.
    pub loss: Loss,
    /// What its households had.
    pub had: Vec<LossLine>,
    /// The visitor may decide.
    pub can_restore: bool,
}

/// What a household had.
pub struct LossLine {
    /// As marked on the meter.
    pub outlet: String,
    /// The room it serves.
    pub room: Option<String>,
    /// Used in its credit period, in Wh.
    pub used_wh: i64,
    /// Left then, in Wh.
    pub left_wh: i64,
}

impl LossCard {
    /// # Errors
    /// The database's.
    pub async fn read(
        conn: &mut Connection,
        visitor: &Visitor,
        meter: &MeterId,
    ) -> Result<Option<Self>, WebError> {
        let Some(loss) = memory_losses::open(conn, meter).await? else { return Ok(None) };
        let fallen = memory_losses::fallen(conn, &loss.id).await?;
        let had = fallen.into_iter().map(|room| LossLine::new(visitor.lang, room)).collect();
        let can_restore = visitor.actor()?.may(Action::RestoreCredit);
        Ok(Some(Self { loss, had, can_restore }))
    }
}

impl LossLine {
    fn new(t: Lang, FallenRoom { position, phases, room_name, had }: FallenRoom) -> Self {
        Self {
            outlet: outlet_label(t, position, phases),
            room: room_name,
            used_wh: had.used_wh,
            left_wh: had.credited_wh - had.debited_wh - had.used_wh,
        }
    }
}

/// Which loss.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RestoreForm {
    key: String,
    loss: String,
}

/// `POST /equipment/meters/{id}/credit`.
///
/// # Errors
/// [`WebError::BadRequest`] for a form that isn't ours.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
    Form(form): Form<RestoreForm>,
) -> Result<Response, WebError> {
    let request = RestoreCredit { key: form.key.parse()?, meter_id: id.clone(), loss_id: form.loss };
    if let Err(refused) = app.ops.perform(visitor.actor()?, request).await {
        // Somebody else has decided meanwhile: the meter's page shows that.
        let NoLoss = because(refused)?;
    }
    Ok(go(&format!("/equipment/meters/{id}")))
}
