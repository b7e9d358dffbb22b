//! One document of each kind, as it might be: long names, rare characters, more rows than a page holds.

use domain::books::{AccountEvent, Balances};
use paper::content::{
    AccountLine, AccountStatement, Adjustment, GrantLine, MonthUse, Payee, PriceStep, Purchase, Receipt,
    RefundStatement, RefundedLot, SalesGroup, SalesGrouping, SalesReport, SalesRow, SetOff, ShiftEntry,
    ShiftEvent, ShiftReport, ShiftSum, Span, SubsidyReport, SubsidyRow,
};
use paper::parts::{Letterhead, Moment, Outlet, Payment, Person, Place, Reading};
use paper::sheet::{Paper, Sheet};
use paper::{Document, Issue, sheet};
use words::Lang;

/// Names that tell whether the fonts are whole.
pub const RARE: &str = "喆堃璟";

const HOUR_MS: i64 = 3_600_000;

fn at(hours: i64) -> Moment {
    Moment { ms: 1_788_220_800_000 + hours * HOUR_MS, offset_s: 28_800 }
}

fn letterhead() -> Letterhead {
    Letterhead {
        site: "Lakeside University Residences 湖畔大学学生公寓".into(),
        lines: vec!["1 College Road, Hangzhou 310000 杭州市学院路 1 号".into(), "Tel. 0571 8888 0000".into()],
        currency: "CNY".into(),
        currency_digits: 2,
    }
}

fn place() -> Place {
    Place { building: "North 北楼".into(), floor: "3".into(), room: "0312".into() }
}

fn residents() -> Vec<Person> {
    let person = |name: &str, number: &str| Person { name: name.into(), number: number.into() };
    vec![
        person("王喆", "20260001"),
        person("李堃", "20260002"),
        person("Aleksandra Wiśniewska-Kowalczyk", "20260003"),
        person("赵璟", "20260004"),
    ]
}

fn outlet() -> Outlet {
    Outlet { serial: 202_600_000_017, position: 3 }
}

fn cash() -> Payment {
    Payment { channel: "cash".into(), reference: None }
}

/// Every kind, with `rows` rows where it has any.
pub fn samples(rows: i64) -> Vec<Document> {
    vec![
        Document::Receipt(receipt()),
        Document::RefundStatement(refund(rows)),
        Document::AccountStatement(account(rows)),
        Document::SubsidyReport(subsidy(rows, false)),
        Document::ShiftReport(shift(rows)),
        Document::SalesReport(sales(rows)),
    ]
}

/// The sample on paper.
pub fn on_paper(document: &Document, language: Lang, paper: Paper, copy: bool) -> Sheet {
    let issue = Issue { number: 123, language, issued: at(2_000), code: "7G2KQ-X0M4T", copy, paper };
    sheet(document, &issue)
}

pub fn receipt() -> Receipt {
    Receipt {
        letterhead: letterhead(),
        sale_number: "01999ABCDEF-1A2B3C4D".into(),
        place: place(),
        residents: residents(),
        outlet: outlet(),
        at: at(1),
        cashier: "Chen 陈".into(),
        payment: cash(),
        energy_wh: 91_424,
        amount_minor: 5_000,
        steps: vec![PriceStep { energy_wh: 91_424, price_per_kwh: "0.5469".into(), amount_minor: 5_000 }],
        voided: false,
    }
}

pub fn refund(rows: i64) -> RefundStatement {
    let purchase = |n: i64| Purchase {
        at: at(n * 24),
        reference: format!("RC-{:06}", 400 + n),
        carried: n == 0,
        payment: if n % 3 == 2 {
            Payment { channel: "bank-transfer".into(), reference: Some("ICBC 88213-04".into()) }
        } else {
            cash()
        },
        energy_wh: 91_424 + n,
        price_per_kwh: "0.5469".into(),
        amount_minor: 5_000,
    };
    let lot = |n: i64| RefundedLot {
        bought: at(n * 24),
        reference: format!("RC-{:06}", 400 + n),
        energy_wh: 45_712,
        price_per_kwh: "0.5469".into(),
        amount_minor: 2_500,
    };
    let share = |(person, amount_minor): (Person, i64)| Payee { person, amount_minor, payment: Some(cash()) };
    RefundStatement {
        letterhead: letterhead(),
        place: place(),
        residents: residents(),
        outlet: outlet(),
        from: at(0),
        to: at(7_000),
        opening: Some(Reading { total_wh: 12_345_678, at: at(0), entered: false }),
        closing: Reading { total_wh: 13_456_789, at: at(7_000), entered: true },
        purchases: (0..rows).map(purchase).collect(),
        grants: (1..=4)
            .map(|n| GrantLine { at: at(n * 720), period: format!("2026-{:02}", 8 + n), energy_wh: 8_000 })
            .collect(),
        consumption: (1..=4)
            .map(|n| MonthUse {
                month: format!("2026-{:02}", 8 + n),
                subsidy_wh: 8_000,
                paid_wh: 77_031 + n,
                paid_minor: 4_213,
            })
            .collect(),
        lapsed_wh: 3_210,
        adjustments: vec![Adjustment {
            at: at(6_990),
            reason: "The meter was read by a person; it reported the difference when it came back.".into(),
            energy_wh: -120,
            amount_minor: -7,
        }],
        refunded: (rows - 2..rows).map(lot).collect(),
        set_offs: vec![SetOff {
            text: "One key not returned 未归还钥匙一把".into(), amount_minor: 1_500
        }],
        rounding_minor: 5,
        total_minor: 3_505,
        owed_minor: 0,
        sharing: "equally".into(),
        payees: residents().into_iter().zip([877, 876, 876, 876]).map(share).collect(),
        settled_by: "Chen 陈".into(),
    }
}

