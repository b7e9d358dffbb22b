//! Lots: energy that came into a purse at one time and one price. They are taken first in, first out, so one number
//! says how far a tenancy has come, and a lot itself never changes.
//!
//! The rounding rule: a lot used in part is worth `amount × part / energy`, to the nearest minor unit, halves away from
//! zero. What is taken between two points is worth the difference of the values up to them. So roundings never add up,
//! a lot that is used whole gives exactly its amount, and used and rest always make the whole.

use crate::ids::OperationId;

/// How a lot came into its purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LotSource {
    /// It was bought.
    Sale,
    /// It came along from another room.
    Carried,
    /// It was given free.
    Grant,
}

/// Energy that came into a purse at one time and one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// How it came.
    pub source: LotSource,
    /// The sale, the room change or the grant.
    pub operation_id: OperationId,
    /// Which of the operation's lots, from 0.
    pub position: i64,
    /// When, site time.
    pub at_ms: i64,
    /// How much, in Wh; more than nothing.
    pub energy_wh: i64,
    /// What all of it is worth, in minor units.
    pub amount_minor: i64,
    /// Major units a kWh, decimal text: for people. The amount is what counts.
    pub price_per_kwh: String,
}

impl Lot {
    /// What the first `part_wh` of it are worth, in minor units.
    fn value_minor(&self, part_wh: i64) -> i64 {
        if part_wh >= self.energy_wh {
            return self.amount_minor;
        }
        let (amount, part) = (i128::from(self.amount_minor), i128::from(part_wh.max(0)));
        let energy = i128::from(self.energy_wh.max(1));
        // Between 0 and the amount, which is an i64.
        i64::try_from((2 * amount * part + energy) / (2 * energy)).unwrap_or(self.amount_minor)
    }
}

/// What of a lot has not been taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The lot.
    pub lot: Lot,
    /// Taken of it, in Wh.
    pub taken_wh: i64,
    /// Not taken, in Wh; more than nothing.
    pub energy_wh: i64,
    /// What that is worth, in minor units.
    pub amount_minor: i64,
}

/// A purse's lots, the first in first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lots(Vec<Lot>);

impl Lots {
    /// From lots in the order in which they came.
    #[must_use]
    pub fn new(lots: Vec<Lot>) -> Self {
        Self(lots)
    }

    /// Them, the first in first.
    #[must_use]
    pub fn as_slice(&self) -> &[Lot] {
        &self.0
    }

    /// All their energy, in Wh.
    #[must_use]
    pub fn energy_wh(&self) -> i64 {
        self.0.iter().map(|lot| lot.energy_wh).sum()
    }

    /// What all of them are worth, in minor units.
    #[must_use]
    pub fn amount_minor(&self) -> i64 {
        self.0.iter().map(|lot| lot.amount_minor).sum()
    }

    /// What the first `taken_wh` of them are worth, in minor units. Beyond the last lot nothing is added: what was used
    /// on overdraft is worth what the next lot will say.
    #[must_use]
    pub fn value_minor(&self, taken_wh: i64) -> i64 {
        let (mut left_wh, mut value_minor) = (taken_wh, 0);
        for lot in &self.0 {
            if left_wh <= 0 {
                break;
            }
            value_minor += lot.value_minor(left_wh);
            left_wh -= lot.energy_wh;
        }
        value_minor
    }

    /// What is left once the first `taken_wh` are gone, lot by lot.
    #[must_use]
    pub fn rests(&self, taken_wh: i64) -> Vec<Rest> {
        let mut before_wh = 0;
        let mut rests = Vec::new();
        for lot in &self.0 {
            let taken_of_it_wh = (taken_wh - before_wh).clamp(0, lot.energy_wh);
            before_wh += lot.energy_wh;
            if taken_of_it_wh < lot.energy_wh {
                rests.push(Rest {
                    taken_wh: taken_of_it_wh,
                    energy_wh: lot.energy_wh - taken_of_it_wh,
                    amount_minor: lot.amount_minor - lot.value_minor(taken_of_it_wh),
                    lot: lot.clone(),
                });
            }
        }
        rests
    }

    /// Whether none of the lots that an operation brought has been touched once the first `taken_wh` are gone: such a
    /// sale may be taken back. `false` when it brought none.
    #[must_use]
    pub fn untouched(&self, operation: &OperationId, taken_wh: i64) -> bool {
        let mut before_wh = 0;
        let mut found = false;
        for lot in &self.0 {
            if lot.operation_id == *operation {
                found = true;
                if taken_wh > before_wh {
                    return false;
                }
            }
            before_wh += lot.energy_wh;
        }
        found
    }
}
