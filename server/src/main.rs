//! The `wattwarden` program: one binary, several roles.

fn main() -> std::process::ExitCode {
    wattwarden::process::cli::run()
}
