//! Comparing a list with the house: every problem, by row.

use std::collections::{HashMap, HashSet};

use domain::ids::RoomId;
use domain::text::{self, TextProblem};
use paper::roster::{Cell, Column, Line};

use crate::db::{Connection, DbError};
use crate::ops::moves::move_in::{MAX_NAME, MAX_NUMBER, MAX_RESIDENTS, NewResident};
use crate::store::moves::imports::{self, NamedRoom};
use crate::store::people::residents::{self, KnownResident};

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
    /// The cell is a number that has lost digits.
    Rounded(Column),
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
        house.rooms.entry(text::folded(&room.name)).or_default().push(room);
    }
    for resident in residents::all_known(conn).await? {
        house.residents.insert(resident.number.clone(), resident);
    }
    let mut problems = people_problems(lines, &house);
    let mut rooms = Vec::new();
    for (place, group) in grouped(lines, &house) {
        match place {
            Place::Room(room) => rooms.push(room_of(&group, room, &mut problems)),
            Place::Nowhere(problem) => {
                problems.extend(group.iter().map(|line| (line.row, problem.clone())));
                rooms.push(RoomOfList { room_id: None, ..listed(&group) });
            }
        }
    }
    problems.sort_by_key(|(row, _)| *row);
    Ok(Review { rooms, problems })
}

/// How many rooms the lines seem to be of, before they are compared with the house.
pub(super) fn rooms_named(lines: &[Line]) -> usize {
    lines.iter().map(spelling).collect::<HashSet<_>>().len()
}

/// Where a line says that somebody moves in.
enum Place<'h> {
    Room(&'h NamedRoom),
    Nowhere(RowProblem),
}

/// A place however it is typed.
fn spelling(line: &Line) -> [String; 3] {
    [&line.building, &line.floor, &line.room].map(|cell| text::folded(&cell.text))
}

/// The lines by the room that they mean, in the order in which the rooms first stand there: what is looked through is what
/// is carried out. Lines that mean no room stand together where they are spelled alike.
fn grouped<'h, 'l>(lines: &'l [Line], house: &'h House) -> Vec<(Place<'h>, Vec<&'l Line>)> {
    let mut groups: Vec<(Place<'h>, Vec<&Line>)> = Vec::new();
    let mut places = HashMap::new();
    for line in lines {
        let found = find_room(line, house);
        let key = found.as_ref().map(|room| room.id.clone()).map_err(|_| spelling(line));
        let index = *places.entry(key).or_insert_with(|| {
            groups.push((found.map_or_else(Place::Nowhere, Place::Room), Vec::new()));
            groups.len() - 1
        });
        if let Some((_, group)) = groups.get_mut(index) {
            group.push(line);
        }
    }
    groups
}

fn room_of(group: &[&Line], room: &NamedRoom, problems: &mut Vec<(usize, RowProblem)>) -> RoomOfList {
    let listed = listed(group);
    let problem = match room {
        room if room.occupied == 1 => Some(RowProblem::Occupied),
        room if room.unclosed == 1 => Some(RowProblem::Unclosed),
        _ => None,
    };
    problems.extend(problem.map(|problem| (listed.row, problem)));
    if let Some(line) = group.get(MAX_RESIDENTS) {
        problems.push((line.row, RowProblem::TooMany(MAX_RESIDENTS)));
    }
    RoomOfList { room_id: Some(room.id.clone()), ..listed }
}

/// As the list has it.
fn listed(group: &[&Line]) -> RoomOfList {
    let first = group.first().copied().cloned().unwrap_or_default();
    let label: Vec<_> = [&first.building, &first.room]
        .into_iter()
        .map(|cell| cell.text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    RoomOfList {
        row: first.row,
        label: label.join(" "),
        room_id: None,
        residents: group
            .iter()
            .map(|line| NewResident {
                number: text::identity(&line.number.text),
                name: line.name.text.clone(),
            })
            .collect(),
    }
}

fn find_room<'h>(line: &Line, house: &'h House) -> Result<&'h NamedRoom, RowProblem> {
    let [building, floor, room] = spelling(line);
    if room.is_empty() {
        return Err(RowProblem::Missing(Column::Room));
    }
    let fits = |wanted: &str, name: &str| wanted.is_empty() || wanted == text::folded(name);
    let called = house.rooms.get(&room).map(Vec::as_slice).unwrap_or_default();
    let mut rooms = called.iter().filter(|room| fits(&building, &room.building) && fits(&floor, &room.floor));
    match (rooms.next(), rooms.next()) {
        (None, _) => Err(RowProblem::UnknownRoom),
        (Some(room), None) => Ok(room),
        (Some(_), Some(_)) => Err(RowProblem::AmbiguousRoom),
    }
}

fn people_problems(lines: &[Line], house: &House) -> Vec<(usize, RowProblem)> {
    let mut problems = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let cells = [(Column::Number, &line.number, MAX_NUMBER), (Column::Name, &line.name, MAX_NAME)];
        problems.extend(
            cells
                .into_iter()
                .filter_map(|(column, cell, longest)| Some((line.row, text_problem(column, cell, longest)?))),
        );
        let number = text::identity(&line.number.text);
        if number.is_empty() {
            continue;
        }
        match seen.get(&number) {
            Some(row) => problems.push((line.row, RowProblem::RepeatedNumber(*row))),
            None => {
                seen.insert(number.clone(), line.row);
            }
        }
        if let Some(known) = house.residents.get(&number) {
            if text::folded(&known.name) != text::folded(&line.name.text) {
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
    if cell.rounded {
        return Some(RowProblem::Rounded(column));
    }
    match text::required(&cell.text, longest) {
        Err(TextProblem::Missing) => Some(RowProblem::Missing(column)),
        Err(TextProblem::TooLong) => Some(RowProblem::TooLong(column)),
        Err(_) => Some(RowProblem::Malformed(column)),
        Ok(_) => None,
    }
}
