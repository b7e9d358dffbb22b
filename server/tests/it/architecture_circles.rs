//! No two files import each other, directly or round about: whoever reads one can read down, and never round.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Item, UseTree, Visibility};

const CRATES: [&str; 7] = ["meter-core", "words", "domain", "line", "paper", "simulator", "server"];

/// A module's path within its crate; the crate's root is empty.
type Module = Vec<String>;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn module_of(file: &Path, root: &Path) -> Module {
    let relative = file.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Every path that a tree of imports names.
fn paths(tree: &UseTree, before: &[String], into: &mut Vec<Module>) {
    match tree {
        UseTree::Path(path) => {
            paths(&path.tree, &[before, &[path.ident.to_string()]].concat(), into);
        }
        UseTree::Group(group) => group.items.iter().for_each(|one| paths(one, before, into)),
        UseTree::Name(name) => into.push([before, &[name.ident.to_string()]].concat()),
        UseTree::Rename(name) => into.push([before, &[name.ident.to_string()]].concat()),
        UseTree::Glob(_) => into.push(before.to_vec()),
    }
}

/// The same from the crate's root; `None` for what is not of this crate.
fn from_the_root(path: &[String], at: &[String]) -> Option<Module> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path.first()?.as_str() {
        "crate" => (Module::new(), &path[1..]),
        "self" => (at.to_vec(), &path[1..]),
        "super" => (at[..at.len().checked_sub(ups)?].to_vec(), &path[ups..]),
        _ => return None,
    };
    Some([base, rest.iter().filter(|part| *part != "self").cloned().collect()].concat())
}

/// The files that each file imports from; what it hands on to others (`pub use`) is not its own need.
fn imports(root: &Path) -> BTreeMap<Module, BTreeSet<Module>> {
    let files: BTreeMap<Module, PathBuf> =
        rust_files(root).into_iter().map(|file| (module_of(&file, root), file)).collect();
    let mut needs = BTreeMap::new();
    for (module, file) in &files {
        let parsed = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
        let mut named = Vec::new();
        for item in parsed.items {
            if let Item::Use(import) = item
                && matches!(import.vis, Visibility::Inherited)
            {
                paths(&import.tree, &[], &mut named);
            }
        }
        let files_named = named.iter().filter_map(|path| from_the_root(path, module)).map(|mut path| {
            while !files.contains_key(&path) {
                path.pop();
            }
            path
        });
        needs.insert(module.clone(), files_named.filter(|other| other != module).collect());
    }
    needs
}

/// A way from a file back to itself, if there is one.
fn circle(of: &Module, needs: &BTreeMap<Module, BTreeSet<Module>>) -> Option<Vec<Module>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![of.clone()]];
    while let Some(way) = ways.pop() {
        for next in &needs[way.last()?] {
            if next == of {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[test]
fn no_files_go_round_in_circles() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut circles = Vec::new();
    for name in CRATES {
        let needs = imports(&house.join(name).join("src"));
        assert!(!needs.is_empty(), "there is no crate {name} any more");
        for module in needs.keys() {
            if let Some(way) = circle(module, &needs) {
                let way: Vec<_> = way.iter().map(|module| module.join("/")).collect();
                circles.push(format!("{name}: {} → {}", way.join(" → "), way[0]));
            }
        }
    }
    assert!(circles.is_empty(), "files that import each other:\n{}", circles.join("\n"));
}
