//! Vicious loads: heaters, kettles and stoves, recognised by the current that they add.
//!
//! A [`Detector`] takes every cycle of a loop. It keeps the settled waveform of what is running; when the
//! current changes it waits for it to settle again and looks at the difference, aligned to the voltage:
//! the waveform of the appliance that was switched on, alone. A resistor's current is proportional to the
//! voltage, whatever runs beside it ([`Step::residual`], Fryze's non-active current); behind a diode or a
//! phase control it is so wherever it conducts ([`switched`]); two that came shortly after one another are told apart
//! by what flowed between (`transition`); cookers and burst-fired heaters pulse
//! ([`pulses`]). [`rules`] decide, by the settings of the loop, what of that is forbidden.
//!
//! No threshold is taken from one set of recordings: they follow from what the sensors may be wrong by (a
//! calibrated channel within 3°, which alone is a residual of 0.052) and from the smallest residual of
//! permitted motors and power supplies in the literature, 0.13 and more.

mod detector;
mod memory;
pub mod pulses;
pub mod rules;
mod share;
mod step;
pub mod switched;
mod transition;
mod watch;

pub use detector::Detector;
pub use rules::{Band, Cause, Mode, Permitted, Sensitivity, Settings, Verdict};
pub use step::{Evidence, Step};
pub use watch::{Watch, Watched};
