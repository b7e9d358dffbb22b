//! Whatever happens, in whatever order, twice, at once, or with the power going at any write: the books stay the books.
//! `SEED=…` replays a history (what happens at once may fall out otherwise), `HISTORIES=…` lives through so many.

mod acts;
mod days;
mod moves;
mod reckoning;

use std::collections::HashMap;

use domain::actor::{Actor, Role};
use domain::allowance::{Calendar, Carry, FirstMonth};
use domain::ids::{OperationId, RoomId, TenancyId};
use fastrand::Rng;
use wattwarden::db::Db;
use wattwarden::ops::allowance::{ExtraGrant, RuleForm};
use wattwarden::ops::books::issue_statement::IssueStatement;
use wattwarden::ops::desk::sell::{Payment, SaleInput, SellRequest};
use wattwarden::ops::desk::void_sale::VoidSale;
use wattwarden::ops::kit::Outcome;
use wattwarden::ops::moves::refund_terms::SetRefundTerms;
use words::Lang;

use self::acts::{Act, No};
use crate::support::crash;
use crate::support::database::{on_postgres, on_sqlite};
use crate::support::house::{House, START_MS, add_user};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How far the meters of these histories let anybody go beyond what they have.
const OVERDRAFT_WH: i64 = 700;
/// How much too much somebody may read off a display.
const MISREAD_WH: i64 = 300;
const STEPS: usize = 70;

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
    /// Who approves what the administrator settled.
    second: Actor,
    rng: Rng,
    /// Whether anybody lives in each room.
    occupied: [bool; 3],
    /// What was billed to those who have left, in Wh.
    billed_wh: i64,
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
    ladders: usize,
    /// How often what was left of a month lapsed.
    lapsed: i64,
    refused: usize,
    crashed: usize,
    repeated: usize,
    judged: usize,
    moved: usize,
}

impl Life {
    async fn begin(db: Db, seed: u64) -> Self {
        let house = House::furnish(db).await;
        house.open_shift(&house.administrator, 0).await;
        let mut rng = Rng::with_seed(seed);
        let carry = [Carry::Lapse, Carry::Lapse, Carry::Cap(3_000), Carry::Keep][rng.usize(0..4)];
        let rule = RuleForm {
            key: house.key(),
            id: None,
            name: "Students".into(),
            room_wh: 6_000,
            person_wh: 1_000,
            kinds: Vec::new(),
            places: Vec::new(),
            carry,
            first_month: FirstMonth::Whole,
            calendar: Calendar { from_day: 20_000, until_day: None, months_off: 0, day: 3, minute: 60 },
        };
        house.perform(&house.administrator, rule).await.unwrap();
        let second = add_user(&house.db, &*house.clock, "second", Role::Manager).await;
        let terms = SetRefundTerms {
            key: house.key(),
            smallest_coin_minor: if rng.bool() { 1 } else { 10 },
            approval_above_minor: Some(2_000),
        };
        house.perform(&house.administrator, terms).await.unwrap();
        crash::prepare(&house.db).await;
        Self {
            house,
            second,
            rng,
            occupied: [true; 3],
            billed_wh: 0,
            counted_wh: [0; 3],
            miscounted_wh: [0; 3],
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
            match self.rng.usize(0..19) {
                0..=7 => self.something_is_asked().await,
                8..=11 => self.somebody_uses().await,
                12 => self.prices_change().await,
                13 => self.night().await,
                14 => self.meter_slips().await,
                15..=16 => self.somebody_moves().await,
                17 => self.a_month_goes_by().await,
                _ => self.desk_changes_hands().await,
            }
        }
        self.a_month_goes_by().await;
        for _ in 0..2 {
            self.night().await;
        }
        self.reckon().await;
        println!("{} done, {} taken back, {:?}", self.done.len(), self.voided.len(), self.tally);
    }

    /// One of the things an operator may ask for.
    async fn think(&mut self) -> Act {
        let room = self.an_occupied_room();
        let (room, tenancy_id) = self.whose(room).await;
        let house = &self.house;
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
                from_ms: self.rng.i64(0..START_MS + 2 * DAY_MS),
                to_ms: i64::MAX,
                language: Lang::En,
            }),
            _ if self.sold.is_empty() => Box::pin(self.think()).await,
            _ => {
                let recent = self.sold.len().saturating_sub(4)..self.sold.len();
                let sale_id = self.sold[self.rng.usize(recent)].1.clone();
                Act::Void(VoidSale { key: house.key(), sale_id, reason: "wrong room".into() })
            }
        }
    }

    fn an_occupied_room(&mut self) -> usize {
        let occupied: Vec<_> = (0..3).filter(|room| self.occupied[*room]).collect();
        occupied[self.rng.usize(0..occupied.len())]
    }

    async fn whose(&self, room: usize) -> (RoomId, TenancyId) {
        let room = self.house.rooms[room].clone();
        let tenancy = self.house.tenancy(&room).await;
        (room, tenancy)
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
                let outcome = act.carry_out(&house, &chief).await;
                self.note(&act, outcome);
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

    fn note(&mut self, act: &Act, outcome: Result<Outcome, No>) {
        let outcome = match outcome {
            Ok(outcome) if outcome.replayed => {
                self.tally.repeated += 1;
                return;
            }
            Ok(outcome) => outcome,
            Err(error) => {
                assert!(error.may_be(), "{act:?}: {error:?}");
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
            Act::Leave(_) | Act::Change(_) => self.tally.moved += 1,
            _ => {}
        }
        self.done.push((act.clone(), outcome.id));
    }
}

/// The one that is to be replayed, or as many as are asked for, or `count`.
fn seeds(count: usize) -> Vec<u64> {
    let asked = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match (asked("SEED"), asked("HISTORIES")) {
        (Some(seed), _) => vec![seed],
        (None, many) => (0..many.unwrap_or(count as u64)).map(|_| fastrand::u64(..)).collect(),
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
