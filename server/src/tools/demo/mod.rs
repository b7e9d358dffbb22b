//! `wattwarden demo`: the real server on a throw-away database, over a simulated campus that has lived for a week.

mod departure;
mod desk;
mod free;
mod history;
mod people;
mod plan;
mod scenario;
mod sockets;

pub use scenario::{Scenario, USUAL_LEAD_S};

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use domain::actor::{Actor, Role};
use domain::clock::{Clock, ManualClock};
use domain::ids::new_id;
use jiff::tz::TimeZone;
use simulator::campus::{Campus, CampusSpec};
use simulator::collector::{Collector, Mode};

use self::plan::Served;
use self::scenario::{Stage, Staged};
use self::sockets::Sockets;
use crate::db::Db;
use crate::field::FieldConfig;
use crate::ops::kit::{NoField, Ops};
use crate::ops::moves::refund_terms::SetRefundTerms;
use crate::ops::people::add_user::AddUser;
use crate::ops::people::first_administrator::create_administrator;
use crate::ops::people::new_user::UserForm;
use crate::ops::people::passwords::Hasher;
use crate::process::clock::{ScaledClock, SystemClock};
use crate::process::serve::{ServeError, Server, listen, stop_signal};
use crate::store;
use crate::tools::ToolError;
use crate::tools::furnish::Furnisher;
use crate::tools::scratch::Scratch;
use crate::web::{Reach, playground};

const TIME_ZONE: &str = "Asia/Shanghai";
/// The first collector's port; the next ones follow. Free ones are taken when they are in use.
const FIRST_PORT: u16 = 5020;
/// How often the meters catch up with the clock.
const TICK: Duration = Duration::from_millis(200);

/// Refunds are paid in dimes,
const SMALLEST_COIN_MINOR: i64 = 10;
/// and above 100 yuan a second person approves.
const APPROVAL_ABOVE_MINOR: i64 = 10_000;

/// What a demo can be told.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Makes the campus, its people and their habits; the same seed the same campus.
    pub seed: u64,
    /// How many times faster than life.
    pub speed: u32,
    /// How long somebody has to open the page of a scenario before it happens, in seconds of real time.
    pub lead_s: u32,
    /// What shall happen for a newcomer to watch.
    pub scenarios: Vec<Scenario>,
}

struct SignIn {
    name: &'static str,
    display_name: &'static str,
    role: Role,
    password: String,
    actor: Actor,
}

/// Runs a demo until SIGINT or SIGTERM; then throws everything away.
///
/// # Errors
/// What keeps it from running.
pub async fn run(options: DemoOptions) -> Result<(), ServeError> {
    let stop = stop_signal()?;
    let listener = listen(options.listen).await?;
    let scratch = Scratch::new()?;
    let db = Db::open(&scratch.url("demo")).await?;
    db.migrate().await?;
    let mut master_key = [0; 16];
    getrandom::fill(&mut master_key).map_err(std::io::Error::other)?;
    let campus = Campus::build(
        options.seed,
        &CampusSpec { collectors: plan::COLLECTORS, meters_per_collector: plan::METERS, master_key },
    );
    let collectors = start_collectors(&campus).await?;

    let month_changes = options.scenarios.contains(&Scenario::MonthChange);
    let present_ms = if month_changes {
        scenario::just_before_it(SystemClock.now_ms(), &zone(), options.speed, options.lead_s)
    } else {
        SystemClock.now_ms()
    };
    let past = Arc::new(ManualClock::at(present_ms - history::HOURS * 3_600_000));
    // Meters of the past are told by the past itself.
    let ops = Ops::new(db.clone(), past.clone(), Arc::new(NoField));
    let people = sign_ins(&ops).await?;
    let places = live_through(&ops, &past, &campus, &collectors, &people, &master_key, &options).await?;
    let sockets = Arc::new(Sockets::new(campus.clone(), &places));
    let stage = Stage {
        ops: &ops,
        manager: &people[1].actor,
        sockets: &sockets,
        places: &places,
        second_of_day: second_of_day(past.now_ms(), &zone()),
        speed: options.speed,
        lead_s: options.lead_s,
    };
    let staged = stage.set(&options.scenarios).await?;

    let clock: Arc<dyn Clock> = Arc::new(ScaledClock::start(past.now_ms(), options.speed));
    let meters_clock = clock.clone();
    let running = campus.clone();
    let meters = tokio::spawn(async move {
        let zone = zone();
        running.run(|| (meters_clock.now_ms(), second_of_day(meters_clock.now_ms(), &zone)), TICK).await;
    });
    announce(&options, listener.local_addr()?, &people, &collectors, &campus, &staged);
    let ops = Ops::new(db.clone(), clock.clone(), Arc::new(NoField));
    let play = scenario::play(ops, people[1].actor.clone(), sockets.clone(), staged);
    let lead = Duration::from_secs(options.lead_s.into());
    let playing = tokio::spawn(async move {
        tokio::time::sleep(lead).await;
        play.await;
    });
    let mut field = FieldConfig::new(master_key, new_id(&*clock), options.seed);
    field.poll_interval = Duration::from_secs(2);
    // Between two ticks of fast meters much time passes: only more than that is a wrong clock.
    field.clock_tolerance_s = 30 + 2 * i64::from(options.speed);
    let reach = Reach { https: false, behind_proxy: false, demo: true };
    let playground: Option<playground::Shared> = Some(sockets);
    let served = Server { db, clock, listener, reach, field, playground, stop }.run().await;
    meters.abort();
    playing.abort();
    for collector in collectors {
        collector.stop().await;
    }
    served
}

