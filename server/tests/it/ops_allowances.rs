//! Free electricity: once a room a month, whatever happens.

use std::sync::Arc;

use domain::allowance::{Calendar, Carry, FirstMonth, MAX_ALLOWANCE_WH, ResidentKind};
use domain::clock::{Clock, ManualClock};
use domain::ids::{OperationId, RoomId, RuleId};
use domain::month::Month;
use domain::text::TextProblem;
use futures_util::future::join_all;
use wattwarden::db::Db;
use wattwarden::db::DbError;
use wattwarden::ops::allowance::{
    ExtraGrant, NoGrant, NoRule, NoRun, RuleForm, RunByHand, Share, preview, tick,
};
use wattwarden::ops::kit::{Key, NoField, Ops, Refused};
use wattwarden::store;

use crate::support::database::for_each_engine;
use crate::support::house::{House, START_MS};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// 20 kWh a room and 5 a person, on the third of each month at 01:00.
pub fn form(house: &House) -> RuleForm {
    RuleForm {
        key: house.key(),
        id: None,
        name: "Students".into(),
        room_wh: 20_000,
        person_wh: 5_000,
        kinds: vec![(ResidentKind::Postgraduate, 8_000)],
        places: Vec::new(),
        carry: Carry::Keep,
        first_month: FirstMonth::Whole,
        calendar: Calendar { from_day: 20_000, until_day: None, months_off: 0, day: 3, minute: 60 },
    }
}

async fn rule(house: &House, form: RuleForm) -> RuleId {
    house.perform(&house.administrator, form).await.unwrap();
    store::allowance::all(&mut house.db.read().await.unwrap()).await.unwrap()[0].id.clone()
}

fn by_hand(key: Key, rule: &RuleId, month: Month) -> RunByHand {
    RunByHand { key, rule: rule.clone(), period: month.to_string() }
}

async fn pass(house: &House) {
    tick(&house.ops()).await.unwrap();
}

