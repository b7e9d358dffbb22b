//! Whatever happens, in whatever order, twice, at once, or with the power going at any write: the books stay the books.
//! `SEED=…` replays a history (what happens at once may fall out otherwise).

use std::collections::HashMap;

use fastrand::Rng;
use wattwarden::allowance::{Calendar, Carry, FirstMonth};
use wattwarden::books::Purse;
use wattwarden::db::Db;
use wattwarden::documents::{Document, Kind, Language};
use wattwarden::ids::{OperationId, TenancyId};
use wattwarden::ops::allowances::{ExtraGrant, RuleForm, grant_extra, put_rule, tick};
use wattwarden::ops::issue_statement::{IssueStatement, issue_statement};
use wattwarden::ops::judge_reading::{JudgeReading, judge};
use wattwarden::ops::sell::{Payment, SaleInput, SellRequest, sell};
use wattwarden::ops::void_sale::{VoidSale, void_sale};
use wattwarden::ops::{Actor, OpError, Outcome};
use wattwarden::store::quarantines::Decision;
use wattwarden::store::transfers::{Account, balance};
use wattwarden::store::{documents, households, purses, quarantines};

use crate::support::auditor::audit;
use crate::support::crash;
use crate::support::database::{on_postgres, on_sqlite};
use crate::support::house::House;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How far the meters of these histories let anybody go beyond what they have.
const OVERDRAFT_WH: i64 = 700;
/// No breaker lets that through in the days that these histories take.
const JUMP_WH: i64 = 20_000_000;
const STEPS: usize = 70;

/// Something that an operator asks for.
#[derive(Clone, Debug)]
enum Act {
    Sell(SellRequest),
    Grant(ExtraGrant),
    Void(VoidSale),
    Judge(JudgeReading),
    Statement(IssueStatement),
}

impl Act {
    async fn carry_out(&self, house: &House, by: &Actor) -> Result<Outcome, OpError> {
        let (db, clock) = (&house.db, &*house.clock);
        match self.clone() {
            Self::Sell(request) => sell(db, clock, by, request).await,
            Self::Grant(request) => grant_extra(db, clock, by, request).await,
            Self::Void(request) => void_sale(db, clock, by, request).await,
            Self::Judge(request) => judge(db, clock, by, request).await,
            Self::Statement(request) => issue_statement(db, clock, by, request).await,
        }
    }

    /// Whether it may be refused so.
    fn may_be(&self, error: &OpError) -> bool {
        match self {
            Self::Void(_) => matches!(
                error,
                OpError::CreditUsed | OpError::Voided | OpError::ReadingHeld | OpError::ShiftClosed
            ),
            Self::Judge(_) => matches!(error, OpError::Decided),
            _ => false,
        }
    }
}

/// What must have happened to a room by now, each thing once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Expected {
    sales: usize,
    bought_wh: i64,
    paid_minor: i64,
    extra_wh: i64,
}

/// A history.
struct Life {
    house: House,
    rng: Rng,
    /// What each room's meter counts.
    counted_wh: [i64; 3],
    /// What of it was not used: the meter miscounted.
    miscounted_wh: [i64; 3],
    expected: HashMap<TenancyId, Expected>,
    sold: Vec<(SellRequest, OperationId)>,
    done: Vec<(Act, OperationId)>,
    voided: Vec<OperationId>,
    /// Refused, failed by the power, asked again, judged: for the one who reads a failure.
    tally: Tally,
}

/// What a history was made of.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    crashed: usize,
    repeated: usize,
    judged: usize,
}

