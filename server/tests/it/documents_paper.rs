//! Documents as PDF, read back by poppler's tools: nothing outside the page, every character embedded, the same bytes
//! each time.

use std::path::{Path, PathBuf};
use std::process::Command;

use wattwarden::documents::Language;
use wattwarden::documents::paper::pdf;
use wattwarden::documents::sheet::Paper;

use crate::support::papers;

fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&dir).unwrap();
    dir.join(name)
}

fn run(program: &str, arguments: &[&str]) -> String {
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
fn pages_with_all_words_inside(file: &Path) -> usize {
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

#[test]
fn every_kind_fits_its_page_in_both_languages() {
    for language in Language::ALL {
        for (index, document) in papers::samples(8).iter().enumerate() {
            let bytes = pdf(&[papers::on_paper(document, language, Paper::A4, false)]).unwrap();
            let again = pdf(&[papers::on_paper(document, language, Paper::A4, false)]).unwrap();
            assert_eq!(bytes, again, "the same content gives the same bytes");
            let file = scratch(&format!("{}-{index}.pdf", language.code()));
            std::fs::write(&file, bytes).unwrap();
            assert!((1..=3).contains(&pages_with_all_words_inside(&file)), "{}", file.display());
        }
    }
}

#[test]
fn a_receipt_fits_the_roll_and_a_copy_differs_from_the_original() {
    let receipt = &papers::samples(1)[0];
    let original = pdf(&[papers::on_paper(receipt, Language::Zh, Paper::Roll, false)]).unwrap();
    let copy = pdf(&[papers::on_paper(receipt, Language::Zh, Paper::Roll, true)]).unwrap();
    assert_ne!(original, copy);
    let file = scratch("roll.pdf");
    std::fs::write(&file, original).unwrap();
    assert_eq!(pages_with_all_words_inside(&file), 1);
}

#[test]
fn rare_characters_of_names_are_there_in_embedded_fonts() {
    let statement = &papers::samples(3)[1];
    let file = scratch("rare.pdf");
    std::fs::write(&file, pdf(&[papers::on_paper(statement, Language::Zh, Paper::A4, false)]).unwrap())
        .unwrap();
    let text = run("pdftotext", &[file.to_str().unwrap(), "-"]);
    for character in papers::RARE.chars() {
        assert!(text.contains(character), "{character} is missing");
    }
    let fonts = run("pdffonts", &[file.to_str().unwrap()]);
    assert!(fonts.lines().count() > 2, "{fonts}");
    for font in fonts.lines().skip(2) {
        // Columns from the right: object number (two), unicode, subset, embedded.
        let embedded = font.split_whitespace().rev().nth(4);
        assert_eq!(embedded, Some("yes"), "{font}");
    }
}

#[test]
fn a_long_statement_breaks_over_pages_and_many_documents_share_a_file() {
    let long = papers::on_paper(&papers::samples(300)[2], Language::En, Paper::A4, false);
    let file = scratch("long.pdf");
    std::fs::write(&file, pdf(&[long]).unwrap()).unwrap();
    assert!(pages_with_all_words_inside(&file) > 5);

    let one = papers::on_paper(&papers::samples(3)[0], Language::En, Paper::A4, false);
    let file = scratch("many.pdf");
    std::fs::write(&file, pdf(&vec![one; 20]).unwrap()).unwrap();
    assert_eq!(pages_with_all_words_inside(&file), 20);
}
