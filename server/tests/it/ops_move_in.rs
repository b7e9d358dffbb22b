//! Nobody is renamed by moving in, and nobody lives twice, whichever door they come by.

use wattwarden::ops::kit::{Outcome, Refused};
use wattwarden::ops::moves::move_in::{MoveIn, NewResident, NotMovedIn};
use wattwarden::store::people::residents;
use wattwarden::store::people::search::rooms_and_residents;

use crate::ops_move_out::leave;
use crate::support::database::for_each_engine;
use crate::support::house::House;

async fn arrive(house: &House, room: usize, people: &[(&str, &str)]) -> Result<Outcome, Refused<NotMovedIn>> {
    let resident =
        |(number, name): &(&str, &str)| NewResident { number: (*number).into(), name: (*name).into() };
    let residents = people.iter().map(resident).collect();
    let form = MoveIn { key: house.key(), room_id: house.rooms[room].clone(), residents };
    house.perform(&house.administrator, form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_names_one_person_who_lives_in_one_room() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        // The house has Resident 2026000 in its first room.
        let renamed = arrive(&house, 3, &[("2026000", "Somebody Else")]).await;
        assert!(
            matches!(&renamed, Err(Refused::Because(NotMovedIn::OtherName { name, .. })) if name == "Resident 2026000"),
            "{renamed:?}"
        );
        let twice = arrive(&house, 3, &[("２０２６０００", "resident\u{3000}2026000")]).await;
        assert!(matches!(twice, Err(Refused::Because(NotMovedIn::LivesElsewhere { .. }))), "{twice:?}");
        leave(&house, 0).await;
        arrive(&house, 3, &[(" 2026000\u{200B}", "Resident 2026000")]).await.unwrap();
        let mut conn = house.db.read().await.unwrap();
        let known = residents::known(&mut conn, "2026000").await.unwrap().unwrap();
        assert_eq!(known.name, "Resident 2026000");
        assert!(known.lives_in.is_some_and(|place| place.ends_with("104")));
        assert_eq!(residents::all_known(&mut conn).await.unwrap().len(), 3, "no twin");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_any_spelling_and_pairs_a_name_with_its_own_number() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        arrive(&house, 3, &[("9", "Ann"), ("1", "Zoe")]).await.unwrap();
        let mut conn = house.db.read().await.unwrap();
        for typed in ["１０４", "104", " 104\u{200B}"] {
            let found = rooms_and_residents(&mut conn, typed, 9).await.unwrap();
            let person = (found[0].resident_name.as_deref(), found[0].resident_number.as_deref());
            assert_eq!((found.len(), person), (1, (Some("Ann"), Some("9"))), "{typed:?}");
        }
        let found = rooms_and_residents(&mut conn, "ＺＯＥ", 9).await.unwrap();
        assert_eq!(found[0].resident_number.as_deref(), Some("1"));
    })
    .await;
}