impl Life {
    async fn begin(db: Db, seed: u64) -> Self {
        let house = House::furnish(db).await;
        house.open_shift(&house.administrator, 0).await;
        let rule = RuleForm {
            key: house.key(),
            id: None,
            name: "Students".into(),
            room_wh: 6_000,
            person_wh: 1_000,
            kinds: Vec::new(),
            places: Vec::new(),
            carry: Carry::Lapse,
            first_month: FirstMonth::Whole,
            calendar: Calendar { from_day: 20_000, until_day: None, months_off: 0, day: 3, minute: 60 },
        };
        put_rule(&house.db, &*house.clock, &house.administrator, rule).await.unwrap();
        crash::prepare(&house.db).await;
        let zero = [0; 3];
        let rng = Rng::with_seed(seed);
        Self {
            house,
            rng,
            counted_wh: zero,
            miscounted_wh: zero,
            expected: HashMap::new(),
            sold: Vec::new(),
            done: Vec::new(),
            voided: Vec::new(),
            tally: Tally::default(),
        }
    }

    async fn live(&mut self) {
        for _ in 0..STEPS {
            self.house.clock.advance(HOUR_MS + self.rng.i64(0..HOUR_MS));
            match self.rng.usize(0..16) {
                0..=7 => self.something_is_asked().await,
                8..=11 => self.somebody_uses().await,
                12 => {
                    let mills = self.rng.u32(50..3_000);
                    self.house.set_price(&format!("{}.{:03}", mills / 1000, mills % 1000 + 1)).await;
                }
                13 => self.night().await,
                14 => self.meter_slips().await,
                _ => self.desk_changes_hands().await,
            }
        }
        for _ in 0..2 {
            self.night().await;
        }
        self.reckon().await;
        println!("{} done, {} taken back, {:?}", self.done.len(), self.voided.len(), self.tally);
    }

    /// One of the things an operator may ask for.
    async fn think(&mut self) -> Act {
        let house = &self.house;
        let room = house.rooms[self.rng.usize(0..3)].clone();
        let tenancy_id = house.tenancy(&room).await;
        match self.rng.usize(0..10) {
            0..=4 => {
                let input = if self.rng.bool() {
                    SaleInput::Amount(self.rng.i64(100..9_000))
                } else {
                    SaleInput::Energy(self.rng.i64(1_000..60_000))
                };
                let mut request = house.request(&room, input).await;
                if self.rng.usize(0..4) == 0 {
                    let reference = format!("R{}", self.rng.u64(..));
                    request.payment = Payment::Channel { channel: "bank-transfer".into(), reference };
                }
                Act::Sell(request)
            }
            5 => Act::Grant(ExtraGrant {
                key: house.key(),
                room_id: room,
                tenancy_id,
                energy_wh: self.rng.i64(1..9_000),
                reason: "a feast".into(),
            }),
            6 => Act::Statement(IssueStatement {
                key: house.key(),
                tenancy_id,
                from_ms: self.rng.i64(0..crate::support::house::START_MS + 2 * DAY_MS),
                to_ms: i64::MAX,
                language: Language::En,
            }),
            _ if self.sold.is_empty() => Box::pin(self.think()).await,
            _ => {
                let recent = self.sold.len().saturating_sub(4)..self.sold.len();
                let sale_id = self.sold[self.rng.usize(recent)].1.clone();
                Act::Void(VoidSale { key: house.key(), sale_id, reason: "wrong room".into() })
            }
        }
    }

    async fn something_is_asked(&mut self) {
        let act = self.think().await;
        self.ask(act).await;
    }

    /// Asks it plainly, twice at once, beside another operator, or with the power going in the middle of it.
    async fn ask(&mut self, act: Act) {
        let (house, chief) = (self.house.clone(), self.house.administrator.clone());
        match self.rng.usize(0..8) {
            0 => {
                let (one, other) = tokio::join!(act.carry_out(&house, &chief), act.carry_out(&house, &chief));
                if let (Ok(one), Ok(other)) = (&one, &other) {
                    assert!(one.id == other.id && one.replayed != other.replayed, "{act:?}");
                }
                self.note(&act, one);
                self.note(&act, other);
            }
            1 => {
                let beside = self.think().await;
                let (one, other) =
                    tokio::join!(act.carry_out(&house, &chief), beside.carry_out(&house, &chief));
                self.note(&act, one);
                self.note(&beside, other);
            }
            2 => {
                let (one, _) = tokio::join!(act.carry_out(&house, &chief), house.run_jobs());
                self.note(&act, one);
            }
            3..=4 => self.ask_while_the_power_goes(&act, &chief).await,
            5 if !self.done.is_empty() => {
                // What was asked before is asked again.
                let (before, id) = self.done[self.rng.usize(0..self.done.len())].clone();
                let still = crash::fingerprint(&house.db).await;
                let again = before.carry_out(&house, &chief).await.unwrap();
                assert!(again.replayed && again.id == id, "{before:?}");
                assert_eq!(still, crash::fingerprint(&house.db).await, "{before:?} was done twice");
                self.tally.repeated += 1;
            }
            _ => {
                let outcome = act.carry_out(&house, &chief).await;
                self.note(&act, outcome);
            }
        }
    }

