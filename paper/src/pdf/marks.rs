//! What is put on a page: texts, rules, fields and circles at their places, in points from the upper left.

use super::fonts::Weight;

/// How dark something is: 0 black, 255 white.
pub(super) type Shade = u8;
/// Text.
pub(super) const INK: Shade = 0x11;
/// Labels and remarks.
pub(super) const GREY: Shade = 0x55;
/// Lines between rows.
pub(super) const HAIR: Shade = 0xcc;
/// The field behind the sum.
pub(super) const FIELD: Shade = 0xf2;

/// Something on a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A line of text; `y` is its baseline.
    Text { x: f32, y: f32, size: f32, weight: Weight, shade: Shade, text: String },
    /// A rule from left to right.
    Rule { left: f32, right: f32, y: f32, thick: f32, shade: Shade },
    /// A filled field.
    Field { left: f32, top: f32, right: f32, bottom: f32, shade: Shade },
    /// A frame.
    Frame { left: f32, top: f32, right: f32, bottom: f32, shade: Shade },
    /// A dashed circle: the place of a seal.
    Circle { x: f32, y: f32, radius: f32, shade: Shade },
}

/// A page with everything on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) marks: Vec<Mark>,
}