async fn granted(db: &Db) -> Vec<(String, String, i64)> {
    let mut conn = db.read().await.unwrap();
    sqlx::query_as::<_, (String, String, i64)>(
        "SELECT r.name, g.period, g.energy_wh FROM grants g JOIN rooms r ON r.id = g.room_id ORDER BY g.period, r.name",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap()
}

fn lots(all: &[(&str, &str, i64)]) -> Vec<(String, String, i64)> {
    all.iter().map(|(room, period, wh)| ((*room).to_owned(), (*period).to_owned(), *wh)).collect()
}

/// Ends the tenancy as a move-out does, as far as grants are concerned.
pub async fn vacate(house: &House, room: &RoomId) {
    let room = room.clone();
    let now_ms = house.clock.now_ms();
    house
        .db
        .write(room, move |room, conn| {
            Box::pin(async move {
                sqlx::query("UPDATE tenancies SET closed_ms = $1 WHERE room_id = $2 AND closed_ms IS NULL")
                    .bind(now_ms)
                    .bind(room.as_str())
                    .execute(conn)
                    .await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_month_is_granted_when_it_is_due_and_once() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let id = rule(&house, form(&house)).await;
        pass(&house).await;
        assert_eq!(granted(&house.db).await, [], "not before its time");
        // The third, 01:00 in Shanghai.
        house.clock.advance(2 * DAY_MS - 8 * HOUR_MS + HOUR_MS);
        pass(&house).await;
        let all = lots(&[("101", "2026-09", 25_000), ("102", "2026-09", 25_000), ("103", "2026-09", 25_000)]);
        assert_eq!(granted(&house.db).await, all);
        assert_eq!(house.credited_wh(&house.rooms[0]).await, 25_000);
        for _ in 0..3 {
            house.clock.advance(DAY_MS);
            pass(&house).await;
        }
        assert_eq!(granted(&house.db).await, all, "once");
        let run = store::allowance::runs::get(&mut house.db.read().await.unwrap(), &id, "2026-09").await;
        let run = run.unwrap().unwrap();
        assert_eq!((run.rooms_granted, run.energy_wh, run.rooms_seen), (3, 75_000, 4));
        // 25 kWh at 0.5469 are 13.6725: 13.67 each.
        assert_eq!(run.amount_minor, 3 * 1_367);
        house.clock.advance(30 * DAY_MS);
        pass(&house).await;
        assert_eq!(granted(&house.db).await.len(), 6, "and the next month again");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_was_down_grants_late_and_once() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let calendar = Calendar { day: 28, ..form(&house).calendar };
        rule(&house, RuleForm { calendar, ..form(&house) }).await;
        // Into October, before the next is due.
        house.clock.advance(35 * DAY_MS);
        pass(&house).await;
        pass(&house).await;
        let months: Vec<_> = granted(&house.db).await.into_iter().map(|(_, period, _)| period).collect();
        assert_eq!(months, ["2026-09"; 3]);
    })
    .await;
}

#[tokio::test]
async fn months_off_and_dates_are_kept() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let calendar = Calendar { months_off: 1 << 8, ..form(&house).calendar };
        rule(&house, RuleForm { calendar, ..form(&house) }).await;
        house.clock.advance(10 * DAY_MS);
        pass(&house).await;
        assert_eq!(granted(&house.db).await, [], "September is off");
        house.clock.advance(30 * DAY_MS);
        pass(&house).await;
        assert_eq!(granted(&house.db).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn two_servers_at_once_and_a_run_by_hand_grant_once() {
    for_each_engine(|db| async move {
        let house = Arc::new(House::furnish(db).await);
        let id = rule(&house, form(&house)).await;
        house.clock.advance(3 * DAY_MS);
        let servers = (0..6).map(|server| {
            let (house, id) = (house.clone(), id.clone());
            tokio::spawn(async move {
                if server == 3 {
                    let month = "2026-09".parse::<Month>().unwrap();
                    let key = house.key();
                    let run = house.perform(&house.administrator, by_hand(key.clone(), &id, month));
                    run.await.unwrap();
                }
                tick(&house.ops()).await.unwrap();
            })
        });
        for server in join_all(servers).await {
            server.unwrap();
        }
        pass(&house).await;
        assert_eq!(granted(&house.db).await.len(), 3);
        assert_eq!(house.credited_wh(&house.rooms[1]).await, 25_000);
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_gets_the_first_month_and_nothing_where_the_room_had_it() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        vacate(&house, &house.rooms[1]).await;
        let form = RuleForm { first_month: FirstMonth::ProRata, ..form(&house) };
        rule(&house, form).await;
        house.clock.advance(3 * DAY_MS);
        pass(&house).await;
        // Those who were here on the first day of the month at 08:00 moved in that day: all 30 days are left.
        assert_eq!(granted(&house.db).await, lots(&[("101", "2026-09", 25_000), ("103", "2026-09", 25_000)]));
        // On the 16th somebody moves into 102: 15 of 30 days; and others into 101, which had its month.
        house.clock.advance(12 * DAY_MS);
        house.move_in(&house.rooms[1], "1602").await;
        vacate(&house, &house.rooms[0]).await;
        house.move_in(&house.rooms[0], "1601").await;
        pass(&house).await;
        pass(&house).await;
        let all = lots(&[("101", "2026-09", 25_000), ("102", "2026-09", 12_500), ("103", "2026-09", 25_000)]);
        assert_eq!(granted(&house.db).await, all);
        assert_eq!(house.credited_wh(&house.rooms[0]).await, 0, "the newcomers' epoch has none of it");
    })
    .await;
}

#[tokio::test]
async fn the_preview_says_what_the_run_does() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let id = rule(&house, form(&house)).await;
        let before = preview(&house.db, &*house.clock, &id, None).await.unwrap();
        assert_eq!((before.rooms, before.energy_wh, before.amount_minor), (3, 75_000, 3 * 1_367));
        assert_eq!(before.reasons, [("vacant".to_owned(), 1)]);
        assert_eq!(before.granted[0].persons, 1);
        let (_db, _clock, who) = (&house.db, &*house.clock, &house.administrator);
        house.perform(who, by_hand(house.key(), &id, before.month)).await.unwrap();
        pass(&house).await;
        let sum: i64 = granted(&house.db).await.iter().map(|(_, _, wh)| wh).sum();
        assert_eq!(sum, before.energy_wh);
        let after = preview(&house.db, &*house.clock, &id, None).await.unwrap();
        assert_eq!(after.rooms, 0);
        assert_eq!(after.reasons, [("granted".to_owned(), 3), ("vacant".to_owned(), 1)]);
        let past = house.perform(who, by_hand(house.key(), &id, before.month.before())).await;
        assert!(matches!(past, Err(Refused::Because(NoRun::OtherMonth))));
    })
    .await;
}

#[tokio::test]
async fn wrong_rules_change_nothing() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let (db, who) = (&house.db, &house.administrator);
        let refused = async |form: RuleForm| match house.perform(who, form).await {
            Err(Refused::Because(why)) => why,
            other => panic!("{other:?}"),
        };
        let calendar = form(&house).calendar;
        let max_wh = MAX_ALLOWANCE_WH;
        for (form, why) in [
            (RuleForm { room_wh: -1, ..form(&house) }, NoRule::Share { share: Share::Room, max_wh }),
            (RuleForm { room_wh: 0, person_wh: 0, kinds: Vec::new(), ..form(&house) }, NoRule::Nothing),
            (RuleForm { carry: Carry::Cap(0), ..form(&house) }, NoRule::Carry { max_wh }),
            (
                RuleForm { calendar: Calendar { day: 31, ..calendar }, ..form(&house) },
                NoRule::Day { max: 28 },
            ),
            (
                RuleForm { calendar: Calendar { until_day: Some(19_999), ..calendar }, ..form(&house) },
                NoRule::Until,
            ),
            (
                RuleForm { calendar: Calendar { months_off: 4095, ..calendar }, ..form(&house) },
                NoRule::Months,
            ),
            (RuleForm { name: " ".into(), ..form(&house) }, NoRule::Name(TextProblem::Missing)),
            (RuleForm { places: vec!["nowhere".into()], ..form(&house) }, NoRule::NoPlace),
        ] {
            assert_eq!(refused(form).await, why);
        }
        assert!(matches!(house.perform(&house.cashier, form(&house)).await, Err(Refused::Forbidden)));
        rule(&house, form(&house)).await;
        let again = RuleForm { name: "Others".into(), ..form(&house) };
        assert_eq!(refused(again).await, NoRule::Overlaps("Students".into()));
        let rules = store::allowance::all(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(rules.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_extra_grant_is_one_of_its_own_and_never_repeated() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let room = &house.rooms[0];
        let extra = |wh| {
            let key = house.key();
            let tenancy = house.tenancy(room);
            async move {
                let reason = "A burst pipe".to_owned();
                ExtraGrant { key, room_id: room.clone(), tenancy_id: tenancy.await, energy_wh: wh, reason }
            }
        };
        let request = extra(3_000).await;
        let (db, _clock) = (&house.db, &*house.clock);
        let first = house.perform(&house.administrator, request.clone()).await.unwrap();
        let second = house.perform(&house.administrator, request.clone()).await.unwrap();
        assert_eq!((&first.id, second.replayed), (&second.id, true));
        assert_eq!(house.credited_wh(room).await, 3_000);
        assert!(matches!(house.perform(&house.cashier, extra(1).await).await, Err(Refused::Forbidden)));
        let none = house.perform(&house.administrator, extra(0).await).await;
        assert!(matches!(none, Err(Refused::Because(NoGrant::Energy { .. }))));
        let OperationId(id) = first.id;
        assert_eq!(granted(db).await, lots(&[("101", &format!("extra:{id}"), 3_000)]));
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_stands_still_grants_nothing_new() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        rule(&house, form(&house)).await;
        let frozen = Ops::new(house.db.clone(), Arc::new(ManualClock::at(START_MS)), Arc::new(NoField));
        for _ in 0..3 {
            tick(&frozen).await.unwrap();
        }
        assert_eq!(granted(&house.db).await, []);
    })
    .await;
}