    async fn ask_while_the_power_goes(&mut self, act: &Act, by: &Actor) {
        let house = self.house.clone();
        let before = crash::fingerprint(&house.db).await;
        crash::after(&house.db, self.rng.i64(0..14)).await;
        let outcome = act.carry_out(&house, by).await;
        crash::over(&house.db).await;
        if outcome.is_ok() {
            self.note(act, outcome);
            return;
        }
        assert_eq!(before, crash::fingerprint(&house.db).await, "{act:?} left something behind");
        self.tally.crashed += 1;
        // The browser asks again with the same key.
        let outcome = act.carry_out(&house, by).await;
        if let Ok(outcome) = &outcome {
            assert!(!outcome.replayed, "{act:?}");
        }
        self.note(act, outcome);
    }

    fn note(&mut self, act: &Act, outcome: Result<Outcome, OpError>) {
        let outcome = match outcome {
            Ok(outcome) if outcome.replayed => {
                self.tally.repeated += 1;
                return;
            }
            Ok(outcome) => outcome,
            Err(error) => {
                assert!(act.may_be(&error), "{act:?}: {error:?}");
                self.tally.refused += 1;
                return;
            }
        };
        match act {
            Act::Sell(request) => {
                let expected = self.expected.entry(request.tenancy_id.clone()).or_default();
                expected.sales += 1;
                expected.bought_wh += request.energy_wh;
                expected.paid_minor += request.amount_minor;
                self.sold.push((request.clone(), outcome.id.clone()));
            }
            Act::Grant(request) => {
                self.expected.entry(request.tenancy_id.clone()).or_default().extra_wh += request.energy_wh;
            }
            Act::Void(request) => {
                assert!(!self.voided.contains(&request.sale_id), "taken back twice: {request:?}");
                self.voided.push(request.sale_id.clone());
                let (sale, _) = self.sold.iter().find(|(_, id)| *id == request.sale_id).unwrap();
                let expected = self.expected.get_mut(&sale.tenancy_id).unwrap();
                expected.bought_wh -= sale.energy_wh;
                expected.paid_minor -= sale.amount_minor;
            }
            Act::Judge(_) => self.tally.judged += 1,
            Act::Statement(_) => {}
        }
        self.done.push((act.clone(), outcome.id));
    }

    async fn somebody_uses(&mut self) {
        let room = self.rng.usize(0..3);
        let household = self.house.household(&self.house.rooms[room]).await;
        let desired = {
            let mut conn = self.house.db.read().await.unwrap();
            households::desired(&mut conn, &household).await.unwrap()
        };
        let left_wh = desired.credited_wh - desired.debited_wh - self.counted_wh[room] + OVERDRAFT_WH;
        if left_wh > 0 {
            self.counted_wh[room] += self.rng.i64(0..=left_wh.min(6_000));
        }
        self.house.meter_says(&self.house.rooms[room], self.counted_wh[room]).await;
    }

    /// A day goes by; the jobs run, on two servers at once, and sometimes the power goes meanwhile.
    async fn night(&mut self) {
        self.house.clock.advance(DAY_MS);
        let house = &self.house;
        if self.rng.usize(0..3) == 0 {
            crash::after(&house.db, self.rng.i64(0..20)).await;
            house.run_jobs().await;
            let _ = tick(&house.db, &*house.clock).await;
            crash::over(&house.db).await;
            // A run that stumbled waits a while.
            house.clock.advance(HOUR_MS);
        }
        let (first, second) =
            tokio::join!(tick(&house.db, &*house.clock), async { tick(&house.db, &*house.clock).await });
        first.and(second).unwrap();
        tokio::join!(house.run_jobs(), house.run_jobs());
        audit(&house.db, OVERDRAFT_WH).await;
    }

