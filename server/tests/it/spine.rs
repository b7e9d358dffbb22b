//! The whole spine with the real program: a sale over HTTP, delivered to a simulated meter, with the server killed,
//! the collector down and the browser impatient.

use std::time::Duration;

use domain::actor::Role;
use domain::ids::RoomId;
use futures_util::future::join_all;
use meter_core::envelope::Key as MasterKey;
use reqwest::{Client, Response, StatusCode, redirect};
use simulator::collector::Mode;
use simulator::test_bench::TestBench;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wattwarden::check::{Report, check};
use wattwarden::db::{Db, DbError};
use wattwarden::ops::desk::sell::{SaleInput, SellRequest};
use wattwarden::ops::kit::Key;
use wattwarden::ops::people::first_administrator::create_administrator;
use wattwarden::ops::people::new_user::UserForm;
use wattwarden::ops::people::passwords::Hasher;
use wattwarden::process::clock::SystemClock;

use crate::support::database::{PostgresDatabase, TempDir};
use crate::support::house::House;
use crate::support::process::{MASTER_KEY, Process, program};

const PASSWORD: &str = "correct horse battery";

/// A furnished database, a meter behind a collector, and whatever server runs over them.
struct Town {
    house: House,
    bench: TestBench,
    dir: TempDir,
    url: String,
}

impl Town {
    async fn build(url: String, dir: TempDir) -> Self {
        let key: MasterKey = MASTER_KEY;
        let bench = TestBench::start(1, 42, &key, Mode::MODBUS_TCP).await.unwrap();
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        let house = House::furnish_at(db, &bench.address().to_string(), bench.serials()[0].get()).await;
        let form = UserForm {
            name: "clerk".into(),
            display_name: "Clerk".into(),
            password: PASSWORD.into(),
            role: Role::Administrator,
            language: None,
        };
        let cheap = Hasher::with_cost(64, 1).unwrap();
        create_administrator(&house.db, &SystemClock, &cheap, form).await.unwrap();
        house.open_shift(&house.actor("clerk").await, 0).await;
        Self { house, bench, dir, url }
    }

    async fn server(&self) -> Process {
        Process::start(&self.url, &self.dir.0).await
    }

