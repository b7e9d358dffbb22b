//! What the packaging sets exists, and what exists is described.

use wattwarden::process::config::VARIABLES;

use crate::support::process::program;

const COMPOSE: &str = include_str!("../../../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../../../Dockerfile");

fn help() -> String {
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_wattwarden")).args(["serve", "--help"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// Words in capitals that look like our variables.
fn named(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    words
        .filter(|word| word.starts_with("WATTWARDEN_") || *word == "DATABASE_URL")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_variable_that_the_packaging_sets_exists() {
    let help = help();
    let set: Vec<_> = named(COMPOSE).into_iter().chain(named(DOCKERFILE)).collect();
    assert!(set.len() >= 5, "{set:?}");
    for variable in set {
        assert!(help.contains(&format!("  {variable}\n")), "{variable} is set and not in `serve --help`");
    }
}

#[test]
fn the_help_lists_every_variable_with_its_default() {
    let help = help();
    for variable in &VARIABLES {
        assert!(help.contains(variable.name) && help.contains(variable.default), "{}", variable.name);
    }
}

#[test]
fn both_containers_have_a_volume_and_a_health_check() {
    for word in ["healthcheck:\n", "server-data:/", "postgres-data:/"] {
        assert!(COMPOSE.contains(word), "{word}");
    }
    assert_eq!(COMPOSE.matches("healthcheck:\n").count(), 2);
    assert!(DOCKERFILE.contains("HEALTHCHECK"));
}

#[tokio::test]
async fn a_variable_that_cannot_be_used_is_named_and_nothing_starts() {
    let output = program().arg("serve").env("WATTWARDEN_LISTEN", "nowhere").output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("WATTWARDEN_LISTEN"));
}