pub fn account(rows: i64) -> AccountStatement {
    let events = [AccountEvent::Use, AccountEvent::Sale, AccountEvent::Grant, AccountEvent::Lapse];
    let line = |n: i64| AccountLine {
        at: at(n * 12),
        event: events[usize::try_from(n % 4).unwrap()],
        text: if n % 4 == 1 { format!("RC-{n:06}") } else { String::new() },
        paid_wh: -1_234 * n,
        subsidy_wh: 250 * n,
        amount_minor: -67 * n,
        after: Balances { paid_wh: 1_000_000 - n, subsidy_wh: 8_000 + n, prepaid_minor: 50_000 - n },
    };
    AccountStatement {
        letterhead: letterhead(),
        place: place(),
        residents: residents(),
        outlet: Some(outlet()),
        from: Moment { ms: at(0).ms - 8 * HOUR_MS, ..at(0) },
        to: Moment { ms: at(0).ms - 8 * HOUR_MS + 30 * 24 * HOUR_MS, ..at(0) },
        opening: Balances { paid_wh: 91_424, subsidy_wh: 8_000, prepaid_minor: 5_000 },
        lines: (0..rows).map(line).collect(),
        closing: Balances { paid_wh: 12_000, subsidy_wh: 0, prepaid_minor: 656 },
    }
}

/// With the value of what lapsed, or as it was issued before that was stated.
pub fn subsidy(rows: i64, value: bool) -> SubsidyReport {
    let row = |n: i64| SubsidyRow {
        rule: if n % 5 == 4 { String::new() } else { "Basic electricity 基本电量".into() },
        building: format!("North {n} 北楼"),
        month: "2026-09".into(),
        rooms: 480,
        granted_wh: 3_840_000,
        granted_minor: 210_010,
        used_wh: 3_512_345,
        used_minor: 192_090,
        lapsed_wh: 327_655,
        lapsed_minor: value.then_some(17_920),
    };
    let (from, to) = (at(-8), at(30 * 24 - 8));
    SubsidyReport { letterhead: letterhead(), from, to, rows: (0..rows).map(row).collect(), taken: at(800) }
}

fn shift(rows: i64) -> ShiftReport {
    let entry = |n: i64| ShiftEntry {
        at: at(n / 20),
        event: [ShiftEvent::Sale, ShiftEvent::Void, ShiftEvent::Refund][usize::try_from(n % 3).unwrap()],
        number: format!("01999ABCDEF-{n:08}"),
        place: place(),
        energy_wh: 91_424,
        amount_minor: 5_000 + n,
    };
    let sum = |event, count, amount_minor| ShiftSum { event, count, amount_minor, energy_wh: 91_424 * count };
    ShiftReport {
        letterhead: letterhead(),
        shift_number: 217,
        cashier_id: "chen".into(),
        cashier: "Chen 陈".into(),
        opened: at(0),
        closed: Some(at(9)),
        float_minor: 20_000,
        sums: vec![sum(ShiftEvent::Sale, 41, 205_000), sum(ShiftEvent::Refund, 1, -3_505)],
        expected_minor: 221_495,
        counted_minor: Some(221_490),
        denominations: vec![(10_000, 22), (1_000, 1), (490, 1)],
        note: "Five fen short: 找零差错。".into(),
        entries: (0..rows).map(entry).collect(),
    }
}

fn sales(rows: i64) -> SalesReport {
    let row = |name: String| SalesRow {
        name,
        sales: 41,
        voids: 1,
        energy_wh: 3_748_384,
        amount_minor: 205_000,
        refunds_minor: Some(3_505),
    };
    let group = |by, names: Vec<String>| SalesGroup { by, rows: names.into_iter().map(row).collect() };
    SalesReport {
        letterhead: letterhead(),
        span: Span::Month,
        from: at(-8),
        to: at(30 * 24 - 8),
        groups: vec![
            group(SalesGrouping::Day, (0..rows).map(|n| format!("2026-09-{:02}", 1 + n % 30)).collect()),
            group(SalesGrouping::Channel, vec!["cash".into(), "bank-transfer".into()]),
            group(SalesGrouping::Cashier, vec!["Chen 陈".into(), "Ōta 太田".into()]),
        ],
        books_minor: 205_000 * rows,
        taken: at(800),
    }
}
