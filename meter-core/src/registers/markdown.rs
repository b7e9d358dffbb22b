//! The tables of the manual, in the convention of meter makers.

use super::markdown_head::write_head;
use super::settings_markdown;
use super::table::{
    CLOSING_REGISTERS, DETAIL_REGISTERS, EVENT_REGISTERS, HEADER_REGISTERS, HOUSEHOLD_REGISTERS,
    READING_REGISTERS, Register, TRAILER_REGISTERS,
};
use super::{
    CLOSING_ADDRESS, DETAIL_ADDRESS, DETAIL_BLOCK_LEN, DISPLAY_ADDRESS, DISPLAY_BLOCK_LEN, EVENT_ADDRESS,
    EVENT_BLOCK_LEN, HEADER_ADDRESS, LIVE_BLOCK_LEN, MAILBOX_ADDRESS, MAILBOX_LEN, READING_ADDRESS,
    READING_BLOCK_LEN, TRAILER_ADDRESS, closing_address, household_address,
};
use crate::envelope::{HOUSEHOLDS, Refusal};
use crate::events::EventKind;
use crate::journal::{EVENTS, PROFILE_HOURS};
use crate::relay::Reasons;
use core::fmt::{Result, Write};

/// Writes the register tables as Markdown.
///
/// # Errors
/// Only those of `out`.
pub fn write_markdown(out: &mut dyn Write) -> Result {
    writeln!(out, "### Header\n")?;
    write_table(out, HEADER_ADDRESS, HEADER_REGISTERS)?;
    writeln!(out, "\n### Household 0, live block\n")?;
    writeln!(out, "The block of household h begins at address {LIVE_BLOCK_LEN} × (h + 1).\n")?;
    write_table(out, LIVE_BLOCK_LEN, HOUSEHOLD_REGISTERS)?;
    writeln!(out, "\n### After the live blocks\n")?;
    write_table(out, TRAILER_ADDRESS, TRAILER_REGISTERS)?;
    writeln!(out, "\n### Household 0, closing snapshot\n")?;
    writeln!(out, "The snapshot of household h begins at address {CLOSING_ADDRESS} + 16 × h.\n")?;
    write_table(out, CLOSING_ADDRESS, CLOSING_REGISTERS)?;
    writeln!(out, "\n### Household 0, details\n")?;
    writeln!(
        out,
        "The details of household h begin at address {DETAIL_ADDRESS} + {DETAIL_BLOCK_LEN} × h.\n"
    )?;
    write_table(out, DETAIL_ADDRESS, DETAIL_REGISTERS)?;
    settings_markdown::write(out)?;
    writeln!(out, "\n### Events\n")?;
    writeln!(
        out,
        "The {EVENTS} latest. Event n lies at address {EVENT_ADDRESS} + {EVENT_BLOCK_LEN} × (n modulo {EVENTS}); the \
         header has the latest n.\n"
    )?;
    write_table(out, EVENT_ADDRESS, EVENT_REGISTERS)?;
    writeln!(
        out,
        "\nFrom the cause on it is the evidence, which only the kinds that say so have. \"Loop and phase\" is 0 for the \
         main loop, 1 for the second; in the high byte the phase, 1 to 3, of a three-phase household."
    )?;
    writeln!(out, "\n### Kinds of events\n")?;
    write_events(out)?;
    writeln!(out, "\n### Load profile\n")?;
    writeln!(
        out,
        "The energy totals at each full hour of the last 40 days, as far as the meter was on and knew the time. That \
         of t (seconds since 1970, a multiple of 3600) lies at address {READING_ADDRESS} + {READING_BLOCK_LEN} × \
         (t / 3600 modulo {PROFILE_HOURS}). Compare the time in the block: an older one may lie there.\n"
    )?;
    write_table(out, READING_ADDRESS, READING_REGISTERS)?;
    writeln!(out, "\n### Display\n")?;
    writeln!(
        out,
        "Pages of 4 lines of 20 ASCII characters, {DISPLAY_BLOCK_LEN} registers each, two characters a register. At \
         address {DISPLAY_ADDRESS} what is on the display, then the meter's own page, then of each household its \
         overview and three pages of details: page p (0 to 3) of household h at {DISPLAY_ADDRESS} + \
         {DISPLAY_BLOCK_LEN} × (2 + 4 × h + p)."
    )?;
    writeln!(out, "\n### Where each household's blocks begin\n")?;
    write_addresses(out)?;
    writeln!(out, "\n### Command mailbox\n")?;
    write_mailbox(out)?;
    writeln!(out, "\n### Result codes\n")?;
    write_results(out)?;
    writeln!(out, "\n### Reasons to be open\n")?;
    write_reasons(out)
}

fn write_table<B>(out: &mut dyn Write, base: u16, registers: &[Register<B>]) -> Result {
    write_head(out)?;
    for register in registers {
        let Register { offset, shape, name, unit, description, .. } = register;
        let address = base + offset;
        let separator = if description.is_empty() { "" } else { ": " };
        writeln!(
            out,
            "| 0x{address:04X} | {} | R | {} | {} | {unit} | {name}{separator}{description} |",
            address + 1,
            shape.count(),
            shape.name(),
        )?;
    }
    Ok(())
}

fn write_addresses(out: &mut dyn Write) -> Result {
    writeln!(out, "| Household | Live block: address | Register | Closing snapshot: address | Register |")?;
    writeln!(out, "| ---: | --- | ---: | --- | ---: |")?;
    for household in 0..HOUSEHOLDS {
        if let (Some(live), Some(closing)) = (household_address(household), closing_address(household)) {
            writeln!(
                out,
                "| {household} | 0x{live:04X} | {} | 0x{closing:04X} | {} |",
                live + 1,
                closing + 1
            )?;
        }
    }
    Ok(())
}

fn write_mailbox(out: &mut dyn Write) -> Result {
    write_head(out)?;
    writeln!(
        out,
        "| 0x{MAILBOX_ADDRESS:04X} | {} | W | ≤ {MAILBOX_LEN} | bytes | | One whole envelope, function 16 only |",
        MAILBOX_ADDRESS + 1
    )
}

fn write_results(out: &mut dyn Write) -> Result {
    writeln!(out, "| Code | Meaning |\n| ---: | --- |\n| 0 | taken |")?;
    for refusal in Refusal::ALL {
        writeln!(out, "| {} | {refusal} |", refusal.code())?;
    }
    writeln!(out, "| 65535 | no envelope since the start |")
}

fn write_events(out: &mut dyn Write) -> Result {
    writeln!(out, "| Kind | Meaning |\n| ---: | --- |")?;
    for (kind, text) in EventKind::ALL {
        writeln!(out, "| {} | {text} |", kind.code())?;
    }
    Ok(())
}

fn write_reasons(out: &mut dyn Write) -> Result {
    writeln!(out, "| Bit | Reason |\n| ---: | --- |")?;
    for (reason, name) in Reasons::ALL {
        writeln!(out, "| {} | {name} |", reason.bits().trailing_zeros())?;
    }
    Ok(())
}
