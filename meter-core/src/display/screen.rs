//! What is on the display: the households in turn, or for a while the one that somebody asked for.

use super::page::Page;
use super::pages::{DETAIL_PAGES, detail, meter_page, overview};
use crate::envelope::HOUSEHOLDS;
use crate::meter::Meter;

/// What the display shows, as time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// 0 the meter's page, n the overview of household n - 1.
    turn: usize,
    /// Somebody asked for this household; which of its pages.
    asked: Option<(usize, usize)>,
    shown_ms: u32,
}

impl Screen {
    /// By key or card: the details of a household from their first page; again, the next page.
    pub(crate) fn ask(&mut self, household: usize) {
        let page = match self.asked {
            Some((asked, page)) if asked == household => (page + 1) % DETAIL_PAGES,
            _ => 0,
        };
        *self = Self { asked: Some((household, page)), shown_ms: 0, ..*self };
    }

    /// Lets time pass; `in_use` says which households take their turn.
    pub(crate) fn tick(&mut self, elapsed_ms: u32, rotation_s: u16, in_use: impl Fn(usize) -> bool) {
        self.shown_ms = self.shown_ms.saturating_add(elapsed_ms);
        if self.shown_ms < u32::from(rotation_s) * 1000 {
            return;
        }
        self.shown_ms = 0;
        match self.asked {
            Some((household, page)) if page + 1 < DETAIL_PAGES => self.asked = Some((household, page + 1)),
            Some(_) => self.asked = None,
            None => {
                let next = (self.turn..HOUSEHOLDS).find(|household| in_use(*household));
                self.turn = next.map_or(0, |household| household + 1);
            }
        }
    }

    /// The page that is shown.
    #[must_use]
    pub fn page(&self, meter: &Meter) -> Page {
        let moment = meter.moment();
        let of = |index: usize| meter.household(index).map(|household| (index, household));
        if let Some(((index, household), page)) =
            self.asked.and_then(|(asked, page)| of(asked).map(|found| (found, page)))
        {
            return detail(page, index, household, &moment);
        }
        match self.turn.checked_sub(1).and_then(of) {
            Some((index, household)) => overview(index, household, &moment),
            None => meter_page(meter),
        }
    }
}
