//! What a loop forbids of appliances, and what is permitted nevertheless.

use super::field::{Fault, Field, check_each};
use super::over_current::{TripPolicy, is_valid_policy, policy};
use super::times::Window;
use super::wire::block;
use crate::protection::recovery::Policy;
use crate::protection::vicious::{Band, Mode, Permitted, Sensitivity, Settings};

block! {
    /// Powers that are watched.
    PowerBand {
        from_w: u16, "W", "From this power, at least 50; 0 when unused";
        to_w: u16, "W", "Up to and with this one";
    }
}

block! {
    /// Control of vicious loads on a loop.
    ViciousSettings {
        mode: u16, "", "0 not watched, 1 a vicious load is reported, 2 it is reported and the loop opens";
        sensitivity: u16, "", "How much like a resistor it must be: 0 beyond doubt, 1 normal, 2 remotely";
        bands: [PowerBand; 6], "", "An appliance is looked at if its power is in any of these";
        night_cap_w: u16, "W", "What the whole loop may draw at night; 0 for no cap";
        night_delay_s: u16, "s", "For how long it may draw more";
        nights: [Window; 2], "", "When it is night";
        wait_s: u16, "s", "From a trip to closing again, from 1";
        trips: u16, "", "With so many trips within the window the loop is locked out, 1 to 32";
        window_min: u16, "min", "The window, from 1";
        resident_release: u16, "", "1 if the button at the meter ends a lock-out, 0 if only the office does";
    }
}

block! {
    /// An appliance that is permitted although it looks like a vicious one.
    PermittedAppliance {
        power_w: u16, "W", "Its power; 0 when unused";
        tolerance_percent: u16, "%", "Either way, at most 50";
    }
}

block! {
    /// The appliances that are permitted on a loop.
    PermittedAppliances {
        appliances: [PermittedAppliance; 10], "", "Permitted appliances";
    }
}

/// Below this the detector would wake at any lamp.
const SMALLEST_W: u16 = 50;
const MAX_TOLERANCE_PERCENT: u16 = 50;
const MODES: [Mode; 3] = [Mode::Off, Mode::Alarm, Mode::Trip];
const SENSITIVITIES: [Sensitivity; 3] = [Sensitivity::Low, Sensitivity::Normal, Sensitivity::High];

impl PowerBand {
    /// No band.
    pub const UNUSED: Self = Self { from_w: 0, to_w: 0 };

    const fn is_valid(&self) -> bool {
        (self.from_w == 0 && self.to_w == 0) || (self.from_w >= SMALLEST_W && self.from_w <= self.to_w)
    }

    const fn band(&self) -> Option<Band> {
        if self.from_w == 0 { None } else { Some(Band { from_w: self.from_w, to_w: self.to_w }) }
    }
}

impl PermittedAppliance {
    /// None.
    pub const UNUSED: Self = Self { power_w: 0, tolerance_percent: 0 };

    const fn is_valid(&self) -> bool {
        self.tolerance_percent <= MAX_TOLERANCE_PERCENT && (self.power_w != 0 || self.tolerance_percent == 0)
    }

    const fn permitted(&self) -> Option<Permitted> {
        let tolerance_percent = self.tolerance_percent as u8;
        if self.power_w == 0 { None } else { Some(Permitted { power_w: self.power_w, tolerance_percent }) }
    }
}

impl PermittedAppliances {
    /// None, as a meter leaves the factory.
    pub const FACTORY: Self = Self { appliances: [PermittedAppliance::UNUSED; 10] };

    pub(super) fn is_valid(&self) -> bool {
        self.appliances.iter().all(PermittedAppliance::is_valid)
    }
}

impl ViciousSettings {
    /// As a meter leaves the factory: not watched; once it is, everything from 150 W is.
    pub const FACTORY: Self = Self {
        mode: 0,
        sensitivity: 1,
        bands: {
            let mut bands = [PowerBand::UNUSED; 6];
            bands[0] = PowerBand { from_w: 150, to_w: u16::MAX };
            bands
        },
        night_cap_w: 0,
        night_delay_s: 10,
        nights: [Window::UNUSED; 2],
        wait_s: 60,
        trips: 3,
        window_min: 60,
        resident_release: 0,
    };