/// The meter of a room is read: so much was used in the epoch.
pub async fn read_meter(house: &House, room: &RoomId, used_wh: i64) {
    let (room, now_ms) = (room.clone(), house.clock.now_ms());
    house
        .db
        .write(room, move |room, conn| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO household_reports (household_id, seen_ms, epoch, credited_wh, debited_wh, used_wh,
                         energy_total_wh, relay_commanded, relay_closed, relay_fault, open_reasons, supply_mode,
                         supply_generation, supply_until_s, power_mw, voltage1_mv, voltage2_mv, voltage3_mv,
                         current1_ma, current2_ma, current3_ma, power_factor_milli)
                     SELECT h.id, CAST($1 AS BIGINT), c.epoch, c.credited_wh, c.debited_wh, CAST($2 AS BIGINT),
                         CAST($2 AS BIGINT), 1, 1, 0, '', 'auto', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000
                     FROM outlets h JOIN credit_accounts c ON c.household_id = h.id WHERE h.room_id = $3
                     ON CONFLICT (household_id) DO UPDATE SET seen_ms = excluded.seen_ms, epoch = excluded.epoch,
                         credited_wh = excluded.credited_wh, debited_wh = excluded.debited_wh,
                         used_wh = excluded.used_wh",
                )
                .bind(now_ms)
                .bind(used_wh)
                .bind(room.as_str())
                .execute(conn)
                .await?;
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
}

