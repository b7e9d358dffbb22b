//! What a report is of: the days, the building, the cashier, the way of payment — as asked for, and as found to make sense.

use domain::ids::{BuildingId, UserId};
use domain::rights::Action;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Deserialize;
use words::Lang;

use super::Report;
use crate::reads::people::users;
use crate::reads::places::rooms;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::period::{day_of, ends_ms, next_day, next_month, parse_day};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::{channel_name, channels};

/// The longest period, in years.
const LONGEST_YEARS: i16 = 10;
/// Months of a report by month, unless asked otherwise.
const MONTHS: i32 = 12;

/// Something and its name.
type Named<T> = (T, String);

/// What was asked for, as an address has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    from: String,
    to: String,
    building: String,
    cashier: String,
    channel: String,
}

/// What a report is of.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The building, with its name.
    pub building: Option<Named<BuildingId>>,
    /// Who sold, with their name.
    pub cashier: Option<Named<UserId>>,
    /// How it was paid.
    pub channel: Option<String>,
    /// It is of the visitor's own sales, and cannot be of others'.
    pub own: bool,
}

/// What was asked for, its fields, and what is wrong with it.
pub struct Asked {
    /// `None` when something is wrong.
    pub scope: Option<Scope>,
    /// To ask for something else.
    pub fields: Vec<Field>,
}

impl Asked {
    /// Looks at what was asked for.
    ///
    /// # Errors
    /// [`WebError::Forbidden`] for a report that the visitor's role does not see.
    pub async fn read(
        app: &AppState,
        visitor: &Visitor,
        report: Report,
        ask: &Ask,
        f: &Format,
    ) -> Result<Self, WebError> {
        let (t, actor) = (visitor.lang, visitor.actor()?);
        let own = !actor.may(Action::SeeReports);
        if own && !report.for_cashiers() {
            return Err(WebError::Forbidden);
        }
        let mut conn = app.db.read().await?;
        let buildings = rooms::buildings(&mut conn).await?;
        let people = if report.of_sales() && !own { users::all(&mut conn).await? } else { Vec::new() };
        drop(conn);
        let buildings: Vec<_> = buildings.into_iter().map(|one| (one.id, one.name)).collect();
        let people: Vec<_> = people.into_iter().map(|one| (one.id, one.display_name)).collect();
        let mut faults = Faults::default();
        let (from, to) = days(t, report, ask, day_of(f.zone(), f.now_ms()), &mut faults);
        let named = own.then(|| (actor.id(), actor.name().to_owned()));
        let scope = Scope {
            from,
            to,
            building: chosen(t, "building", &ask.building, &buildings, &mut faults),
            cashier: named.or_else(|| chosen(t, "cashier", &ask.cashier, &people, &mut faults)),
            channel: channel(t, report, ask, &mut faults),
            own,
        };
        let fields = fields(t, report, ask, &scope, (&buildings, &people), &faults);
        Ok(Self { scope: faults.is_empty().then_some(scope), fields })
    }

    /// Says what is wrong with the days after all.
    pub fn refuse(&mut self, t: Lang, ask: &Ask, why: &str) {
        let field = Field::date("from", t.report_from()).value(&ask.from).error(&Faults::one("from", why));
        if let Some(first) = self.fields.first_mut() {
            *first = field;
        }
        self.scope = None;
    }
}

/// The first and the last day; those of this month, or of the last twelve, when nothing was asked for.
fn days(t: Lang, report: Report, ask: &Ask, today: Date, faults: &mut Faults) -> (Date, Date) {
    if !report.of_period() {
        return (today, today);
    }
    let this_month = today.first_of_month();
    let usual = if report.by_month() {
        this_month.saturating_sub(Span::new().months(MONTHS - 1))
    } else {
        this_month
    };
    let mut day = |field, text: &str, usual| {
        let day = parse_day(text);
        if day.is_none() && !text.is_empty() {
            faults.add(field, t.period_bad());
        }
        day.unwrap_or(usual)
    };
    let from = day("from", &ask.from, usual);
    let to = day("to", &ask.to, today.max(from));
    if to < from {
        faults.add("to", t.report_reversed());
    } else if to.year() - from.year() > LONGEST_YEARS {
        faults.add("from", t.report_too_long());
    }
    if report.by_month() { (from.first_of_month(), to.last_of_month()) } else { (from, to) }
}

fn chosen<T: Clone + AsRef<str>>(
    t: Lang,
    field: &str,
    asked: &str,
    all: &[Named<T>],
    faults: &mut Faults,
) -> Option<Named<T>> {
    let found = all.iter().find(|(id, _)| id.as_ref() == asked).cloned();
    if found.is_none() && !asked.is_empty() && !all.is_empty() {
        faults.add(field, t.report_choose());
    }
    found
}

fn channel(t: Lang, report: Report, ask: &Ask, faults: &mut Faults) -> Option<String> {
    if !report.of_sales() || ask.channel.is_empty() {
        return None;
    }
    if !channels().any(|channel| channel == ask.channel) {
        faults.add("channel", t.report_choose());
    }
    Some(ask.channel.clone())
}

