//! `bench sales`: durable sales a second through the same operation the desk uses, each answered only once durable,
//! beside the engine's own rate of single durable inserts at the same concurrency.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::actor::Actor;
use domain::ids::new_id;
use futures_util::future::{BoxFuture, join_all};

use super::house::{self, House};
use super::{Latencies, table};
use crate::db::{Db, DbError, sql};
use crate::ops::desk::sell::{Payment, SaleInput, SellRequest, quote};
use crate::ops::kit::{Key, NoField, Ops};
use crate::process::clock::SystemClock;
use crate::tools::ToolError;

/// Rooms that buy. Enough that cashiers seldom meet in one.
const ROOMS: usize = 220;

/// One line of the result.
#[derive(Clone, Debug)]
pub struct Line {
    /// How many cashiers sell at a time, each the next sale once the last is answered.
    pub cashiers: usize,
    /// Sales, each durable when answered.
    pub sales: Latencies,
    /// The bare peer: single-row durable inserts, one transaction each, on the same connections.
    pub bare: Latencies,
}

/// A furnished house in which to sell.
pub struct Market {
    ops: Ops,
    cashiers: Vec<Actor>,
    quotes: Vec<SellRequest>,
}

impl Market {
    /// Furnishes an empty, migrated database.
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn open(db: Db, most_cashiers: usize) -> Result<Self, ToolError> {
        let House { cashiers, rooms, .. } = house::furnish(&db, ROOMS, most_cashiers).await?;
        let mut quotes = Vec::new();
        for room in &rooms {
            let quote = quote(&db, &SystemClock, room, SaleInput::Energy(1_000)).await?;
            quotes.push(SellRequest {
                key: Key::new(&SystemClock),
                room_id: room.clone(),
                tenancy_id: quote.tenancy_id,
                amount_minor: quote.amount_minor,
                energy_wh: quote.energy_wh,
                price_per_kwh: quote.price.to_string(),
                payment: Payment::Cash,
                payer_id: None,
            });
        }
        let ops = Ops::new(db, Arc::new(SystemClock), Arc::new(NoField));
        Ok(Self { ops, cashiers, quotes })
    }

    /// Sells for `duration` with so many cashiers at a time, and measures the bare peer for as long.
    ///
    /// # Errors
    /// The first sale's that failed: none may.
    pub async fn measure(&self, cashiers: usize, duration: Duration) -> Result<Line, ToolError> {
        let sales = run(cashiers, duration, |cashier, count| {
            let mut request = self.quotes[(cashier * 31 + count * 7) % self.quotes.len()].clone();
            let actor = &self.cashiers[cashier % self.cashiers.len()];
            Box::pin(async move {
                request.key = Key::new(&SystemClock);
                Ok(self.ops.perform(actor, request).await.map(drop)?)
            })
        })
        .await?;
        let bare = run(cashiers, duration, |_, _| {
            Box::pin(async move { Ok(insert_one(&self.ops.db, new_id(&SystemClock)).await?) })
        })
        .await?;
        Ok(Line { cashiers, sales, bare })
    }
}

async fn run<'a>(
    callers: usize,
    duration: Duration,
    call: impl Fn(usize, usize) -> BoxFuture<'a, Result<(), ToolError>>,
) -> Result<Latencies, ToolError> {
    let started = Instant::now();
    let call = &call;
    let callers = (0..callers).map(|caller| async move {
        let mut latencies = Vec::new();
        while started.elapsed() < duration {
            let asked = Instant::now();
            call(caller, latencies.len()).await?;
            latencies.push(asked.elapsed());
        }
        Ok::<_, ToolError>(latencies)
    });
    let mut latencies = Vec::new();
    for caller in join_all(callers).await {
        latencies.extend(caller?);
    }
    Ok(Latencies::new(latencies, started.elapsed()))
}

/// The bare peer: what a caller pays for durability alone.
async fn insert_one(db: &Db, id: String) -> Result<(), DbError> {
    db.bare_write(sql!(
        "INSERT INTO residents (id, number, name, created_ms) VALUES ($1, $2, 'bare', 0)",
        id.clone(),
        id,
    ))
    .await
}

/// The result as a table.
#[must_use]
pub fn show(lines: &[Line]) -> String {
    let rows = lines.iter().map(|line| {
        vec![
            line.cashiers.to_string(),
            format!("{:.0}", line.sales.rate()),
            format!("{:.2}", line.sales.at_ms(500)),
            format!("{:.2}", line.sales.at_ms(990)),
            format!("{:.2}", line.sales.at_ms(1000)),
            format!("{:.0}", line.bare.rate()),
            format!("{:.2}", line.sales.rate() / line.bare.rate()),
        ]
    });
    table(&["cashiers", "sales/s", "p50 ms", "p99 ms", "max ms", "bare inserts/s", "ratio"], rows)
}

/// Measures on `db` at each concurrency.
///
/// # Errors
/// Those of [`Market`].
pub async fn measure(db: Db, cashiers: &[usize], duration: Duration) -> Result<Vec<Line>, ToolError> {
    let market = Market::open(db, cashiers.iter().copied().max().unwrap_or(1)).await?;
    let mut lines = Vec::new();
    for &count in cashiers {
        lines.push(market.measure(count, duration).await?);
    }
    Ok(lines)
}
