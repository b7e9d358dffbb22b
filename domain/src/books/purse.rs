//! A purse: how far a tenancy has come into its lots. Free electricity is used before what was paid for.

use super::Lots;

/// How far a tenancy has come: the counters of one row. At first nothing was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct Purse {
    /// The meter's running total of the epoch up to which use has been recognised, in Wh.
    pub used_wh: i64,
    /// When that reading was taken, site time; 0 before the first.
    pub seen_ms: i64,
    /// Taken of the subsidy lots: used or lapsed, in Wh.
    pub subsidy_taken_wh: i64,
    /// What that was worth, in minor units.
    pub subsidy_valued_minor: i64,
    /// Taken of the paid lots: used, refunded or carried elsewhere, in Wh. Beyond the last lot it is overdraft.
    pub paid_taken_wh: i64,
    /// What was booked for it, in minor units.
    pub paid_valued_minor: i64,
}

/// What was taken, from each kind of lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// From subsidy lots, in Wh.
    pub subsidy_wh: i64,
    /// What that is worth, in minor units.
    pub subsidy_minor: i64,
    /// From paid lots, in Wh; with what was used beyond them.
    pub paid_wh: i64,
    /// What that is worth, in minor units; with what earlier overdraft turned out to be worth.
    pub paid_minor: i64,
}

impl Taken {
    /// Whether there is anything to book.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A running total went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backwards;

impl Purse {
    /// Not taken of the subsidy lots, in Wh.
    #[must_use]
    pub fn subsidy_left_wh(&self, subsidy: &Lots) -> i64 {
        subsidy.energy_wh() - self.subsidy_taken_wh
    }

    /// Not taken of the paid lots, in Wh; negative when more was used than bought.
    #[must_use]
    pub fn paid_left_wh(&self, paid: &Lots) -> i64 {
        paid.energy_wh() - self.paid_taken_wh
    }

    /// Takes what was used until the meter's running total stood at `to_used_wh`. The same reading again takes nothing.
    ///
    /// # Errors
    /// [`Backwards`] when the total lies before what has been recognised; nothing is changed.
    pub fn recognise(&mut self, subsidy: &Lots, paid: &Lots, to_used_wh: i64) -> Result<Taken, Backwards> {
        let used_wh = to_used_wh - self.used_wh;
        if used_wh < 0 {
            return Err(Backwards);
        }
        let subsidy_wh = used_wh.min(self.subsidy_left_wh(subsidy).max(0));
        let paid_wh = used_wh - subsidy_wh;
        let subsidy_minor = self.take_subsidy(subsidy, subsidy_wh);
        let paid_minor = self.take_paid(paid, paid_wh);
        self.used_wh = to_used_wh;
        Ok(Taken { subsidy_wh, subsidy_minor, paid_wh, paid_minor })
    }

    /// Takes subsidised energy that lapses, the oldest first: `lapse_wh` of it, or what is left.
    pub fn lapse(&mut self, subsidy: &Lots, lapse_wh: i64) -> Taken {
        let subsidy_wh = lapse_wh.min(self.subsidy_left_wh(subsidy)).max(0);
        let subsidy_minor = self.take_subsidy(subsidy, subsidy_wh);
        Taken { subsidy_wh, subsidy_minor, ..Taken::default() }
    }

    /// Takes all that is left of the paid lots, to be refunded or carried elsewhere: then nothing is left to be refunded
    /// again. After overdraft nothing is taken. What is still to be booked for use stays so.
    pub fn withdraw(&mut self, paid: &Lots) -> Taken {
        let paid_wh = self.paid_left_wh(paid).max(0);
        let before_minor = paid.value_minor(self.paid_taken_wh);
        self.paid_taken_wh += paid_wh;
        let paid_minor = paid.value_minor(self.paid_taken_wh) - before_minor;
        self.paid_valued_minor += paid_minor;
        Taken { paid_wh, paid_minor, ..Taken::default() }
    }

    fn take_subsidy(&mut self, subsidy: &Lots, wh: i64) -> i64 {
        self.subsidy_taken_wh += wh;
        let before_minor =
            std::mem::replace(&mut self.subsidy_valued_minor, subsidy.value_minor(self.subsidy_taken_wh));
        self.subsidy_valued_minor - before_minor
    }

    fn take_paid(&mut self, paid: &Lots, wh: i64) -> i64 {
        self.paid_taken_wh += wh;
        let before_minor =
            std::mem::replace(&mut self.paid_valued_minor, paid.value_minor(self.paid_taken_wh));
        self.paid_valued_minor - before_minor
    }
}
