//! Logs: one line an event on standard output, text or JSON.

use tracing_subscriber::EnvFilter;

use crate::process::config::LogFormat;

/// Starts logging for the whole process; later calls change nothing.
///
/// # Errors
/// When the filter can't be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    // A second start (tests, a demo within a test) keeps the first one's settings.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stdout())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
    };
    Ok(())
}
