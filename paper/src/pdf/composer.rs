//! Sets a sheet on pages: keeps the place on the page, turns to the next, and numbers them at the end.

use super::fonts::{Fonts, Weight};
use super::marks::{GREY, HAIR, INK, Mark, Page, Shade};
use super::wrap::wrap;
use crate::sheet::{Paper, Sheet};

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// The height of a line, as a multiple of the letters' size.
const LEADING: f32 = 1.45;
/// From the top of a line to its baseline, as a multiple of the letters' size: capitals and Han stand in the middle.
const BASELINE: f32 = 1.08;
/// As long as a roll can get, before it is cut where the text ends.
const ROLL_LENGTH: f32 = 14_000.0;

/// The sizes of letters on a paper.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) body: f32,
    pub(super) small: f32,
    pub(super) table: f32,
    pub(super) heading: f32,
    pub(super) title: f32,
    pub(super) sum: f32,
}

const ON_A4: Sizes = Sizes { body: 9.5, small: 8.0, table: 8.5, heading: 10.5, title: 18.0, sum: 15.0 };
const ON_ROLL: Sizes = Sizes { body: 8.5, small: 7.5, table: 7.5, heading: 9.0, title: 13.0, sum: 14.0 };

/// Where a text stands between two edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) shade: Shade,
    pub(super) align: Align,
}

impl Style {
    pub(super) const fn plain(size: f32) -> Self {
        Self { size, weight: Weight::Regular, shade: INK, align: Align::Left }
    }

    pub(super) const fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    pub(super) const fn grey(self) -> Self {
        Self { shade: GREY, ..self }
    }

    pub(super) const fn at(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The height of a line.
    pub(super) fn line(self) -> f32 {
        self.size * LEADING
    }
}

/// A sheet being set.
pub(super) struct Composer<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) sheet: &'a Sheet,
    pub(super) sizes: Sizes,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Where the next thing goes, from the top of the page.
    pub(super) y: f32,
    top: f32,
    bottom: f32,
    pages: Vec<Page>,
}

/// The sheet's pages.
pub(super) fn compose(fonts: &Fonts, sheet: &Sheet) -> Vec<Page> {
    let mut composer = Composer::new(fonts, sheet);
    composer.head();
    for (at, block) in sheet.blocks.iter().enumerate() {
        composer.block(block, sheet.blocks.get(at + 1));
    }
    composer.code();
    composer.finish()
}

impl<'a> Composer<'a> {
    fn new(fonts: &'a Fonts, sheet: &'a Sheet) -> Self {
        let (width, height, side, top, foot, sizes) = match sheet.paper {
            Paper::A4 => (210.0 * MM, 297.0 * MM, 18.0 * MM, 16.0 * MM, 20.0 * MM, ON_A4),
            Paper::Roll => (80.0 * MM, ROLL_LENGTH, 4.0 * MM, 5.0 * MM, 5.0 * MM, ON_ROLL),
        };
        let page = Page { width, height, marks: Vec::new() };
        let (right, bottom) = (width - side, height - foot);
        Self { fonts, sheet, sizes, left: side, right, y: top, top, bottom, pages: vec![page] }
    }

    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    /// Whether as much still fits on the page.
    pub(super) fn fits(&self, height: f32) -> bool {
        self.y + height <= self.bottom
    }

    /// Turns to the next page unless as much still fits on this one.
    pub(super) fn need(&mut self, height: f32) {
        if !self.fits(height) && self.y > self.top {
            self.turn();
        }
    }

    /// The next page.
    pub(super) fn turn(&mut self) {
        let (width, height) = self.pages.last().map_or((0.0, 0.0), |page| (page.width, page.height));
        self.pages.push(Page { width, height, marks: Vec::new() });
        self.y = self.top;
    }

    pub(super) fn wrap(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        wrap(self.fonts, text, style.weight, style.size, width)
    }

    /// A line of text between two edges, whose line begins at `top`.
    pub(super) fn line(&mut self, text: &str, style: Style, edges: (f32, f32), top: f32) {
        let spare = edges.1 - edges.0 - self.fonts.width(text, style.weight, style.size);
        let x = match style.align {
            Align::Left => edges.0,
            Align::Centre => edges.0 + spare / 2.0,
            Align::Right => edges.0 + spare,
        };
        let y = top + style.size * BASELINE;
        let Style { size, weight, shade, .. } = style;
        self.put(Mark::Text { x, y, size, weight, shade, text: text.to_owned() });
    }

    /// A text that may wrap between two edges, from `top` on this page; answers its height.
    pub(super) fn lines(&mut self, text: &str, style: Style, edges: (f32, f32), top: f32) -> f32 {
        let lines = self.wrap(text, style, edges.1 - edges.0);
        let mut y = top;
        for line in lines {
            self.line(&line, style, edges, y);
            y += style.line();
        }
        y - top
    }

    /// A text that may wrap and go on on the next page.
    pub(super) fn flow(&mut self, text: &str, style: Style) {
        let edges = (self.left, self.right);
        for line in self.wrap(text, style, self.width()) {
            self.need(style.line());
            self.line(&line, style, edges, self.y);
            self.y += style.line();
        }
    }

    pub(super) fn rule(&mut self, y: f32, thick: f32, shade: Shade) {
        let (left, right) = (self.left, self.right);
        self.put(Mark::Rule { left, right, y, thick, shade });
    }

    /// Numbers the pages; a roll is cut instead.
    fn finish(mut self) -> Vec<Page> {
        if self.sheet.paper == Paper::Roll {
            if let Some(page) = self.pages.first_mut() {
                page.height = (self.y + self.top).ceil();
            }
            return self.pages;
        }
        let pages = self.pages.len();
        let (t, sheet) = (self.sheet.language, self.sheet);
        let copy = if sheet.copy { format!("  ·  {}", t.paper_copy()) } else { String::new() };
        let text =
            format!("{} {}  ·  {} {}{copy}", sheet.title, sheet.number, t.paper_verification(), sheet.code);
        let style = Style::plain(7.5).grey();
        let (edges, y) = ((self.left, self.right), self.bottom + 12.0);
        let mut done = std::mem::take(&mut self.pages);
        for (at, page) in done.iter_mut().enumerate() {
            self.pages = vec![Page { marks: std::mem::take(&mut page.marks), ..*page }];
            self.rule(y, 0.5, HAIR);
            self.line(&text, style, edges, y + 3.0);
            self.line(&t.paper_page_of(at + 1, pages), style.at(Align::Right), edges, y + 3.0);
            page.marks = self.pages.pop().map(|page| page.marks).unwrap_or_default();
        }
        done
    }
}