    /// Lets the meter's time pass until `reached`; bounded by the test runner.
    async fn until(&self, reached: impl Fn(&Self) -> bool) {
        while !reached(self) {
            self.bench.advance_ms(10);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn remaining_wh(&self, household: usize) -> i64 {
        self.bench.bus().with_meter(1, |meter| meter.remaining_wh(household)).flatten().unwrap_or(0)
    }

    fn lit(&self, household: usize) -> bool {
        self.bench.bus().with_meter(1, |meter| meter.contact_closed(household)).unwrap()
    }

    async fn quote(&self, room: &RoomId, energy_wh: i64) -> SellRequest {
        let mut request = self.house.request(room, SaleInput::Energy(energy_wh)).await;
        // The program's clock is the machine's: keys must differ from those made on the test's clock.
        request.key = Key::new(&SystemClock);
        request
    }

    async fn books(&self) -> Report {
        check(&self.house.db).await.unwrap()
    }

    /// Waits until the server has read back that nothing is on its way any more.
    async fn until_delivered(&self) -> Report {
        loop {
            let report = self.books().await;
            if report.on_its_way.is_empty() {
                return report;
            }
            self.bench.advance_ms(10);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A browser with the clerk's session.
async fn signed_in(server: &Process) -> Client {
    let browser = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap();
    let form = [("name", "clerk"), ("password", PASSWORD)];
    let answer = browser.post(format!("{}/sign-in", server.url)).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    browser
}

fn fields(request: &SellRequest) -> Vec<(&'static str, String)> {
    vec![
        ("key", request.key.as_str().to_owned()),
        ("tenancy", request.tenancy_id.to_string()),
        ("amount_minor", request.amount_minor.to_string()),
        ("energy_wh", request.energy_wh.to_string()),
        ("price", request.price_per_kwh.clone()),
        ("by", "energy".to_owned()),
        ("value", format!("{:.3}", request.energy_wh as f64 / 1000.0)),
    ]
}

async fn confirm(browser: &Client, server: &Process, request: &SellRequest) -> reqwest::Result<Response> {
    let url = format!("{}/rooms/{}/sales", server.url, request.room_id);
    browser.post(url).form(&fields(request)).send().await
}

fn receipt(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn sqlite_town() -> Town {
    let dir = TempDir::new();
    Town::build(dir.sqlite_url(), dir).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_lights_a_room_it_goes_dark_by_itself_and_the_next_sale_brings_it_back() {
    let town = sqlite_town().await;
    let server = town.server().await;
    let browser = signed_in(&server).await;
    let room = town.house.rooms[0].clone();
    assert!(!town.lit(0));

    let request = town.quote(&room, 1_000).await;
    receipt(&confirm(&browser, &server, &request).await.unwrap());
    town.until(|town| town.lit(0)).await;
    assert!(town.until_delivered().await.clean());

    // The server is gone for good; 2 kW use 1 kWh up in half an hour.
    server.kill().await;
    town.bench.bus().with_meter(1, |meter| meter.plug(0, 2_000));
    town.bench.advance_ms(29 * 60_000);
    assert!(town.lit(0), "{} Wh left", town.remaining_wh(0));
    town.bench.advance_ms(2 * 60_000);
    assert!(!town.lit(0), "the meter itself cuts off");
    assert!((-2..=0).contains(&town.remaining_wh(0)), "{} Wh", town.remaining_wh(0));

    let server = town.server().await;
    let browser = signed_in(&server).await;
    let request = town.quote(&room, 500).await;
    receipt(&confirm(&browser, &server, &request).await.unwrap());
    town.until(|town| town.remaining_wh(0) > 0).await;
    town.bench.advance_ms(1_000);
    assert!(town.lit(0), "within a second of the credit's arrival");
    assert!(town.until_delivered().await.clean());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_survives_a_collector_that_is_down_and_a_server_killed_before_delivery() {
    let database = PostgresDatabase::create().await;
    for (url, dir) in [None, Some(database.url.clone())].into_iter().map(|postgres| {
        let dir = TempDir::new();
        (postgres.unwrap_or_else(|| dir.sqlite_url()), dir)
    }) {
        let town = Town::build(url, dir).await;
        town.bench.faults().set_down(true);
        let server = town.server().await;
        let browser = signed_in(&server).await;
        let request = town.quote(&town.house.rooms[1], 20_000).await;
        let first = receipt(&confirm(&browser, &server, &request).await.unwrap());
        server.kill().await;
        assert_eq!(town.remaining_wh(1), 0, "nothing could be delivered");

        town.bench.faults().set_down(false);
        let server = town.server().await;
        let browser = signed_in(&server).await;
        // The cashier who saw no receipt sends the form again.
        let again = receipt(&confirm(&browser, &server, &request).await.unwrap());
        assert_eq!(again, first);
        town.until(|town| town.lit(1)).await;
        let report = town.until_delivered().await;
        assert!(report.clean(), "{report}");
        assert_eq!(town.remaining_wh(1), 20_000);
        server.stop().await;
        town.house.db.close().await;
    }
    database.drop_it().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn double_clicks_and_browsers_that_hang_up_make_one_sale() {
    let town = sqlite_town().await;
    let server = town.server().await;
    let browser = signed_in(&server).await;
    let request = town.quote(&town.house.rooms[0], 3_000).await;
    let clicks = join_all((0..6).map(|_| confirm(&browser, &server, &request))).await;
    let receipts: Vec<_> = clicks.iter().map(|click| receipt(click.as_ref().unwrap())).collect();
    assert!(receipts.iter().all(|one| *one == receipts[0]));

    let request = town.quote(&town.house.rooms[2], 4_000).await;
    for pause_ms in [0, 1, 3, 10] {
        hang_up_half_way(&server, &browser, &request, Duration::from_millis(pause_ms)).await;
    }
    receipt(&confirm(&browser, &server, &request).await.unwrap());
    let report = town.until_delivered().await;
    assert!(report.clean(), "{report}");
    assert_eq!((town.remaining_wh(0), town.remaining_wh(2)), (3_000, 4_000));
    server.stop().await;
}

/// Sends the form and cuts the connection without waiting for the answer.
async fn hang_up_half_way(server: &Process, browser: &Client, request: &SellRequest, pause: Duration) {
    let url = format!("{}/rooms/{}/sales", server.url, request.room_id);
    let prepared = browser.post(url).form(&fields(request)).build().unwrap();
    let cookie = session_cookie(server).await;
    let body = prepared.body().unwrap().as_bytes().unwrap().to_vec();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n",
        prepared.url().path(),
        body.len(),
    );
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    tokio::time::sleep(pause).await;
    stream.set_zero_linger().unwrap();
}

async fn session_cookie(server: &Process) -> String {
    let browser = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let form = [("name", "clerk"), ("password", PASSWORD)];
    let answer = browser.post(format!("{}/sign-in", server.url)).form(&form).send().await.unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter();
    let pairs = cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
    pairs.collect::<Vec<_>>().join("; ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_after_kill_no_acknowledged_sale_is_lost_and_none_is_doubled() {
    const KILLS: u64 = 12;
    let town = sqlite_town().await;
    let mut acknowledged = 0;
    let mut sent = Vec::new();
    for round in 0..KILLS {
        let server = town.server().await;
        let browser = signed_in(&server).await;
        let mut requests = Vec::new();
        for n in 0..24 {
            requests.push(town.quote(&town.house.rooms[n % 3], 100).await);
        }
        let sales = join_all(requests.iter().map(|request| confirm(&browser, &server, request)));
        let deadline = Duration::from_millis(round * 7);
        let answers = tokio::select! {
            answers = sales => answers,
            () = tokio::time::sleep(deadline) => Vec::new(),
        };
        server.kill().await;
        acknowledged += answers.iter().filter(|answer| answer.is_ok()).count();
        sent.extend(requests);
    }
    // Whoever saw no receipt sends the form again: in the end each is sold exactly once.
    let server = town.server().await;
    let browser = signed_in(&server).await;
    for request in &sent {
        receipt(&confirm(&browser, &server, request).await.unwrap());
    }
    let report = town.until_delivered().await;
    assert!(report.clean(), "{report}");
    let sold: i64 = report.ledgers.iter().find(|ledger| ledger.ledger == "energy").unwrap().total;
    assert_eq!(sold, 100 * i64::try_from(sent.len()).unwrap());
    assert_eq!((0..3).map(|household| town.remaining_wh(household)).sum::<i64>(), sold);
    println!("{acknowledged} of {} sales were acknowledged before a kill", sent.len());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_gets_a_link_that_works_once_and_check_answers_for_the_books() {
    let dir = TempDir::new();
    let server = Process::start(&dir.sqlite_url(), &dir.0).await;
    let link = server.setup_link.clone().expect("the first start prints a link");
    let browser = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build().unwrap();
    let form = [("name", "boss"), ("display_name", "The Boss"), ("password", PASSWORD), ("language", "en")];
    let made = browser.post(&link).form(&form).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    let again = browser.post(&link).form(&form).send().await.unwrap();
    assert!(again.status().is_client_error());
    assert!(
        server.output.iter().filter(|line| line.starts_with('{')).count() > 0,
        "logs are JSON on request"
    );
    assert!(
        server.output.iter().all(|line| !line.starts_with('{') || !line.contains("/setup/")),
        "no secrets in logs"
    );
    server.stop().await;

    let books = |url: String| program().arg("check").env("DATABASE_URL", url).output();
    assert!(books(dir.sqlite_url()).await.unwrap().status.success());
    let db = Db::open(&dir.sqlite_url()).await.unwrap();
    let house = House::furnish(db.clone()).await;
    db.write(house.rooms[0].clone(), |room, conn| {
        Box::pin(async move {
            sqlx::query::<sqlx::Any>(
                "UPDATE credit_accounts SET credited_wh = 1
                 WHERE household_id = (SELECT id FROM outlets WHERE room_id = $1)",
            )
            .bind(room.as_str())
            .execute(conn)
            .await?;
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap();
    let answer = books(dir.sqlite_url()).await.unwrap();
    assert_eq!(answer.status.code(), Some(1));
    assert!(String::from_utf8(answer.stdout).unwrap().contains("WRONG"));
}
