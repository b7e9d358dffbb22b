//! The room board: tiles where a person can look them over, a card a building where nobody could.

use wattwarden::ops::places::rooms::{AddBuilding, AddRooms};
use wattwarden::store::places::rooms;

use crate::support::database::on_sqlite;
use crate::support::web::Office;

async fn build(office: &Office, name: &str, rooms: usize) {
    let (house, db, by) = (&office.house, &office.house.db, &office.house.administrator);
    house.perform(by, AddBuilding { key: house.key(), name: name.into() }).await.unwrap();
    let buildings = rooms::buildings(&mut db.read().await.unwrap()).await.unwrap();
    let building = buildings.into_iter().find(|building| building.name == name).unwrap();
    for (floor, names) in (0..rooms).collect::<Vec<_>>().chunks(400).enumerate() {
        let form = AddRooms {
            key: house.key(),
            building_id: building.id.clone(),
            floor: floor.to_string(),
            names: names.iter().map(|room| format!("{name} {room}")).collect(),
        };
        house.perform(by, form).await.unwrap();
    }
}

#[tokio::test]
async fn of_a_whole_university_the_board_shows_buildings() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut desk = office.signed_in("desk").await;
        build(&office, "East", 700).await;
        let page = desk.get("/").await.body;
        assert_eq!(page.matches("class=\"tile ").count(), 704, "few enough to be looked over");

        build(&office, "West", 900).await;
        let page = desk.get("/").await.body;
        assert!(page.contains("too many rooms") && page.contains("1604 rooms"), "{page}");
        assert_eq!(page.matches("class=\"tile ").count(), 0);
        assert_eq!(page.matches("class=\"card house\"").count(), 3);
        assert!(page.contains("Vacant <b>900</b>"), "{page}");
        assert!(page.len() < 30_000, "{} bytes", page.len());

        // Few are in a state: they are shown wherever they are.
        let low = desk.get("/?state=offline").await.body;
        assert!(low.matches("class=\"tile ").count() < 704 && !low.contains("too many rooms"), "{low}");
        let card = page.split("class=\"card house\"").skip(1).find(|card| card.contains("West")).unwrap();
        let link = card.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let west = desk.get(&link).await.body;
        assert_eq!(west.matches("class=\"tile ").count(), 900);
        assert!(west.contains("900 rooms") && !west.contains("East 1<"), "of that building only");
    })
    .await;
}
