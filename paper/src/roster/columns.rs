//! Which column is which: by headings in English or Chinese, in any order, below a few lines of titles.

use domain::text;
use words::Lang;

use super::{Cell, FileProblem, MAX_TITLE_LINES, Rows};

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Of the building; may be missing where room names are unique.
    Building,
    /// Of the floor; may be missing.
    Floor,
    /// Of the room.
    Room,
    /// Of the resident's number.
    Number,
    /// Of the resident's name.
    Name,
    /// Of the holder of a bank account.
    Holder,
    /// Of the bank account's number.
    Account,
    /// Of the bank's name.
    Bank,
}

/// Which columns a list may have, and which it must.
pub(super) struct Form {
    may: &'static [Column],
    must: &'static [Column],
}

/// Who moves in where.
pub(super) const MOVE_IN: Form =
    Form { may: &Column::ALL, must: &[Column::Room, Column::Number, Column::Name] };
/// Where residents want their refunds.
pub(super) const ACCOUNTS: Form = Form { may: &ACCOUNT_COLUMNS, must: &ACCOUNT_COLUMNS };
const ACCOUNT_COLUMNS: [Column; 4] = [Column::Number, Column::Holder, Column::Account, Column::Bank];

impl Column {
    /// Every column of a list of move-ins, in the order of the template.
    pub const ALL: [Self; 5] = [Self::Building, Self::Floor, Self::Room, Self::Number, Self::Name];

    /// Its heading in the template.
    #[must_use]
    pub const fn name(self, t: Lang) -> &'static str {
        match self {
            Self::Building => t.list_building(),
            Self::Floor => t.list_floor(),
            Self::Room => t.list_room(),
            Self::Number => t.list_number(),
            Self::Name => t.list_name(),
            Self::Holder => t.way_account_name(),
            Self::Account => t.way_account_number(),
            Self::Bank => t.way_bank_name(),
        }
    }

    /// What offices call it besides, in English and in Chinese.
    const fn headings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Building => (&["building", "hall", "block"], &["楼栋", "楼宇", "楼", "公寓", "建筑"]),
            Self::Floor => (&["floor", "storey", "level"], &["楼层", "层"]),
            Self::Room => {
                (&["room", "room number", "room no"], &["房间", "房号", "房间号", "宿舍", "寝室", "宿舍号"])
            }
            Self::Number => (
                &["number", "resident number", "student number", "student id", "id", "no", "contract number"],
                &["编号", "学号", "工号", "合同号", "住户编号"],
            ),
            Self::Name => (&["name", "full name", "resident", "resident name"], &["姓名", "名字", "住户"]),
            Self::Holder => (&["account holder", "account name", "holder"], &["户名", "账户名"]),
            Self::Account => (
                &["account number", "account", "iban", "card number"],
                &["账号", "银行账号", "卡号", "银行卡号"],
            ),
            Self::Bank => (&["bank", "bank name"], &["开户行", "银行"]),
        }
    }

    pub(super) fn of(heading: &Cell, form: &Form) -> Option<Self> {
        let text = bare(&heading.text);
        form.may.iter().copied().find(|column| {
            let (english, chinese) = column.headings();
            let names = Lang::ALL.map(|language| column.name(language));
            english.iter().chain(chinese).chain(&names).any(|known| bare(known) == text)
        })
    }
}

/// A heading without what people put around and between its words: remarks in brackets, stars, colons, spaces.
fn bare(heading: &str) -> String {
    let heading = text::folded(heading);
    let (mut depth, mut bare) = (0_u32, String::new());
    for c in heading.chars() {
        match c {
            '(' | '[' | '【' | '{' => depth += 1,
            ')' | ']' | '】' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c.is_whitespace() || matches!(c, '*' | ':' | '.' | '#') => {}
            _ => bare.push(c),
        }
    }
    bare
}

/// At which index each column stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<(Column, usize)>);

impl Places {
    pub(super) fn of(&self, column: Column) -> Option<usize> {
        self.0.iter().find(|(one, _)| *one == column).map(|(_, at)| *at)
    }

    fn missing(&self, form: &Form) -> Vec<Column> {
        form.must.iter().copied().filter(|column| self.of(*column).is_none()).collect()
    }
}

/// The headings: the index of the row below them, and where each column stands. The row that has the most of them is
/// taken, so that what is missing is said of the right one.
pub(super) fn find(rows: &Rows, form: &Form) -> Result<(usize, Places), FileProblem> {
    let mut best = None;
    for (index, (_, cells)) in rows.iter().enumerate().take(MAX_TITLE_LINES + 1) {
        let places: Vec<_> =
            cells.iter().enumerate().filter_map(|(at, cell)| Some((Column::of(cell, form)?, at))).collect();
        if best.as_ref().is_none_or(|(_, most): &(usize, Places)| places.len() > most.0.len()) {
            best = Some((index + 1, Places(places)));
        }
    }
    let (below, places) = best.ok_or(FileProblem::Empty)?;
    let missing = places.missing(form);
    if !missing.is_empty() {
        return Err(FileProblem::MissingColumns(missing));
    }
    let repeated =
        form.may.iter().copied().find(|one| places.0.iter().filter(|(of, _)| of == one).count() > 1);
    repeated.map_or(Ok((below, places)), |column| Err(FileProblem::RepeatedColumn(column)))
}
