//! An icon of the sprite; decoration only, the words beside it say the same.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::web::kit::assets;

/// An icon of the sprite, by the name it has there.
#[derive(Clone, Copy, Debug)]
pub struct Icon(pub &'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sprite = &assets::urls().icons;
        write!(f, r##"<svg class="icon" aria-hidden="true"><use href="{sprite}#{}"/></svg>"##, self.0)
    }
}

impl HtmlSafe for Icon {}

impl askama::FastWritable for Icon {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        let sprite = &assets::urls().icons;
        for part in
            [r#"<svg class="icon" aria-hidden="true"><use href=""#, sprite, "#", self.0, r#""/></svg>"#]
        {
            dest.write_str(part)?;
        }
        Ok(())
    }
}