async fn start_collectors(campus: &Campus) -> Result<Vec<Collector>, ServeError> {
    let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
    match campus.start_collectors(ip, FIRST_PORT, Mode::MODBUS_TCP).await {
        Ok(collectors) => Ok(collectors),
        Err(_) => Ok(campus.start_collectors(ip, 0, Mode::MODBUS_TCP).await?),
    }
}

async fn sign_ins(ops: &Ops) -> Result<Vec<SignIn>, ToolError> {
    let hasher = Hasher::new()?;
    let mut made: Vec<SignIn> = Vec::new();
    for (name, display_name, role) in [
        ("admin", "Alex Admin", Role::Administrator),
        ("manager", "Mei Manager", Role::Manager),
        ("cashier", "Carla Cashier", Role::Cashier),
    ] {
        let password = password()?;
        let form = UserForm {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            role,
            password: password.clone(),
            language: None,
        };
        match made.first() {
            None => drop(create_administrator(&ops.db, &*ops.clock, &hasher, form).await?),
            Some(first) => {
                let user = AddUser::prepare(&*ops.clock, &hasher, ops.key(), form).await?;
                drop(ops.perform(&first.actor, user).await?);
            }
        }
        let actor = actor(&ops.db, name).await?;
        made.push(SignIn { name, display_name, role, password, actor });
    }
    Ok(made)
}

async fn actor(db: &Db, name: &str) -> Result<Actor, ToolError> {
    let users = store::people::users::all(&mut *db.read().await?).await?;
    let user = users.into_iter().find(|user| user.name == name).ok_or("no user")?;
    Ok(user.staff()?.into())
}

/// Sixteen letters in groups of four, from the machine's randomness: typed off a terminal without mistakes.
fn password() -> Result<String, ToolError> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| "no randomness")?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

async fn live_through(
    ops: &Ops,
    clock: &ManualClock,
    campus: &Campus,
    collectors: &[Collector],
    people: &[SignIn],
    master_key: &[u8; 16],
    options: &DemoOptions,
) -> Result<Vec<Served>, ToolError> {
    let furnisher = Furnisher { ops, administrator: &people[0].actor };
    furnisher.site("Blue Lake University", TIME_ZONE, 5_000, "0.5469").await?;
    let terms = SetRefundTerms {
        key: ops.key(),
        smallest_coin_minor: SMALLEST_COIN_MINOR,
        approval_above_minor: Some(APPROVAL_ABOVE_MINOR),
    };
    ops.perform(&people[0].actor, terms).await?;
    let serials: Vec<_> = campus
        .meters()
        .into_iter()
        .map(|(line, unit, serial)| (line, unit, i64::try_from(serial.get()).unwrap_or(i64::MAX)))
        .collect();
    let addresses: Vec<_> = collectors.iter().map(|collector| collector.address().to_string()).collect();
    let places = plan::build(&furnisher, &serials, &addresses, options.seed).await?;
    let zone = zone();
    let due = if options.scenarios.contains(&Scenario::MonthChange) {
        free::AT_THE_CHANGE_OF_MONTH
    } else {
        free::tomorrow(clock, &zone)
    };
    free::set_up(ops, &people[1].actor, &zone, due).await?;
    let past = history::Past {
        ops,
        clock,
        campus,
        master_key,
        cashiers: &[people[2].actor.clone(), people[1].actor.clone()],
        manager: &people[1].actor,
        second_of_day: &|now_ms| second_of_day(now_ms, &zone),
    };
    past.live(places.clone(), options.seed).await?;
    Ok(places)
}

fn zone() -> TimeZone {
    TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC)
}

fn second_of_day(now_ms: i64, zone: &TimeZone) -> u32 {
    let timestamp = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default();
    let time = zone.to_datetime(timestamp).time();
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    seconds.unsigned_abs()
}

fn announce(
    options: &DemoOptions,
    page: SocketAddr,
    people: &[SignIn],
    collectors: &[Collector],
    campus: &Campus,
    staged: &[Staged],
) {
    println!("\nWattwarden demo: a simulated campus (seed {}, time runs {}×)\n", options.seed, options.speed);
    println!("  Page        http://{page}");
    for person in people {
        let SignIn { name, display_name, role, password, .. } = person;
        println!("  Sign in     {name:<8} {password}   ({}, {display_name})", role.as_str());
    }
    for (collector, bus) in collectors.iter().zip(campus.lines()) {
        let units = bus.units();
        let (first, last) = (units.first().unwrap_or(&0), units.last().unwrap_or(&0));
        println!("  Collector   {}   Modbus TCP, units {first}–{last}", collector.address());
    }
    for scenario in staged {
        scenario.announce(page);
    }
    println!("\n  Ctrl-C stops it and throws everything away.\n");
}
