//! Pages as PDF.

use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use super::composer::compose;
use super::fonts::{Fonts, Weight, fonts, missing};
use super::marks::{Mark, Page, Shade};
use crate::sheet::Sheet;

/// How far a control point is from a circle's quarter, as a part of the radius.
const QUARTER: f32 = 0.552_284_8;

/// Why there is no PDF: our fault in each case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The fonts inside the program are damaged.
    #[error("the fonts inside the program can't be read")]
    Fonts,
    /// A page has no size.
    #[error("a page has no size")]
    Size,
    /// It can't be written.
    #[error("the PDF can't be written: {0}")]
    Write(String),
}

/// Sheets one after another as one PDF, each with its own page x of y. The same sheets give the same bytes.
///
/// # Errors
/// [`PdfError`].
pub fn pdf(sheets: &[Sheet]) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts().ok_or(PdfError::Fonts)?;
    let mut document = krilla::Document::new();
    for sheet in sheets {
        let pages = compose(fonts, sheet);
        warn_of_missing(sheet, &pages);
        for page in pages {
            let settings = PageSettings::from_wh(page.width, page.height).ok_or(PdfError::Size)?;
            let mut started = document.start_page_with(settings);
            let mut surface = started.surface();
            draw(fonts, &page, &mut surface);
            surface.finish();
            started.finish();
        }
    }
    if let Some(first) = sheets.first() {
        document.set_metadata(metadata(first, sheets.len()));
    }
    document.finish().map_err(|error| PdfError::Write(error.to_string()))
}

/// How long a sheet's first page is, in millimetres: of a roll, the whole.
#[must_use]
pub fn length_mm(sheet: &Sheet) -> f32 {
    let pages = fonts().map(|fonts| compose(fonts, sheet)).unwrap_or_default();
    pages.first().map_or(0.0, |page| page.height * 25.4 / 72.0)
}

fn metadata(first: &Sheet, count: usize) -> Metadata {
    let more = if count > 1 { " …" } else { "" };
    Metadata::new()
        .title(format!("{} {}{more}", first.title, first.number))
        .authors(vec![first.issuer.clone()])
        .language(first.language.code().to_owned())
        .creator("Wattwarden".to_owned())
}

fn warn_of_missing(sheet: &Sheet, pages: &[Page]) {
    let texts = pages.iter().flat_map(|page| &page.marks).filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let letters = missing(&texts.collect::<String>());
    if !letters.is_empty() {
        let letters: String = letters.into_iter().collect();
        tracing::warn!(document = %sheet.number, %letters, "the fonts lack these letters: 〓 is printed for each");
    }
}

fn draw(fonts: &Fonts, page: &Page, surface: &mut Surface<'_>) {
    for mark in &page.marks {
        match mark {
            Mark::Text { x, y, size, weight, shade, text } => {
                fill(surface, *shade);
                draw_text(fonts, surface, (*x, *y), (*size, *weight), text);
            }
            Mark::Rule { left, right, y, thick, shade } => {
                field(surface, (*left, y - thick / 2.0, *right, y + thick / 2.0), *shade);
            }
            Mark::Field { left, top, right, bottom, shade } => {
                field(surface, (*left, *top, *right, *bottom), *shade);
            }
            Mark::Frame { left, top, right, bottom, shade } => {
                let mut path = PathBuilder::new();
                if let Some(rect) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                    path.push_rect(rect);
                }
                stroke(surface, path, *shade, None);
            }
            Mark::Circle { x, y, radius, shade } => {
                let dash = StrokeDash { array: vec![3.0, 3.0], offset: 0.0 };
                stroke(surface, circle(*x, *y, *radius), *shade, Some(dash));
            }
        }
    }
}

fn draw_text(fonts: &Fonts, surface: &mut Surface<'_>, at: (f32, f32), look: (f32, Weight), text: &str) {
    let ((mut x, y), (size, weight)) = (at, look);
    for run in fonts.runs(text, weight) {
        let glyphs: Vec<_> = run
            .letters
            .iter()
            .map(|(letter, range)| KrillaGlyph {
                glyph_id: GlyphId::new(letter.glyph),
                text_range: range.clone(),
                x_advance: letter.advance,
                x_offset: 0.0,
                y_offset: 0.0,
                y_advance: 0.0,
                location: None,
            })
            .collect();
        let width: f32 = run.letters.iter().map(|(letter, _)| letter.advance * size).sum();
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, run.font, text, size, false);
        x += width;
    }
}

fn fill(surface: &mut Surface<'_>, shade: Shade) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::new(shade).into(), ..Fill::default() }));
}

fn field(surface: &mut Surface<'_>, edges: (f32, f32, f32, f32), shade: Shade) {
    let (left, top, right, bottom) = edges;
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        fill(surface, shade);
        surface.draw_path(&path);
    }
}

fn stroke(surface: &mut Surface<'_>, path: PathBuilder, shade: Shade, dash: Option<StrokeDash>) {
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        let (paint, opacity) = (luma::Color::new(shade).into(), NormalizedF32::ONE);
        surface.set_stroke(Some(Stroke { paint, width: 0.8, opacity, dash, ..Stroke::default() }));
        surface.draw_path(&path);
        surface.set_stroke(None);
    }
}

fn circle(x: f32, y: f32, radius: f32) -> PathBuilder {
    let (mut path, control) = (PathBuilder::new(), radius * QUARTER);
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + control, x + control, y + radius, x, y + radius);
    path.cubic_to(x - control, y + radius, x - radius, y + control, x - radius, y);
    path.cubic_to(x - radius, y - control, x - control, y - radius, x, y - radius);
    path.cubic_to(x + control, y - radius, x + radius, y - control, x + radius, y);
    path.close();
    path
}
