//! The refunds of a graduation all at once: approved by a second person, paid by the bank's list or from one drawer, each
//! once, wherever the power goes.

use domain::actor::{Actor, Role};
use domain::ids::OperationId;
use paper::roster::read_accounts;
use wattwarden::check::check;
use wattwarden::ops::kit::Refused;
use wattwarden::ops::moves::move_out::NoBulk;
use wattwarden::ops::moves::move_out::{
    AskBulk, BULK, Bulk, BulkReport, BulkRequest, NoteAccounts, PayRequest, Way, review_accounts,
};
use wattwarden::ops::moves::refund_terms::SetRefundTerms;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::kit::job_runs::{self, JobRun, JobState};
use wattwarden::store::moves::settlements::{self, ListedShare, Standing};

use crate::ops_graduation_crash::{Hall, LISTS};
use crate::support::crash;
use crate::support::database::{for_each_engine, on_sqlite};
use crate::support::house::{House, add_user};

/// Above this a second person approves; some of the refunds are.
const LIMIT_MINOR: i64 = 1_070;

async fn standing(house: &House, list: &OperationId, viewer: &Actor) -> Standing {
    let mut conn = house.db.read().await.unwrap();
    settlements::standing(&mut conn, list, &viewer.id()).await.unwrap()
}

async fn shares(house: &House, list: &OperationId) -> Vec<ListedShare> {
    let mut conn = house.db.read().await.unwrap();
    settlements::listed_shares(&mut conn, list, (-1, -1), 1_000).await.unwrap()
}

/// How the latest run stands, and what all of its kind came to.
async fn latest(house: &House, list: &OperationId, what: Bulk) -> (JobState, BulkReport) {
    let mut conn = house.db.read().await.unwrap();
    let runs = job_runs::latest_of_subject(&mut conn, BULK, list.as_str(), 100).await.unwrap();
    let report = |run: &JobRun| serde_json::from_str::<BulkReport>(&run.report).unwrap_or_default();
    let mut sum = BulkReport { done: 0, minor: 0, ..report(&runs[0]) };
    for run in &runs {
        let request: BulkRequest = serde_json::from_str(&run.request).unwrap();
        if request.what == what {
            sum.done += report(run).done;
            sum.minor += report(run).minor;
        }
    }
    (runs[0].state, sum)
}

async fn ask(house: &House, actor: &Actor, list: &OperationId, what: Bulk) -> Result<(), Refused<NoBulk>> {
    house.perform(actor, AskBulk { key: house.key(), list: list.clone(), what }).await.map(drop)
}

/// A hall that was seen off, with a limit; the list.
async fn hall(db: wattwarden::db::Db) -> (Hall, OperationId) {
    let hall = Hall::furnish(db).await;
    let house = &hall.house;
    let terms =
        SetRefundTerms { key: house.key(), smallest_coin_minor: 1, approval_above_minor: Some(LIMIT_MINOR) };
    house.perform(&house.administrator, terms).await.unwrap();
    let list = hall.see_them_off().await;
    (hall, list)
}

/// The power goes after ever more rows until the run is over, or asked for anew when it was given up. What came of it.
async fn in_spite_of_everything(hall: &Hall, actor: &Actor, list: &OperationId, what: Bulk) -> BulkReport {
    let house = &hall.house;
    ask(house, actor, list, what).await.unwrap();
    let mut given_up = false;
    for writes in 0..200 {
        hall.a_moment_of_power(writes).await;
        let (state, report) = latest(house, list, what).await;
        match state {
            JobState::Done if given_up => return fact(hall, list, what).await,
            JobState::Done => return report,
            JobState::Failed => {
                given_up = true;
                ask(house, actor, list, what).await.unwrap();
            }
            _ => {}
        }
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    }
    panic!("it gets nowhere");
}

/// What was done, by the books: a run that was given up may not have come to write down its last few.
async fn fact(hall: &Hall, list: &OperationId, what: Bulk) -> BulkReport {
    let way = if what == Bulk::Cash { "cash" } else { "bank" };
    let shares = shares(&hall.house, list).await;
    let paid: Vec<_> = shares.iter().filter(|share| share.way.as_deref() == Some(way)).collect();
    BulkReport {
        done: i64::try_from(paid.len()).unwrap(),
        minor: paid.iter().map(|share| share.amount_minor).sum(),
        ..BulkReport::default()
    }
}