    /// `mode`.
    pub const MODE: Field = Field::new("mode", 0, 0, MODES.len() as u32 - 1);
    /// `sensitivity`.
    pub const SENSITIVITY: Field = Field::new("sensitivity", 0, 0, SENSITIVITIES.len() as u32 - 1);
    /// `night_cap_w`.
    pub const NIGHT_CAP: Field = Field::new("night_cap", 0, 0, 60_000);
    /// `night_delay_s`.
    pub const NIGHT_DELAY: Field = Field::new("night_delay", 0, 0, 3_600);

    /// Whether the office may set its numbers; its lists are judged by their lines.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame.
    pub fn check(&self) -> Result<(), Fault> {
        check_each(&[
            (Self::MODE, self.mode.into()),
            (Self::SENSITIVITY, self.sensitivity.into()),
            (Self::NIGHT_CAP, self.night_cap_w.into()),
            (Self::NIGHT_DELAY, self.night_delay_s.into()),
        ])?;
        TripPolicy::check(self.wait_s, self.trips, self.window_min, self.resident_release)
    }

    pub(super) fn is_valid(&self) -> bool {
        usize::from(self.mode) < MODES.len()
            && usize::from(self.sensitivity) < SENSITIVITIES.len()
            && self.bands.iter().all(PowerBand::is_valid)
            && self.nights.iter().all(Window::is_valid)
            && is_valid_policy(self.wait_s, self.trips, self.window_min, self.resident_release)
    }

    /// What happens after a trip.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        policy(self.wait_s, self.trips, self.window_min)
    }

    /// As the detector takes them, with what is permitted.
    #[must_use]
    pub fn rules(&self, permitted: &PermittedAppliances) -> Settings {
        Settings {
            mode: MODES.get(usize::from(self.mode)).copied().unwrap_or_default(),
            sensitivity: SENSITIVITIES.get(usize::from(self.sensitivity)).copied().unwrap_or_default(),
            bands: self.bands.map(|band| band.band()),
            permitted: permitted.appliances.map(|appliance| appliance.permitted()),
            night_cap_w: self.night_cap_w,
            night_delay_ms: u32::from(self.night_delay_s) * 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detector_gets_what_was_set() {
        let mut vicious = ViciousSettings { mode: 2, sensitivity: 0, ..ViciousSettings::FACTORY };
        vicious.bands[5] = PowerBand { from_w: 100, to_w: 120 };
        vicious.night_delay_s = 7;
        let mut permitted = PermittedAppliances::FACTORY;
        permitted.appliances[9] = PermittedAppliance { power_w: 1000, tolerance_percent: 10 };
        assert!(vicious.is_valid() && permitted.is_valid());
        let rules = vicious.rules(&permitted);
        assert_eq!((rules.mode, rules.sensitivity), (Mode::Trip, Sensitivity::Low));
        assert_eq!((rules.smallest_w(), rules.night_delay_ms), (Some(100), 7000));
        assert!(rules.watches(1150) && !rules.watches(1090) && !rules.watches(99));
        assert_eq!(ViciousSettings::FACTORY.rules(&PermittedAppliances::FACTORY), Settings::default());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let factory = ViciousSettings::FACTORY;
        let band = |from_w, to_w| ViciousSettings { bands: [PowerBand { from_w, to_w }; 6], ..factory };
        let night = |start_min| {
            let night = Window { weekdays: 1, start_min, end_min: 0 };
            ViciousSettings { nights: [night; 2], ..factory }
        };
        for wrong in [
            ViciousSettings { mode: 3, ..factory },
            ViciousSettings { sensitivity: 3, ..factory },
            ViciousSettings { wait_s: 0, ..factory },
            ViciousSettings { trips: 0, ..factory },
            ViciousSettings { trips: 33, ..factory },
            ViciousSettings { window_min: 0, ..factory },
            ViciousSettings { resident_release: 2, ..factory },
            band(49, 100),
            band(0, 100),
            band(101, 100),
            night(1440),
        ] {
            assert!(!wrong.is_valid(), "{wrong:?}");
        }
        for (power_w, tolerance_percent) in [(0, 1), (1000, 51)] {
            let appliance = PermittedAppliance { power_w, tolerance_percent };
            assert!(!PermittedAppliances { appliances: [appliance; 10] }.is_valid());
        }
    }
}
