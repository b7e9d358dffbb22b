//! Tables: columns as wide as their figures need, text in the width that is left, the head again on every page.

use super::composer::{Align, Composer, Style};
use super::fonts::Weight;
use super::marks::{HAIR, INK};
use crate::sheet::{Column, Holds, Table};

/// Between two columns.
const GAP: f32 = 10.0;
/// Above and below the text of a row.
const PAD: f32 = 2.3;
/// The least that a column of text is given before the letters get smaller.
const LEAST_TEXT: f32 = 52.0;
/// The width within which a head is kept on one line.
const HEAD: f32 = 58.0;
/// The smallest letters.
const SMALLEST: f32 = 6.0;

/// A table's letters, and the edges of its columns.
struct Plan {
    size: f32,
    edges: Vec<(f32, f32)>,
}

impl Composer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let plan = self.plan(table);
        let heads: Vec<_> = table.columns.iter().map(|column| column.head.clone()).collect();
        let (plain, bold) = (Style::plain(plan.size), Style::plain(plan.size).bold());
        let head = Style::plain(plan.size - 0.5).bold();
        self.head_row(&heads, head, table, &plan);
        let rows = table.rows.iter().map(|row| (row, plain));
        let sums = table.sums.as_ref();
        let sums_height = sums.map_or(0.0, |sums| self.row_height(sums, bold, table, &plan));
        let last = table.rows.len().saturating_sub(1);
        for (at, (row, style)) in rows.chain(sums.map(|sums| (sums, bold))).enumerate() {
            // The sums never stand alone under a head.
            let company = if at == last { sums_height } else { 0.0 };
            let height = self.row_height(row, style, table, &plan);
            if !self.fits(height + company) {
                self.turn();
                self.head_row(&heads, head, table, &plan);
            }
            let sum = style.weight == Weight::Bold;
            self.row(row, style, table, &plan);
            self.rule(self.y, if sum { 0.6 } else { 0.3 }, if sum { INK } else { HAIR });
        }
        self.y += 8.0;
    }

    fn head_row(&mut self, heads: &[String], style: Style, table: &Table, plan: &Plan) {
        self.row(heads, style, table, plan);
        self.rule(self.y, 0.7, INK);
    }

    fn row(&mut self, cells: &[String], style: Style, table: &Table, plan: &Plan) {
        let height = self.row_height(cells, style, table, plan);
        let top = self.y + PAD;
        for ((cell, column), edges) in cells.iter().zip(&table.columns).zip(&plan.edges) {
            let align = if column.at_right() { Align::Right } else { Align::Left };
            self.lines(cell, style.at(align), *edges, top);
        }
        self.y += height;
    }

    fn row_height(&self, cells: &[String], style: Style, table: &Table, plan: &Plan) -> f32 {
        let lines = cells.iter().zip(&table.columns).zip(&plan.edges);
        let lines = lines.map(|((cell, _), edges)| self.wrap(cell, style, edges.1 - edges.0).len());
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let lines = lines.max().unwrap_or(1) as f32;
        lines * style.line() + 2.0 * PAD
    }

    /// The largest letters in which the table is no wider than the page.
    fn plan(&self, table: &Table) -> Plan {
        let mut size = self.sizes.table;
        loop {
            let (widths, fits) = self.widths(table, size);
            if fits || size <= SMALLEST {
                return Plan { size, edges: self.edges(&widths) };
            }
            size -= 0.5;
        }
    }

    fn edges(&self, widths: &[f32]) -> Vec<(f32, f32)> {
        let mut left = self.left;
        let edges = widths.iter().map(|width| {
            let edges = (left, left + width);
            left += width + GAP;
            edges
        });
        edges.collect()
    }

    /// The width of each column, and whether they all have what they need.
    fn widths(&self, table: &Table, size: f32) -> (Vec<f32>, bool) {
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let space = self.width() - GAP * table.columns.len().saturating_sub(1) as f32;
        let natural: Vec<_> =
            (0..table.columns.len()).map(|at| self.natural_width(table, at, size)).collect();
        let is_text = |column: &Column| column.holds == Holds::Text;
        let sum = |text: bool| -> f32 {
            let columns = table.columns.iter().zip(&natural);
            columns.filter(|(column, _)| is_text(column) == text).map(|(_, width)| width).sum()
        };
        let (fixed, text) = (sum(false), sum(true));
        let texts = table.columns.iter().filter(|column| is_text(column)).count();
        if text + fixed <= space {
            return (spread(table, &natural, space - text - fixed), true);
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let least = LEAST_TEXT * texts as f32;
        let left = space - fixed;
        if texts > 0 && left >= least {
            let (needed, spare) = (text - least.min(text), left - least);
            let share =
                |width: f32| LEAST_TEXT + spare * ((width - LEAST_TEXT).max(0.0) / needed.max(1.0)).min(1.0);
            let widths: Vec<_> = table
                .columns
                .iter()
                .zip(&natural)
                .map(|(column, width)| if is_text(column) { share(*width) } else { *width })
                .collect();
            let factor = (space / widths.iter().sum::<f32>()).min(1.0);
            return (widths.iter().map(|width| width * factor).collect(), factor > 0.999);
        }
        let wanted: f32 = fixed + least;
        let shrink = |(column, width): (&Column, &f32)| {
            (if is_text(column) { LEAST_TEXT } else { *width }) * space / wanted
        };
        (table.columns.iter().zip(&natural).map(shrink).collect(), false)
    }

    /// What a column needs to wrap none of its cells; its head may wrap.
    fn natural_width(&self, table: &Table, at: usize, size: f32) -> f32 {
        let width = |cell: &String, weight| self.fonts.width(cell, weight, size);
        let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell, Weight::Regular));
        let sums = table.sums.iter().filter_map(|row| row.get(at)).map(|cell| width(cell, Weight::Bold));
        let head = table.columns.get(at).map_or(0.0, |column| {
            let whole = width(&column.head, Weight::Bold);
            let words = column.head.split(' ').map(|word| self.fonts.width(word, Weight::Bold, size));
            whole.min(HEAD).max(if whole > HEAD { words.fold(0.0, f32::max).min(90.0) } else { 0.0 })
        });
        // A hair more, so that what is measured as fitting is set as fitting.
        cells.chain(sums).fold(head, f32::max) + 0.5
    }
}

/// Gives what is left over to the columns of text; without one, to all alike.
fn spread(table: &Table, natural: &[f32], spare: f32) -> Vec<f32> {
    let is_text = |column: &Column| column.holds == Holds::Text;
    let texts = table.columns.iter().filter(|column| is_text(column)).count();
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let share = spare / (if texts > 0 { texts } else { natural.len().max(1) }) as f32;
    let columns = table.columns.iter().zip(natural);
    columns
        .map(|(column, width)| if texts == 0 || is_text(column) { width + share } else { *width })
        .collect()
}
