//! A block of settings with the number of its version.

use crate::envelope::Refusal;

/// A value and its generation; 0 before the first setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// Number of the latest setting taken, counting up.
    pub generation: u32,
    /// What it says.
    pub value: T,
}

impl<T: Copy + PartialEq> Versioned<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { generation: 0, value }
    }

    /// Takes a setting; returns whether it was a new one.
    pub(crate) fn take(&mut self, generation: u32, value: T) -> Result<bool, Refusal> {
        if generation < self.generation {
            return Err(Refusal::Stale);
        }
        if generation == self.generation {
            return if value == self.value { Ok(false) } else { Err(Refusal::Conflict) };
        }
        *self = Self { generation, value };
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_only_count_forward() {
        let mut setting = Versioned::new(7);
        for (generation, value, answer) in [
            (2, 8, Ok(true)),
            (2, 8, Ok(false)),
            (2, 9, Err(Refusal::Conflict)),
            (1, 8, Err(Refusal::Stale)),
            (5, 8, Ok(true)),
        ] {
            assert_eq!(setting.take(generation, value), answer);
        }
        assert_eq!(setting, Versioned { generation: 5, value: 8 });
    }
}
