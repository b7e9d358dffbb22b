//! What a loop forbids, and whether a step is that.

use super::pulses::Pulsing;
use super::step::{Evidence, Step};
use super::transition::Part;

/// What happens when a vicious load is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The loop is not watched.
    #[default]
    Off,
    /// It is reported.
    Alarm,
    /// It is reported and the relay opens.
    Trip,
}

/// How much a current may differ from a resistor's and still count as one's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// Only what is a resistor beyond doubt: a residual of 0.07. Needs channels calibrated to 2°.
    Low,
    /// A residual of 0.09: 3° of phase error and the harmonics of a heater on a distorted mains, and a
    /// third below the smallest of permitted appliances in the literature (0.13).
    #[default]
    Normal,
    /// A residual of 0.12.
    High,
}

impl Sensitivity {
    /// Largest residual of a resistor, thousandths.
    #[must_use]
    pub const fn residual(self) -> u16 {
        match self {
            Self::Low => 70,
            Self::Normal => 90,
            Self::High => 120,
        }
    }
}

/// Powers that are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    /// From, W.
    pub from_w: u16,
    /// up to and with, W.
    pub to_w: u16,
}

/// An appliance that is allowed although it looks like a vicious one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permitted {
    /// Its power, W.
    pub power_w: u16,
    /// Tolerance either way, % of it.
    pub tolerance_percent: u8,
}

/// Power bands of a loop.
pub const MAX_BANDS: usize = 6;
/// Appliances on a loop's whitelist.
pub const MAX_PERMITTED: usize = 10;

/// The settings of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What to do.
    pub mode: Mode,
    /// How sure to be.
    pub sensitivity: Sensitivity,
    /// A step in any of these is looked at.
    pub bands: [Option<Band>; MAX_BANDS],
    /// A step that is one of these is let pass.
    pub permitted: [Option<Permitted>; MAX_PERMITTED],
    /// Power of the whole loop that is too much while the caller says that it is night, W; 0 for none.
    pub night_cap_w: u16,
    /// For how long the night cap may be exceeded, ms.
    pub night_delay_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self::NONE
    }
}

/// Why a load is vicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Its current is proportional to the voltage.
    Resistive,
    /// A resistor behind a diode.
    HalfWave,
    /// A resistor behind a phase control.
    PhaseCut,
    /// It pulses: an induction cooker or a burst-fired heater.
    Pulsing,
    /// The whole loop draws more than is allowed at night.
    NightCap,
}

impl Cause {
    /// Every cause, in the order of the codes.
    const ALL: [Self; 5] = [Self::Resistive, Self::HalfWave, Self::PhaseCut, Self::Pulsing, Self::NightCap];

    /// The code in records and registers, from 1.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16 + 1
    }

    /// The cause of a code.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.get(usize::from(code.checked_sub(1)?)).copied()
    }
}

/// A vicious load, and what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Why.
    pub cause: Cause,
    /// What was measured.
    pub evidence: Evidence,
}

/// Share of a sine's energy that a phase control must keep away to be told from a shifted sine,
/// thousandths: a cut at 36°.
const CUT_AWAY: u16 = 50;
/// A diode or a phase control has edges, where a few degrees of phase error cost more than on a sine.
const EDGES: u16 = 40;

impl Settings {
    /// Watches nothing; once the mode is set, every step from 150 W.
    pub const NONE: Self = Self {
        mode: Mode::Off,
        sensitivity: Sensitivity::Normal,
        bands: {
            let mut bands = [None; MAX_BANDS];
            bands[0] = Some(Band { from_w: 150, to_w: u16::MAX });
            bands
        },
        permitted: [None; MAX_PERMITTED],
        night_cap_w: 0,
        night_delay_ms: 10_000,
    };

    /// The smallest power that is looked at, W; `None` if no band is set.
    #[must_use]
    pub fn smallest_w(&self) -> Option<u16> {
        self.bands.iter().flatten().map(|band| band.from_w).min()
    }

    /// Whether a step of `power_w` is looked at: in a band and no permitted appliance.
    #[must_use]
    pub fn watches(&self, power_w: u32) -> bool {
        let in_band = |band: &Band| (u32::from(band.from_w)..=u32::from(band.to_w)).contains(&power_w);
        let permitted = |appliance: &Permitted| {
            let power = u32::from(appliance.power_w);
            power_w.abs_diff(power) * 100 <= power * u32::from(appliance.tolerance_percent)
        };
        self.mode != Mode::Off
            && self.bands.iter().flatten().any(in_band)
            && !self.permitted.iter().flatten().any(permitted)
    }

    /// Whether a step of this power and residual is a watched resistor.
    #[must_use]
    pub fn watches_resistor(&self, power_mw: i32, residual: u16) -> bool {
        residual <= self.sensitivity.residual() && self.watches(u32::try_from(power_mw).unwrap_or(0) / 1000)
    }

    /// Why `step` is vicious, if it is.
    #[must_use]
    pub fn judge(&self, step: &Step, inrush: u16) -> Option<Verdict> {
        let power_w = u32::try_from(step.power_mw).unwrap_or(0) / 1000;
        if !self.watches(power_w) {
            return None;
        }
        let limit = self.sensitivity.residual();
        let (cause, residual) = if step.residual <= limit {
            (Cause::Resistive, step.residual)
        } else if step.switched.half_wave <= limit + EDGES {
            (Cause::HalfWave, step.switched.half_wave)
        } else if step.switched.cut_away >= CUT_AWAY && step.switched.phase_cut <= limit + EDGES {
            (Cause::PhaseCut, step.switched.phase_cut)
        } else {
            return None;
        };
        Some(Verdict { cause, evidence: step.evidence(residual, inrush) })
    }

    /// Whether one of two appliances, whose step together was `whole`, is a watched resistor.
    pub(super) fn judge_part(&self, part: &Part, whole: &Step) -> Option<Verdict> {
        let power_w = part.power_mw.unsigned_abs() / 1000;
        let resistor = part.power_mw > 0 && part.is_resistor(self.sensitivity.residual());
        let evidence = Evidence { power_w, ..whole.evidence(part.residual, 0) };
        (resistor && self.watches(power_w)).then_some(Verdict { cause: Cause::Resistive, evidence })
    }

    /// A step that came again and again within seconds.
    #[must_use]
    pub fn judge_burst(&self, step: &Step, inrush: u16) -> Option<Verdict> {
        let power_w = u32::try_from(step.power_mw).unwrap_or(0) / 1000;
        (power_w >= PULSING_FROM_W && self.watches(power_w))
            .then(|| Verdict { cause: Cause::Pulsing, evidence: step.evidence(step.residual, inrush) })
    }

    /// Whether a pulsing load is vicious: its power while on counts against the bands, its mean against the
    /// whitelist.
    #[must_use]
    pub fn judge_pulsing(&self, pulsing: &Pulsing) -> Option<Verdict> {
        let watts = |milliwatts: i32| u32::try_from(milliwatts).unwrap_or(0) / 1000;
        let (on_w, mean_w) = (watts(pulsing.on_mw), watts(pulsing.mean_mw));
        if on_w < PULSING_FROM_W || !self.watches(on_w) || !self.watches(mean_w) {
            return None;
        }
        let evidence = Evidence { power_w: mean_w, residual: pulsing.residual, ..Evidence::default() };
        Some(Verdict { cause: Cause::Pulsing, evidence })
    }
}

/// Power while on from which a pulsing load is one that heats, W: stirred motors and dimmed lamps stay
/// below.
const PULSING_FROM_W: u32 = 300;
