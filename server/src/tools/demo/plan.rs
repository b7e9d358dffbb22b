//! The demo's campus: two buildings of a ground floor with shops and four floors of student rooms, six meters each.

use domain::ids::RoomId;

use crate::tools::ToolError;
use crate::tools::furnish::Furnisher;

use super::people::People;

/// Collectors, one a building.
pub const COLLECTORS: u16 = 2;
/// Meters behind each collector, units 1 to 6.
pub const METERS: u8 = 6;

const BUILDINGS: [&str; 2] = ["North Hall", "South Hall"];
const FLOORS: i64 = 4;
const ROOMS_A_FLOOR: i64 = 12;
/// A meter's single-phase outlets serve student rooms, its three-phase ones shops.
const SINGLE_PHASE: usize = 8;
const THREE_PHASE: usize = 3;

/// Where a room's electricity comes from.
#[derive(Clone, Debug)]
pub struct Served {
    /// The room.
    pub room_id: RoomId,
    /// Index of the collector.
    pub line: usize,
    /// The meter's unit id on its line.
    pub unit: u8,
    /// The meter's outlet, 0–10.
    pub position: u8,
}

/// Builds both buildings and lets residents move in; a few rooms stay vacant.
///
/// # Errors
/// Those of the operations.
pub async fn build(
    furnisher: &Furnisher<'_>,
    serials: &[(usize, u8, i64)],
    addresses: &[String],
    seed: u64,
) -> Result<Vec<Served>, ToolError> {
    let mut people = People::new(seed);
    let mut served = Vec::new();
    for (line, (name, address)) in BUILDINGS.into_iter().zip(addresses).enumerate() {
        let building = furnisher.building(name).await?;
        let shops = furnisher.rooms(&building, "G", (1..=18).map(|n| format!("G{n:02}")).collect()).await?;
        let mut students = Vec::new();
        for floor in 1..=FLOORS {
            let names = (1..=ROOMS_A_FLOOR).map(|n| (floor * 100 + n).to_string()).collect();
            students.extend(furnisher.rooms(&building, &floor.to_string(), names).await?);
        }
        let collector = furnisher.collector(&format!("{name} cellar"), address.clone()).await?;
        let of_line = serials.iter().filter(|(of, _, _)| *of == line);
        let rooms = students.chunks(SINGLE_PHASE).zip(shops.chunks(THREE_PHASE));
        for ((_, unit, serial), (students, shops)) in of_line.zip(rooms) {
            let outlets: Vec<_> = students.iter().chain(shops).cloned().collect();
            let rooms = outlets.iter().cloned().map(Some).collect();
            furnisher.meter(&collector, i64::from(*unit), *serial, rooms).await?;
            served.extend((0..).zip(outlets).map(|(position, room_id)| Served {
                room_id,
                line,
                unit: *unit,
                position,
            }));
        }
    }
    let mut let_out = Vec::new();
    for (index, place) in served.into_iter().enumerate() {
        if index % 33 == 17 {
            continue;
        }
        let residents =
            if usize::from(place.position) < SINGLE_PHASE { people.students() } else { people.shop() };
        furnisher.move_in(&place.room_id, residents).await?;
        let_out.push(place);
    }
    Ok(let_out)
}
