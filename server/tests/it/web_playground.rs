//! The demo's playground: only in the demo, on the room's page, and what is done there is really done.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::{Extension, Router};
use domain::ids::RoomId;
use meter_core::settings::LoopId;
use wattwarden::web::Reach;
use wattwarden::web::playground::{Deed, Grid, Playground, Shared, Thing};

use crate::support::database::on_sqlite;
use crate::support::web::Office;

/// Remembers what was done.
#[derive(Default)]
struct Diary(Mutex<Vec<(RoomId, Deed)>>);

impl Playground for Diary {
    fn carry_out(&self, room: &RoomId, deed: Deed) -> bool {
        self.0.lock().unwrap().push((room.clone(), deed));
        deed != Deed::Grid(Grid::PhaseLost)
    }

    fn plugged(&self, room: &RoomId, of_loop: LoopId) -> Vec<Thing> {
        let diary = self.0.lock().unwrap();
        let plugged = |(at, deed): &(RoomId, Deed)| match deed {
            Deed::Plug(id, thing) if at == room && *id == of_loop => Some(*thing),
            _ => None,
        };
        diary.iter().filter_map(plugged).collect()
    }
}

fn with(router: Router, diary: &Arc<Diary>) -> Router {
    let shared: Shared = diary.clone();
    router.layer(Extension(shared))
}

#[tokio::test]
async fn visitors_of_the_demo_play_and_nobody_else() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let diary = Arc::new(Diary::default());
        let room = office.house.rooms[0].clone();
        let (page, post) = (format!("/rooms/{room}"), format!("/rooms/{room}/demo"));
        let mut desk = office.signed_in("desk").await;
        let kettle = [("deed", "plug:main:kettle")];

        // A server of the real thing has nothing there, even if somebody handed it a playground.
        for router in [office.router.clone(), with(office.router.clone(), &diary)] {
            desk.router = router;
            assert!(!desk.get(&page).await.body.contains("name=\"deed\""));
            assert_eq!(desk.post(&post, &kettle).await.status, StatusCode::NOT_FOUND);
        }
        assert!(diary.0.lock().unwrap().is_empty());

        let demo = office.reached(Reach { demo: true, ..Reach::default() });
        desk.router = with(demo, &diary);
        let body = desk.get(&page).await.body;
        assert!(body.contains("Only in the demo") && body.contains("nothing of yours"), "{body}");
        assert!(!body.contains("plug:second:"), "there is no second loop");
        assert_eq!(desk.post(&post, &kettle).await.location(), page);
        assert_eq!(diary.0.lock().unwrap()[0], (room.clone(), Deed::Plug(LoopId::Main, Thing::Kettle)));
        let body = desk.get(&page).await.body;
        assert!(body.contains("Plugged in: Kettle, 1800 W"), "{body}");
        desk.language = "zh-CN".into();
        assert_eq!(desk.post(&post, &[("deed", "eat")]).await.status, StatusCode::BAD_REQUEST);
        let elsewhere = desk.post(&post, &[("deed", "grid:phase-lost")]).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "no simulated meter");
        let stranger = office.browser().post(&post, &kettle).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
        assert!(stranger.location().starts_with("/sign-in"));
    })
    .await;
}