async fn lapsed(db: &Db) -> Vec<(String, i64, i64)> {
    let mut conn = db.read().await.unwrap();
    sqlx::query_as::<_, (String, i64, i64)>(
        "SELECT r.name, l.energy_wh, l.amount_minor FROM lapses l JOIN tenancies t ON t.id = l.tenancy_id
         JOIN rooms r ON r.id = t.room_id ORDER BY r.name, l.at_ms",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap()
}

async fn debited_wh(house: &House, room: &RoomId) -> i64 {
    let mut conn = house.db.read().await.unwrap();
    let outlet = store::meters::households::of_room(&mut conn, room).await.unwrap().unwrap();
    store::meters::households::desired(&mut conn, &outlet.id).await.unwrap().debited_wh
}

async fn books_are_clean(house: &House) {
    let report = wattwarden::check::check(&house.db).await.unwrap();
    assert!(report.clean(), "{report}");
}

#[tokio::test]
async fn what_is_left_lapses_once_the_meter_has_been_read() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        rule(&house, RuleForm { carry: Carry::Lapse, ..form(&house) }).await;
        house.clock.advance(3 * DAY_MS);
        pass(&house).await;
        read_meter(&house, &house.rooms[0], 10_000).await;
        read_meter(&house, &house.rooms[1], 30_000).await;
        house.clock.advance(30 * DAY_MS);
        pass(&house).await;
        assert_eq!(lapsed(&house.db).await, [], "nobody knows yet what was used");
        assert_eq!(granted(&house.db).await.len(), 6, "the next month does not wait for it");
        house.clock.advance(2 * HOUR_MS);
        // Since then 101 used 12 of its 25 kWh, 102 all of them and 7 of the new ones; 103 stays dark.
        read_meter(&house, &house.rooms[0], 12_000).await;
        read_meter(&house, &house.rooms[1], 32_000).await;
        pass(&house).await;
        // 13 kWh at 0.5469 are 7.1097: the lot's 13.67 less the 6.56 of what was used.
        assert_eq!(lapsed(&house.db).await, [("101".to_owned(), 13_000, 711)]);
        assert_eq!(debited_wh(&house, &house.rooms[0]).await, 13_000);
        books_are_clean(&house).await;
        house.clock.advance(2 * HOUR_MS);
        read_meter(&house, &house.rooms[2], 0).await;
        for _ in 0..3 {
            pass(&house).await;
            house.clock.advance(2 * HOUR_MS);
        }
        let all = [("101".to_owned(), 13_000, 711), ("103".to_owned(), 25_000, 1_367)];
        assert_eq!(lapsed(&house.db).await, all, "the dark one when it was read, and each once");
        books_are_clean(&house).await;
    })
    .await;
}

async fn what_lapses(db: Db, carry: Carry) -> Vec<i64> {
    let house = House::furnish(db).await;
    rule(&house, RuleForm { carry, ..form(&house) }).await;
    house.clock.advance(3 * DAY_MS);
    pass(&house).await;
    house.clock.advance(31 * DAY_MS);
    pass(&house).await;
    read_meter(&house, &house.rooms[0], 12_000).await;
    house.clock.advance(2 * HOUR_MS);
    pass(&house).await;
    books_are_clean(&house).await;
    lapsed(&house.db).await.into_iter().map(|(_, wh, _)| wh).collect()
}

#[tokio::test]
async fn up_to_the_cap_stays() {
    for_each_engine(|db| async move {
        // 25 less 12 are 13; 5 may stay.
        assert_eq!(what_lapses(db, Carry::Cap(5_000)).await, [8_000]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_that_keeps_lets_nothing_lapse() {
    for_each_engine(|db| async move { assert!(what_lapses(db, Carry::Keep).await.is_empty()) }).await;
}
