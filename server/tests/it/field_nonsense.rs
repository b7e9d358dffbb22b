//! A meter that answers in form but says anything: the field layer goes on, the rows hold what was said, the pages show
//! it. `SEED=…` replays a run (its times are the machine's, so not every interleaving).

use domain::health::MeterStatus;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use fastrand::Rng;
use meter_core::modbus::MAX_PDU;
use simulator::bus::Bus;
use simulator::collector::Mode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use wattwarden::field::{Field, FieldConfig};

use crate::field_bench::{Site, config, until};
use crate::support::database::on_sqlite;
use crate::support::web::Office;

/// Requests of each run.
const REQUESTS: i64 = 400;
const READ: u8 = 3;
/// Registers of the header that say who answers.
const IDENTITY: usize = 5;

static PANICKED: AtomicBool = AtomicBool::new(false);

/// A gateway on loopback before the bench's meter, which bends the registers of its answers.
async fn start_gateway(bus: Bus, rng: Arc<Mutex<Rng>>, honest: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (bus, rng, honest) = (bus.clone(), rng.clone(), honest.clone());
            tokio::spawn(async move {
                // It ends when the master hangs up.
                let _ = serve(stream, &bus, &rng, &honest).await;
            });
        }
    });
    address
}

async fn serve(
    mut stream: TcpStream,
    bus: &Bus,
    rng: &Mutex<Rng>,
    honest: &AtomicBool,
) -> std::io::Result<()> {
    loop {
        let mut header = [0; 7];
        stream.read_exact(&mut header).await?;
        let length = usize::from(u16::from_be_bytes([header[4], header[5]])) - 1;
        let mut request = vec![0; length.min(MAX_PDU)];
        stream.read_exact(&mut request).await?;
        let mut reply = bus.with_meter(header[6], |meter| meter.respond(&request)).unwrap();
        if !honest.load(Ordering::SeqCst) && reply[0] == READ {
            let at_header = request[1..3] == [0, 0];
            bend(&mut rng.lock().unwrap(), &mut reply[2..], at_header);
        }
        let length = u16::try_from(reply.len() + 1).unwrap().to_be_bytes();
        let frame = [&header[..4], &length[..], &header[6..], reply.as_slice()].concat();
        stream.write_all(&frame).await?;
    }
}

/// Some registers, or all, become anything; who answers stays, mostly, as everything else would be dropped.
fn bend(rng: &mut Rng, data: &mut [u8], at_header: bool) {
    let first = if at_header && rng.u8(..) > 8 { 2 * IDENTITY } else { 0 };
    let Some(open) = data.get_mut(first..) else { return };
    match rng.u8(0..8) {
        0 => rng.fill(open),
        1 => open.fill(0xFF),
        2 => open.fill(0),
        3..=5 => {
            for _ in 0..rng.usize(1..=6) {
                let at = rng.usize(0..open.len());
                open[at] = if rng.bool() { 0xFF } else { rng.u8(..) };
            }
        }
        _ => {}
    }
}

async fn look_everywhere(site: &Site, office: &Office) {
    let mut desk = office.signed_in("desk").await;
    let meter = format!("/equipment/meters/{}", site.meter_id().await);
    let mut paths = vec!["/".to_owned(), "/equipment".to_owned(), meter.clone(), format!("{meter}/events")];
    paths.extend((0..11).map(|outlet| format!("{meter}/display?outlet={outlet}")));
    for room in &site.house.rooms {
        paths.extend(["48h", "30d"].map(|span| format!("/rooms/{room}?span={span}")));
    }
    for language in ["en", "zh-CN"] {
        desk.post("/language", &[("language", language), ("back", "/")]).await;
        for path in &paths {
            let page = desk.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        }
    }
}

async fn run(seed: u64) {
    on_sqlite(|db| async move {
        let site = Site::build(db, 1, Mode::MODBUS_TCP).await;
        let (rng, honest) = (Arc::new(Mutex::new(Rng::with_seed(seed))), Arc::new(AtomicBool::new(true)));
        let gateway = start_gateway(site.bench.bus().clone(), rng, honest.clone()).await;
        site.change_collector(|form| form.address = gateway.to_string()).await;
        let office = Office::around(site.house.clone()).await;
        let hasty = FieldConfig {
            poll_interval: Duration::from_millis(10),
            first_pause: Duration::from_millis(5),
            longest_pause: Duration::from_millis(20),
            ..config("first")
        };
        let field = Field::start(site.house.db.clone(), site.house.clock.clone(), hasty);
        site.confirmed().await;
        site.sell(&site.house.rooms[0], 9_000).await;
        honest.store(false, Ordering::SeqCst);
        let requests = async |site: &Site| site.meter(1).await.requests.unwrap_or(0);
        for _ in 0..4 {
            let enough = requests(&site).await + REQUESTS / 4;
            until("requests are made", async || (requests(&site).await >= enough).then_some(())).await;
            look_everywhere(&site, &office).await;
            site.live_s(3_700);
        }
        honest.store(true, Ordering::SeqCst);
        let enough = requests(&site).await + 20;
        until("an honest meter is read again", async || {
            field.wake();
            let meter = site.meter(1).await;
            (meter.requests? >= enough && meter.status == Some(MeterStatus::Online)).then_some(())
        })
        .await;
        look_everywhere(&site, &office).await;
        field.shutdown().await;
    })
    .await;
    assert!(!PANICKED.load(Ordering::SeqCst), "something panicked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_meter_says_the_server_goes_on() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICKED.store(true, Ordering::SeqCst);
        usual(info);
    }));
    let seeds: Vec<u64> = match std::env::var("SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => vec![1, 2, fastrand::u64(..)],
    };
    for seed in seeds {
        println!("SEED={seed}");
        run(seed).await;
    }
}
