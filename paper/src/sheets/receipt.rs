//! A receipt: few lines, for A4 or a roll.

use super::sum;
use crate::content::Receipt;
use crate::figures::Figures;
use crate::sheet::{Block, Column, Fact, Table};

pub(super) fn blocks(receipt: &Receipt, f: Figures<'_>) -> Vec<Block> {
    let t = f.language;
    let mut facts = vec![
        Fact::new(t.paper_sold(), f.kwh(receipt.energy_wh)),
        Fact::new(t.paper_room(), f.place(&receipt.place)),
        Fact::new(t.paper_buyer(), f.people(&receipt.residents)),
        Fact::new(t.paper_meter(), f.outlet(receipt.outlet)),
        Fact::new(t.paper_date(), f.when(receipt.at)),
        Fact::new(t.paper_payment(), f.payment(&receipt.payment)),
        Fact::new(t.paper_cashier(), receipt.cashier.clone()),
        Fact::new(t.paper_sale(), receipt.sale_number.clone()),
    ];
    if let [step] = receipt.steps.as_slice() {
        facts.insert(1, Fact::new(t.paper_price(), f.price(&step.price_per_kwh)));
    }
    let mut blocks = vec![sum(f, t.paper_paid(), receipt.amount_minor, &[t]), Block::Facts(facts)];
    if receipt.steps.len() > 1 {
        blocks.push(Block::Heading(t.paper_steps().to_owned()));
        blocks.push(Block::Table(steps(receipt, f)));
    }
    if receipt.voided {
        blocks.insert(0, Block::Heading(t.paper_voided().to_owned()));
    }
    blocks.push(Block::Note(t.paper_rounding_rule().to_owned()));
    blocks
}

fn steps(receipt: &Receipt, f: Figures<'_>) -> Table {
    let (t, currency) = (f.language, &f.letterhead.currency);
    Table {
        columns: vec![
            Column::figures(t.paper_energy_kwh()),
            Column::figures(t.paper_price_in(currency)),
            Column::figures(t.paper_amount_in(currency)),
        ],
        rows: receipt
            .steps
            .iter()
            .map(|step| {
                vec![f.energy(step.energy_wh), step.price_per_kwh.clone(), f.amount(step.amount_minor)]
            })
            .collect(),
        sums: None,
    }
}
