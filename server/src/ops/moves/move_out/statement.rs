//! The refund statement: everything that happened on the account, frozen under a number when it is settled.

use std::collections::BTreeMap;

use domain::books::settlement::Sharing;
use domain::books::{Lot, LotSource, Rest};
use jiff::tz::TimeZone;
use paper::Document;
use paper::content::{GrantLine, MonthUse, Payee, Purchase, RefundStatement, RefundedLot, SetOff};
use paper::parts::{Moment, Outlet, Payment, Person, Place, Reading};
use sqlx::AnyConnection;

use super::settle_request::{SettleRequest, Worked};
use super::wind_up::WoundUp;
use crate::db::DbError;
use crate::ops::kit::Operation;
use crate::store::desk::sales::receipt_number;
use crate::store::moves::departures::Departure;
use crate::store::moves::statements::{self, GrantRow, TenancyFacts};
use crate::store::papers::documents::{NewDocument, issue as issue_document};
use crate::store::papers::letterhead;
use crate::store::places::site;

/// Issues the statement and answers its number.
pub(super) async fn issue(
    conn: &mut AnyConnection,
    operation: &Operation,
    request: &SettleRequest,
    departure: &Departure,
    wound_up: &WoundUp,
    worked: &Worked,
) -> Result<i64, DbError> {
    let zone = site::required(conn).await?.time_zone;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let facts = statements::facts(conn, departure).await?;
    let facts = facts.ok_or_else(|| DbError::Corrupt(format!("no account of {}", departure.tenancy_id)))?;
    let mut statement = RefundStatement {
        letterhead: letterhead::get(conn).await?.unwrap_or_default(),
        grants: grants(statements::grants(conn, &departure.tenancy_id).await?, &zone),
        consumption: months(statements::use_of(conn, &departure.tenancy_id).await?, &zone),
        purchases: purchases(conn, wound_up, &zone).await?,
        settled_by: operation.by.name().to_owned(),
        lapsed_wh: wound_up.lapsed_wh,
        ..RefundStatement::default()
    };
    fill_place(&mut statement, &facts, departure, wound_up, &zone);
    fill_sums(&mut statement, request, wound_up, worked, &zone);
    statement.verify().map_err(|unequal| DbError::Corrupt(unequal.to_string()))?;
    let names: Vec<_> = statement.residents.iter().map(|person| person.name.as_str()).collect();
    let by = operation.by.id();
    let label = format!("{} {}: {}", facts.building, facts.room, names.join(", "));
    let content = Document::RefundStatement(statement);
    let document = NewDocument {
        operation: &operation.id,
        content: &content,
        language: request.language,
        subject: departure.id.as_str(),
        label: &label,
        issued_by: by.as_str(),
        issued: Moment::at(operation.at_ms, &zone),
    };
    issue_document(conn, &document).await
}

fn fill_place(
    statement: &mut RefundStatement,
    facts: &TenancyFacts,
    departure: &Departure,
    wound_up: &WoundUp,
    zone: &TimeZone,
) {
    let last = wound_up.last;
    statement.place =
        Place { building: facts.building.clone(), floor: facts.floor.clone(), room: facts.room.clone() };
    statement.outlet = Outlet { serial: facts.serial.unwrap_or(0), position: facts.position.unwrap_or(0) };
    statement.from = Moment::at(facts.opened_ms, zone);
    statement.to = Moment::at(last.at_ms, zone);
    // What was used in the epoch is counted from its opening, so its end tells its beginning to the watt-hour.
    let opening_wh = departure.closed_total_wh.map(|total_wh| total_wh - last.used_wh);
    let opening_wh = opening_wh.or(facts.opening_energy_wh);
    statement.opening = opening_wh.map(|total_wh| Reading { total_wh, at: statement.from, entered: false });
    let total_wh = departure.closed_total_wh.unwrap_or(opening_wh.unwrap_or(0) + last.used_wh);
    statement.closing = Reading { total_wh, at: statement.to, entered: last.entered };
}

