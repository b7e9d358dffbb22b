//! A directory for throw-away databases; gone when the value is.

use std::path::{Path, PathBuf};

/// A directory of this process's own below the system's temporary one.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes it.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("wattwarden-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The URL of a SQLite database in it.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.0.join(format!("{name}.sqlite")).display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a throw-away directory stays behind");
        }
    }
}
