//! Configuration: from the environment only, read once, every variable in one table that `serve --help` shows.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A variable of the environment that the server reads.
pub struct Variable {
    /// Its name. A secret may also come from the file that `<name>_FILE` names.
    pub name: &'static str,
    /// What holds without it.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
}

/// Every variable the server reads.
pub const VARIABLES: [Variable; 10] = [
    Variable {
        name: "DATABASE_URL",
        default: "sqlite:<data dir>/wattwarden.sqlite",
        help: "where the books are: sqlite:<path> or postgres://<user>:<password>@<host>/<database>",
    },
    Variable {
        name: "WATTWARDEN_DATA_DIR",
        default: "./data",
        help: "directory for the embedded database and the master key",
    },
    Variable {
        name: "WATTWARDEN_LISTEN",
        default: "127.0.0.1:8080",
        help: "address and port of the web pages",
    },
    Variable {
        name: "WATTWARDEN_PUBLIC_URL",
        default: "http://<listen>",
        help: "how browsers reach the pages; https:// makes the session cookie Secure",
    },
    Variable {
        name: "WATTWARDEN_BEHIND_PROXY",
        default: "no",
        help: "yes when a reverse proxy stands in front: then its X-Forwarded-For is believed",
    },
    Variable {
        name: "WATTWARDEN_MASTER_KEY",
        default: "made at first start in <data dir>/master.key",
        help: "the site's master key, 32 hexadecimal digits; every meter's key is derived from it",
    },
    Variable {
        name: "WATTWARDEN_POLL_MS",
        default: "2000",
        help: "how often each meter is read, in milliseconds",
    },
    Variable {
        name: "WATTWARDEN_REPLY_TIMEOUT_MS",
        default: "1000",
        help: "how long a meter may take to answer, in milliseconds",
    },
    Variable {
        name: "WATTWARDEN_LOG",
        default: "info",
        help: "what is logged: error, warn, info, debug, or a filter such as wattwarden=debug",
    },
    Variable { name: "WATTWARDEN_LOG_FORMAT", default: "text", help: "text or json, one line an event" },
];

/// The table of variables, for `--help`.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Environment variables:\n");
    for variable in &VARIABLES {
        text.push_str(&format!(
            "  {}\n          {} [default: {}]\n",
            variable.name, variable.help, variable.default
        ));
    }
    text.push_str(
        "\nDATABASE_URL and WATTWARDEN_MASTER_KEY may instead be in a file named by <variable>_FILE.\n",
    );
    text
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors of logs.
    Json,
}

/// What `serve` runs on.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The database.
    pub database_url: String,
    /// Where the embedded database and the master key live.
    pub data_dir: PathBuf,
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// How browsers reach them; no slash at the end.
    pub public_url: String,
    /// Whether a reverse proxy in front tells who asks.
    pub behind_proxy: bool,
    /// The master key, when it is not the one in the data directory.
    pub master_key: Option<[u8; 16]>,
    /// How often each meter is read.
    pub poll: Duration,
    /// How long a meter may take to answer.
    pub reply_timeout: Duration,
    /// The log filter.
    pub log: String,
    /// How logs are written.
    pub log_format: LogFormat,
}

/// A variable that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Its text is not of the right form.
    #[error("{name}: {problem}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl ServeConfig {
    /// Reads every variable through `lookup`; an empty one counts as absent.
    ///
    /// # Errors
    /// The first variable that can't be used.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let plain =
            |name: &str| lookup(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let data_dir = PathBuf::from(plain("WATTWARDEN_DATA_DIR").unwrap_or_else(|| "./data".into()));
        let listen: SocketAddr = parsed("WATTWARDEN_LISTEN", plain, "127.0.0.1:8080")?;
        let public_url = plain("WATTWARDEN_PUBLIC_URL").unwrap_or_else(|| format!("http://{listen}"));
        Ok(Self {
            database_url: secret("DATABASE_URL", plain)?
                .unwrap_or_else(|| format!("sqlite:{}", data_dir.join("wattwarden.sqlite").display())),
            data_dir,
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            behind_proxy: match plain("WATTWARDEN_BEHIND_PROXY").as_deref() {
                None | Some("no") => false,
                Some("yes") => true,
                Some(_) => return Err(wrong("WATTWARDEN_BEHIND_PROXY", "must be yes or no")),
            },
            master_key: secret("WATTWARDEN_MASTER_KEY", plain)?.map(|text| master_key(&text)).transpose()?,
            poll: Duration::from_millis(parsed("WATTWARDEN_POLL_MS", plain, "2000")?),
            reply_timeout: Duration::from_millis(parsed("WATTWARDEN_REPLY_TIMEOUT_MS", plain, "1000")?),
            log: plain("WATTWARDEN_LOG").unwrap_or_else(|| "info".into()),
            log_format: match plain("WATTWARDEN_LOG_FORMAT").as_deref() {
                None | Some("text") => LogFormat::Text,
                Some("json") => LogFormat::Json,
                Some(_) => {
                    return Err(wrong("WATTWARDEN_LOG_FORMAT", "must be text or json"));
                }
            },
        })
    }
}

fn wrong(name: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Wrong { name, problem: problem.into() }
}

fn parsed<T: std::str::FromStr>(
    name: &'static str,
    lookup: impl Fn(&str) -> Option<String>,
    default: &str,
) -> Result<T, ConfigError>
where
    T::Err: std::fmt::Display,
{
    let text = lookup(name).unwrap_or_else(|| default.to_owned());
    text.parse().map_err(|error| wrong(name, format!("{text:?}: {error}")))
}

/// The variable itself, or what stands in the file that its `_FILE` twin names.
fn secret(
    name: &'static str,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ConfigError> {
    if let Some(text) = lookup(name) {
        return Ok(Some(text));
    }
    let Some(path) = lookup(&format!("{name}_FILE")) else { return Ok(None) };
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(name, format!("{path}: {error}")))?;
    Ok(Some(text.trim().to_owned()))
}

/// A master key as text: 32 hexadecimal digits.
///
/// # Errors
/// When it is anything else. The text itself is not repeated: it is a secret.
pub fn master_key(text: &str) -> Result<[u8; 16], ConfigError> {
    let problem = || wrong("WATTWARDEN_MASTER_KEY", "must be 32 hexadecimal digits");
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(problem());
    }
    u128::from_str_radix(text, 16).map(u128::to_be_bytes).map_err(|_| problem())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<ServeConfig, ConfigError> {
        ServeConfig::read(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_set_is_a_small_site_on_this_machine() {
        let config = read(&[]).unwrap();
        assert_eq!(config.database_url, "sqlite:./data/wattwarden.sqlite");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.master_key, None);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (name, value) in [
            ("WATTWARDEN_LISTEN", "8080"),
            ("WATTWARDEN_POLL_MS", "soon"),
            ("WATTWARDEN_LOG_FORMAT", "xml"),
            ("WATTWARDEN_MASTER_KEY", "+0000000000000000000000000000000"),
            ("WATTWARDEN_MASTER_KEY_FILE", "/no/such/file"),
        ] {
            let message = read(&[(name, value)]).unwrap_err().to_string();
            assert!(message.starts_with(name.trim_end_matches("_FILE")), "{message}");
        }
    }

    #[test]
    fn a_secret_is_never_repeated_in_an_error() {
        let message = read(&[("WATTWARDEN_MASTER_KEY", "topsecret")]).unwrap_err().to_string();
        assert!(!message.contains("topsecret"));
    }

    #[test]
    fn every_variable_stands_in_the_help() {
        assert!(VARIABLES.iter().all(|variable| help().contains(variable.name)));
    }
}
