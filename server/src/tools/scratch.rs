//! A directory for throw-away databases; gone when the value is.

use std::path::Path;

use tempfile::TempDir;

/// A directory that no other process can have made before, readable by this user alone, below the system's temporary
/// one.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes it.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self(tempfile::Builder::new().prefix("wattwarden-").tempdir()?))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The URL of a SQLite database in it.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.path().join(format!("{name}.sqlite")).display())
    }
}
