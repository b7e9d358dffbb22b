//! What the browser prints: every kind of document in both languages through headless Chromium, page by page: nothing
//! outside the pages, no page for nothing. How many there are is up to the fonts that a machine has.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::http::StatusCode;
use paper::Kind;
use words::Lang;

use crate::support::database::on_sqlite;
use crate::support::papers;
use crate::support::poppler::{pages_with_all_words_inside, run, scratch};
use crate::support::web::{Browser, Office};
use crate::web_documents::issue_all;

/// A browser of its own, that talks to nobody.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
];

/// The page with its style sheets beside it, as files: so no browser has to sign in.
async fn save(browser: &mut Browser, address: &str, file: &Path) {
    let page = browser.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.body);
    let mut body = page.body;
    for name in ["wattwarden.css", "document.css"] {
        let start = format!("/static/{name}?");
        let at = body.find(&start).unwrap_or_else(|| panic!("{address} lacks {name}"));
        let url = body[at..].split('"').next().unwrap().to_owned();
        let style = browser.get(&url).await;
        assert_eq!(style.status, StatusCode::OK, "{url}");
        std::fs::write(file.with_file_name(name), style.body).unwrap();
        body = body.replace(&url, name);
    }
    std::fs::write(file, body).unwrap();
}

/// Prints a file as a person would, who chose to print to PDF.
fn print(file: &Path) -> PathBuf {
    let pdf = file.with_extension("browser.pdf");
    let _ = std::fs::remove_file(&pdf);
    let profile = file.with_extension("profile");
    let output = Command::new("chromium")
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("chromium, which bin/test installs");
    assert!(pdf.exists(), "nothing printed: {}", String::from_utf8_lossy(&output.stderr));
    let _ = std::fs::remove_dir_all(profile);
    pdf
}

/// Width and height of the first page, in millimetres.
fn paper_mm(pdf: &Path) -> (f64, f64) {
    let info = run("pdfinfo", &[pdf.to_str().unwrap()]);
    let line = info.lines().find(|line| line.starts_with("Page size:")).unwrap();
    let points: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    (points[0] * 25.4 / 72.0, points[1] * 25.4 / 72.0)
}

/// Characters that stand at the foot of every page, at most.
const FOOT_LENGTH: usize = 30;

fn length_of(pdf: &Path, page: usize) -> usize {
    let page = page.to_string();
    let text = run("pdftotext", &["-f", &page, "-l", &page, pdf.to_str().unwrap(), "-"]);
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_document_prints_whole_from_the_browser() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        for (at, language) in [Lang::En, Lang::Zh].into_iter().enumerate() {
            issue_all(&office.house.db, papers::samples(30), language).await;
            for kind in Kind::ALL {
                let file = scratch(&format!("{}-{}.html", kind.as_str(), language.code()));
                save(&mut boss, &format!("/documents/{}/{}/print", kind.as_str(), at + 1), &file).await;
                let pdf = print(&file);
                let pages = pages_with_all_words_inside(&pdf);
                assert!(kind != Kind::Receipt || pages == 1, "a receipt has {pages} pages");
                for page in 1..=pages {
                    assert!(
                        length_of(&pdf, page) > FOOT_LENGTH,
                        "{kind:?}: nothing on page {page} of {pages}"
                    );
                }
                let (width, height) = paper_mm(&pdf);
                assert!((width - 210.0).abs() < 1.0 && (height - 297.0).abs() < 1.0, "{width} × {height}");
                let text = run("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]);
                assert!(text.contains(&kind.numbered(i64::try_from(at).unwrap() + 1)), "{text}");
                let numbered = language.paper_page_of(pages, pages);
                assert!(text.contains(&numbered), "{kind:?}: no “{numbered}” in {text}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_prints_on_one_piece_of_roll() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut boss = office.signed_in("boss").await;
        for (at, language) in [Lang::En, Lang::Zh].into_iter().enumerate() {
            issue_all(&office.house.db, vec![papers::samples(1).remove(0)], language).await;
            let file = scratch(&format!("roll-{}.html", language.code()));
            save(&mut boss, &format!("/documents/receipt/{}/print?paper=80mm", at + 1), &file).await;
            let pdf = print(&file);
            assert_eq!(pages_with_all_words_inside(&pdf), 1);
            let (width, _) = paper_mm(&pdf);
            assert!((width - 80.0).abs() < 1.0, "{width} mm wide");
        }
    })
    .await;
}
