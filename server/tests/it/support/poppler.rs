//! PDFs read back by poppler's tools, which we did not write.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file for a PDF; the tests write it anew each time.
pub fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&dir).unwrap();
    dir.join(name)
}

/// What a program writes.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output =
        Command::new(program).args(arguments).output().expect("poppler-utils, which bin/test installs");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn attribute(line: &str, name: &str) -> f64 {
    let rest = line.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {line}"));
    rest.split('"').next().unwrap().parse().unwrap()
}

/// How many pages it has, once every word lies inside its page.
pub fn pages_with_all_words_inside(file: &Path) -> usize {
    let boxes = run("pdftotext", &["-bbox", file.to_str().unwrap(), "-"]);
    let (mut pages, mut words, mut size) = (0, 0, (0.0, 0.0));
    for line in boxes.lines().map(str::trim) {
        if line.starts_with("<page ") {
            pages += 1;
            size = (attribute(line, "width"), attribute(line, "height"));
        } else if line.starts_with("<word ") {
            words += 1;
            let inside = attribute(line, "xMin") >= 0.0
                && attribute(line, "yMin") >= 0.0
                && attribute(line, "xMax") <= size.0
                && attribute(line, "yMax") <= size.1;
            assert!(inside, "{}: outside the page {size:?}: {line}", file.display());
        }
    }
    assert!(words > 10, "{}: hardly any text", file.display());
    pages
}
