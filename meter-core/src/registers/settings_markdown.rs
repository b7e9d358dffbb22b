//! The manual's tables of settings, from the layouts that the blocks are coded by.

use super::household_settings_address;
use super::markdown_head::write_head;
use super::{
    DIGESTS_ADDRESS, DIGESTS_LEN, SETTINGS_ADDRESS, SETTINGS_BLOCK_LEN, SETTINGS_STRIDE,
    meter_settings_address,
};
use crate::settings::{HOUSEHOLD_LAYOUTS, METER_LAYOUTS, OWNERS, Row};
use core::fmt::{Result, Write};

pub(super) fn write(out: &mut dyn Write) -> Result {
    writeln!(out, "\n### Settings of household 0\n")?;
    writeln!(
        out,
        "Block b of household h begins at address {SETTINGS_ADDRESS} + {SETTINGS_STRIDE} × h + {SETTINGS_BLOCK_LEN} × b \
         and has {SETTINGS_BLOCK_LEN} registers: its generation (0 = as from the factory), its words, and zeros. \
         The words are those of the envelope."
    )?;
    for (number, name, rows) in HOUSEHOLD_LAYOUTS {
        let title = match number {
            2 => "block 2 of the main loop, 7 of the second",
            3 => {
                "blocks 3 (working day), 4 (rest day), 5 (holiday), 6 (examination) of the main loop, 8 to 11 of the second"
            }
            13 => "block 13 of the main loop, 16 of the second",
            14 => "block 14 of the main loop, 17 of the second",
            15 => "block 15 of the main loop, 18 of the second",
            _ => "of the household",
        };
        writeln!(out, "\n#### {name}: block {number}; {title}\n")?;
        write_block(out, household_settings_address(0, number), rows)?;
    }
    writeln!(out, "\n### Settings of the meter\n")?;
    writeln!(out, "They lie where those of a household 11 would.")?;
    for (number, name, rows) in METER_LAYOUTS {
        let title = if number == 1 { "blocks 1 and 2" } else { "block 0" };
        writeln!(out, "\n#### {name}: {title}\n")?;
        write_block(out, meter_settings_address(number), rows)?;
    }
    writeln!(out, "\n### Digests of settings\n")?;
    writeln!(
        out,
        "A digest is the CRC-32 (as in zip) of the generation and the words of every block of one owner in order, as \
         big-endian bytes. The one after the live blocks, over these twelve, tells whether any of them changed.\n"
    )?;
    write_head(out)?;
    write_register(out, DIGESTS_ADDRESS, usize::from(DIGESTS_LEN), "list", "")?;
    writeln!(out, "{OWNERS} times u32: of household 0 to 10, and of the meter |")
}

fn write_block(out: &mut dyn Write, address: Option<u16>, rows: &[Row]) -> Result {
    let Some(mut address) = address else { return Ok(()) };
    write_head(out)?;
    write_register(out, address, 2, "u32", "")?;
    writeln!(out, "Generation of the latest setting of this block |")?;
    address += 2;
    for row in rows {
        write_row(out, address, row)?;
        address += row.words as u16;
    }
    Ok(())
}

fn write_row(out: &mut dyn Write, address: u16, row: &Row) -> Result {
    if row.elements == 1 {
        write_register(out, address, row.words, row.kind, row.unit)?;
        return writeln!(out, "{} |", row.description);
    }
    write_register(out, address, row.words, "list", row.unit)?;
    write!(out, "{}: {} times", row.description, row.elements)?;
    let mut separator = " ";
    for part in row.parts {
        write!(out, "{separator}**{}** ({}, {})", part.name, part.kind, part.description)?;
        separator = ", ";
    }
    writeln!(out, " |")
}

fn write_register(out: &mut dyn Write, address: u16, words: usize, kind: &str, unit: &str) -> Result {
    write!(out, "| 0x{address:04X} | {} | R | {words} | {kind} | {unit} | ", address + 1)
}