    /// A meter counts what nobody used, or forgets; it is held, and a manager calls it wrong (or, when the meter stays at
    /// less, right): nobody pays for it.
    async fn meter_slips(&mut self) {
        self.night().await;
        let room = self.rng.usize(0..3);
        let (id, tenancy) =
            (self.house.rooms[room].clone(), self.house.tenancy(&self.house.rooms[room]).await);
        let counted_wh = self.counted_wh[room];
        if self.purse(&tenancy).await.used_wh != counted_wh {
            return;
        }
        let back = counted_wh > 0 && self.rng.bool();
        let said_wh =
            if back { self.rng.i64(0..counted_wh) } else { counted_wh + JUMP_WH + self.rng.i64(0..JUMP_WH) };
        self.house.meter_says(&id, said_wh).await;
        self.house.clock.advance(DAY_MS);
        self.house.run_jobs().await;
        for _ in 0..self.rng.usize(0..3) {
            self.something_is_asked().await;
        }
        let held = {
            let mut conn = self.house.db.read().await.unwrap();
            quarantines::open_of(&mut conn, &tenancy).await.unwrap().unwrap()
        };
        let recovers = self.rng.bool();
        let decision = if back && !recovers { Decision::Accepted } else { Decision::Rejected };
        if recovers {
            self.house.meter_says(&id, counted_wh).await;
        } else {
            self.counted_wh[room] = said_wh;
            self.miscounted_wh[room] += said_wh - counted_wh;
        }
        let (key, note) = (self.house.key(), "looked at".to_owned());
        self.ask(Act::Judge(JudgeReading { key, quarantine_id: held.id.clone(), decision, note })).await;
        let mut conn = self.house.db.read().await.unwrap();
        if quarantines::get(&mut conn, &held.id).await.unwrap().unwrap().decision.is_none() {
            // Something else was asked instead.
            drop(conn);
            let (key, note) = (self.house.key(), "looked at".to_owned());
            let act = Act::Judge(JudgeReading { key, quarantine_id: held.id, decision, note });
            let outcome = act.carry_out(&self.house, &self.house.administrator).await;
            self.note(&act, outcome);
        }
    }

    async fn desk_changes_hands(&mut self) {
        let house = &self.house;
        let chief = &house.administrator;
        let mut conn = house.db.read().await.unwrap();
        let shift = wattwarden::store::shifts::open_of(&mut conn, &chief.user_id).await.unwrap().unwrap().id;
        let drawer = -balance(&mut conn, &Account::Drawer(shift.clone())).await.unwrap();
        drop(conn);
        house.close_shift(chief, &shift, (drawer + self.rng.i64(-3..4)).max(0)).await;
        house.open_shift(chief, self.rng.i64(0..20_000)).await;
    }

    async fn purse(&self, tenancy: &TenancyId) -> Purse {
        purses::get(&mut self.house.db.read().await.unwrap(), tenancy).await.unwrap()
    }

    /// Each thing was done once, all use was recognised, and what stands on paper was the books of its day.
    async fn reckon(&mut self) {
        let house = &self.house;
        let mut conn = house.db.read().await.unwrap();
        let mut used_wh = 0;
        for (room, id) in house.rooms[..3].iter().enumerate() {
            let tenancy = house.tenancy(id).await;
            let purse = purses::get(&mut conn, &tenancy).await.unwrap();
            assert_eq!(
                purse.used_wh, self.counted_wh[room],
                "room {room}: all that was counted is recognised"
            );
            used_wh += self.counted_wh[room] - self.miscounted_wh[room];
            let found = in_the_books(&mut conn, &tenancy).await;
            assert_eq!(found, self.expected.remove(&tenancy).unwrap_or_default(), "room {room}");
        }
        // A miscount goes through `consumed` on paper only when it is corrected: both sides cancel in `adjusted`.
        let consumed = balance(&mut conn, &Account::Consumed).await.unwrap();
        let adjusted = balance(&mut conn, &Account::Adjusted).await.unwrap();
        assert_eq!(consumed + adjusted, used_wh, "what was used, and nothing else, was billed");
        statements_on_paper(&mut conn, &self.done).await;
    }
}

