//! Who is meant: buildings, floors, and lines of a pasted list, as tenancies.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::{HashMap, HashSet};

use domain::ids::{BuildingId, FloorId, TenancyId};
use sha2::{Digest, Sha256};

use super::Typed;
use crate::db::Connection;
use crate::reads::moves::departure_runs::{self, Candidate};
use crate::web::kit::error::WebError;

/// Lines of a pasted list.
pub(super) const MOST_LINES: usize = 2_000;

/// What was chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Picked {
    /// Everybody who is meant, once each.
    pub(super) candidates: Vec<Candidate>,
    /// Lines that are nobody's room or number.
    pub(super) unknown: Vec<String>,
    /// Lines that stand for several rooms.
    pub(super) several: Vec<String>,
}

impl Picked {
    /// Says whether two previews were of the same tenancies.
    pub(super) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for one in &self.candidates {
            hash.update(one.tenancy_id.as_str());
        }
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    fn add(&mut self, found: Vec<Candidate>) {
        let mut known: HashSet<TenancyId> =
            self.candidates.iter().map(|one| one.tenancy_id.clone()).collect();
        self.candidates.extend(found.into_iter().filter(|one| known.insert(one.tenancy_id.clone())));
    }
}

/// Looks up what a form chose.
pub(super) fn pick<'a>(conn: &'a mut Connection, form: &'a Typed) -> BoxFuture<'a, Result<Picked, WebError>> {
    async move {
        let mut picked = Picked::default();
        let chosen = |kind: &str| {
            let ids = form.keys().filter_map(|name| name.strip_prefix(kind));
            let mut ids: Vec<_> = ids.map(str::to_owned).collect();
            ids.sort_unstable();
            ids
        };
        for id in chosen("building-") {
            picked.add(departure_runs::in_building(conn, &BuildingId(id)).await?);
        }
        for id in chosen("floor-") {
            picked.add(departure_runs::on_floor(conn, &FloorId(id)).await?);
        }
        let lines = lines(form.get("list").map(String::as_str).unwrap_or_default());
        if !lines.is_empty() {
            let everybody = departure_runs::everywhere(conn).await?;
            let numbers = departure_runs::numbers(conn).await?;
            look_up(&mut picked, lines, everybody, numbers);
        }
        Ok(picked)
    }
    .boxed()
}

/// The entries of a pasted list, one a line or parted by commas or semicolons of either script.
pub(super) fn lines(text: &str) -> Vec<String> {
    let entries = text.split(['\n', '\r', ',', ';', '\t', '，', '；', '、']).map(str::trim);
    entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

fn look_up(
    picked: &mut Picked,
    lines: Vec<String>,
    everybody: Vec<Candidate>,
    numbers: Vec<(String, TenancyId)>,
) {
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    let mut of_tenancy = HashMap::new();
    for (index, one) in everybody.iter().enumerate() {
        of_tenancy.insert(one.tenancy_id.clone(), index);
        found.entry(one.room.clone()).or_default().push(index);
        found.entry(format!("{} {}", one.building, one.room)).or_default().push(index);
    }
    for (number, tenancy) in numbers {
        let Some(index) = of_tenancy.get(&tenancy) else { continue };
        let rooms = found.entry(number).or_default();
        if !rooms.contains(index) {
            rooms.push(*index);
        }
    }
    let mut meant = Vec::new();
    for line in lines {
        match found.get(&line).map(Vec::as_slice) {
            None | Some([]) => picked.unknown.push(line),
            Some([index]) => meant.extend(everybody.get(*index).cloned()),
            Some(_) => picked.several.push(line),
        }
    }
    picked.add(meant);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::RoomId;

    fn someone(building: &str, room: &str) -> Candidate {
        Candidate {
            room_id: RoomId(format!("{building}{room}")),
            tenancy_id: TenancyId(format!("t{building}{room}")),
            building: building.into(),
            room: room.into(),
            residents: 1,
            online: 1,
            left_wh: 0,
        }
    }

    #[test]
    fn lines_are_rooms_or_numbers() {
        assert_eq!(lines("101, 102；North 7\r\n\r\n 王、"), ["101", "102", "North 7", "王"]);
        let everybody = vec![someone("North", "101"), someone("South", "101"), someone("South", "102")];
        let numbers = vec![("S1".to_owned(), TenancyId("tSouth102".into()))];
        let mut picked = Picked::default();
        let asked = lines("101\nNorth 101\nS1\n102\n999");
        look_up(&mut picked, asked, everybody, numbers);
        let rooms: Vec<_> = picked.candidates.iter().map(|one| one.room_id.as_str()).collect();
        assert_eq!(rooms, ["North101", "South102"], "each once");
        assert_eq!((picked.unknown, picked.several), (vec!["999".to_owned()], vec!["101".to_owned()]));
    }
}
