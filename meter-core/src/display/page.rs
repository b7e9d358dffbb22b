//! Four lines of twenty characters, and how text and numbers get into them.

use core::fmt::{self, Write};

/// Lines of a page.
pub const LINES: usize = 4;
/// Characters of a line.
pub const COLUMNS: usize = 20;

/// A page: printable ASCII, filled up with spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From the top.
    pub lines: [[u8; COLUMNS]; LINES],
}

impl Default for Page {
    fn default() -> Self {
        Self { lines: [[b' '; COLUMNS]; LINES] }
    }
}

impl Page {
    /// A line as text; empty from line 4 on.
    #[must_use]
    pub fn line(&self, index: usize) -> &str {
        self.lines.get(index).and_then(|line| core::str::from_utf8(line).ok()).unwrap_or_default()
    }

    /// A page of bytes as they were read; anything but printable ASCII becomes `?`.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; LINES * COLUMNS]) -> Self {
        let mut page = Self::default();
        for (slot, byte) in page.lines.iter_mut().flatten().zip(bytes) {
            *slot = if (b' '..=b'~').contains(byte) { *byte } else { b'?' };
        }
        page
    }

    /// All characters, line after line.
    pub(crate) fn bytes(self) -> impl Iterator<Item = u8> {
        self.lines.into_iter().flatten()
    }

    /// Sets a line: `left` at its left end, `right` at its right end. If they meet, the right one wins:
    /// figures go before words.
    pub(super) fn set(&mut self, index: usize, left: fmt::Arguments<'_>, right: fmt::Arguments<'_>) {
        let (mut words, mut figures) = (Text::default(), Text::default());
        // Text never fails, it cuts.
        let _ = words.write_fmt(left);
        let _ = figures.write_fmt(right);
        let Some(line) = self.lines.get_mut(index) else { return };
        *line = words.bytes;
        let figures_at = COLUMNS - figures.len;
        for (slot, byte) in line.iter_mut().skip(figures_at).zip(figures.bytes) {
            *slot = byte;
        }
    }
}

/// A line in the making; what does not fit is cut.
struct Text {
    bytes: [u8; COLUMNS],
    len: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [b' '; COLUMNS], len: 0 }
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if let Some(slot) = self.bytes.get_mut(self.len) {
                *slot = if (b' '..=b'~').contains(&byte) { byte } else { b'?' };
                self.len += 1;
            }
        }
        Ok(())
    }
}

/// A number in thousandths, hundredths or tenths, shown with its point.
pub(super) struct Decimal {
    /// The number times 10 to the power of `places`.
    pub(super) value: i64,
    /// Digits behind the point.
    pub(super) places: u32,
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10u64.pow(self.places.min(18));
        let magnitude = self.value.unsigned_abs();
        let sign = if self.value < 0 { "-" } else { "" };
        let width = self.places as usize;
        write!(f, "{sign}{}.{:0width$}", magnitude / scale, magnitude % scale)
    }
}

/// Watt-hours as kilowatt-hours with two digits behind the point; the rest is cut, towards zero.
pub(super) fn kwh(wh: i64) -> Decimal {
    Decimal { value: wh / 10, places: 2 }
}