async fn in_the_books(conn: &mut wattwarden::db::Connection, tenancy: &TenancyId) -> Expected {
    let (sales, bought_wh, paid_minor) = sqlx::query_as::<_, (i64, i64, i64)>(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN v.id IS NULL THEN s.energy_wh ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN v.id IS NULL THEN s.amount_minor ELSE 0 END), 0) AS BIGINT)
         FROM sales s LEFT JOIN voids v ON v.sale_id = s.id WHERE s.tenancy_id = $1",
    )
    .bind(tenancy.as_str())
    .fetch_one(&mut *conn)
    .await
    .unwrap();
    let (extra_wh,) = sqlx::query_as::<_, (i64,)>(
        "SELECT CAST(COALESCE(SUM(energy_wh), 0) AS BIGINT) FROM grants WHERE tenancy_id = $1 AND period LIKE 'extra:%'",
    )
    .bind(tenancy.as_str())
    .fetch_one(conn)
    .await
    .unwrap();
    Expected { sales: usize::try_from(sales).unwrap(), bought_wh, paid_minor, extra_wh }
}

/// Each statement adds up, and says of its period what the books say of it now: nothing was edited since.
async fn statements_on_paper(conn: &mut wattwarden::db::Connection, done: &[(Act, OperationId)]) {
    for (act, id) in done {
        let Act::Statement(request) = act else { continue };
        let kind = Kind::AccountStatement;
        let number = documents::number_of(conn, kind, id.as_str()).await.unwrap().unwrap();
        let issued = documents::get(conn, kind, number).await.unwrap().unwrap();
        let Document::AccountStatement(paper) = issued.content else { panic!("{number} is another kind") };
        let entries = wattwarden::store::account::of_tenancy(conn, &request.tenancy_id).await.unwrap();
        let books = wattwarden::books::account::Statement::of(entries, paper.from.ms, issued.issued.ms);
        // What happened in the very millisecond may stand on either side.
        let lines = &paper.lines[..books.entries.len().min(paper.lines.len())];
        assert_eq!((paper.opening, lines.len()), (books.opening, books.entries.len()), "AS {number}");
        for (line, entry) in lines.iter().zip(&books.entries) {
            assert_eq!((line.at.ms, line.event, line.after), (entry.at_ms, entry.event, entry.after));
        }
        let paid_wh: i64 = paper.lines.iter().map(|line| line.paid_wh).sum();
        let free_wh: i64 = paper.lines.iter().map(|line| line.subsidy_wh).sum();
        let minor: i64 = paper.lines.iter().map(|line| line.amount_minor).sum();
        assert_eq!(paper.opening.paid_wh + paid_wh, paper.closing.paid_wh, "AS {number}");
        assert_eq!(paper.opening.subsidy_wh + free_wh, paper.closing.subsidy_wh, "AS {number}");
        assert_eq!(paper.opening.prepaid_minor + minor, paper.closing.prepaid_minor, "AS {number}");
    }
}

fn seeds(count: usize) -> Vec<u64> {
    match std::env::var("SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..count).map(|_| fastrand::u64(..)).collect(),
    }
}

async fn one_life(db: Db, seed: u64) {
    println!("SEED={seed}");
    Life::begin(db, seed).await.live().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_stand_whatever_happens_on_sqlite() {
    for seed in seeds(3) {
        on_sqlite(|db| one_life(db, seed)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_stand_whatever_happens_on_postgres() {
    for seed in seeds(3) {
        on_postgres(|db| one_life(db, seed)).await;
    }
}
