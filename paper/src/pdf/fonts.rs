//! The fonts inside the program, and how wide their letters are. A letter that none of them has is drawn as 〓, the
//! printers' mark for a missing one; a text that is copied out of the PDF still has the letter itself.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

static REGULAR: &[u8] = include_bytes!("../../fonts/NotoSansSC-Regular-subset.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/NotoSansSC-SemiBold-subset.ttf");
static LATIN: &[u8] = include_bytes!("../../fonts/NotoSans-Regular-subset.ttf");
static LATIN_BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold-subset.ttf");

/// What stands for a letter that no font has.
const MISSING: char = '〓';

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A letter as a font draws it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// The glyph in its font.
    pub(super) glyph: u32,
    /// Its advance, in ems.
    pub(super) advance: f32,
    face: usize,
}

/// Letters of one font in a row.
pub(super) struct Run {
    pub(super) font: Font,
    /// Each with the bytes of the text it stands for.
    pub(super) letters: Vec<(Letter, Range<usize>)>,
}

struct Face {
    font: Font,
    letters: HashMap<char, (u32, f32)>,
}

/// Chinese regular and bold, Latin regular and bold. Each weight has its order; bold knows fewer letters and borrows.
pub(super) struct Fonts([Face; 4]);

const REGULAR_FIRST: [usize; 4] = [0, 2, 1, 3];
const BOLD_FIRST: [usize; 4] = [1, 3, 0, 2];

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    let (regular, bold) = (face(REGULAR, "Regular")?, face(BOLD, "SemiBold")?);
    Some(Fonts([regular, bold, face(LATIN, "Latin Regular")?, face(LATIN_BOLD, "Latin Bold")?]))
});

fn face(bytes: &'static [u8], name: &str) -> Option<Face> {
    let (font, reader) = (Font::new(bytes.into(), 0), FontRef::new(bytes));
    let (Some(font), Ok(reader)) = (font, reader) else {
        tracing::error!(font = name, "the font inside the program can't be read");
        return None;
    };
    let metrics = reader.glyph_metrics(Size::new(1.0), LocationRef::default());
    let letter = |(code, glyph): (u32, skrifa::GlyphId)| {
        Some((char::from_u32(code)?, (glyph.to_u32(), metrics.advance_width(glyph)?)))
    };
    Some(Face { font, letters: reader.charmap().mappings().filter_map(letter).collect() })
}

/// The fonts inside the program; `None` only if they are damaged.
pub(super) fn fonts() -> Option<&'static Fonts> {
    FONTS.as_ref()
}

