//! How each block of a sheet is set.

use super::composer::{Align, Composer, Style};
use super::fonts::Weight;
use super::marks::{FIELD, GREY, HAIR, INK, Mark};
use crate::sheet::{Block, Fact, Paper, Signatures, Sum, Total};

/// Between the columns of facts.
const GUTTER: f32 = 22.0;
/// How wide the labels of facts are.
const LABELS: f32 = 70.0;
/// The radius of the place for a seal: stamps are about 40 mm wide.
const SEAL: f32 = 52.0;
/// Room to sign in, above the line.
const SIGNING: f32 = 34.0;

impl Composer<'_> {
    /// Who issues what, its number, and whether it is a copy.
    pub(super) fn head(&mut self) {
        if self.sheet.paper == Paper::Roll { self.head_on_roll() } else { self.head_on_a4() }
    }

    fn head_on_a4(&mut self) {
        let (sheet, sizes, edges) = (self.sheet, self.sizes, (self.left, self.right));
        let t = sheet.language;
        let middle = self.left + self.width() * 0.62;
        let (top, small) = (self.y, Style::plain(sizes.small).grey());
        let mut y = top;
        y += self.lines(&sheet.issuer, Style::plain(12.0).bold(), (self.left, middle), y);
        for line in &sheet.issuer_lines {
            y += self.lines(line, small, (self.left, middle), y);
        }
        let right = (middle, self.right);
        let mut z = top + 1.0;
        let number = Style::plain(sizes.heading).bold().at(Align::Right);
        z += self.lines(&t.paper_number(&sheet.number), number, right, z);
        z += self.lines(&t.paper_issued(&sheet.issued), small.at(Align::Right), right, z);
        if sheet.copy {
            z += self.badge(t.paper_copy(), z + 4.0);
        }
        self.y = y.max(z) + 8.0;
        self.rule(self.y, 0.9, INK);
        self.y += 14.0;
        let title = Style::plain(sizes.title).bold().at(Align::Centre);
        self.y += self.lines(&sheet.title, title, edges, self.y);
        self.y += self.lines(&sheet.other_title, small.at(Align::Centre), edges, self.y) + 10.0;
    }

    fn head_on_roll(&mut self) {
        let (sheet, sizes, edges) = (self.sheet, self.sizes, (self.left, self.right));
        let t = sheet.language;
        let small = Style::plain(sizes.small).grey().at(Align::Centre);
        let issuer = Style::plain(sizes.heading).bold().at(Align::Centre);
        self.y += self.lines(&sheet.issuer, issuer, edges, self.y);
        for line in &sheet.issuer_lines {
            self.y += self.lines(line, small, edges, self.y);
        }
        self.y += 5.0;
        self.rule(self.y, 0.7, INK);
        self.y += 5.0;
        self.y += self.lines(&sheet.title, Style::plain(sizes.title).bold().at(Align::Centre), edges, self.y);
        self.y += self.lines(&t.paper_number(&sheet.number), small, edges, self.y);
        if sheet.copy {
            let copy = Style::plain(sizes.body).bold().at(Align::Centre);
            self.y += self.lines(t.paper_copy(), copy, edges, self.y);
        }
        self.y += 4.0;
    }

    /// A word in a frame at the right; answers its height.
    fn badge(&mut self, word: &str, top: f32) -> f32 {
        let style = Style::plain(self.sizes.heading).bold();
        let width = self.fonts.width(word, style.weight, style.size) + 18.0;
        let (left, right, bottom) = (self.right - width, self.right, top + style.line() + 4.0);
        self.put(Mark::Frame { left, top, right, bottom, shade: INK });
        self.line(word, style.at(Align::Centre), (left, right), top + 2.0);
        bottom - top + 4.0
    }

    /// Sets a block; a heading stays with what `next` begins.
    pub(super) fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Facts(facts) => self.facts(facts),
            Block::Heading(text) => self.heading(text, next),
            Block::Table(table) => self.table(table),
            Block::Totals(totals) => self.totals(totals),
            Block::Sum(sum) => self.sum(sum),
            Block::Note(text) => {
                self.flow(text, Style::plain(self.sizes.small).grey());
                self.y += 4.0;
            }
            Block::Signatures(signatures) => self.signatures(signatures),
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        let columns = if self.sheet.paper == Paper::Roll { 1 } else { 2 };
        for row in facts.chunks(columns) {
            self.facts_row(row, columns);
        }
        self.y += 8.0;
    }

    fn facts_row(&mut self, row: &[Fact], columns: usize) {
        let (label, value) = (Style::plain(self.sizes.small).grey(), Style::plain(self.sizes.body));
        let labels = if columns == 1 { LABELS * 0.75 } else { LABELS };
        #[expect(clippy::cast_precision_loss, reason = "one or two")]
        let width = (self.width() - GUTTER * (columns - 1) as f32) / columns as f32;
        let height = |composer: &Self, fact: &Fact| {
            let labels_high = composer.wrap(&fact.label, label, labels - 4.0).len() as f32 * label.line();
            let values_high = composer.wrap(&fact.value, value, width - labels).len() as f32 * value.line();
            labels_high.max(values_high)
        };
        let tallest = row.iter().map(|fact| height(self, fact)).fold(0.0, f32::max) + 4.0;
        self.need(tallest);
        let mut left = self.left;
        for fact in row {
            let drop = (value.line() - label.line()) / 2.0;
            self.lines(&fact.label, label, (left, left + labels - 4.0), self.y + 2.0 + drop);
            self.lines(&fact.value, value, (left + labels, left + width), self.y + 2.0);
            left += width + GUTTER;
        }
        self.y += tallest;
        self.rule(self.y, 0.3, HAIR);
    }

    fn heading(&mut self, text: &str, next: Option<&Block>) {
        let style = Style::plain(self.sizes.heading).bold();
        let company = if matches!(next, Some(Block::Table(_))) { 4.0 * style.line() } else { style.line() };
        self.y += 6.0;
        self.need(style.line() + company);
        self.flow(text, style);
        self.y += 2.0;
    }

    fn totals(&mut self, totals: &[Total]) {
        let left = self.left.max(self.right - 300.0);
        self.y += 4.0;
        for total in totals {
            let style = Style::plain(self.sizes.body);
            let style = if total.strong { style.bold() } else { style };
            let value_left = self.right - self.fonts.width(&total.value, style.weight, style.size);
            let edges = (left, (value_left - 10.0).max(left + 40.0));
            let lines = self.wrap(&total.label, style, edges.1 - edges.0).len();
            self.need(lines as f32 * style.line() + 4.0);
            if total.strong {
                let (right, y) = (self.right, self.y + 0.5);
                self.put(Mark::Rule { left, right, y, thick: 0.6, shade: INK });
            }
            self.line(&total.value, style.at(Align::Right), (left, self.right), self.y + 2.0);
            self.y += self.lines(&total.label, style, edges, self.y + 2.0) + 4.0;
        }
        self.y += 6.0;
    }

    /// A field across the page: the one figure that must be found at a glance.
    fn sum(&mut self, sum: &Sum) {
        let (pad, roll) = (9.0, self.sheet.paper == Paper::Roll);
        let (label, figures) =
            (Style::plain(self.sizes.heading).bold(), Style::plain(self.sizes.sum).bold().at(Align::Right));
        let words = Style::plain(self.sizes.body);
        let label_width = self.fonts.width(&sum.words_label, Weight::Regular, self.sizes.small) + 10.0;
        let edges = (self.left + pad, self.right - pad);
        let words_edges = (edges.0 + label_width, edges.1);
        let lines: usize =
            sum.words.iter().map(|text| self.wrap(text, words, words_edges.1 - words_edges.0).len()).sum();
        let head = if roll { label.line() + figures.line() } else { figures.line() };
        let height = 2.0 * pad + head + lines as f32 * words.line();
        self.y += 4.0;
        self.need(height);
        let (left, top, right) = (self.left, self.y, self.right);
        self.put(Mark::Field { left, top, right, bottom: top + height, shade: FIELD });
        let mut y = top + pad;
        if roll {
            self.line(&sum.label, label, edges, y);
            y += label.line();
        } else {
            self.line(&sum.label, label, edges, y + (figures.line() - label.line()) / 2.0);
        }
        self.line(&sum.figures, figures, edges, y);
        y += figures.line();
        let small = Style::plain(self.sizes.small).grey();
        self.line(&sum.words_label, small, edges, y + (words.line() - small.line()) / 2.0);
        for text in &sum.words {
            y += self.lines(text, words, words_edges, y);
        }
        self.y = top + height + 10.0;
    }

    /// A line for each to sign on, and the place of the seal at the right.
    fn signatures(&mut self, signatures: &Signatures) {
        let small = Style::plain(self.sizes.small).grey();
        let seal_width = signatures.seal.as_ref().map_or(0.0, |_| 2.0 * SEAL + GUTTER);
        let height = if signatures.seal.is_some() { 2.0 * SEAL + 8.0 } else { SIGNING + small.line() + 8.0 };
        self.y += 8.0;
        self.need(height);
        let top = self.y;
        if let Some(seal) = &signatures.seal {
            let (x, y) = (self.right - SEAL, top + SEAL);
            self.put(Mark::Circle { x, y, radius: SEAL, shade: HAIR });
            self.line(seal, small.at(Align::Centre), (x - SEAL, x + SEAL), y - small.line() / 2.0);
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let width = (self.width() - seal_width + 14.0) / signatures.names.len().max(1) as f32;
        let y = if signatures.seal.is_some() { top + SEAL + 14.0 } else { top + SIGNING };
        let mut left = self.left;
        for name in &signatures.names {
            let right = left + width - 14.0;
            self.put(Mark::Rule { left, right, y, thick: 0.6, shade: GREY });
            self.lines(name, small, (left, right), y + 3.0);
            left += width;
        }
        self.y = top + height;
    }

    /// The verification code, large enough to be read aloud.
    pub(super) fn code(&mut self) {
        let t = self.sheet.language;
        let centre = if self.sheet.paper == Paper::Roll { Align::Centre } else { Align::Left };
        let small = Style::plain(self.sizes.small).grey().at(centre);
        let code = Style::plain(self.sizes.heading).bold().at(centre);
        self.y += 4.0;
        let roll = self.sheet.paper == Paper::Roll;
        self.need(code.line() + if roll { 4.0 * small.line() } else { 6.0 });
        self.rule(self.y, 0.5, HAIR);
        self.y += 4.0;
        let text = format!("{}  {}", t.paper_verification(), self.sheet.code);
        if !roll {
            let edges = (self.left, self.right);
            self.line(t.paper_verification_hint(), small.at(Align::Right), edges, self.y + 2.0);
        }
        self.flow(&text, code);
        if roll {
            self.flow(t.paper_verification_hint(), small);
            self.flow(&t.paper_issued(&self.sheet.issued), small);
        }
    }
}
