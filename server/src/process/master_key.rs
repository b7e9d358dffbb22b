//! The site's master key: given by the environment, or made once and kept in the data directory.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::process::config::{self, ServeConfig};

/// The key to derive every meter's key from. Made at first start, readable by the owner only.
///
/// # Errors
/// When the file can't be read, made or understood: a site without its key can't command its meters.
pub fn load(config: &ServeConfig) -> io::Result<[u8; 16]> {
    if let Some(key) = config.master_key {
        return Ok(key);
    }
    let path = config.data_dir.join("master.key");
    match std::fs::read_to_string(&path) {
        Ok(text) => config::master_key(text.trim())
            .map_err(|_| io::Error::other(format!("{}: not 32 hexadecimal digits", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(&path),
        Err(error) => Err(error),
    }
}

fn make(path: &Path) -> io::Result<[u8; 16]> {
    let mut key = [0; 16];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let text = format!("{:032x}\n", u128::from_be_bytes(key));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    tracing::warn!(path = %path.display(), "made the site's master key: keep a copy in a safe place");
    Ok(key)
}
