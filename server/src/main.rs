//! The `wattwarden` program: one binary, several roles.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