/// The letters of a text that no font has, each once: they will be drawn as 〓.
#[must_use]
pub fn missing(text: &str) -> Vec<char> {
    let Some(fonts) = fonts() else { return Vec::new() };
    let mut missing: Vec<_> = text
        .chars()
        .map(visible)
        .filter(|&letter| !is_silent(letter) && fonts.find(letter, REGULAR_FIRST).is_none())
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Marks that are never drawn: joiners, direction marks, variation selectors, the byte order mark.
fn is_silent(letter: char) -> bool {
    matches!(letter,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Blanks and controls are a space.
fn visible(letter: char) -> char {
    if letter.is_control() || (letter.is_whitespace() && letter != '\u{a0}' && letter != '\u{3000}') {
        ' '
    } else {
        letter
    }
}

/// Quotation marks and dashes that a Chinese font makes as wide as a character, which tears Latin words apart.
fn is_wide_among_latin(letter: char) -> bool {
    matches!(letter, '‘' | '’' | '“' | '”' | '…' | '—' | '·')
}

impl Fonts {
    fn find(&self, letter: char, order: impl IntoIterator<Item = usize>) -> Option<Letter> {
        let mut faces = order.into_iter().filter_map(|face| Some((face, self.0.get(face)?)));
        faces.find_map(|(face, found)| {
            let &(glyph, advance) = found.letters.get(&letter)?;
            Some(Letter { glyph, advance, face })
        })
    }

    /// The letter as it is drawn after `before`; `None` for one that is never drawn.
    fn letter(&self, before: Option<char>, letter: char, weight: Weight) -> Option<Letter> {
        if is_silent(letter) {
            return None;
        }
        let order = if weight == Weight::Bold { BOLD_FIRST } else { REGULAR_FIRST };
        let latin = is_wide_among_latin(letter) && before.is_some_and(|before| before < '\u{2e80}');
        let found = if latin { self.find(letter, order.into_iter().filter(|face| *face > 1)) } else { None };
        found.or_else(|| self.find(visible(letter), order)).or_else(|| self.find(MISSING, order))
    }

    /// Every letter that is drawn, with the bytes of the text it stands for.
    fn letters(&self, text: &str, weight: Weight) -> impl Iterator<Item = (Letter, Range<usize>)> {
        let mut before = None;
        text.char_indices().filter_map(move |(at, sign)| {
            let letter = self.letter(before, sign, weight);
            before = Some(sign);
            Some((letter?, at..at + sign.len_utf8()))
        })
    }

    /// How wide a text is at `size`.
    pub(super) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        self.letters(text, weight).map(|(letter, _)| letter.advance).sum::<f32>() * size
    }

    /// How wide a letter is at most, at `size`.
    pub(super) fn letter_width(&self, letter: char, weight: Weight, size: f32) -> f32 {
        self.letter(None, letter, weight).map_or(0.0, |letter| letter.advance * size)
    }

    /// The text as runs of one font each.
    pub(super) fn runs(&self, text: &str, weight: Weight) -> Vec<Run> {
        let mut runs: Vec<(usize, Run)> = Vec::new();
        for (letter, range) in self.letters(text, weight) {
            let Some(face) = self.0.get(letter.face) else { continue };
            match runs.last_mut() {
                Some((last, run)) if *last == letter.face => run.letters.push((letter, range)),
                _ => {
                    runs.push((letter.face, Run { font: face.font.clone(), letters: vec![(letter, range)] }))
                }
            }
        }
        runs.into_iter().map(|(_, run)| run).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_equally_wide_so_columns_stand() {
        let fonts = fonts().unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            let widths: Vec<_> = ('0'..='9').map(|digit| fonts.letter_width(digit, weight, 10.0)).collect();
            assert!(widths.iter().all(|width| (width - widths[0]).abs() < 1e-4), "{widths:?}");
        }
    }

    #[test]
    fn names_that_are_rare_are_there_and_a_stranger_is_marked() {
        let names = "喆堃璟犇翀昇堯芈玥婞 Ångström Wiśniewska Nguyễn Ωμέγα Живаго ‘“”’ 壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分厘整零";
        assert_eq!(missing(names), Vec::<char>::new());
        assert_eq!(missing("a\u{200b}b\n\tc\u{feff}"), Vec::<char>::new());
        assert_eq!(missing("𠮷王𠮷ก"), ['ก', '𠮷']);
        let fonts = fonts().unwrap();
        let width = |text| fonts.width(text, Weight::Bold, 10.0);
        assert!((width("𠮷") - width("〓")).abs() < 1e-4 && width("〓") > 5.0);
    }

    #[test]
    fn quotation_marks_are_as_wide_as_their_neighbours() {
        let fonts = fonts().unwrap();
        let width = |text| fonts.width(text, Weight::Regular, 10.0);
        assert!(width("O’Brien") - width("OBrien") < 4.0);
        assert!(width("验证“单据”") - width("验证单据") > 19.0);
    }

    #[test]
    fn bold_borrows_what_it_lacks() {
        let fonts = fonts().unwrap();
        let runs = fonts.runs("王喆, 12", Weight::Bold);
        assert_eq!(runs.len(), 3, "喆 is in the regular font only");
        let covered: Vec<_> =
            runs.iter().flat_map(|run| run.letters.iter().map(|(_, range)| range.clone())).collect();
        assert_eq!((covered.first().unwrap().start, covered.last().unwrap().end), (0, "王喆, 12".len()));
    }
}
