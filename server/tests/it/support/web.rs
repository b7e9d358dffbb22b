//! A furnished house behind the router, and a browser of sorts that keeps cookies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::actor::Role;
use domain::clock::ManualClock;
use paper::DocumentKey;
use tower::ServiceExt;
use wattwarden::db::Db;
use wattwarden::ops::kit::{Ops, Wake};
use wattwarden::ops::people::add_user::AddUser;
use wattwarden::ops::people::first_administrator::create_administrator;
use wattwarden::ops::people::new_user::UserForm;
use wattwarden::ops::people::passwords::Hasher;
use wattwarden::web::{AppState, Reach, router};

use super::house::House;

pub const PASSWORD: &str = "kettle sings at dusk";

#[derive(Default)]
pub struct CountingWake(AtomicUsize);

impl Wake for CountingWake {
    fn wake(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl CountingWake {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// The house, its web server, and users `boss`, `manager` and `desk` who can sign in with [`PASSWORD`];
/// `desk` has a shift open, without a float.
pub struct Office {
    pub house: House,
    pub router: Router,
    pub wake: Arc<CountingWake>,
    pub hasher: Hasher,
}

impl Office {
    pub async fn open(db: Db) -> Self {
        Self::around(House::furnish(db).await).await
    }

    /// The office of a house that stands already.
    pub async fn around(house: House) -> Self {
        let hasher = Hasher::with_cost(64, 1).unwrap();
        let (db, clock) = (&house.db, &*house.clock);
        create_administrator(db, clock, &hasher, form("boss", Role::Administrator)).await.unwrap();
        for (name, role) in [("manager", Role::Manager), ("desk", Role::Cashier)] {
            add(&house, &hasher, form(name, role)).await;
        }
        house.open_shift(&house.actor("desk").await, 0).await;
        let wake = Arc::new(CountingWake::default());
        let router = router(state(&house, &hasher, wake.clone(), Reach::default()));
        Self { house, router, wake, hasher }
    }

    /// Somebody more who signs in.
    pub async fn add_user(&self, name: &str, role: Role) {
        add(&self.house, &self.hasher, form(name, role)).await;
    }

    /// The same office reached in another way.
    pub fn reached(&self, reach: Reach) -> Router {
        router(state(&self.house, &self.hasher, self.wake.clone(), reach))
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Vec::new(), language: "en".into() }
    }

    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"), "{}", page.body);
        browser
    }
}

fn state(house: &House, hasher: &Hasher, wake: Arc<CountingWake>, reach: Reach) -> AppState {
    let ops = Ops::new(house.db.clone(), house.clock.clone(), wake);
    AppState::new(ops, hasher.clone(), reach, DocumentKey::derive(&[7; 16]))
}

async fn add(house: &House, hasher: &Hasher, form: UserForm) {
    let user = AddUser::prepare(&*house.clock, hasher, house.key(), form).await.unwrap();
    house.perform(&house.administrator, user).await.unwrap();
}

pub fn form(name: &str, role: Role) -> UserForm {
    UserForm {
        name: name.into(),
        display_name: format!("{name} at work"),
        password: PASSWORD.into(),
        role,
        language: None,
    }
}

#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    pub cookies: Vec<(String, String)>,
    pub language: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let rest = self.body.split_once(&start).unwrap_or_else(|| panic!("no {name} in {}", self.body)).1;
        rest.split_once('"').unwrap().0.to_owned()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A file.
    pub async fn get_bytes(&mut self, path: &str) -> Vec<u8> {
        let (_, bytes) = self.fetch(Request::get(path).body(Body::empty()).unwrap()).await;
        bytes
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<_> = fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        self.post_raw(path, body.join("&").into_bytes()).await
    }

    pub async fn post_raw(&mut self, path: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts a form with a file.
    pub async fn upload(&mut self, path: &str, key: &str, file: &[u8]) -> Answer {
        let head = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n--cut\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--cut--\r\n"].concat();
        let request = Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let (parts, bytes) = self.fetch(request).await;
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn fetch(&mut self, mut request: Request<Body>) -> (Parts, Vec<u8>) {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.entry("accept-language").or_insert(self.language.parse().unwrap());
        headers.insert(COOKIE, cookies.join("; ").parse().unwrap());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let (pair, more) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            if !more.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = axum::body::to_bytes(body, 8 << 20).await.unwrap();
        (parts, bytes.to_vec())
    }
}

pub fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let encoded = text
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    encoded.collect()
}

/// A browser before an installation that has nothing and nobody yet.
pub fn empty_office(db: Db, clock: ManualClock) -> Browser {
    let (hasher, wake) = (Hasher::with_cost(64, 1).unwrap(), Arc::new(CountingWake::default()));
    let ops = Ops::new(db, Arc::new(clock), wake);
    let state = AppState::new(ops, hasher, Reach::default(), DocumentKey::derive(&[7; 16]));
    Browser { router: router(state), cookies: Vec::new(), language: "en".into() }
}
