//! A language's folder: its name is the language's tag, each file in it a subject.

use std::collections::BTreeMap;

/// A language as its translator wrote it.
pub struct Folder {
    /// The language's tag as in `<html lang>`: `zh-CN`.
    pub tag: String,
    /// File name (`desk.ftl`) and what stands in it.
    pub files: BTreeMap<String, String>,
}
