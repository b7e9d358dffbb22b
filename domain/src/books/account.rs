//! A tenancy's account: what its transfers amount to, event by event, with what stood on it after each.

use crate::books::{AccountEvent, Balances};
use crate::ids::{OperationId, TenancyId};

/// A transfer into or out of an account of a tenancy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The operation that moved it.
    pub operation_id: OperationId,
    /// When, site time.
    pub at_ms: i64,
    /// Which of the tenancy's accounts, by name.
    pub account: String,
    /// The account on the other side, by name.
    pub other: String,
    /// In, or, below zero, out; in minor units or Wh.
    pub amount: i64,
}

/// Something that happened on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The operation.
    pub operation_id: OperationId,
    /// When, site time.
    pub at_ms: i64,
    /// What.
    pub event: AccountEvent,
    /// A receipt's number, a month: what tells it from its like. May be empty.
    pub text: String,
    /// Paid energy in, or, below zero, out; in Wh.
    pub paid_wh: i64,
    /// Free energy in or out, in Wh.
    pub subsidy_wh: i64,
    /// Prepaid money in or out, in minor units.
    pub amount_minor: i64,
    /// What stood on the account right after it.
    pub after: Balances,
}

/// What happened in a period, between two balances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// At its beginning.
    pub opening: Balances,
    /// In order.
    pub entries: Vec<Entry>,
    /// At its end.
    pub closing: Balances,
}

/// The entries that a tenancy's movements, in order, amount to.
#[must_use]
pub fn entries(tenancy: &TenancyId, movements: &[Movement]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for movement in movements {
        let event = event(movement);
        let same = |entry: &&mut Entry| entry.operation_id == movement.operation_id && entry.event == event;
        // An operation's movements stand together, but it may do more than one thing.
        match entries.iter_mut().rev().take(EVENTS).find(same) {
            Some(entry) => entry.add(tenancy, movement),
            None => {
                let mut entry = Entry {
                    operation_id: movement.operation_id.clone(),
                    at_ms: movement.at_ms,
                    event,
                    text: String::new(),
                    paid_wh: 0,
                    subsidy_wh: 0,
                    amount_minor: 0,
                    after: Balances::default(),
                };
                entry.add(tenancy, movement);
                entries.push(entry);
            }
        }
    }
    let mut after = Balances::default();
    for entry in &mut entries {
        after.paid_wh += entry.paid_wh;
        after.subsidy_wh += entry.subsidy_wh;
        after.prepaid_minor += entry.amount_minor;
        entry.after = after;
    }
    entries
}

/// Kinds of event: an operation does each of them once at most.
const EVENTS: usize = 9;

impl Entry {
    fn add(&mut self, tenancy: &TenancyId, movement: &Movement) {
        let account = movement.account.strip_suffix(tenancy.as_str()).unwrap_or(&movement.account);
        match account {
            "energy:purse:" => self.paid_wh += movement.amount,
            "energy:subsidy:" => self.subsidy_wh += movement.amount,
            _ => self.amount_minor += movement.amount,
        }
    }
}

/// What a movement belongs to follows from the account on the other side and from its direction.
fn event(movement: &Movement) -> AccountEvent {
    let (coming, mut parts) = (movement.amount > 0, movement.other.splitn(3, ':'));
    let kind = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match kind {
        ("energy", "issued") | ("money", "cash" | "channel") if coming => AccountEvent::Sale,
        ("energy", "issued") | ("money", "cash" | "channel") => AccountEvent::Void,
        ("energy", "granted") => AccountEvent::Grant,
        ("energy", "lapsed") => AccountEvent::Lapse,
        ("energy", "consumed") | ("money", "revenue") => AccountEvent::Use,
        ("energy", "purse" | "subsidy") | ("money", "prepaid") if coming => AccountEvent::CarriedIn,
        ("energy", "purse" | "subsidy") | ("money", "prepaid") => AccountEvent::CarriedOut,
        ("energy", "refunded") | ("money", "refunds-payable" | "rounding" | "set-off") => {
            AccountEvent::Refund
        }
        _ => AccountEvent::Adjustment,
    }
}

impl Statement {
    /// Of the entries from `from_ms` until before `until_ms`.
    #[must_use]
    pub fn of(entries: Vec<Entry>, from_ms: i64, until_ms: i64) -> Self {
        let before = entries.iter().rev().find(|entry| entry.at_ms < from_ms);
        let opening = before.map(|entry| entry.after).unwrap_or_default();
        let within = |entry: &Entry| (from_ms..until_ms).contains(&entry.at_ms);
        let entries: Vec<_> = entries.into_iter().filter(within).collect();
        let closing = entries.last().map_or(opening, |entry| entry.after);
        Self { opening, entries, closing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(operation: &str, at_ms: i64, account: &str, other: &str, amount: i64) -> Movement {
        let operation_id = OperationId(operation.to_owned());
        Movement { operation_id, at_ms, account: format!("{account}:t"), other: other.to_owned(), amount }
    }

    fn history() -> Vec<Entry> {
        let movements = [
            movement("sale", 10, "money:prepaid", "money:cash:x", 1000),
            movement("sale", 10, "energy:purse", "energy:issued", 20_000),
            movement("grant", 20, "energy:subsidy", "energy:granted", 5_000),
            movement("void", 30, "energy:subsidy", "energy:consumed", -5_000),
            movement("void", 30, "energy:purse", "energy:consumed", -2_000),
            movement("void", 30, "money:prepaid", "money:revenue", -100),
            movement("void", 30, "money:prepaid", "money:cash:x", -900),
            movement("void", 30, "energy:purse", "energy:issued", -18_000),
        ];
        entries(&TenancyId("t".to_owned()), &movements)
    }

    #[test]
    fn an_operation_that_does_two_things_is_two_entries() {
        let entries = history();
        let events: Vec<_> = entries.iter().map(|entry| entry.event).collect();
        use AccountEvent::{Grant, Sale, Use, Void};
        assert_eq!(events, [Sale, Grant, Use, Void]);
        let used = &entries[2];
        assert_eq!((used.paid_wh, used.subsidy_wh, used.amount_minor), (-2_000, -5_000, -100));
        assert_eq!(used.after, Balances { paid_wh: 18_000, subsidy_wh: 0, prepaid_minor: 900 });
        assert_eq!(entries[3].after, Balances::default());
    }

    #[test]
    fn a_statement_begins_with_what_stood_before() {
        let statement = Statement::of(history(), 20, 30);
        assert_eq!(statement.opening, Balances { paid_wh: 20_000, subsidy_wh: 0, prepaid_minor: 1000 });
        assert_eq!(statement.entries.len(), 1);
        assert_eq!(statement.closing.subsidy_wh, 5_000);
        let empty = Statement::of(history(), 11, 12);
        assert_eq!((empty.opening, empty.entries.len()), (empty.closing, 0));
    }
}
