//! What is wrong with the catalogue, and where.

use std::fmt;

/// One mistake in one file.
#[derive(Debug)]
pub struct Fault {
    /// The file, seen from the catalogue: `zh-CN/desk.ftl`.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The message it is about, where it is about one.
    pub id: Option<String>,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "words/{}:{}: ", self.file, self.line)?;
        if let Some(id) = &self.id {
            write!(f, "`{id}`: ")?;
        }
        f.write_str(&self.what)
    }
}
