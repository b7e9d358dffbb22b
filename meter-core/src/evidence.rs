//! What spoke for a trip or an alarm, as events keep it and the room's page shows it.

use crate::bytes::{Reader, Writer};
use crate::protection::overcurrent::Trip;
use crate::protection::vicious::{Cause, Verdict};

/// Bytes of it in memory.
pub const EVIDENCE_LEN: usize = 20;

/// The evidence of an event. What does not go with its kind is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Code of the [`Cause`] for a vicious load; 0 for over-current.
    pub cause: u16,
    /// Power of the appliance, or of the whole loop above its night cap, W.
    pub power_w: u16,
    /// Its current, or that of an over-current, 0.01 A.
    pub current_ca: u16,
    /// Share of the current not proportional to the voltage (Fryze's residual), thousandths.
    pub residual: u16,
    /// Harmonics 2, 3 and 5 of the current relative to its fundamental, thousandths.
    pub harmonics: [u16; 3],
    /// Largest current while it settled over its settled current, hundredths; 0 if it never settled.
    pub inrush: u16,
    /// For how long an over-current was borne, ms, held at 65 535.
    pub after_ms: u16,
}

impl Evidence {
    /// Of a vicious load.
    #[must_use]
    pub fn of_verdict(verdict: &Verdict) -> Self {
        let found = &verdict.evidence;
        Self {
            cause: verdict.cause.code(),
            power_w: held(found.power_w),
            current_ca: held(found.current_ma.saturating_add(5) / 10),
            residual: found.residual,
            harmonics: found.harmonics,
            inrush: found.inrush,
            after_ms: 0,
        }
    }

    /// Of an over-current.
    #[must_use]
    pub fn of_trip(trip: &Trip) -> Self {
        Self {
            current_ca: held(trip.current.0.saturating_add(5) / 10),
            after_ms: held(trip.after_ms),
            ..Self::default()
        }
    }

    /// Why a load was vicious; `None` for an over-current, or a code unknown here.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        Cause::from_code(self.cause)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        let Self { cause, power_w, current_ca, residual, harmonics, inrush, after_ms } = *self;
        let words = [cause, power_w, current_ca, residual].into_iter().chain(harmonics);
        // The last word is kept for what is not known yet.
        words.chain([inrush, after_ms, 0]).try_for_each(|word| writer.u16(word))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let evidence = Self {
            cause: reader.u16()?,
            power_w: reader.u16()?,
            current_ca: reader.u16()?,
            residual: reader.u16()?,
            harmonics: [reader.u16()?, reader.u16()?, reader.u16()?],
            inrush: reader.u16()?,
            after_ms: reader.u16()?,
        };
        reader.u16()?;
        Some(evidence)
    }
}

fn held(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::vicious;
    use crate::units::MilliAmps;

    #[test]
    fn figures_are_held_within_their_registers() {
        let found = vicious::Evidence { power_w: 70_000, current_ma: 12_345, ..Default::default() };
        let evidence = Evidence::of_verdict(&Verdict { cause: Cause::HalfWave, evidence: found });
        assert_eq!((evidence.power_w, evidence.current_ca), (u16::MAX, 1235));
        assert_eq!(evidence.cause(), Some(Cause::HalfWave));
        let evidence = Evidence::of_trip(&Trip { current: MilliAmps(40_004), after_ms: 90_000 });
        assert_eq!((evidence.current_ca, evidence.after_ms, evidence.cause()), (4000, u16::MAX, None));
    }

    #[test]
    fn codes_of_causes_survive_the_round_trip() {
        for code in 0..=u16::MAX {
            assert_eq!(Cause::from_code(code).map_or(code, Cause::code), code);
        }
    }
}