async fn know_accounts(house: &House, shares: &[ListedShare]) {
    let lines = shares.iter().map(|share| format!("{},Holder,62 0000-1,Bank of Test\n", share.number));
    let file = format!("number,account holder,account number,bank\n{}", lines.collect::<String>());
    let (accounts, problems) =
        review_accounts(&house.db, &read_accounts(file.as_bytes()).unwrap()).await.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    house.perform(&house.cashier, NoteAccounts { key: house.key(), accounts }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refund_is_approved_and_paid_once_wherever_the_power_goes() {
    for_each_engine(|db| async move {
        let (hall, list) = hall(db).await;
        let house = &hall.house;
        crash::prepare(&house.db).await;
        crash::also(&house.db, &LISTS).await;
        let before = standing(house, &list, &house.cashier).await;
        assert!(before.unapproved > 3 && before.due > 3, "{before:?}");
        let all = shares(house, &list).await;
        let owed_minor: i64 = all.iter().map(|share| share.amount_minor).sum();

        let own = ask(house, &house.administrator, &list, Bulk::Approve).await;
        assert!(matches!(own, Err(Refused::Because(NoBulk::Nothing))), "whoever settled: {own:?}");
        let second = add_user(&house.db, &*house.clock, "second", Role::Manager).await;
        let report = in_spite_of_everything(&hall, &second, &list, Bulk::Approve).await;
        assert_eq!((report.done, report.minor), (before.unapproved, before.unapproved_minor));
        assert_eq!(standing(house, &list, &second).await.unapproved, 0);

        know_accounts(house, &all[..10]).await;
        let report = in_spite_of_everything(&hall, &house.cashier, &list, Bulk::Bank).await;
        let by_bank: i64 = all[..10].iter().map(|share| share.amount_minor).sum();
        assert_eq!((report.done, report.minor), (10, by_bank));

        let drawer = Account::Drawer(house.shift().await);
        let held = -balance(&mut house.db.read().await.unwrap(), &drawer).await.unwrap();
        let report = in_spite_of_everything(&hall, &house.cashier, &list, Bulk::Cash).await;
        assert_eq!(report.minor, owed_minor - by_bank);
        let left = -balance(&mut house.db.read().await.unwrap(), &drawer).await.unwrap();
        assert_eq!(left, held - report.minor, "the drawer gave what was paid");

        let after = standing(house, &list, &second).await;
        assert_eq!((after.due, after.unapproved, after.paid_minor), (0, 0, owed_minor));
        let again = ask(house, &house.cashier, &list, Bulk::Cash).await;
        assert!(matches!(again, Err(Refused::Because(NoBulk::Nothing))), "{again:?}");
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ways_at_once_pay_each_share_once() {
    for_each_engine(|db| async move {
        let (hall, list) = hall(db).await;
        let house = &hall.house;
        let all = shares(house, &list).await;
        let open: Vec<_> = all.iter().filter(|share| share.unapproved == 0).cloned().collect();
        know_accounts(house, &open).await;
        ask(house, &house.cashier, &list, Bulk::Bank).await.unwrap();
        ask(house, &house.cashier, &list, Bulk::Cash).await.unwrap();
        // And somebody pays one of them by hand.
        let by_hand = PayRequest {
            key: house.key(),
            departure_id: open[3].departure_id.clone(),
            position: 0,
            way: Way::Cash,
        };
        let (_, _, _) =
            tokio::join!(house.run_jobs(), house.run_jobs(), house.perform(&house.cashier, by_hand));
        house.run_jobs().await;
        let after = shares(house, &list).await;
        let paid = after.iter().filter(|share| share.way.is_some()).count();
        assert_eq!(paid, open.len(), "those that wait for approval are left");
        assert!(after.iter().filter(|share| share.unapproved == 1).all(|share| share.way.is_none()));
        let report = check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cash_is_asked_for_only_where_it_is() {
    on_sqlite(|db| async move {
        let (hall, list) = hall(db).await;
        let house = &hall.house;
        let late = add_user(&house.db, &*house.clock, "late", Role::Cashier).await;
        let refused = ask(house, &late, &list, Bulk::Cash).await;
        assert!(matches!(refused, Err(Refused::Because(NoBulk::NoShift))), "{refused:?}");
        house.open_shift(&late, 100).await;
        let refused = ask(house, &late, &list, Bulk::Cash).await;
        assert!(
            matches!(refused, Err(Refused::Because(NoBulk::DrawerShort { held_minor: 100 }))),
            "{refused:?}"
        );
        let refused = ask(house, &late, &list, Bulk::Approve).await;
        assert!(matches!(refused, Err(Refused::Forbidden)), "{refused:?}");
        let nobody = ask(house, &late, &OperationId("nobody".into()), Bulk::Bank).await;
        assert!(matches!(nobody, Err(Refused::Because(NoBulk::NoList))), "{nobody:?}");
    })
    .await;
}
