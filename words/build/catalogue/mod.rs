//! From folders of Fluent files to Rust: parsed, put together, compared between the languages, written as functions.

mod check;
mod entries;
mod fault;
mod folder;
mod generate;
mod pieces;
mod plurals;

pub use fault::Fault;
pub use folder::Folder;

use entries::Entries;
use pieces::Text;

/// The language that the others are held against, and that a page falls back to.
pub const REFERENCE: &str = "en";

/// A language with every text put together.
pub struct Language {
    /// As the folder is called: `zh-CN`.
    pub tag: String,
    /// Every message, in the order of the files.
    pub texts: Vec<Text>,
}

/// The functions of all texts, or everything that is wrong with the catalogue.
pub fn compile(folders: &[Folder]) -> Result<String, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut languages = Vec::new();
    for folder in folders {
        let entries = Entries::parse(folder, &mut faults);
        let texts = pieces::put_together(folder, &entries, &mut faults);
        languages.push(Language { tag: folder.tag.clone(), texts });
    }
    // What follows would only repeat in other words what doesn't parse.
    if !faults.is_empty() {
        return Err(faults);
    }
    let signatures = check::compare(&languages, folders, &mut faults);
    if faults.is_empty() { Ok(generate::code(&languages, &signatures)) } else { Err(faults) }
}
