//! Comparing a list with the house: every problem, by row.

use std::collections::HashMap;

use domain::ids::RoomId;
use domain::text::{self, TextProblem};
use paper::roster::{Cell, Column, Line};

use crate::db::{Connection, DbError};
use crate::ops::moves::move_in::{MAX_NAME, MAX_NUMBER, MAX_RESIDENTS, NewResident};
use crate::store::moves::imports::{self, KnownResident, NamedRoom};

/// What keeps a row from being carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowProblem {
    /// The cell is empty.
    Missing(Column),
    /// The cell has too many characters.
    TooLong(Column),
    /// The cell has signs that no name has.
    Malformed(Column),
    /// The cell is a formula, or begins like one.
    Formula(Column),
    /// No such room.
    UnknownRoom,
    /// Several rooms are called that: the building or the floor is needed.
    AmbiguousRoom,
    /// Somebody lives there.
    Occupied,
    /// The meter has not closed the account of those who left.
    Unclosed,
    /// More than share a room; how many may.
    TooMany(usize),
    /// The number stands in an earlier row.
    RepeatedNumber(usize),
    /// The number is that of somebody else; of whom.
    OtherName(String),
    /// The person lives elsewhere; where.
    LivesElsewhere(String),
}

/// A room of the list and who moves in there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomOfList {
    /// Its first row.
    pub row: usize,
    /// As the list calls it.
    pub label: String,
    /// The room, if it is one.
    pub room_id: Option<RoomId>,
    /// Who.
    pub residents: Vec<NewResident>,
}

/// What a list comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Its rooms, in the order in which they first stand there.
    pub rooms: Vec<RoomOfList>,
    /// What is wrong, by row.
    pub problems: Vec<(usize, RowProblem)>,
}

/// The house, to be looked things up in.
struct House {
    rooms: HashMap<String, Vec<NamedRoom>>,
    residents: HashMap<String, KnownResident>,
}

/// Compares a list with the house as it is now.
///
/// # Errors
/// The database's.
pub async fn review(conn: &mut Connection, lines: &[Line]) -> Result<Review, DbError> {
    let mut house = House { rooms: HashMap::new(), residents: HashMap::new() };
    for room in imports::rooms(conn).await? {
        house.rooms.entry(room.name.clone()).or_default().push(room);
    }
    for resident in imports::known_residents(conn).await? {
        house.residents.insert(resident.number.clone(), resident);
    }
    let mut problems = people_problems(lines, &house);
    let rooms = grouped(lines).into_iter().map(|group| room_of(&group, &house, &mut problems)).collect();
    problems.sort_by_key(|(row, _)| *row);
    Ok(Review { rooms, problems })
}

/// The lines by room, in the order in which the rooms first stand there.
pub(super) fn grouped(lines: &[Line]) -> Vec<Vec<&Line>> {
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    let mut places = HashMap::new();
    for line in lines {
        let place = (&line.building.text, &line.floor.text, &line.room.text);
        let index = *places.entry(place).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.push(line);
        }
    }
    groups
}

fn room_of(group: &[&Line], house: &House, problems: &mut Vec<(usize, RowProblem)>) -> RoomOfList {
    let first = group.first().copied().cloned().unwrap_or_default();
    let found = find_room(&first, house);
    let problem = match &found {
        Ok(room) if room.occupied == 1 => Some(RowProblem::Occupied),
        Ok(room) if room.unclosed == 1 => Some(RowProblem::Unclosed),
        Ok(_) => None,
        Err(problem) => Some(problem.clone()),
    };
    problems.extend(problem.map(|problem| (first.row, problem)));
    if let Some(line) = group.get(MAX_RESIDENTS) {
        problems.push((line.row, RowProblem::TooMany(MAX_RESIDENTS)));
    }
    let label: Vec<_> = [&first.building, &first.room]
        .into_iter()
        .map(|cell| cell.text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    RoomOfList {
        row: first.row,
        label: label.join(" "),
        room_id: found.ok().map(|room| room.id.clone()),
        residents: group
            .iter()
            .map(|line| NewResident { number: line.number.text.clone(), name: line.name.text.clone() })
            .collect(),
    }
}

fn find_room<'a>(line: &Line, house: &'a House) -> Result<&'a NamedRoom, RowProblem> {
    if line.room.text.is_empty() {
        return Err(RowProblem::Missing(Column::Room));
    }
    let fits = |wanted: &Cell, name: &str| wanted.text.is_empty() || wanted.text == name;
    let called = house.rooms.get(&line.room.text).map(Vec::as_slice).unwrap_or_default();
    let mut rooms =
        called.iter().filter(|room| fits(&line.building, &room.building) && fits(&line.floor, &room.floor));
    match (rooms.next(), rooms.next()) {
        (None, _) => Err(RowProblem::UnknownRoom),
        (Some(room), None) => Ok(room),
        (Some(_), Some(_)) => Err(RowProblem::AmbiguousRoom),
    }
}

fn people_problems(lines: &[Line], house: &House) -> Vec<(usize, RowProblem)> {
    let mut problems = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        let cells = [(Column::Number, &line.number, MAX_NUMBER), (Column::Name, &line.name, MAX_NAME)];
        problems.extend(
            cells
                .into_iter()
                .filter_map(|(column, cell, longest)| Some((line.row, text_problem(column, cell, longest)?))),
        );
        let number = line.number.text.as_str();
        if number.is_empty() {
            continue;
        }
        match seen.get(number) {
            Some(row) => problems.push((line.row, RowProblem::RepeatedNumber(*row))),
            None => {
                seen.insert(number, line.row);
            }
        }
        if let Some(known) = house.residents.get(number) {
            if known.name != line.name.text {
                problems.push((line.row, RowProblem::OtherName(known.name.clone())));
            }
            let home = known.lives_in.clone().map(RowProblem::LivesElsewhere);
            problems.extend(home.map(|problem| (line.row, problem)));
        }
    }
    problems
}

fn text_problem(column: Column, cell: &Cell, longest: usize) -> Option<RowProblem> {
    if cell.formula {
        return Some(RowProblem::Formula(column));
    }
    match text::required(&cell.text, longest) {
        Err(TextProblem::Missing) => Some(RowProblem::Missing(column)),
        Err(TextProblem::TooLong) => Some(RowProblem::TooLong(column)),
        Err(_) => Some(RowProblem::Malformed(column)),
        Ok(_) => None,
    }
}
