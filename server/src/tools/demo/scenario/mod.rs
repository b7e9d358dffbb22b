//! Scenarios of the demo: something is set and something happens, so that a newcomer can watch a meter decide, or an
//! office at its busiest.

mod month_change;
mod rooms;
mod stage;

use std::net::SocketAddr;
use std::sync::Arc;

use domain::actor::Actor;
use domain::books::settlement::Sharing;
use domain::ids::{BuildingId, RoomId};
use domain::settings::Scope;
use meter_core::settings::LoopId;
use words::Lang;

pub(super) use self::month_change::just_before_it;
use self::rooms::Script;
use self::stage::Cue;
pub use self::stage::{Scenario, Stage, Staged, USUAL_LEAD_S};
use super::sockets::Sockets;
use crate::ops::kit::Ops;
use crate::ops::meters::change_settings::ChangeSettings;
use crate::ops::moves::move_out::Graduate;
use crate::store::moves::departure_runs;
use crate::store::places;
use crate::store::places::rooms::Room;
use crate::tools::ToolError;
use crate::web::playground::{Deed, Playground};

impl Stage<'_> {
    /// Chooses a place for each scenario and sets what it needs; fewer when there are no rooms for more.
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn set(&self, scenarios: &[Scenario]) -> Result<Vec<Staged>, ToolError> {
        let mut chosen: Vec<Scenario> = Vec::new();
        for scenario in scenarios {
            if !chosen.contains(scenario) {
                chosen.push(*scenario);
            }
        }
        let mut rooms = self.lit_rooms().collect::<Vec<_>>().into_iter();
        let mut staged = Vec::new();
        for scenario in chosen {
            let one = match scenario {
                Scenario::MonthChange => Some(month_change::staged(self.lead_s)),
                Scenario::Graduation => self.graduation().await?,
                _ => match rooms.next() {
                    Some((room, remaining_wh)) => self.in_a_room(scenario, room, remaining_wh).await?,
                    None => None,
                },
            };
            staged.extend(one);
        }
        Ok(staged)
    }

    async fn in_a_room(
        &self,
        scenario: Scenario,
        room_id: RoomId,
        remaining_wh: i32,
    ) -> Result<Option<Staged>, ToolError> {
        let Some(room) = places::rooms::room(&mut *self.ops.db.read().await?, &room_id).await? else {
            return Ok(None);
        };
        let Some(script) = self.script(scenario, remaining_wh) else { return Ok(None) };
        let Script { blocks, watch, thing } = script;
        let request = ChangeSettings { key: self.ops.key(), scope: Scope::Room(room_id), blocks };
        self.ops.perform(self.manager, request).await?;
        let Room { id, name, building_name, .. } = room;
        let cue = thing.map_or(Cue::Nothing, |thing| Cue::Plug(id.clone(), thing));
        let (place, path) = (format!("room {name}, {building_name}"), format!("/rooms/{id}"));
        Ok(Some(Staged { place, path, watch, cue }))
    }

    fn told(&self, watch: &str) -> String {
        watch.replace("{lead}", &self.lead_s.to_string())
    }

    /// The last building: rooms of other scenarios are in the first.
    async fn graduation(&self) -> Result<Option<Staged>, ToolError> {
        let buildings = places::rooms::buildings(&mut *self.ops.db.read().await?).await?;
        Ok(buildings.into_iter().next_back().map(|building| Staged {
            place: building.name,
            path: "/moves/graduation".to_owned(),
            watch: self.told(GRADUATION),
            cue: Cue::MoveOut(building.id),
        }))
    }
}

const GRADUATION: &str = "everybody moves out about {lead} s from now; open the run as the manager: meters are closed, rooms \
    settled, and all refund statements print as one PDF.";

impl Staged {
    /// Says what to watch, and where.
    pub fn announce(&self, page: SocketAddr) {
        let Self { place, path, watch, .. } = self;
        println!("  Watch       {place}: {watch}\n              http://{page}{path}");
    }
}

/// Lets happen what the scenarios wait for.
pub async fn play(ops: Ops, manager: Actor, sockets: Arc<Sockets>, staged: Vec<Staged>) {
    for one in staged {
        match one.cue {
            Cue::Nothing => {}
            Cue::Plug(room, thing) => drop(sockets.carry_out(&room, Deed::Plug(LoopId::Main, thing))),
            Cue::MoveOut(building) => {
                if let Err(error) = move_out(&ops, &manager, &building, one.place).await {
                    tracing::warn!(%error, "the demo's graduation did not begin");
                }
            }
        }
    }
}

async fn move_out(ops: &Ops, manager: &Actor, building: &BuildingId, label: String) -> Result<(), ToolError> {
    let leaving = departure_runs::in_building(&mut *ops.db.read().await?, building).await?;
    let request = Graduate {
        key: ops.key(),
        label,
        tenancies: leaving.into_iter().map(|one| (one.room_id, one.tenancy_id)).collect(),
        sharing: Sharing::Equal,
        language: Lang::En,
    };
    ops.perform(manager, request).await?;
    Ok(())
}
