//! What a shift and a day at the desk come to: plain figures for pages and documents, each recomputed from the books.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::sales::{self, Sale};
use super::shifts::{self, Filter, Shift};
use super::takings::{self, Quarter};
use crate::db::DbError;
use crate::store::books::flows::{self, Flow};

/// The most sales of a shift on its report; a cashier who sells one a minute for a day makes fewer.
const MOST_SALES: i64 = 2_000;
/// The most shifts of a day on its report.
const MOST_SHIFTS: i64 = 1_000;

/// How many, and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// Together, in minor units.
    pub amount_minor: i64,
}

impl Sum {
    fn add(&mut self, flow: &Flow) {
        self.count += flow.count;
        self.amount_minor += flow.amount_minor;
    }
}

/// What went into a drawer and out of it, but for its count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawer {
    /// Change from the safe, in minor units.
    pub float_minor: i64,
    /// Cash for electricity.
    pub sales: Sum,
    /// Cash given back for voided sales.
    pub voids: Sum,
    /// Cash paid out for refunds.
    pub refunds: Sum,
    /// Anything else, in less out, in minor units.
    pub other_minor: i64,
}

impl Drawer {
    /// From the flows of its account.
    #[must_use]
    pub fn of(flows: &[Flow]) -> Self {
        let mut drawer = Self::default();
        for flow in flows {
            match (flow.debit.as_str(), flow.credit.as_str()) {
                ("cash", "safe") => drawer.float_minor += flow.amount_minor,
                ("cash", "prepaid") => drawer.sales.add(flow),
                ("prepaid", "cash") => drawer.voids.add(flow),
                ("refunds-payable", "cash") => drawer.refunds.add(flow),
                // The count itself.
                ("safe" | "cash-difference", "cash") | ("cash", "cash-difference") => {}
                ("cash", _) => drawer.other_minor += flow.amount_minor,
                _ => drawer.other_minor -= flow.amount_minor,
            }
        }
        drawer
    }

    /// What must be in it, in minor units.
    #[must_use]
    pub fn expected_minor(&self) -> i64 {
        self.float_minor + self.sales.amount_minor - self.voids.amount_minor - self.refunds.amount_minor
            + self.other_minor
    }
}

/// A shift and everything in it.
#[derive(Clone, Debug)]
pub struct ShiftReport {
    /// The shift.
    pub shift: Shift,
    /// Its drawer, from the transfers.
    pub drawer: Drawer,
    /// Its sales, the newest first, voided ones among them.
    pub sales: Vec<Sale>,
    /// Its sales and voids by quarter of an hour.
    pub quarters: Vec<Quarter>,
}

impl ShiftReport {
    /// The energy of its sales less that of its voids, in Wh.
    #[must_use]
    pub fn net_wh(&self) -> i64 {
        self.quarters.iter().map(Quarter::net_wh).sum()
    }
}

/// Reads a shift's report.
pub async fn shift_report(conn: &mut AnyConnection, shift: Shift) -> Result<ShiftReport, DbError> {
    let drawer = Drawer::of(&flows::of_drawer(conn, &shift.id).await?);
    let sales = sales::of_shift(conn, &shift, MOST_SALES).await?;
    let until_ms = shift.closed_ms.unwrap_or(i64::MAX / 2);
    // A sale that the count waited for carries a time a moment after the closing's.
    let period = (shift.opened_ms, until_ms + sales::CLOCKS_APART_MS);
    let quarters = takings::quarters(conn, period, Some(&shift.id)).await?;
    Ok(ShiftReport { shift, drawer, sales, quarters })
}

/// What came and went over one channel in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelDay {
    /// `cash` or the channel's name.
    pub channel: String,
    /// Paid for electricity.
    pub sales: Sum,
    /// Given back for voided sales.
    pub voids: Sum,
    /// Paid out for refunds.
    pub refunds: Sum,
    /// The energy of the sales less that of the voids, in Wh.
    pub net_wh: i64,
}

impl ChannelDay {
    /// In less out, in minor units.
    #[must_use]
    pub fn net_minor(&self) -> i64 {
        self.sales.amount_minor - self.voids.amount_minor - self.refunds.amount_minor
    }
}

/// What a line of the reconciliation is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Sales over a channel.
    Sales(String),
    /// Voids of sales over a channel.
    Voids(String),
    /// Floats out of the safe.
    Floats,
    /// Counted drawers into the safe.
    Counted,
    /// Counted less expected.
    Differences,
}

/// The same sum from two sides: the records of the desk, and the transfers of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What it is.
    pub subject: Subject,
    /// From sales, voids and shifts, in minor units.
    pub records_minor: i64,
    /// From the transfers, in minor units.
    pub books_minor: i64,
}

impl Compared {
    /// Whether they agree to the smallest unit.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.records_minor == self.books_minor
    }
}

/// A day at the desk.
#[derive(Clone, Debug)]
pub struct DayEnd {
    /// The shifts that were open in it, each with its whole drawer, the newest first.
    pub shifts: Vec<(Shift, Drawer)>,
    /// Cash first, then the other channels by name; refunds are in the channel they were paid over.
    pub channels: Vec<ChannelDay>,
    /// Records against books.
    pub compared: Vec<Compared>,
}

