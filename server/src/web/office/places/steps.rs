//! The first steps of an empty installation: from nothing to a sale.

use words::Lang;

use crate::reads::places::first_steps::Done;

/// A step.
pub struct Step {
    /// What to do.
    pub title: &'static str,
    /// Why, or how.
    pub hint: &'static str,
    /// Where.
    pub href: &'static str,
    /// It has been done.
    pub done: bool,
}

/// Every step in order.
#[must_use]
pub fn steps(t: Lang, done: &Done) -> Vec<Step> {
    let step = |title, hint, href, count: i64| Step { title, hint, href, done: count > 0 };
    vec![
        step(t.step_site(), t.step_site_hint(), "/installation#site", done.sites),
        step(t.step_price(), t.step_price_hint(), "/installation#price", done.prices),
        step(t.step_rooms(), t.step_rooms_hint(), "/installation#rooms", done.rooms),
        step(t.step_collector(), t.step_collector_hint(), "/equipment/collector", done.collectors),
        step(t.step_meter(), t.step_meter_hint(), "/equipment/meter", done.outlets),
        step(t.step_move_in(), t.step_move_in_hint(), "/", done.tenancies),
        step(t.step_sale(), t.step_sale_hint(), "/sell", done.sales),
    ]
}
