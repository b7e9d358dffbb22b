//! Makes typed functions of the catalogue: reads a folder a language, and writes `catalogue.rs` for the compiler.
//!
//! What is wrong with a text stops the build, with its file, its line, its message and what to do.

mod catalogue;
mod disk;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folders = disk::folders(Path::new(&env::var("CARGO_MANIFEST_DIR")?))?;
    match catalogue::compile(&folders) {
        Ok(code) => fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogue.rs"), code)?,
        Err(faults) => faults.iter().for_each(|fault| println!("cargo::error={fault}")),
    }
    Ok(())
}