fn fields(
    t: Lang,
    report: Report,
    ask: &Ask,
    scope: &Scope,
    (buildings, people): (&[Named<BuildingId>], &[Named<UserId>]),
    faults: &Faults,
) -> Vec<Field> {
    let mut fields = Vec::new();
    if report.of_period() {
        // What was typed comes back as it was typed; what was not asked for is filled in.
        let typed = |text: &str, day: Date, name| {
            if faults.of(name).is_some() { text.to_owned() } else { day.to_string() }
        };
        fields.push(
            Field::date("from", t.report_from()).value(typed(&ask.from, scope.from, "from")).error(faults),
        );
        fields.push(Field::date("to", t.report_to()).value(typed(&ask.to, scope.to, "to")).error(faults));
    }
    let select = |name, label, any: &str, options: Vec<Choice>, value: &str| {
        let all = std::iter::once(Choice::new("", any)).chain(options).collect();
        Field::select(name, label, all).value(value).optional().error(faults)
    };
    let named = |all: Vec<(&str, &String)>| {
        all.into_iter().map(|(id, name)| Choice::new(id, name.as_str())).collect()
    };
    let options = named(buildings.iter().map(|(id, name)| (id.as_str(), name)).collect());
    fields.push(select("building", t.report_building(), t.report_all_buildings(), options, &ask.building));
    if report.of_sales() {
        let options = channels().map(|channel| Choice::new(channel, channel_name(t, channel))).collect();
        fields.push(select("channel", t.pay_by(), t.report_all_channels(), options, &ask.channel));
    }
    if !people.is_empty() {
        let options = named(people.iter().map(|(id, name)| (id.as_str(), name)).collect());
        fields.push(select("cashier", t.sale_cashier(), t.shift_everybody(), options, &ask.cashier));
    }
    fields
}

impl Scope {
    /// The two ends, in epoch milliseconds.
    #[must_use]
    pub fn ends_ms(&self, f: &Format) -> (i64, i64) {
        ends_ms(f.zone(), self.from, next_day(self.to))
    }

    /// The building.
    #[must_use]
    pub fn building_id(&self) -> Option<&BuildingId> {
        self.building.as_ref().map(|(id, _)| id)
    }

    /// The days that these are compared with: the same days of the month before, or a whole month with the whole month
    /// before, when they begin with a month; otherwise as many days right before.
    #[must_use]
    pub fn former(&self) -> (Date, Date) {
        let (from, to) = (self.from, self.to);
        if from.day() == 1 && next_month(from) > to {
            let first = from.saturating_sub(1.month());
            let whole = to == to.last_of_month();
            let last = if whole { first.last_of_month() } else { to.saturating_sub(1.month()) };
            return (first, last);
        }
        let days = from.until(to).map_or(0, |span| span.get_days()).saturating_add(1);
        (from.saturating_sub(Span::new().days(days)), from.saturating_sub(1.day()))
    }

    /// As the query of an address that asks for the same.
    #[must_use]
    pub fn query(&self, report: Report) -> String {
        let mut parts = Vec::new();
        if report.of_period() {
            parts.push(format!("from={}&to={}", self.from, self.to));
        }
        parts.extend(self.building.iter().map(|(id, _)| format!("building={id}")));
        parts.extend(self.cashier.iter().filter(|_| !self.own).map(|(id, _)| format!("cashier={id}")));
        parts.extend(self.channel.iter().map(|channel| format!("channel={channel}")));
        parts.join("&")
    }

    /// In words, for the head of the report.
    #[must_use]
    pub fn words(&self, t: Lang, report: Report, f: &Format) -> String {
        let mut parts = vec![match (report.of_period(), self.from == self.to) {
            (false, _) => t.report_as_of(f.when(&f.now_ms())),
            (true, true) => f.date(self.from),
            (true, false) => t.report_span(f.date(self.from), f.date(self.to)),
        }];
        parts.extend(self.building.iter().map(|(_, name)| name.clone()));
        parts.extend(self.cashier.iter().map(|(_, name)| name.clone()));
        parts.extend(self.channel.iter().map(|channel| channel_name(t, channel)));
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(from: &str, to: &str) -> Scope {
        let day = |text| parse_day(text).unwrap();
        Scope { from: day(from), to: day(to), building: None, cashier: None, channel: None, own: false }
    }

    #[test]
    fn a_month_is_compared_with_the_month_before() {
        for (from, to, first, last) in [
            ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
            ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"),
            ("2026-11-01", "2026-11-21", "2026-10-01", "2026-10-21"),
            ("2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28"),
            ("2026-03-10", "2026-03-16", "2026-03-03", "2026-03-09"),
            ("2026-03-10", "2026-03-10", "2026-03-09", "2026-03-09"),
            ("2026-01-01", "2026-02-28", "2025-11-03", "2025-12-31"),
        ] {
            let former = scope(from, to).former();
            assert_eq!(
                (former.0.to_string(), former.1.to_string()),
                (first.into(), last.into()),
                "{from} {to}"
            );
        }
    }
}
