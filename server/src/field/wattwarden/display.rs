//! Reading a meter's display, while somebody looks at it in the browser.

use meter_core::registers::{DISPLAY_ADDRESS, DISPLAY_BLOCK_LEN, decode_page, display_address};

use super::session::Session;
use super::snapshot::Snapshot;
use crate::field::bus::Bus;
use crate::field::met::{Halt, Met};
use crate::field::trouble;
use crate::store::meters::displays::{self, NewPage};

/// An open page asks anew every few seconds; once it has not done so for this long, nobody looks any more.
const WATCHED_FOR_MS: i64 = 15_000;
/// Outlets whose pages are read in one visit at most.
const MOST_OUTLETS: i64 = 2;
/// Pages that one read gives: as many as 125 registers hold.
const PAGES_A_READ: u16 = 125 / DISPLAY_BLOCK_LEN;
/// Pages of an outlet: its overview and its details.
const OUTLET_PAGES: u16 = 4;

impl Session<'_> {
    /// Reads what is on the display, and the pages of the outlets that somebody looks at.
    pub(super) async fn fetch_display(&self, bus: &mut Bus<'_>, met: &mut Met<Snapshot>) -> Result<(), Halt> {
        let since_ms = self.shared.clock.wall_ms() - WATCHED_FOR_MS;
        if self.meter.watched <= since_ms {
            return Ok(());
        }
        let watched = {
            let mut conn = self.shared.db.read().await?;
            displays::watched(&mut conn, &self.meter.id, since_ms, MOST_OUTLETS).await?
        };
        if watched.is_empty() {
            return Ok(());
        }
        read_pages(bus, met, DISPLAY_ADDRESS, 1).await?;
        for position in watched {
            let Some(address) = usize::try_from(position).ok().and_then(|outlet| display_address(outlet, 0))
            else {
                continue;
            };
            read_pages(bus, met, address, OUTLET_PAGES).await?;
        }
        Ok(())
    }
}

async fn read_pages(
    bus: &mut Bus<'_>,
    met: &mut Met<Snapshot>,
    address: u16,
    pages: u16,
) -> Result<(), Halt> {
    let mut read = 0;
    while read < pages {
        let count = PAGES_A_READ.min(pages - read);
        let from = address + DISPLAY_BLOCK_LEN * read;
        let words = bus.read(from, DISPLAY_BLOCK_LEN * count).await?;
        let first = (from - DISPLAY_ADDRESS) / DISPLAY_BLOCK_LEN;
        for (number, words) in (first..).zip(words.chunks(usize::from(DISPLAY_BLOCK_LEN))) {
            let page = decode_page(words).ok_or(trouble::NOT_A_BLOCK)?;
            let lines: Vec<_> = (0..meter_core::display::LINES).map(|line| page.line(line)).collect();
            met.history.pages.push(NewPage { page: number.into(), text: lines.join("\n") });
        }
        read += count;
    }
    Ok(())
}
