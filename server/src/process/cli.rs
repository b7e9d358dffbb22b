//! The command line: which role to play.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::check::check;
use crate::db::Db;
use crate::ops::people::first_administrator::new_setup_link;
use crate::process::clock::SystemClock;
use crate::process::config::{self, LogFormat, ServeConfig};
use crate::process::{healthcheck, logging, serve};
use crate::tools::bench;
use crate::tools::demo::{self, DemoOptions, Scenario, USUAL_LEAD_S};
use crate::tools::scratch::Scratch;
use clap::{Parser, Subcommand};

/// Prepaid electricity for shared buildings.
#[derive(Parser)]
#[command(name = "wattwarden", version, about)]
struct Cli {
    #[command(subcommand)]
    role: Role,
}

#[derive(Subcommand)]
enum Role {
    /// Serve the pages and drive the meters. Configured by environment variables only.
    #[command(after_help = config::help())]
    Serve,
    /// Try it: the real server on a throw-away database over a simulated campus.
    Demo {
        /// Address and port of the pages.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Makes the campus, its people and their habits; the same seed the same campus.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many times faster than life the campus runs.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3600))]
        speed: u32,
        /// Something to watch; where is printed, with the address. Several with commas or by repeating. On every room's page there are sockets and the meter's button to try more.
        #[arg(long, value_enum, value_delimiter = ',')]
        scenario: Vec<Scenario>,
        /// Seconds to open a scenario's page before it happens.
        #[arg(long, default_value_t = USUAL_LEAD_S, value_parser = clap::value_parser!(u32).range(..=600))]
        lead: u32,
    },
    /// Print a new one-time link that creates the first administrator, in place of the one `serve` printed.
    #[command(after_help = config::help())]
    SetupLink,
    /// Ask the server that runs on this machine whether it is ready; for container health checks.
    #[command(after_help = config::help())]
    Healthcheck,
    /// Recompute every balance from the entries and hold the meters' totals against the books.
    ///
    /// Exits with 1 and a list when something is wrong. Credit on its way to a dark meter is listed and is not wrong.
    #[command(after_help = config::help())]
    Check,
    /// Measure this machine.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// A month of free electricity for every room of a large campus, beside the bare engine copying the same rows.
    Subsidy {
        /// An EMPTY database to grant in, such as postgres://…; may be repeated. Without one, a temporary SQLite file.
        #[arg(long = "database")]
        databases: Vec<String>,
        /// How many rooms.
        #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i64).range(2..=1_000_000))]
        rooms: i64,
    },
    /// Durable sales a second, each answered only once durable, beside single durable inserts.
    Sales {
        /// An EMPTY database to sell in, such as postgres://…; may be repeated. Without one, a temporary SQLite file.
        #[arg(long = "database")]
        databases: Vec<String>,
        /// How many cashiers at a time.
        #[arg(long, value_delimiter = ',', default_values_t = [1, 64])]
        cashiers: Vec<usize>,
        /// How long each line is measured, in seconds.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Milliseconds that a commit takes longer than on this machine, as on a slower disk.
        #[arg(long, default_value_t = 0)]
        extra_sync_ms: u64,
    },
    /// Pages a second of a 1000-room board, beside a bare handler and a 50-room board.
    Board {
        /// How long each line is measured, in seconds.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Statements a second as PDF, one a file and many in one file, beside empty ones.
    Documents {
        /// How many go into one file.
        #[arg(long, default_value_t = 500)]
        statements: u32,
        /// How long the lines of single files are measured, in seconds.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
}

type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

/// Plays the role that the command line names.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    runtime.block_on(play(cli.role)).unwrap_or_else(|error| fail(error.as_ref()))
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("wattwarden: {error}");
    ExitCode::from(2)
}

async fn play(role: Role) -> Outcome {
    match role {
        Role::Serve => {
            serve::serve(configured()?, Arc::new(SystemClock)).await?;
            Ok(ExitCode::SUCCESS)
        }
        Role::Demo { listen, seed, speed, scenario, lead } => {
            logging::start("warn", LogFormat::Text)?;
            demo::run(DemoOptions { listen, seed, speed, lead_s: lead, scenarios: scenario }).await?;
            Ok(ExitCode::SUCCESS)
        }
        Role::SetupLink => setup_link().await,
        Role::Healthcheck => {
            healthcheck::ask(configured()?.listen).await?;
            Ok(ExitCode::SUCCESS)
        }
        Role::Check => check_books().await,
        Role::Bench { what: Bench::Board { seconds } } => bench_board(Duration::from_secs(seconds)).await,
        Role::Bench { what: Bench::Subsidy { databases, rooms } } => bench_subsidy(databases, rooms).await,
        Role::Bench { what: Bench::Documents { statements, seconds } } => {
            println!("{}", bench::documents::measure(statements.into(), Duration::from_secs(seconds))?);
            Ok(ExitCode::SUCCESS)
        }
        Role::Bench { what: Bench::Sales { databases, cashiers, seconds, extra_sync_ms } } => {
            bench_sales(
                databases,
                &cashiers,
                Duration::from_secs(seconds),
                Duration::from_millis(extra_sync_ms),
            )
            .await
        }
    }
}

fn configured() -> Result<ServeConfig, Box<dyn std::error::Error + Send + Sync>> {
    let config = ServeConfig::read(|name| std::env::var(name).ok())?;
    logging::start(&config.log, config.log_format)?;
    Ok(config)
}

async fn setup_link() -> Outcome {
    let config = configured()?;
    let db = Db::open(&config.database_url).await?;
    let Some(token) = new_setup_link(&db, &SystemClock).await? else {
        eprintln!("There are users already: an administrator can add another on the Users page.");
        return Ok(ExitCode::from(1));
    };
    println!("{}/setup/{token}", config.public_url);
    Ok(ExitCode::SUCCESS)
}

async fn check_books() -> Outcome {
    let config = configured()?;
    let report = check(&Db::open(&config.database_url).await?).await?;
    print!("{report}");
    Ok(if report.clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn bench_sales(
    databases: Vec<String>,
    cashiers: &[usize],
    duration: Duration,
    extra_sync: Duration,
) -> Outcome {
    let scratch = Scratch::new()?;
    let databases = if databases.is_empty() { vec![scratch.url("sales")] } else { databases };
    for url in databases {
        let db = Db::open_on_disk(&url, extra_sync).await?;
        db.migrate().await?;
        println!("{:?}, {} ms added to each commit\n", db.engine(), extra_sync.as_millis());
        let lines = bench::sales::measure(db.clone(), cashiers, duration).await;
        db.close().await;
        println!("{}", bench::sales::show(&lines?));
    }
    Ok(ExitCode::SUCCESS)
}

async fn bench_subsidy(databases: Vec<String>, rooms: i64) -> Outcome {
    let scratch = Scratch::new()?;
    let databases = if databases.is_empty() { vec![scratch.url("subsidy")] } else { databases };
    let mut lines = Vec::new();
    for url in databases {
        let db = Db::open(&url).await?;
        db.migrate().await?;
        let measured = bench::subsidy::measure(&db, rooms).await;
        lines.push((format!("{:?}", db.engine()), measured?));
        db.close().await;
    }
    println!("{}", bench::subsidy::show(&lines));
    Ok(ExitCode::SUCCESS)
}

async fn bench_board(duration: Duration) -> Outcome {
    let scratch = Scratch::new()?;
    let mut boards = Vec::new();
    for name in ["large", "small"] {
        let db = Db::open(&scratch.url(name)).await?;
        db.migrate().await?;
        boards.push(db);
    }
    let measured = bench::board::measure(boards[0].clone(), boards[1].clone(), duration).await;
    for db in boards {
        db.close().await;
    }
    println!("{}", measured?);
    Ok(ExitCode::SUCCESS)
}
