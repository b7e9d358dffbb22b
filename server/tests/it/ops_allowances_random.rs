//! Free electricity over random histories: people come and go, meters are read or stay dark, runs by hand and by itself,
//! grants on top; the books hold, and what was granted is used, lapsed, or still there.

use domain::allowance::{Calendar, Carry, FirstMonth};
use domain::clock::Clock;
use domain::ids::RoomId;
use domain::month::Month;
use fastrand::Rng;
use wattwarden::jobs;
use wattwarden::ops::allowance::{ExtraGrant, RuleForm, RunByHand};
use wattwarden::store;

use crate::ops_allowances::{form, read_meter, vacate};
use crate::support::database::for_each_engine;
use crate::support::house::House;

const HOUR_MS: i64 = 3_600_000;
const STEPS: usize = 60;

async fn work(house: &House) {
    jobs::scheduler::run_due(&house.ops(), &jobs::all(), "this server").await.unwrap();
}

/// The tenancy that the room's outlet serves now: its epoch's credited and debited totals.
async fn totals(house: &House, room: &RoomId) -> (i64, i64) {
    let mut conn = house.db.read().await.unwrap();
    let outlet = store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap();
    let desired = store::meters::households::desired(&mut conn, &outlet.id).await.unwrap();
    (desired.credited_wh, desired.debited_wh)
}

async fn live(house: &House, rng: &mut Rng) {
    let (db, _clock, who) = (&house.db, &*house.clock, &house.administrator);
    let carry = [Carry::Keep, Carry::Cap(4_000), Carry::Lapse][rng.usize(0..3)];
    let first_month = [FirstMonth::Whole, FirstMonth::ProRata][rng.usize(0..2)];
    let calendar = Calendar { day: rng.i64(1..=28), minute: rng.i64(0..1440), ..form(house).calendar };
    house.perform(who, RuleForm { carry, first_month, calendar, ..form(house) }).await.unwrap();
    let rule = store::allowance::all(&mut db.read().await.unwrap()).await.unwrap().remove(0).id;
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let mut used_wh = [0_i64; 3];
    for step in 0..STEPS {
        house.clock.advance(rng.i64(1..72) * HOUR_MS);
        let at = rng.usize(0..3);
        let room = &house.rooms[at];
        match rng.usize(0..6) {
            0 => {
                vacate(house, room).await;
                house.move_in(room, &format!("new-{step}")).await;
                used_wh[at] = 0;
            }
            1 | 2 => {
                let (credited_wh, debited_wh) = totals(house, room).await;
                used_wh[at] += rng.i64(0..=(credited_wh - debited_wh - used_wh[at]).clamp(0, 9_000));
                read_meter(house, room, used_wh[at]).await;
            }
            3 => {
                let month = Month::of(house.clock.now_ms(), &zone);
                house
                    .perform(
                        who,
                        RunByHand { key: house.key(), rule: rule.clone(), period: month.to_string() },
                    )
                    .await
                    .unwrap();
            }
            4 => {
                let tenancy_id = house.tenancy(room).await;
                let (room_id, reason) = (room.clone(), "On top".to_owned());
                let extra = ExtraGrant { key: house.key(), room_id, tenancy_id, energy_wh: 1_500, reason };
                house.perform(who, extra).await.unwrap();
            }
            _ => {}
        }
        work(house).await;
    }
}

async fn nothing_is_lost(house: &House) {
    let mut conn = house.db.read().await.unwrap();
    let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT CAST(COALESCE((SELECT SUM(g.energy_wh) FROM grants g WHERE g.tenancy_id = t.id), 0) AS BIGINT),
                CAST(COALESCE((SELECT SUM(c.subsidy_wh) FROM consumptions c WHERE c.tenancy_id = t.id), 0) AS BIGINT),
                CAST(COALESCE((SELECT SUM(l.energy_wh) FROM lapses l WHERE l.tenancy_id = t.id), 0) AS BIGINT),
                COALESCE((SELECT p.subsidy_taken_wh FROM purses p WHERE p.tenancy_id = t.id), 0)
         FROM tenancies t",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    for (granted_wh, used_wh, lapsed_wh, taken_wh) in rows {
        assert_eq!(used_wh + lapsed_wh, taken_wh);
        assert!(taken_wh <= granted_wh, "{taken_wh} of {granted_wh}");
    }
    let twice: Vec<(String, String)> = sqlx::query_as(
        "SELECT room_id, period FROM grants WHERE rule_id IS NOT NULL GROUP BY room_id, period HAVING COUNT(*) > 1",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test]
async fn over_any_history_what_was_granted_is_used_lapsed_or_there() {
    let seed =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}");
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        live(&house, &mut Rng::with_seed(seed)).await;
        nothing_is_lost(&house).await;
        let report = wattwarden::check::check(&house.db).await.unwrap();
        assert!(report.clean(), "{report}");
    })
    .await;
}
