//! The demo as a newcomer starts it: every scenario happens on the page that it printed, and ends as the page says.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::process::program;

/// A running demo, and a manager's browser.
struct Demo {
    output: String,
    base: String,
    browser: Client,
    _child: Child,
}

impl Demo {
    /// With every scenario, at ten times the speed of life.
    async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let scenarios = "kettle,overload,low-credit,schedule,month-change,graduation";
        let mut child = program()
            .args(["demo", "--listen", &listen, "--speed", "10", "--lead", "6", "--scenario", scenarios])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut output = String::new();
        while let Some(line) = lines.next_line().await.unwrap() {
            output.push_str(&line);
            output.push('\n');
            if line.contains("Ctrl-C") {
                break;
            }
        }
        let browser = Client::builder().cookie_store(true).build().unwrap();
        let demo = Self { output, base: format!("http://{listen}"), browser, _child: child };
        demo.sign_in().await;
        demo
    }

    async fn sign_in(&self) {
        let line = self.output.lines().find(|line| line.contains("Sign in     manager")).unwrap();
        let password = line.split_whitespace().nth(3).unwrap();
        let page = self.post("/sign-in", &[("name", "manager"), ("password", password)]).await;
        assert!(page.contains("Mei Manager"), "{page}");
    }

    /// Where something can be watched, as it was printed.
    fn page_of(&self, words: &str) -> String {
        let line = self.output.lines().skip_while(|line| !line.contains(words)).nth(1);
        let line = line.unwrap_or_else(|| panic!("no {words} in {}", self.output));
        line.trim().strip_prefix(&self.base).unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> String {
        let answer = self.browser.get(format!("{}{path}", self.base)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let url = format!("{}{path}", self.base);
        let answer = self.browser.post(url).form(fields).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// The page, once it shows that; however long a busy machine takes.
    async fn until(&self, path: &str, words: &str) -> String {
        for _ in 0..900 {
            let page = self.get(path).await;
            if page.contains(words) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("waited in vain for {words:?} on {path}: {}", self.get(path).await);
    }

    async fn play(&self, room: &str, deed: &str) {
        self.post(&format!("{room}/demo"), &[("deed", deed)]).await;
    }
}

/// The value of a form's field or button on a page.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).unwrap_or_else(|| panic!("no {name} in {page}")).1.split('"').next().unwrap()
}

const ON: &str = "</svg>On</span>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_happens_on_its_page() {
    let demo = Demo::start().await;
    tokio::join!(kettle(&demo), overload(&demo), low_credit(&demo), schedule(&demo), offices(&demo));
}

async fn kettle(demo: &Demo) {
    let room = demo.page_of("a kettle is plugged in");
    demo.until(&room, "cut off for a forbidden appliance").await;
    demo.play(&room, "unplug:main").await;
    demo.until(&room, ON).await;
    let page = demo.get(&room).await;
    assert!(!page.contains("cut off for a forbidden appliance"), "{page}");
    assert!(page.contains("Heater or kettle of"), "what it was is among the events: {page}");
}

async fn overload(demo: &Demo) {
    let room = demo.page_of("above its limit of 16 A");
    demo.until(&room, "cut off, too much current").await;
    let page = demo.until(&room, "name=\"lockout\"").await;
    demo.play(&room, "unplug:main").await;
    let fields = [("key", value(&page, "key")), ("lockout", value(&page, "lockout"))];
    demo.post(&format!("{room}/lockout"), &fields).await;
    demo.until(&room, ON).await;
}

async fn low_credit(demo: &Demo) {
    let room = demo.page_of("use it up to the alarm");
    let page = demo.until(&room, "name=\"reminder\"").await;
    let fields = [("key", value(&page, "key")), ("reminder", value(&page, "reminder"))];
    demo.play(&room, "unplug:main").await;
    demo.post(&format!("{room}/reminder"), &fields).await;
    demo.until(&room, ON).await;
}

async fn schedule(demo: &Demo) {
    let room = demo.page_of("on again at");
    demo.until(&room, "</svg>Off</span>").await;
    demo.until(&room, ON).await;
}

/// A building empties, and the month changes.
async fn offices(demo: &Demo) {
    let runs = demo.until(&demo.page_of("everybody moves out"), "/moves/runs/").await;
    let run = runs.split_once("/moves/runs/").unwrap().1.split('"').next().unwrap();
    let page = demo.until(&format!("/moves/runs/{run}"), "</svg>Done</span>").await;
    assert!(page.contains("Print originals"), "{page}");
    let rules = demo.until(&demo.page_of("the month's change"), "pill on").await;
    assert!(rules.contains("Students"), "{rules}");
}
