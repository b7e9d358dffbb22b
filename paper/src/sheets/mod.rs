//! From content to paper: what stands where on each kind of document.

mod account;
mod receipt;
mod refund;
mod sales;
mod shift;
mod subsidy;

use super::figures::Figures;
use super::numerals::in_words;
use super::parts::{Letterhead, Moment};
use super::sheet::{Block, Fact, Paper, Sheet, Sum};
use super::{Document, Kind};
use words::Lang;

/// What is known of a document besides its content.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// Its number among its kind.
    pub number: i64,
    /// The language it is written in.
    pub language: Lang,
    /// When it was issued.
    pub issued: Moment,
    /// Its verification code.
    pub code: &'a str,
    /// Printed again.
    pub copy: bool,
    /// What it is printed on; anything but a receipt is always on A4.
    pub paper: Paper,
}

/// The document as it stands on paper.
#[must_use]
pub fn sheet(content: &Document, issue: &Issue<'_>) -> Sheet {
    let language = issue.language;
    let other = language.others().next().unwrap_or(language);
    let letterhead = content.letterhead();
    let f = Figures { language, letterhead };
    Sheet {
        language,
        paper: if content.kind() == Kind::Receipt { issue.paper } else { Paper::A4 },
        issuer: letterhead.site.clone(),
        issuer_lines: letterhead.lines.clone(),
        title: content.title(language).to_owned(),
        other_title: content.title(other).to_owned(),
        number: content.kind().numbered(issue.number),
        issued: f.when(issue.issued),
        copy: issue.copy,
        code: issue.code.to_owned(),
        blocks: blocks(content, f),
    }
}

fn blocks(content: &Document, f: Figures<'_>) -> Vec<Block> {
    match content {
        Document::Receipt(content) => receipt::blocks(content, f),
        Document::RefundStatement(content) => refund::blocks(content, f),
        Document::AccountStatement(content) => account::blocks(content, f),
        Document::SubsidyReport(content) => subsidy::blocks(content, f),
        Document::ShiftReport(content) => shift::blocks(content, f),
        Document::SalesReport(content) => sales::blocks(content, f),
    }
}

impl Kind {
    /// What such documents are called.
    #[must_use]
    pub const fn name(self, language: Lang) -> &'static str {
        match self {
            Self::Receipt => language.paper_receipt(),
            Self::RefundStatement => language.paper_refund_statement(),
            Self::AccountStatement => language.paper_account_statement(),
            Self::SubsidyReport => language.paper_subsidy_report(),
            Self::ShiftReport => language.paper_shift_report(),
            Self::SalesReport => language.paper_sales_report(),
        }
    }
}

impl Document {
    /// What it is, in words.
    #[must_use]
    pub fn title(&self, language: Lang) -> &'static str {
        match self {
            Self::SalesReport(report) => sales::title(report.span, language),
            other => other.kind().name(language),
        }
    }

    fn letterhead(&self) -> &Letterhead {
        match self {
            Self::Receipt(content) => &content.letterhead,
            Self::RefundStatement(content) => &content.letterhead,
            Self::AccountStatement(content) => &content.letterhead,
            Self::SubsidyReport(content) => &content.letterhead,
            Self::ShiftReport(content) => &content.letterhead,
            Self::SalesReport(content) => &content.letterhead,
        }
    }
}

/// An amount in figures and in the words of those languages.
fn sum(f: Figures<'_>, label: &str, amount_minor: i64, languages: &[Lang]) -> Block {
    let currency = f.letterhead.currency();
    Block::Sum(Sum {
        label: label.to_owned(),
        figures: f.money(amount_minor),
        words_label: f.language.paper_in_words().to_owned(),
        words: languages.iter().filter_map(|language| in_words(*language, amount_minor, &currency)).collect(),
    })
}

/// A table under its heading, or the word that there is nothing.
fn section(f: Figures<'_>, heading: &str, table: super::sheet::Table) -> [Block; 2] {
    let body = if table.rows.is_empty() {
        Block::Note(f.language.paper_nothing().to_owned())
    } else {
        Block::Table(table)
    };
    [Block::Heading(heading.to_owned()), body]
}

/// The facts that say whose account a document is about.
fn whose(f: Figures<'_>, place: &super::parts::Place, residents: &[super::parts::Person]) -> Vec<Fact> {
    vec![
        Fact::new(f.language.paper_room(), f.place(place)),
        Fact::new(f.language.paper_residents(), f.people(residents)),
    ]
}
