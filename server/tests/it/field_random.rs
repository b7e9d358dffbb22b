//! Sales and switches on a line where anything goes wrong, as a seed has it: in the end the meters hold what the books
//! say. `SEED=…` replays a run (its times are the machine's, so not every interleaving).

use std::time::Duration;

use domain::clock::Clock;
use domain::supply::SupplyMode;
use fastrand::Rng;
use simulator::collector::Mode;
use simulator::faults::{Fault, Rule};

use crate::field_bench::{Site, until};
use crate::support::database::on_sqlite;

const ROUNDS: usize = 25;

fn any_fault(rng: &mut Rng, mode: Mode) -> Fault {
    let some = Duration::from_millis(rng.u64(1..=60));
    // Later than the master waits, sooner than the slave's longest answer time.
    let late = match mode {
        Mode::ModbusTcp(_) => Duration::from_millis(430),
        Mode::RtuOverTcp => Duration::from_millis(150),
    };
    match rng.u8(0..12) {
        0 => Fault::Silent,
        1 => Fault::Delay(some),
        2 => Fault::LostRequest,
        3 | 4 => Fault::LostReply,
        5 => Fault::LateReply(late),
        6 => Fault::DuplicateReply,
        7 => Fault::ShortReply,
        8 => Fault::WrongEcho,
        9 => Fault::CorruptReply,
        10 => Fault::OtherUnitFirst,
        _ => Fault::RestartBeforeReply,
    }
}

async fn round(site: &Site, rng: &mut Rng, mode: Mode) {
    let room = site.house.rooms[rng.usize(0..3)].clone();
    if rng.u8(0..4) > 0 {
        let rule = Rule::new(any_fault(rng, mode)).next(rng.u32(1..=2));
        site.bench.faults().add(if rng.bool() { rule.on_writes() } else { rule });
    }
    match rng.u8(0..6) {
        0 => site.switch(&room, SupplyMode::Off, None).await,
        1 => site.switch(&room, SupplyMode::Auto, None).await,
        2 => {
            let until_ms = site.house.clock.now_ms() + 3_600_000;
            site.switch(&room, SupplyMode::On, Some(until_ms)).await;
        }
        _ => site.sell(&room, rng.i64(1..=20) * 1_000).await,
    }
}

async fn requests(site: &Site) -> i64 {
    site.meter(1).await.requests.unwrap_or(0)
}

async fn run(seed: u64, mode: Mode) {
    on_sqlite(|db| async move {
        let mut rng = Rng::with_seed(seed);
        let site = Site::build(db, 2, mode).await;
        let field = site.start();
        for _ in 0..ROUNDS {
            round(&site, &mut rng, mode).await;
            field.wake();
            let some_requests = requests(&site).await + rng.i64(0..6);
            until("some requests were made", async || (requests(&site).await >= some_requests).then_some(()))
                .await;
            site.bench.advance_ms(rng.u32(0..500));
        }
        site.bench.faults().clear();
        for room in &site.house.rooms[..3] {
            field.wake();
            let reported = site.settled(room).await;
            assert_eq!(reported.anomaly, None);
        }
        assert_eq!(site.envelopes(2), (0, 0), "unit 2 is nobody's");
        field.shutdown().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_the_meters_end_up_with_what_the_books_say() {
    let seed = std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    for mode in [Mode::MODBUS_TCP, Mode::RtuOverTcp] {
        println!("SEED={seed} over {mode:?}");
        run(seed, mode).await;
    }
}
