//! A refund statement as a year in a dormitory makes it: two pages, four residents, both scripts.

use paper::content::{GrantLine, MonthUse, Payee, Purchase, RefundStatement, RefundedLot};
use paper::parts::{Letterhead, Moment, Outlet, Payment, Person, Place, Reading};
use paper::sheet::{Paper, Sheet};
use paper::{Document, Issue, sheet};
use words::Lang;

/// The first of September 2025, 08:00 in China.
const BEGIN_MS: i64 = 1_756_684_800_000;
const DAY_MS: i64 = 86_400_000;
const NAMES: [&str; 8] = ["王喆", "李堃", "赵璟", "陈思远", "刘雨桐", "黄梓涵", "Anna Wiśniewska", "周子墨"];

/// The statement of the household of that number.
pub(super) fn statement(number: i64) -> Sheet {
    on_paper(number, &Document::RefundStatement(content(number)))
}

/// A statement that says nothing: what any PDF costs, whatever stands in it.
pub(super) fn empty(number: i64) -> Sheet {
    let mut sheet = statement(number);
    sheet.blocks.clear();
    sheet
}

fn on_paper(number: i64, content: &Document) -> Sheet {
    let language = if number % 2 == 0 { Lang::Zh } else { Lang::En };
    let issue =
        Issue { number, language, issued: at(303), code: "7G2KQ-X0M4T", copy: false, paper: Paper::A4 };
    sheet(content, &issue)
}

fn at(day: i64) -> Moment {
    Moment { ms: BEGIN_MS + day * DAY_MS, offset_s: 28_800 }
}

fn month(of: i64) -> String {
    if of < 4 { format!("2025-{:02}", 9 + of) } else { format!("2026-{:02}", of - 3) }
}

fn residents(number: i64) -> Vec<Person> {
    let names = NAMES.iter().cycle().skip(usize::try_from(number).unwrap_or(0) % NAMES.len()).take(4);
    let person = |(at, name): (i64, &&str)| Person {
        name: (*name).to_owned(),
        number: format!("2022{:04}", number * 4 + at),
    };
    (0..).zip(names).map(person).collect()
}

fn purchase(number: i64, nth: i64) -> Purchase {
    Purchase {
        at: at(nth * 20),
        reference: format!("01999A{number:05}-{nth:02}"),
        carried: false,
        payment: Payment { channel: "cash".to_owned(), reference: None },
        energy_wh: 91_424,
        price_per_kwh: "0.5469".to_owned(),
        amount_minor: 5_000,
    }
}

fn content(number: i64) -> RefundStatement {
    let residents = residents(number);
    let last = purchase(number, 14);
    RefundStatement {
        letterhead: Letterhead {
            site: "Lakeside University Residences 湖畔大学学生公寓".to_owned(),
            lines: vec!["1 College Road 学院路 1 号".to_owned(), "Tel. 0571 8888 0000".to_owned()],
            currency: "CNY".to_owned(),
            currency_digits: 2,
        },
        place: Place {
            building: "North 北楼".to_owned(),
            floor: "3".to_owned(),
            room: format!("{number:04}"),
        },
        outlet: Outlet { serial: 202_600_000_000 + number, position: number % 8 },
        from: at(0),
        to: at(302),
        opening: Some(Reading { total_wh: 12_345_678, at: at(0), entered: false }),
        closing: Reading { total_wh: 13_791_326, at: at(302), entered: false },
        purchases: (0..15).map(|nth| purchase(number, nth)).collect(),
        grants: (0..10)
            .map(|of| GrantLine { at: at(of * 30), period: month(of), energy_wh: 8_000 })
            .collect(),
        consumption: (0..10)
            .map(|of| MonthUse { month: month(of), subsidy_wh: 8_000, paid_wh: 132_565, paid_minor: 7_250 })
            .collect(),
        refunded: vec![RefundedLot {
            bought: last.at,
            reference: last.reference,
            energy_wh: 45_712,
            price_per_kwh: last.price_per_kwh,
            amount_minor: 2_500,
        }],
        total_minor: 2_500,
        sharing: "equally".to_owned(),
        payees: residents
            .iter()
            .map(|person| Payee { person: person.clone(), amount_minor: 625, payment: None })
            .collect(),
        residents,
        settled_by: "Chen 陈".to_owned(),
        ..RefundStatement::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_a_statement_whose_sums_agree() {
        for number in 1..=8 {
            assert_eq!(content(number).verify(), Ok(()));
            assert_eq!(statement(number).number, format!("RF-{number:06}"));
        }
        assert_eq!(month(0), "2025-09");
        assert_eq!(month(9), "2026-06");
    }
}
