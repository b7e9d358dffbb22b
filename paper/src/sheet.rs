//! A document as it stands on paper: a head, blocks in order, a code. Both renderings, PDF and HTML, read this and
//! nothing else, so they can't say different things.

use words::Lang;

/// What it is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// A roll of 80 mm.
    Roll,
}

/// A document, laid out in blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its language.
    pub language: Lang,
    /// What it is printed on.
    pub paper: Paper,
    /// Who issues it.
    pub issuer: String,
    /// Under it: address, telephone.
    pub issuer_lines: Vec<String>,
    /// What it is.
    pub title: String,
    /// The same in the other language.
    pub other_title: String,
    /// `RF-000123`.
    pub number: String,
    /// When it was issued, in words.
    pub issued: String,
    /// Printed again: says so.
    pub copy: bool,
    /// The verification code.
    pub code: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Names and values, two in a row on A4.
    Facts(Vec<Fact>),
    /// What comes next.
    Heading(String),
    /// Rows under a head that stands again on every page.
    Table(Table),
    /// Sums, one under the other at the right.
    Totals(Vec<Total>),
    /// The sum that it is all about, in figures and words.
    Sum(Sum),
    /// A remark.
    Note(String),
    /// Lines to sign on.
    Signatures(Signatures),
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value, with its unit.
    pub value: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// The last row, when there are sums.
    pub sums: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// What it holds.
    pub holds: Holds,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text that may wrap: takes the width that is left.
    Text,
    /// Text that is never wrapped, such as a date.
    Mark,
    /// Figures, at the right.
    Figures,
}

/// A sum with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// What it is the sum of.
    pub label: String,
    /// The sum.
    pub value: String,
    /// The one that counts.
    pub strong: bool,
}

/// An amount in figures and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// What it is.
    pub label: String,
    /// In figures, with its currency.
    pub figures: String,
    /// Before the words.
    pub words_label: String,
    /// In words, one line a language.
    pub words: Vec<String>,
}

/// Lines to sign on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// Under each line: who signs.
    pub names: Vec<String>,
    /// What stands in the place for the office's seal, when there is one.
    pub seal: Option<String>,
}

impl Table {
    /// What the column at that place holds, as a style sheet calls it.
    #[must_use]
    pub fn class(&self, at: &usize) -> &'static str {
        match self.columns.get(*at).map(|column| column.holds) {
            Some(Holds::Figures) => "figures",
            Some(Holds::Mark) => "mark",
            Some(Holds::Text) | None => "text",
        }
    }
}

impl Fact {
    /// A name and its value.
    #[must_use]
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into() }
    }
}

impl Column {
    /// Text that may wrap.
    #[must_use]
    pub fn text(head: impl Into<String>) -> Self {
        Self { head: head.into(), holds: Holds::Text }
    }

    /// Text that is never wrapped.
    #[must_use]
    pub fn mark(head: impl Into<String>) -> Self {
        Self { head: head.into(), holds: Holds::Mark }
    }

    /// Figures.
    #[must_use]
    pub fn figures(head: impl Into<String>) -> Self {
        Self { head: head.into(), holds: Holds::Figures }
    }

    /// Whether it stands at the right.
    #[must_use]
    pub fn at_right(&self) -> bool {
        self.holds == Holds::Figures
    }
}

impl Signatures {
    /// Lines for those who sign.
    #[must_use]
    pub fn of(names: &[&str]) -> Self {
        Self { names: names.iter().map(|name| (*name).to_owned()).collect(), seal: None }
    }
}

impl Total {
    /// One of several.
    #[must_use]
    pub fn part(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), strong: false }
    }

    /// The one that counts.
    #[must_use]
    pub fn strong(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { strong: true, ..Self::part(label, value) }
    }
}