impl DayEnd {
    /// Whether every line of the reconciliation agrees.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.compared.iter().all(Compared::agrees)
    }
}

/// Reads the day from `from_ms` until before `to_ms`.
pub async fn day_end(conn: &mut AnyConnection, from_ms: i64, to_ms: i64) -> Result<DayEnd, DbError> {
    let filter = Filter { user_id: None, from_ms: Some(from_ms), to_ms: Some(to_ms) };
    let mut shifts = Vec::new();
    for shift in shifts::list(conn, &filter, MOST_SHIFTS).await? {
        let drawer = Drawer::of(&flows::of_drawer(conn, &shift.id).await?);
        shifts.push((shift, drawer));
    }
    let flows = flows::of_period(conn, from_ms, to_ms).await?;
    let quarters = takings::quarters(conn, (from_ms, to_ms), None).await?;
    let within = |ms: i64| (from_ms..to_ms).contains(&ms);
    let compared = compare(&flows, &quarters, shifts.iter().map(|(shift, _)| shift), within);
    Ok(DayEnd { channels: channels(&flows, &quarters), shifts, compared })
}

/// What came and went over each channel by the books, and what was sold by the records, from `from_ms` until before
/// `to_ms`.
pub async fn takings(
    conn: &mut AnyConnection,
    from_ms: i64,
    to_ms: i64,
) -> Result<(Vec<ChannelDay>, Vec<Quarter>), DbError> {
    let flows = flows::of_period(conn, from_ms, to_ms).await?;
    let quarters = takings::quarters(conn, (from_ms, to_ms), None).await?;
    Ok((channels(&flows, &quarters), quarters))
}

fn channels(flows: &[Flow], quarters: &[Quarter]) -> Vec<ChannelDay> {
    let mut days: BTreeMap<String, ChannelDay> = BTreeMap::new();
    for flow in flows {
        let (Some(channel), is_in) = (channel_of(flow), is_money_in(&flow.debit)) else { continue };
        let day = days.entry(channel.to_owned()).or_default();
        match (is_in, flow.debit.as_str(), flow.credit.as_str()) {
            (true, _, "prepaid") => day.sales.add(flow),
            (false, "prepaid", _) => day.voids.add(flow),
            (false, "refunds-payable", _) => day.refunds.add(flow),
            _ => {}
        }
    }
    for quarter in quarters {
        days.entry(quarter.channel.clone()).or_default().net_wh += quarter.net_wh();
    }
    let mut days: Vec<_> = days.into_iter().map(|(channel, day)| ChannelDay { channel, ..day }).collect();
    days.retain(|day| (day.sales.count, day.voids.count, day.refunds.count) != (0, 0, 0));
    days.sort_by_key(|day| day.channel != "cash");
    days
}

fn is_money_in(account: &str) -> bool {
    account == "cash" || account.starts_with("channel:")
}

fn channel_of(flow: &Flow) -> Option<&str> {
    let account = [&flow.debit, &flow.credit].into_iter().find(|account| is_money_in(account))?;
    Some(account.strip_prefix("channel:").unwrap_or(account))
}

fn compare<'a>(
    flows: &[Flow],
    quarters: &[Quarter],
    shifts: impl Iterator<Item = &'a Shift>,
    within: impl Fn(i64) -> bool,
) -> Vec<Compared> {
    let mut sides: BTreeMap<Subject, (i64, i64)> =
        [Subject::Floats, Subject::Counted, Subject::Differences].map(|subject| (subject, (0, 0))).into();
    let mut record = |subject, minor: i64| sides.entry(subject).or_default().0 += minor;
    for quarter in quarters {
        record(Subject::Sales(quarter.channel.clone()), quarter.sold_minor);
        record(Subject::Voids(quarter.channel.clone()), quarter.voided_minor);
    }
    for shift in shifts {
        if within(shift.opened_ms) {
            record(Subject::Floats, shift.float_minor);
        }
        if shift.closed_ms.is_some_and(&within) {
            record(Subject::Counted, shift.counted_minor.unwrap_or(0));
            record(Subject::Differences, shift.difference_minor().unwrap_or(0));
        }
    }
    for flow in flows {
        let channel = || channel_of(flow).unwrap_or_default().to_owned();
        let (subject, sign) = match (flow.debit.as_str(), flow.credit.as_str()) {
            ("cash", "safe") => (Subject::Floats, 1),
            ("safe", "cash") => (Subject::Counted, 1),
            ("cash", "cash-difference") => (Subject::Differences, 1),
            ("cash-difference", "cash") => (Subject::Differences, -1),
            (debit, "prepaid") if is_money_in(debit) => (Subject::Sales(channel()), 1),
            ("prepaid", credit) if is_money_in(credit) => (Subject::Voids(channel()), 1),
            _ => continue,
        };
        sides.entry(subject).or_default().1 += sign * flow.amount_minor;
    }
    let line = |(subject, (records_minor, books_minor))| Compared { subject, records_minor, books_minor };
    sides.into_iter().map(line).collect()
}
