//! Reports: each is one description (`exports::Table` and a chart), shown as a page and handed out as Excel and CSV.

mod buckets;
mod build;
mod consumption;
pub mod file;
pub mod index;
mod liability;
pub mod page;
mod ranks;
mod refunds;
mod sales;
mod scope;
mod show;
mod subsidies;

use words::Lang;

/// The most rows of a report: beyond it, a shorter period says more.
pub const MOST_ROWS: i64 = 200_000;

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// Sales by day.
    SalesByDay,
    /// Sales by who sold.
    SalesByCashier,
    /// Sales by way of payment.
    SalesByChannel,
    /// Sales by building.
    SalesByBuilding,
    /// What each room used, ranked.
    UseByRoom,
    /// What each building used, ranked.
    UseByBuilding,
    /// What was used month by month.
    UseByMonth,
    /// What was paid or granted and not used, and refunds not paid out.
    Liability,
    /// Free electricity granted, used and lapsed, by building.
    FreeByBuilding,
    /// The same by month.
    FreeByMonth,
    /// The same by rule, in each building.
    FreeByRule,
    /// Settlements of tenancies that ended.
    Refunds,
}

impl Report {
    /// Every report.
    pub const ALL: [Self; 12] = [
        Self::SalesByDay,
        Self::SalesByCashier,
        Self::SalesByChannel,
        Self::SalesByBuilding,
        Self::UseByRoom,
        Self::UseByBuilding,
        Self::UseByMonth,
        Self::Liability,
        Self::FreeByBuilding,
        Self::FreeByMonth,
        Self::FreeByRule,
        Self::Refunds,
    ];

    /// As in its address and in the names of its files.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::SalesByDay => "sales-by-day",
            Self::SalesByCashier => "sales-by-cashier",
            Self::SalesByChannel => "sales-by-channel",
            Self::SalesByBuilding => "sales-by-building",
            Self::UseByRoom => "consumption-by-room",
            Self::UseByBuilding => "consumption-by-building",
            Self::UseByMonth => "consumption-by-month",
            Self::Liability => "outstanding-credit",
            Self::FreeByBuilding => "free-electricity-by-building",
            Self::FreeByMonth => "free-electricity-by-month",
            Self::FreeByRule => "free-electricity-by-rule",
            Self::Refunds => "refunds",
        }
    }

    /// The report of that address.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.slug() == slug)
    }

    /// Its name.
    #[must_use]
    pub const fn title(self, t: Lang) -> &'static str {
        match self {
            Self::SalesByDay => t.report_sales_by_day(),
            Self::SalesByCashier => t.report_sales_by_cashier(),
            Self::SalesByChannel => t.report_sales_by_channel(),
            Self::SalesByBuilding => t.report_sales_by_building(),
            Self::UseByRoom => t.report_use_by_room(),
            Self::UseByBuilding => t.report_use_by_building(),
            Self::UseByMonth => t.report_use_by_month(),
            Self::Liability => t.report_liability(),
            Self::FreeByBuilding => t.report_free_by_building(),
            Self::FreeByMonth => t.report_free_by_month(),
            Self::FreeByRule => t.report_free_by_rule(),
            Self::Refunds => t.report_refunds(),
        }
    }

    /// Whether it is about sales, which may be told apart by cashier and way of payment.
    #[must_use]
    pub const fn of_sales(self) -> bool {
        matches!(self, Self::SalesByDay | Self::SalesByCashier | Self::SalesByChannel | Self::SalesByBuilding)
    }

    /// Whether a cashier sees it: of the own sales alone.
    #[must_use]
    pub const fn for_cashiers(self) -> bool {
        matches!(self, Self::SalesByDay | Self::SalesByChannel | Self::SalesByBuilding)
    }

    /// Whether it is about free electricity, on which a document can be issued.
    #[must_use]
    pub const fn of_free(self) -> bool {
        matches!(self, Self::FreeByBuilding | Self::FreeByMonth | Self::FreeByRule)
    }

    /// Whether it is of whole months.
    #[must_use]
    pub const fn by_month(self) -> bool {
        matches!(self, Self::UseByMonth | Self::FreeByMonth)
    }

    /// Whether it is of a period; otherwise of now.
    #[must_use]
    pub const fn of_period(self) -> bool {
        !matches!(self, Self::Liability)
    }
}
