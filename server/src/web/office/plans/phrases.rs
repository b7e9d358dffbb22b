//! Tariffs and what they make of a sale, in words.

use domain::tariff::{HOURS, Hours, Ladder, Per, Piece, Tariff};
use words::Lang;

use crate::reads::desk::sales::StepRow;
use crate::web::kit::format::Format;

/// A tariff in a line.
#[must_use]
pub fn tariff_words(t: Lang, f: &Format, tariff: &Tariff) -> String {
    match tariff {
        Tariff::Flat(price) => f.price(&price.to_string()),
        Tariff::Ladder(ladder) => ladder_words(t, f, ladder),
        Tariff::TimeOfUse(hours) => hours_words(t, f, hours),
    }
}

fn ladder_words(t: Lang, f: &Format, ladder: &Ladder) -> String {
    let steps: Vec<_> = ladder
        .steps()
        .iter()
        .map(|step| {
            let price = f.price(&step.price.to_string());
            match step.until_wh {
                Some(until_wh) => t.tariff_up_to(f.kwh_plain(until_wh), price),
                None if ladder.steps().len() == 1 => price,
                None => t.tariff_beyond(price),
            }
        })
        .collect();
    let steps = steps.join(t.clause_separator());
    match ladder.per() {
        Per::Month => t.tariff_each_month(steps),
        Per::Year => t.tariff_each_year(steps),
    }
}

fn hours_words(t: Lang, f: &Format, hours: &Hours) -> String {
    let prices = hours.prices();
    let mut spans: Vec<String> = Vec::new();
    let mut from = 0;
    for until in 1..=HOURS {
        if until == HOURS || prices[until] != prices[from] {
            let span = format!("{from:02}:00–{until:02}:00");
            spans.push(t.tariff_in_hours(span, f.price(&prices[from].to_string())));
            from = until;
        }
    }
    spans.join(t.clause_separator())
}

/// What each piece of a sale comes to; nothing for a sale at one price.
#[must_use]
pub fn piece_words(t: Lang, f: &Format, pieces: &[Piece]) -> Vec<String> {
    let words = |piece: &Piece| {
        let price = f.price(&piece.price.to_string());
        t.tariff_piece(f.kwh_exact(&piece.energy_wh), price, f.money(&piece.amount_minor))
    };
    if pieces.len() > 1 { pieces.iter().map(words).collect() } else { Vec::new() }
}

/// [`piece_words`] of a sale as stored.
#[must_use]
pub fn step_words(t: Lang, f: &Format, steps: &[StepRow]) -> Vec<String> {
    let words = |step: &StepRow| {
        let price = f.price(&step.price_per_kwh);
        t.tariff_piece(f.kwh_exact(&step.energy_wh), price, f.money(&step.amount_minor))
    };
    steps.iter().map(words).collect()
}
