//! What the build says of a catalogue: each mistake at its place and in plain words; what is right becomes functions.

#[path = "../build/catalogue/mod.rs"]
mod catalogue;

use std::collections::BTreeMap;

use catalogue::{Folder, compile};

fn folder(tag: &str, text: &str) -> Folder {
    Folder { tag: tag.to_owned(), files: BTreeMap::from([("desk.ftl".to_owned(), text.to_owned())]) }
}

/// What the build says of these two folders, line by line.
fn said(english: &str, chinese: &str) -> Vec<String> {
    match compile(&[folder("en", english), folder("zh-CN", chinese)]) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn code(english: &str, chinese: &str) -> String {
    compile(&[folder("en", english), folder("zh-CN", chinese)]).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())
    })
}

#[test]
fn a_mistake_is_named_with_its_file_its_line_and_its_message() {
    for (english, chinese, expected) in [
        (
            "save = Save\nadd = Add",
            "save = 保存",
            "words/zh-CN/desk.ftl:1: `add`: This message is missing here. In en: Add",
        ),
        (
            "save = Save",
            "save = 保存\n\nadd = 添加",
            "words/zh-CN/desk.ftl:3: `add`: There is no such message in en.",
        ),
        (
            "left = { $n } left",
            "left = 剩余",
            "words/zh-CN/desk.ftl:1: `left`: It must use $n, and uses no argument.",
        ),
        (
            "save = Save",
            "save = 保存\nsave = 储存",
            "words/zh-CN/desk.ftl:2: `save`: This message stands twice: see zh-CN/desk.ftl:1.",
        ),
        ("save = Save\nleft = { $n", "save = 保存", "words/en/desk.ftl:2: This is not Fluent's syntax."),
        (
            "at = { $a } at { $b }",
            "at = { $b } { $a }",
            "words/en/desk.ftl:1: `at`: Say the arguments in their order in a comment above: `# $a, $b`.",
        ),
        (
            "save = Save { -site }",
            "save = 保存",
            "words/en/desk.ftl:1: `save`: There is no term `-site` in en.",
        ),
        (
            "a = { b }\nb = { a }",
            "a = 甲\nb = 乙",
            "words/en/desk.ftl:1: `a`: `b` names itself, by way of others.",
        ),
        (
            "save = { NUMBER($n) }",
            "save = { $n }",
            "words/en/desk.ftl:1: `save`: There is no function NUMBER",
        ),
        ("match = Match", "match = 匹配", "words/en/desk.ftl:1: `match`: This name is taken."),
        ("saveIt = Save", "saveIt = 保存", "words/en/desk.ftl:1: `saveIt`: Names are small letters"),
        (
            "save = Save\n    .hint = Now",
            "save = 保存",
            "words/en/desk.ftl:1: `save`: Attributes are not used here",
        ),
    ] {
        let said = said(english, chinese);
        assert!(
            said.iter().any(|line| line.starts_with(expected)),
            "{expected}\nwas not said, but\n{}",
            said.join("\n")
        );
    }
}

#[test]
fn a_plural_has_the_categories_of_its_language_and_no_others() {
    let chinese = "rooms = { $n } 间";
    for (english, expected) in [
        ("# $n (Number)\nrooms = { $n ->\n   *[other] { $n } rooms\n}", None),
        ("# $n (Number)\nrooms = { $n ->\n    [one] { $n } room\n   *[other] { $n } rooms\n}", None),
        (
            "# $n (Number)\nrooms = { $n ->\n    [0] no rooms\n    [one] { $n } room\n   *[other] { $n } rooms\n}",
            None,
        ),
        (
            "# $n (Number)\nrooms = { $n ->\n    [0] no rooms\n   *[other] { $n } rooms\n}",
            Some("The wording for `[one]` is missing."),
        ),
        (
            "# $n (Number)\nrooms = { $n ->\n    [one] 1\n    [few] { $n }\n   *[other] { $n }\n}",
            Some("`[few]` never happens here; counts are one, other."),
        ),
        (
            "# $n (Number)\nrooms = { $n ->\n    [other] { $n } rooms\n   *[one] { $n } room\n}",
            Some("The variant with the star is the one for all other counts"),
        ),
        (
            "rooms = { $n ->\n    [one] { $n } room\n   *[other] { $n } rooms\n}",
            Some("To choose by `$n`, the comment in en must say `$n (Number)`."),
        ),
    ] {
        let said = said(english, chinese);
        match expected {
            None => assert!(said.is_empty(), "{english}\n{}", said.join("\n")),
            Some(expected) => {
                assert!(said.iter().any(|line| line.contains(expected)), "{english}\n{}", said.join("\n"));
            }
        }
    }
}

#[test]
fn arguments_keep_the_order_of_the_comment_whatever_the_sentence() {
    let code =
        code("# $room (Number), $who\nsold = To { $who }, room { $room }", "sold = { $room } 室 { $who }");
    assert!(
        code.contains("pub fn sold(self, room: impl crate::Count, who: impl Display) -> String"),
        "{code}"
    );
}

#[test]
fn terms_are_filled_in_with_the_form_that_was_asked_for() {
    let code = code(
        "-credit = { $case ->\n   *[small] credit\n    [large] Credit\n}\nleft = { -credit(case: \"large\") } left\nno = no { -credit }",
        "-credit = 余额\nleft = 剩余{ -credit }\nno = 无{ -credit }",
    );
    for text in ["\"Credit left\"", "\"no credit\"", "\"剩余余额\"", "\"无余额\""] {
        assert!(code.contains(text), "{text} is not in\n{code}");
    }
}

#[test]
fn another_language_is_another_folder() {
    let folders =
        [folder("en", "save = Save"), folder("pt-BR", "save = Salvar"), folder("pt-PT", "save = Guardar")];
    let code = compile(&folders).unwrap_or_else(|_| panic!("these folders agree"));
    assert!(code.contains("pub const ALL: [Self; 3] = [Self::En, Self::Pt, Self::PtPt];"), "{code}");
}

#[test]
fn every_language_has_the_same_files() {
    let mut chinese = folder("zh-CN", "save = 保存");
    chinese.files.insert("moves.ftl".to_owned(), String::new());
    let Err(faults) = compile(&[folder("en", "save = Save"), chinese]) else { panic!("one file too many") };
    assert_eq!(
        faults[0].to_string(),
        "words/zh-CN/moves.ftl:1: There is no such file in en. Every language has the same files."
    );
}
