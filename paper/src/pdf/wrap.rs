//! Breaking a text into lines: between words, between Chinese characters, and within a word only when it is wider than
//! the line. Closing punctuation never begins a line, opening punctuation never ends one.

use super::fonts::{Fonts, Weight};

/// What may not begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〕”’…％%,.;:?!)]}";
/// What may not end one.
const OPENING: &str = "（《「『【〔“‘([{";

/// Keeps what is around it together; never drawn.
const JOINER: char = '\u{2060}';

/// The lines of a text that is set in this weight and size on lines of this width. At least one, even of nothing.
pub(super) fn wrap(fonts: &Fonts, text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = Line { text: String::new(), width: 0.0 };
        for piece in pieces(paragraph) {
            let piece_width = fonts.width(piece.trim_end_matches(' '), weight, size);
            if line.width + piece_width > width {
                // Of a line of nothing but spaces only the spaces go.
                lines.extend(Some(line.take()).filter(|line| !line.is_empty()));
            }
            if piece_width <= width {
                line.add(piece, fonts.width(piece, weight, size));
                continue;
            }
            for letter in piece.chars() {
                let letter_width = fonts.letter_width(letter, weight, size);
                if line.width + letter_width > width && !line.text.is_empty() {
                    lines.push(line.take());
                }
                line.add(letter.encode_utf8(&mut [0; 4]), letter_width);
            }
        }
        lines.push(line.take());
    }
    lines
}

struct Line {
    text: String,
    width: f32,
}

impl Line {
    fn add(&mut self, piece: &str, width: f32) {
        self.text.push_str(piece);
        self.width += width;
    }

    fn take(&mut self) -> String {
        self.width = 0.0;
        std::mem::take(&mut self.text).trim_end_matches(' ').to_owned()
    }
}

/// Whether lines break before and after such a letter as they please.
fn is_han(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// The smallest parts that stay together.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let letters: Vec<_> = text.char_indices().collect();
    for pair in letters.windows(2) {
        let [(_, before), (at, after)] = *pair else { continue };
        if may_break(before, after) {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    if after == ' '
        || before == JOINER
        || after == JOINER
        || CLOSING.contains(after)
        || OPENING.contains(before)
    {
        return false;
    }
    before == ' ' || is_han(before) || is_han(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdf::fonts::fonts;

    fn lines(text: &str, width: f32) -> Vec<String> {
        wrap(fonts().unwrap(), text, Weight::Regular, 10.0, width)
    }

    #[test]
    fn words_stay_whole_and_chinese_breaks_anywhere_but_before_a_comma() {
        assert_eq!(lines("north building", 40.0), ["north", "building"]);
        assert_eq!(lines("一二三四五", 31.0), ["一二三", "四五"]);
        assert_eq!(lines("一二三，四五", 31.0), ["一二", "三，四", "五"]);
        assert_eq!(lines("一二（三四）", 31.0), ["一二", "（三", "四）"]);
        assert_eq!(lines("12.5\u{a0}kWh left", 50.0), ["12.5\u{a0}kWh", "left"]);
        assert_eq!(lines("", 50.0), [""]);
        assert_eq!(lines(" 0 ，，）a", 37.8), ["0 ，，）", "a"]);
        assert_eq!(lines("one\ntwo", 500.0), ["one", "two"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_sticks_out(
            text in "[a-zA-Z0-9 ，。（）一-龥\n𠮷.-]{0,80}",
            width in 25.0..200.0_f32,
        ) {
            let fonts = fonts().unwrap();
            let lines = lines(&text, width);
            let bare = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
            for line in &lines {
                prop_assert!(fonts.width(line, Weight::Regular, 10.0) <= width + 0.01, "{line:?}");
            }
        }
    }
}