fn fill_sums(
    statement: &mut RefundStatement,
    request: &SettleRequest,
    wound_up: &WoundUp,
    worked: &Worked,
    zone: &TimeZone,
) {
    let person = |name: &str, number: &str| Person { name: name.to_owned(), number: number.to_owned() };
    let people = &worked.shares;
    statement.residents = people.iter().map(|(one, _)| person(&one.name, &one.number)).collect();
    statement.refunded = wound_up.rests.iter().map(|rest| refunded(rest, zone)).collect();
    statement.set_offs = request
        .debts
        .iter()
        .map(|debt| SetOff { text: debt.text.clone(), amount_minor: debt.amount_minor })
        .collect();
    statement.rounding_minor = worked.sums.rounding_minor;
    statement.total_minor = worked.sums.refund_minor;
    statement.owed_minor = worked.sums.owed_minor;
    statement.sharing = match request.sharing {
        Sharing::Equal => "equally",
        Sharing::Paid => "by-payments",
        Sharing::One => "one-payee",
    }
    .to_owned();
    statement.payees = people
        .iter()
        .filter(|(_, amount_minor)| *amount_minor > 0)
        .map(|(one, amount_minor)| Payee {
            person: person(&one.name, &one.number),
            amount_minor: *amount_minor,
            payment: None,
        })
        .collect();
}

/// What a lot is called on paper: the number on its receipt.
fn reference(lot: &Lot) -> String {
    receipt_number(&lot.operation_id)
}

fn refunded(rest: &Rest, zone: &TimeZone) -> RefundedLot {
    RefundedLot {
        bought: Moment::at(rest.lot.at_ms, zone),
        reference: reference(&rest.lot),
        energy_wh: rest.energy_wh,
        price_per_kwh: rest.lot.price_per_kwh.clone(),
        amount_minor: rest.amount_minor,
    }
}

async fn purchases(
    conn: &mut AnyConnection,
    wound_up: &WoundUp,
    zone: &TimeZone,
) -> Result<Vec<Purchase>, DbError> {
    let payments = statements::payments(conn, &wound_up.standing.tenancy_id).await?;
    let payments: BTreeMap<_, _> =
        payments.into_iter().map(|row| (row.sale_id, (row.channel, row.reference))).collect();
    let purchase = |lot: &Lot| {
        let (channel, reference_of) = payments.get(&lot.operation_id).cloned().unwrap_or_default();
        Purchase {
            at: Moment::at(lot.at_ms, zone),
            reference: reference(lot),
            carried: lot.source == LotSource::Carried,
            payment: Payment { channel, reference: reference_of },
            energy_wh: lot.energy_wh,
            price_per_kwh: lot.price_per_kwh.clone(),
            amount_minor: lot.amount_minor,
        }
    };
    Ok(wound_up.standing.paid.as_slice().iter().map(purchase).collect())
}

fn grants(rows: Vec<GrantRow>, zone: &TimeZone) -> Vec<GrantLine> {
    rows.into_iter()
        .map(|row| GrantLine {
            at: Moment::at(row.at_ms, zone),
            period: row.period,
            energy_wh: row.energy_wh,
        })
        .collect()
}

/// Use by the site's months: each piece counts in the month in which it was read.
fn months(rows: Vec<statements::UseRow>, zone: &TimeZone) -> Vec<MonthUse> {
    let mut months: BTreeMap<String, MonthUse> = BTreeMap::new();
    for row in rows {
        let at = jiff::Timestamp::from_millisecond(row.seen_ms).unwrap_or_default();
        let month = at.to_zoned(zone.clone()).strftime("%Y-%m").to_string();
        let line = months.entry(month.clone()).or_insert_with(|| MonthUse { month, ..MonthUse::default() });
        line.subsidy_wh += row.subsidy_wh;
        line.paid_wh += row.paid_wh;
        line.paid_minor += row.paid_minor;
    }
    months.into_values().collect()
}
