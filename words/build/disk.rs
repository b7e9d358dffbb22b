//! The folders as they lie on the disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::catalogue::{Folder, REFERENCE};

/// Every folder with Fluent files in it, the reference first and the others by their tags.
pub fn folders(root: &Path) -> io::Result<Vec<Folder>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(Folder { tag: name(&path), files: files(&path)? });
        }
    }
    folders.retain(|folder| !folder.files.is_empty());
    folders.sort_by_key(|folder| (folder.tag != REFERENCE, folder.tag.clone()));
    Ok(folders)
}

fn files(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "ftl") {
            files.insert(name(&file), fs::read_to_string(&file)?);
        }
    }
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
