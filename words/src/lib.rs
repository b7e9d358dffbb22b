//! Every text that people read on pages and on paper, as methods of the language: `lang.sale_title("101")`.
//!
//! The texts lie in a folder a language (`en/`, `zh-CN/`, …), a file a subject, in the format of
//! [Project Fluent](https://projectfluent.org), which translators' tools know. The build makes functions of them: a text
//! that is missing in a language, or an argument that only one language uses, doesn't compile. Another language is
//! another folder; nothing else changes. `glossary.md` has the terms.

mod count;
mod lang;
mod moments;
mod plural;

/// What the build wrote: the type of the language and a method for each text.
mod catalogue {
    #![allow(clippy::too_many_arguments, reason = "as many as a text has")]

    use std::fmt::Display;

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

pub use catalogue::Lang;
pub use count::Count;
