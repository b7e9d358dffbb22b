//! No template has text of its own: every word comes from the catalogue, so it is there in both languages.

use std::path::Path;

/// What may stand in a template as it is: punctuation, and units that are the same everywhere.
const ALLOWED: [&str; 1] = ["kWh"];
/// Attributes that people read.
const READ: [&str; 4] = ["title", "aria-label", "alt", "placeholder"];

/// The template without its tags and expressions: what would be shown as it is. Attributes that people read count.
fn bare_text(template: &str) -> String {
    let mut rest = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        rest = without(&rest, open, close);
    }
    let mut text = String::new();
    for attribute in READ {
        let start = format!(" {attribute}=\"");
        for (at, _) in rest.match_indices(&start) {
            text.push_str(rest[at + start.len()..].split('"').next().unwrap_or_default());
            text.push('\n');
        }
    }
    text + &without(&rest, "<", ">")
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = after.split_once(close).map_or("", |(_, rest)| rest);
    }
    kept + rest
}

fn literals(template: &str) -> Vec<String> {
    let text = bare_text(template);
    let unescaped = text.replace("&amp;", " ");
    let words = unescaped.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty());
    words.filter(|word| !ALLOWED.contains(word)).map(str::to_owned).collect()
}

#[test]
fn templates_have_no_text_of_their_own() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates");
    let (mut seen, mut waiting) = (0, vec![folder]);
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let template = std::fs::read_to_string(&path).unwrap();
        assert_eq!(literals(&template), Vec::<String>::new(), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 10, "the templates have moved");
}

#[test]
fn a_literal_would_be_found() {
    assert_eq!(
        literals("<p title=\"{{ t.a() }}\">{{ t.b() }} kWh · {% if x %}1{% endif %}</p>"),
        Vec::<String>::new()
    );
    assert_eq!(literals("<p>Save</p>"), ["Save"]);
    assert_eq!(literals("<img alt=\"房间\">"), ["房间"]);
}
