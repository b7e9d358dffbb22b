//! Makes typed functions of the catalogue: reads a folder a language, and writes `catalogue.rs` for the compiler.
//!
//! What is wrong with a text stops the build, with its file, its line, its message and what to do.

mod catalogue;
mod disk;
mod pseudo;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

/// Set by cargo while the feature of the pseudo-language is on.
const PSEUDO: &str = "CARGO_FEATURE_PSEUDO";

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut folders = disk::folders(&PathBuf::from(env::var("CARGO_MANIFEST_DIR")?))?;
    if env::var_os(PSEUDO).is_some()
        && let Some(reference) = folders.first()
    {
        pseudo::write(reference, &out)?;
        folders.extend(disk::folders(&out)?);
    }
    match catalogue::compile(&folders) {
        Ok(code) => fs::write(out.join("catalogue.rs"), code)?,
        Err(faults) => faults.iter().for_each(|fault| println!("cargo::error={fault}")),
    }
    Ok(())
}
