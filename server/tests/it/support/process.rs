//! The real program as a process of its own, to be used and killed as in life.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running `wattwarden serve`.
pub struct Process {
    pub url: String,
    child: Child,
    /// The one-time link, when it printed one.
    pub setup_link: Option<String>,
    /// Every line it wrote until it was ready.
    pub output: Vec<String>,
}

/// Hexadecimal text of the master key that test processes run with.
pub const MASTER_KEY: [u8; 16] = [7; 16];

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wattwarden"));
    command.kill_on_drop(true).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WATTWARDEN_")) {
        command.env_remove(name);
    }
    command
}

impl Process {
    /// Starts it on a free port and waits until it is ready.
    pub async fn start(database_url: &str, data_dir: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let mut child = program()
            .arg("serve")
            .env("DATABASE_URL", database_url)
            .env("WATTWARDEN_DATA_DIR", data_dir)
            .env("WATTWARDEN_LISTEN", &listen)
            .env("WATTWARDEN_MASTER_KEY", "07".repeat(16))
            .env("WATTWARDEN_POLL_MS", "100")
            .env("WATTWARDEN_REPLY_TIMEOUT_MS", "300")
            .env("WATTWARDEN_LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut output = Vec::new();
        while let Some(line) = lines.next_line().await.unwrap() {
            let serving = line.contains("serving");
            output.push(line);
            if serving {
                break;
            }
        }
        assert!(output.iter().any(|line| line.contains("serving")), "it did not start: {output:?}");
        // The pipe is read to its end, so that the process never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let setup_link = output
            .iter()
            .find_map(|line| Some(line[line.find("http")?..].to_owned()).filter(|l| l.contains("/setup/")));
        Self { url: format!("http://{listen}"), child, setup_link, output }
    }

    /// `kill -9`: no time for anything.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, as a service manager stops it; its exit must be clean.
    pub async fn stop(mut self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
        assert!(self.child.wait().await.unwrap().success());
    }
}
