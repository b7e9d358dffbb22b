//! Documents as PDF, read back by poppler's tools: nothing outside the page, every character embedded, the same bytes
//! each time.

use paper::Document;
use paper::pdf::pdf;
use paper::sheet::{Block, Paper};
use sha2::{Digest, Sha256};
use wattwarden::store::papers::documents::LAYOUT;
use words::Lang;

use crate::support::papers;
use crate::support::poppler::{pages_with_all_words_inside, run, scratch};
use crate::web_pages::not_from_the_catalogue;

#[test]
fn every_kind_fits_its_page_in_both_languages() {
    for language in Lang::ALL {
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
    let original = pdf(&[papers::on_paper(receipt, Lang::Zh, Paper::Roll, false)]).unwrap();
    let copy = pdf(&[papers::on_paper(receipt, Lang::Zh, Paper::Roll, true)]).unwrap();
    assert_ne!(original, copy);
    let file = scratch("roll.pdf");
    std::fs::write(&file, original).unwrap();
    assert_eq!(pages_with_all_words_inside(&file), 1);
}

#[test]
fn rare_characters_of_names_are_there_in_embedded_fonts() {
    let statement = &papers::samples(3)[1];
    let file = scratch("rare.pdf");
    std::fs::write(&file, pdf(&[papers::on_paper(statement, Lang::Zh, Paper::A4, false)]).unwrap()).unwrap();
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
    let long = papers::on_paper(&papers::samples(300)[2], Lang::En, Paper::A4, false);
    let file = scratch("long.pdf");
    std::fs::write(&file, pdf(&[long]).unwrap()).unwrap();
    assert!(pages_with_all_words_inside(&file) > 5);

    let one = papers::on_paper(&papers::samples(3)[0], Lang::En, Paper::A4, false);
    let file = scratch("many.pdf");
    std::fs::write(&file, pdf(&vec![one; 20]).unwrap()).unwrap();
    assert_eq!(pages_with_all_words_inside(&file), 20);
}

#[test]
fn a_letter_that_no_font_has_is_marked_and_nothing_fails() {
    let mut receipt = papers::receipt();
    receipt.residents[0].name = "王𠮷 ก \u{200b}\u{7}".into();
    receipt.place.room = "x".repeat(400);
    let sheet = papers::on_paper(&Document::Receipt(receipt), Lang::En, Paper::A4, false);
    let file = scratch("missing.pdf");
    std::fs::write(&file, pdf(&[sheet]).unwrap()).unwrap();
    assert_eq!(pages_with_all_words_inside(&file), 1);
}

#[test]
fn the_value_of_what_lapsed_fits_the_page() {
    for language in Lang::ALL {
        let document = Document::SubsidyReport(papers::subsidy(40, true));
        let bytes = pdf(&[papers::on_paper(&document, language, Paper::A4, false)]).unwrap();
        let file = scratch(&format!("{}-lapsed.pdf", language.code()));
        std::fs::write(&file, bytes).unwrap();
        assert!((1..=3).contains(&pages_with_all_words_inside(&file)), "{}", file.display());
        let text = run("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
        assert!(text.contains("179.20"), "{text}");
    }
}

/// Paper that is out there must come out of the printer the same in many years. Whoever changes the layout, the fonts or
/// the words gives `store::papers::documents::LAYOUT` a new number and keeps the old one for what was issued in it.
#[test]
fn the_bytes_of_a_layout_never_change() {
    let mut all = Vec::new();
    for language in [Lang::En, Lang::Zh] {
        for document in papers::samples(8) {
            all.extend(pdf(&[papers::on_paper(&document, language, Paper::A4, true)]).unwrap());
        }
    }
    let hash: String = Sha256::digest(&all).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((LAYOUT, hash.as_str()), (1, "0842ed6bf8cb8c58"));
}

/// No paper has a text of its own: in the language that is made for tests each stands in brackets.
#[test]
fn every_text_on_paper_comes_from_the_catalogue() {
    for document in papers::samples(2) {
        let sheet = papers::on_paper(&document, Lang::EnXa, Paper::A4, true);
        let mut texts = vec![sheet.title.clone(), sheet.issued.clone()];
        for block in &sheet.blocks {
            match block {
                Block::Facts(facts) => texts.extend(facts.iter().map(|fact| fact.label.clone())),
                Block::Heading(text) | Block::Note(text) => texts.push(text.clone()),
                Block::Table(table) => texts.extend(table.columns.iter().map(|column| column.head.clone())),
                Block::Totals(totals) => texts.extend(totals.iter().map(|total| total.label.clone())),
                Block::Sum(sum) => texts.extend([sum.label.clone(), sum.words_label.clone()]),
                Block::Signatures(signatures) => texts.extend(signatures.names.clone()),
            }
        }
        // What the cashier of the samples wrote.
        let note = |text: &&String| text.starts_with("Five fen short");
        for text in texts.iter().filter(|text| !note(text)) {
            assert_eq!(not_from_the_catalogue(text), [""; 0], "{:?}: {text}", document.kind());
        }
    }
}
