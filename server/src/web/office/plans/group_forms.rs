//! The forms for groups of rooms: a new one, and which rooms are in it.

use serde::Deserialize;
use words::Lang;

use super::group_name::group_name;
use crate::reads::plans::room_groups::Group;
use crate::web::kit::field::{Choice, Faults, Field};

/// A group, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    pub(super) key: String,
    pub(super) group_name: String,
}

impl GroupForm {
    pub(super) fn fields(&self, t: Lang, faults: &Faults) -> Vec<Field> {
        let name = Field::text("group_name", t.group_name()).value(&self.group_name);
        vec![name.hint(t.group_name_hint()).longest(60).error(faults)]
    }
}

/// Rooms for a group, as chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RoomsForm {
    pub(super) key: String,
    pub(super) group: String,
    pub(super) scope: String,
    pub(super) three_phase: String,
}

impl RoomsForm {
    pub(super) fn fields(
        &self,
        t: Lang,
        groups: &[Group],
        scopes: Vec<Choice>,
        faults: &Faults,
    ) -> Vec<Field> {
        let choice = |group: &Group| Choice::new(group.id.to_string(), group_name(t, group));
        let groups = groups.iter().map(choice).collect();
        vec![
            Field::select("scope", t.group_scope_field(), scopes).value(&self.scope).error(faults),
            Field::select("group", t.group_field(), groups).value(&self.group).error(faults),
        ]
    }
}
