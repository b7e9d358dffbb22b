//! What a number of a block may be: described once, for the office's check, its forms and its refusals.
//!
//! A meter takes more than the office may set (`is_valid`), so that what an older office set still reads back.

/// A field that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in forms and refusals.
    pub name: &'static str,
    /// Decimal digits that people write it with: 3 where it counts thousandths of the unit that is shown.
    pub digits: u32,
    /// The least that the office may set, in the field's own unit.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// Why a block can't be set: the field to blame, and the range in its own unit that the other fields leave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: &'static str,
    /// The least that it may be; 0 turns off what can be off, whatever this says.
    pub min: u32,
    /// The most.
    pub max: u32,
}

impl Field {
    pub(super) const fn new(name: &'static str, digits: u32, min: u32, max: u32) -> Self {
        Self { name, digits, min, max }
    }

    /// Whether a value is within the field's own range.
    ///
    /// # Errors
    /// [`Fault`] with that range.
    pub const fn check(&self, value: u32) -> Result<(), Fault> {
        self.within(value, self.min, self.max)
    }

    /// Whether a value is within the range that other fields leave.
    pub(super) const fn within(&self, value: u32, min: u32, max: u32) -> Result<(), Fault> {
        if min <= value && value <= max { Ok(()) } else { Err(Fault { field: self.name, min, max }) }
    }
}

/// Checks each field of a block against its own range, in order.
pub(super) fn check_each(fields: &[(Field, u32)]) -> Result<(), Fault> {
    fields.iter().try_for_each(|(field, value)| field.check(*value))
}
