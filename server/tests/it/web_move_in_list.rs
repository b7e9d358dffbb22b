//! Moving in by a list: every problem is said by row before anybody moves in; then each room once.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use domain::ids::OperationId;
use wattwarden::ops::moves::move_in_list::go_through;
use wattwarden::store;

use crate::field_bench::until;
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::web::{Answer, Browser, Office};

async fn upload(browser: &mut Browser, file: &[u8]) -> Answer {
    let key = browser.get("/moves/list").await.hidden("key");
    browser.upload("/moves/list", &key, file).await
}

async fn taken_in(browser: &mut Browser, file: &str) -> String {
    let answer = upload(browser, file.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

/// Two vacant rooms: 104, and 103 whose residents are not there in this house.
async fn residents(office: &Office, index: usize) -> Vec<String> {
    let mut conn = office.house.db.read().await.unwrap();
    let Some(tenancy) =
        store::people::residents::open_tenancy(&mut conn, &office.house.rooms[index]).await.unwrap()
    else {
        return Vec::new();
    };
    let people = store::people::residents::residents_of(&mut conn, &tenancy.id).await.unwrap();
    people.into_iter().map(|one| format!("{} {}", one.number, one.name)).collect()
}

#[tokio::test]
async fn a_list_without_fault_moves_everybody_in_once() {
    for_each_engine(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let list = taken_in(&mut manager, "房间,学号,姓名\n104,20260101,王芳\n104,20260102,Li Na\n").await;
        let page = manager.get(&list).await;
        assert!(page.body.contains("Move 2 residents in"), "{}", page.body);
        assert_eq!(residents(&office, 3).await, Vec::<String>::new(), "looking moves nobody");
        for _ in 0..2 {
            let answer = manager.post(&list, &[]).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, list.as_str()));
        }
        let done = until("the list is carried out", async || {
            let page = manager.get(&list).await;
            page.body.contains("Carried out").then_some(page)
        })
        .await;
        assert!(done.body.contains("1 rooms moved in, 0 left out."), "{}", done.body);
        assert_eq!(residents(&office, 3).await, ["20260102 Li Na", "20260101 王芳"]);
        // A restarted server goes through it again: nothing is left to do.
        let id = OperationId(list.rsplit('/').next().unwrap().to_owned());
        let (house, boss) = (&office.house, &office.house.administrator);
        go_through(&house.ops(), boss, &id).await.unwrap();
        assert_eq!(residents(&office, 3).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn every_problem_is_said_by_row_and_nothing_changes() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let rows = [
            "Building,Room,Number,Name",
            "North,999,1001,Ann",
            "North,101,1002,Bo",
            "North,104,1003,",
            "North,104,=1+1,Cy",
            "North,104,1004,Di",
            "North,104,1004,Ed",
            "North,104,2026001,Somebody Else",
            "North,104,2026002,Resident 2026002",
            "South,104,1005,Flo",
        ];
        let list = taken_in(&mut manager, &rows.join("\n")).await;
        let page = manager.get(&list).await.body;
        for (row, problem) in [
            (2, "There is no such room."),
            (3, "Somebody lives there already."),
            (4, "Name is empty."),
            (5, "Number is a formula"),
            (7, "The number stands in row 6 already."),
            (8, "The number is that of Resident 2026001."),
            (9, "This person lives in North 103."),
            (10, "There is no such room."),
        ] {
            let line = format!("<tr><td class=\"num\">{row}</td><td>{problem}");
            assert!(page.contains(&line), "{line} in {page}");
        }
        // The button is not there; who sends the form all the same changes nothing.
        assert!(!page.contains("residents in</button>"));
        assert_eq!(manager.post(&list, &[]).await.location(), list);
        assert_eq!(residents(&office, 3).await, Vec::<String>::new());
        assert!(manager.get(&list).await.body.contains("Not carried out"));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_with_what_to_do() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let too_large = vec![b'x'; (4 << 20) + 1];
        for (file, words) in [
            (&b""[..], "no lines below its headings"),
            (b"Room,Name\n1,2\n", "These columns are missing: Number"),
            (b"PK\x03\x04 broken", "be read. Save it as an Excel workbook"),
            (&too_large, "The file is too large: at most 4 MB"),
        ] {
            let answer = upload(&mut manager, file).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(words), "{words}: {}", answer.body);
        }
        let far_too_large = vec![b'x'; 9 << 20];
        assert_eq!(upload(&mut manager, &far_too_large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let damaged = Request::post("/moves/list").header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
        let answer = manager.send(damaged.body(Body::from("--cut\r\nnonsense")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let mut desk = office.signed_in("desk").await;
        assert_eq!(desk.get("/moves/list").await.status, StatusCode::FORBIDDEN);
        let template = manager.get("/moves/list/template").await;
        assert!(
            template.body.contains("\"Building\",\"Floor\",\"Room\",\"Number\",\"Name\"\r\n"),
            "{}",
            template.body
        );
    })
    .await;
}

#[tokio::test]
async fn rooms_are_what_they_mean_however_they_are_spelled() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let file =
            "Room,Number,Name\n104,20260101,Ann\n１０４,ｓ-20260102,Bo\n\u{200B}104 ,S\u{2011}20260103,Cy\n";
        let list = taken_in(&mut manager, file).await;
        let page = manager.get(&list).await;
        assert!(page.body.contains("Move 3 residents in"), "{}", page.body);
        manager.post(&list, &[]).await;
        until("the list is carried out", async || (residents(&office, 3).await.len() == 3).then_some(()))
            .await;
        assert_eq!(residents(&office, 3).await, ["20260101 Ann", "S-20260102 Bo", "S-20260103 Cy"]);
        let again = taken_in(&mut manager, "Room,Number,Name\n104,s20260104,Di\n104,S 20260104,Di\n").await;
        let page = manager.get(&again).await;
        assert!(
            page.body.contains("stands in row 2 already"),
            "the same number in two spellings: {}",
            page.body
        );
    })
    .await;
}

#[tokio::test]
async fn each_row_without_a_room_and_each_number_that_lost_digits_is_named() {
    on_sqlite(|db| async {
        let office = Office::open(db).await;
        let mut manager = office.signed_in("manager").await;
        let file = "Room,Number,Name\n104,1001,Ann\n,1002,Bo\n,1003,Cy\n104,2.0261E+11,Di\n";
        let page = {
            let list = taken_in(&mut manager, file).await;
            manager.get(&list).await
        };
        assert_eq!(page.body.matches("Room is empty").count(), 2, "{}", page.body);
        assert!(page.body.contains("has lost digits"), "{}", page.body);
        assert!(!page.body.contains("residents in</button>"), "nothing can be carried out: {}", page.body);
    })
    .await;
}
