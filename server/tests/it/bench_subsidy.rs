//! The measurement of free electricity runs, on a small campus: it is not a measurement here.

use wattwarden::tools::bench::subsidy::{measure, show};

use crate::support::database::for_each_engine;

#[tokio::test]
async fn every_room_of_a_campus_is_granted_to_and_the_rows_are_copied() {
    for_each_engine(|db| async move {
        let measured = measure(&db, 1_234).await.unwrap();
        assert_eq!(measured.rooms, 1_234);
        let report = wattwarden::check::check(&db).await.unwrap();
        assert!(report.clean(), "{report}");
        assert!(show(&[("either".into(), measured)]).contains("1234"));
    })
    .await;
}
