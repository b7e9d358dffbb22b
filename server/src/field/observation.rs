//! What was read of a meter of any kind, in words and plain units.

use domain::health::Anomaly;
use domain::ids::HouseholdId;
use domain::observed::{OpenReasons, Signs};
use domain::supply::{Reported, SupplyMode};

/// A meter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// By its clock, Unix seconds; `None` without one, or while it is unknown.
    pub clock_s: Option<i64>,
    /// How often it has started, where it counts that.
    pub boot_count: Option<i64>,
    /// The number of its latest event, where it keeps events.
    pub latest_event: Option<i64>,
    /// Mains frequency, in hundredths of a hertz, where it measures that.
    pub frequency_chz: Option<i64>,
    /// Its outlets, by position.
    pub outlets: Vec<OutletState>,
}

/// An outlet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutletState {
    /// Its relay.
    pub relay: Relay,
    /// Why the relay is open, as the meter says; where the server decides, it says so itself.
    pub reasons: OpenReasons,
    /// What else it has to tell.
    pub signs: Signs,
    /// The low-credit reminder that keeps the supply off until it is acknowledged; 0 for none.
    pub reminder: i64,
    /// Its credit, where the meter keeps it.
    pub credit: Option<Counts>,
    /// What it was told of its supply, where the meter keeps that.
    pub supply: Option<Supply>,
    /// The running meter, in Wh.
    pub energy_total_wh: i64,
    /// Active power, in mW.
    pub power_mw: i64,
    /// Voltage of each phase, in mV; 0 where there is no phase.
    pub voltage_mv: [i64; 3],
    /// Current of each phase, in mA.
    pub current_ma: [i64; 3],
    /// Power factor, in thousandths.
    pub power_factor_milli: i64,
}

/// A relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relay {
    /// It is commanded closed.
    pub commanded: bool,
    /// Its contact was read as closed.
    pub closed: bool,
    /// The two have disagreed for too long.
    pub fault: bool,
}

/// The totals of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The epoch; 0 before the first.
    pub epoch: i64,
    /// Ever credited in it, in Wh.
    pub credited_wh: i64,
    /// Ever taken back in it, in Wh.
    pub debited_wh: i64,
    /// Used in it, in Wh.
    pub used_wh: i64,
}

impl Counts {
    /// As the books count them: `uncounted_wh` is what the meter was told as debited, as it had forgotten that it was
    /// used.
    #[must_use]
    pub fn as_booked(self, uncounted_wh: i64) -> Self {
        Self {
            debited_wh: (self.debited_wh - uncounted_wh).max(0),
            used_wh: self.used_wh + uncounted_wh,
            ..self
        }
    }
}

/// What an outlet was told of its supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// What is asked of the relay.
    pub mode: SupplyMode,
    /// The order's generation.
    pub generation: i64,
    /// When it ends, in Unix seconds; 0 for never.
    pub until_s: i64,
}

/// How an epoch stood when its meter closed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The totals of the epoch that was closed.
    pub counts: Counts,
    /// The running meter then, in Wh.
    pub energy_total_wh: i64,
    /// When, by the meter's clock, in Unix seconds; `None` when it did not know the time.
    pub closed_s: Option<i64>,
}

/// What a meter says of the epoch before the one that it has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It ended like this; read twice, the same.
    So(Closing),
    /// The meter keeps nothing of the kind, or nothing yet.
    Never,
    /// It can't vouch for what it says: no other epoch may be opened before it can.
    NotYet,
}

impl OutletState {
    /// As a row of the database. `uncounted_wh` as in [`Counts::as_booked`].
    #[must_use]
    pub fn report(
        &self,
        household_id: HouseholdId,
        uncounted_wh: i64,
        seen_ms: i64,
        anomaly: Option<Anomaly>,
    ) -> Reported {
        let counts = self.credit.unwrap_or_default().as_booked(uncounted_wh);
        let supply = self.supply.unwrap_or(Supply { mode: SupplyMode::Auto, generation: 0, until_s: 0 });
        let [voltage1_mv, voltage2_mv, voltage3_mv] = self.voltage_mv;
        let [current1_ma, current2_ma, current3_ma] = self.current_ma;
        Reported {
            household_id,
            seen_ms,
            epoch: counts.epoch,
            credited_wh: counts.credited_wh,
            debited_wh: counts.debited_wh,
            used_wh: counts.used_wh,
            energy_total_wh: self.energy_total_wh,
            relay_commanded: self.relay.commanded.into(),
            relay_closed: self.relay.closed.into(),
            relay_fault: self.relay.fault.into(),
            open_reasons: self.reasons,
            supply_mode: supply.mode,
            supply_generation: supply.generation,
            supply_until_s: supply.until_s,
            power_mw: self.power_mw,
            voltage1_mv,
            voltage2_mv,
            voltage3_mv,
            current1_ma,
            current2_ma,
            current3_ma,
            power_factor_milli: self.power_factor_milli,
            signs: self.signs,
            reminder: self.reminder,
            anomaly,
        }
    }
}
