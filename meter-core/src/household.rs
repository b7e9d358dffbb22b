//! One household of a meter: its credit, its energy, its loops.

use crate::bytes::{Reader, Writer};
use crate::credit::{Credit, Totals};
use crate::energy::Energy;
use crate::envelope::Refusal;
use crate::loops::Loop;
use crate::measurement::{Measurement, Reading};
use crate::month::Month;
use crate::protection::Protection;
use crate::relay::{self, Override, Reasons, SupplyMode, Wants};
use crate::reminder::Reminder;
use crate::reversing::Reversing;
use crate::schedule::Moment;
use crate::settings::{HouseholdBlock, HouseholdSettings, LoopId};
use crate::units::{MilliWatts, UnixSeconds, WattHours};

/// How a household is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One phase and neutral.
    SinglePhase,
    /// Three phases, for high currents.
    ThreePhase,
}

/// The state of one household: one credit for one loop or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    kind: Kind,
    credit: Credit,
    reminder: Reminder,
    energy: Energy,
    reverse: Energy,
    reversing: Reversing,
    month: Month,
    supply: Override,
    settings: HouseholdSettings,
    protection: Protection,
    friendly: bool,
    unproven: bool,
    /// The end of the latest supply command was once reached.
    supply_ended: bool,
    main: Loop,
    second: Option<Loop>,
}

impl Household {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            credit: Credit::default(),
            reminder: Reminder::default(),
            energy: Energy::default(),
            reverse: Energy::default(),
            reversing: Reversing::default(),
            month: Month::default(),
            supply: Override::default(),
            settings: HouseholdSettings::FACTORY,
            protection: Protection::new(kind),
            friendly: false,
            unproven: false,
            supply_ended: false,
            main: Loop::default(),
            second: None,
        }
    }

    /// How it is connected.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether its record was lost, so that its totals and generations may be old ones: it then takes only
    /// what is sealed over the meter's nonce, until its credit was told anew.
    #[must_use]
    pub const fn is_unproven(&self) -> bool {
        self.unproven
    }

    pub(crate) const fn set_unproven(&mut self, unproven: bool) {
        self.unproven = unproven;
    }

    /// Its credit account.
    #[must_use]
    pub const fn credit(&self) -> &Credit {
        &self.credit
    }

    /// Its low-credit reminder.
    #[must_use]
    pub const fn reminder(&self) -> &Reminder {
        &self.reminder
    }

    /// Its energy register, of both loops together.
    #[must_use]
    pub const fn energy(&self) -> &Energy {
        &self.energy
    }

    /// Energy that flowed backward, of both loops together.
    #[must_use]
    pub const fn reverse(&self) -> &Energy {
        &self.reverse
    }

    pub(crate) const fn set_reverse(&mut self, reverse: Energy) {
        self.reverse = reverse;
    }

    /// Whether power flows backward in a phase, and for long enough to be told.
    #[must_use]
    pub const fn reversing(&self) -> &Reversing {
        &self.reversing
    }

    /// The current month's use.
    #[must_use]
    pub const fn month(&self) -> &Month {
        &self.month
    }

    /// The latest supply command, whether its time has passed or not.
    #[must_use]
    pub const fn supply(&self) -> &Override {
        &self.supply
    }

    /// What the latest supply command says now. One that has ended stays so, even if the clock is put back
    /// before its end.
    #[must_use]
    pub fn supply_mode(&self, now: Option<UnixSeconds>) -> SupplyMode {
        if self.supply_ended { SupplyMode::Auto } else { self.supply.effective(now) }
    }

    /// What the office has set.
    #[must_use]
    pub const fn settings(&self) -> &HouseholdSettings {
        &self.settings
    }

    /// What protects it.
    #[must_use]
    pub const fn protection(&self) -> &Protection {
        &self.protection
    }

    /// The same with the settings that it goes by.
    pub(crate) const fn protecting(&mut self) -> (&mut Protection, &HouseholdSettings) {
        (&mut self.protection, &self.settings)
    }

    /// Whether credit does not disconnect now.
    #[must_use]
    pub const fn is_friendly_time(&self) -> bool {
        self.friendly
    }

    /// Whether credit has fallen to the warning level.
    #[must_use]
    pub fn warns(&self) -> bool {
        !self.credit.is_vacant() && self.settings.credit().warns_at(self.credit.remaining())
    }

    /// Whether credit has fallen to the cut-off level and the overdraft is in use.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        !self.credit.is_vacant() && self.settings.credit().overdrawn_at(self.credit.remaining())
    }

    /// Whether a protection keeps one of its loops open.
    #[must_use]
    pub fn is_kept_open(&self) -> bool {
        let fitted = LoopId::ALL.iter().take(1 + usize::from(self.second.is_some()));
        fitted.into_iter().any(|id| !self.protection.reasons(*id).is_empty())
    }

    /// The loop that every household has.
    #[must_use]
    pub const fn main(&self) -> &Loop {
        &self.main
    }

    /// The second loop, if there is one.
    #[must_use]
    pub const fn second(&self) -> Option<&Loop> {
        self.second.as_ref()
    }

    /// Why the main relay is open; empty when it is closed.
    #[must_use]
    pub const fn reasons(&self) -> Reasons {
        self.main.reasons()
    }

    /// Whether the main relay is commanded closed.
    #[must_use]
    pub const fn relay_closed(&self) -> bool {
        self.main.relay_closed()
    }

    /// Whether the main contact was closed when last read back.
    #[must_use]
    pub const fn contact_closed(&self) -> bool {
        self.main.contact_closed()
    }

    /// Whether the main contact has disagreed with the command for too long.
    #[must_use]
    pub const fn relay_fault(&self) -> bool {
        self.main.relay_fault()
    }

    /// What was measured last in the main loop.
    #[must_use]
    pub const fn measurement(&self) -> &Measurement {
        self.main.measurement()
    }

    /// Active power of both loops together.
    #[must_use]
    pub fn power(&self) -> MilliWatts {
        let second = self.second.map_or(MilliWatts(0), |second| second.measurement().power);
        self.main.measurement().power.saturating_add(second)
    }

    /// Gives or takes the second loop, as the meter is built.
    pub(crate) fn fit_second_loop(&mut self, fitted: bool) {
        self.second = fitted.then(|| self.second.unwrap_or_default());
    }

    /// Takes what was measured over `elapsed_ms`. Energy counts whatever the contacts say: it flowed. What flows
    /// backward counts as used if `reverse_counts`. Returns whether its register has grown by a watt-hour.
    pub(crate) fn measure(
        &mut self,
        elapsed_ms: u32,
        main: &Reading,
        second: &Reading,
        reverse_counts: bool,
    ) -> bool {
        let settings = self.settings.of_loop(LoopId::Main);
        let mut counted = self.main.measure(elapsed_ms, &main.measurement, main.contact_closed, settings);
        let mut phases = main.measurement.reversed_phases();
        if let Some(fitted) = &mut self.second {
            let settings = self.settings.of_loop(LoopId::Second);
            let more = fitted.measure(elapsed_ms, &second.measurement, second.contact_closed, settings);
            counted = counted.plus(more);
            phases |= second.measurement.reversed_phases() << Reversing::SECOND_LOOP;
        }
        let used = counted.forward.saturating_add(if reverse_counts { counted.reverse } else { 0 });
        self.credit.consume(self.energy.add(used));
        self.reversing.tick(elapsed_ms, phases);
        self.reminder.tick(elapsed_ms);
        self.reverse.add(counted.reverse).0 > 0
    }

    /// Decides the relays anew; returns whether the record changed.
    pub(crate) fn settle(&mut self, moment: &Moment) -> bool {
        let new_month = self.month.follow(moment.local, self.energy.total());
        let reminder = self.reminder.saved_state();
        let ended = !self.supply_ended && self.supply.has_ended(moment.now);
        self.supply_ended |= ended;
        self.settle_credit(moment);
        new_month || ended || reminder != self.reminder.saved_state()
    }

    fn settle_credit(&mut self, moment: &Moment) {
        self.protection.follow_night(moment.local, &self.settings);
        let mode = self.supply_mode(moment.now);
        let vacant = self.credit.is_vacant();
        let credit_settings = self.settings.credit();
        self.friendly = self.settings.friendly().hold(moment.local);
        let may_remind = mode == SupplyMode::Auto && !vacant && !self.friendly;
        self.reminder.follow(self.credit.remaining(), credit_settings, may_remind);
        let out = self.credit.remaining() <= credit_settings.cut_at_wh();
        let credit = Reasons::OUT_OF_CREDIT.only_if(out);
        let credit = credit.with(Reasons::LOW_CREDIT_REMINDER.only_if(self.reminder.is_dropping()));
        for (id, fitted) in [(LoopId::Main, Some(&mut self.main)), (LoopId::Second, self.second.as_mut())] {
            if let Some(fitted) = fitted {
                let schedule = fitted.consult_schedule(moment, self.settings.of_loop(id));
                let protection = self.protection.reasons(id);
                let wants = Wants { vacant, credit, friendly: self.friendly, schedule, protection, mode };
                fitted.switch(relay::arbitrate(&wants));
            }
        }
    }

    pub(crate) fn set_totals(&mut self, totals: Totals) -> Result<bool, Refusal> {
        self.check_hoarding(totals)?;
        let credited_before = self.credit.totals().credited;
        let changed = self.credit.set_totals(totals)?;
        if self.credit.totals().credited > credited_before {
            self.reminder.acknowledge();
        }
        Ok(changed)
    }

    pub(crate) fn open_epoch(&mut self, totals: Totals, now: Option<UnixSeconds>) -> Result<bool, Refusal> {
        if totals.epoch <= self.credit.totals().epoch {
            return self.set_totals(totals);
        }
        self.check_hoarding(totals)?;
        let changed = self.credit.open_epoch(totals, self.energy.total(), now)?;
        self.reminder.begin_epoch();
        Ok(changed)
    }

    /// Refuses what would lift credit above the hoarding limit; what lowers it, or leaves it, passes.
    fn check_hoarding(&self, totals: Totals) -> Result<(), Refusal> {
        let credit = self.credit;
        let same_epoch = totals.epoch == credit.totals().epoch;
        let used_wh = if same_epoch { credit.used().0 } else { 0 };
        let remaining_wh = totals.remaining_after(used_wh);
        let lifts = !same_epoch || remaining_wh > credit.remaining();
        if totals.epoch >= credit.totals().epoch && lifts && !self.settings.credit().may_hold(remaining_wh) {
            return Err(Refusal::Hoarding);
        }
        Ok(())
    }

    pub(crate) fn acknowledge(&mut self) -> bool {
        self.reminder.acknowledge()
    }

    pub(crate) fn acknowledge_number(&mut self, number: u32) -> Result<bool, Refusal> {
        self.reminder.acknowledge_number(number)
    }

    pub(crate) fn set_supply(&mut self, supply: Override) -> Result<bool, Refusal> {
        if supply == self.supply {
            return Ok(false);
        }
        if supply.generation < self.supply.generation {
            return Err(Refusal::Stale);
        }
        if supply.generation == self.supply.generation {
            return Err(Refusal::Conflict);
        }
        (self.supply, self.supply_ended) = (supply, false);
        Ok(true)
    }

    pub(crate) fn take_settings(&mut self, generation: u32, block: HouseholdBlock) -> Result<bool, Refusal> {
        if self.kind == Kind::ThreePhase && block.loop_id() == Some(LoopId::Second) {
            return Err(Refusal::OutOfRange);
        }
        self.settings.take(generation, block)
    }

    /// A block as it was saved.
    pub(crate) fn load_settings(&mut self, generation: u32, block: HouseholdBlock) -> Option<()> {
        self.settings.take(generation, block).ok().map(|_| ())
    }

    /// The record that survives a power cut; the settings have their own.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        self.credit.write(writer)?;
        self.energy.write(writer)?;
        self.supply.write(writer)?;
        self.reminder.write(writer)?;
        self.month.write(writer)?;
        writer.bytes(&[u8::from(self.unproven) | u8::from(self.supply_ended) << 1])
    }

    /// The record of its lock-outs, which change at other times than its credit.
    pub(crate) fn write_protection(&self, writer: &mut Writer<'_>) -> Option<()> {
        self.protection.write(writer)
    }

    pub(crate) fn read_protection(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        self.protection.read(reader)
    }

    pub(crate) fn read(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        self.credit = Credit::read(reader)?;
        self.energy = Energy::read(reader)?;
        self.supply = Override::read(reader)?;
        self.reminder = Reminder::read(reader)?;
        self.month = Month::read(reader)?;
        let bits = reader.u8()?;
        (self.unproven, self.supply_ended) = (bits & 1 != 0, bits & 2 != 0);
        Some(())
    }

    /// Energy that was counted after the household's record was written.
    pub(crate) fn resume_energy(&mut self, energy: Energy) {
        if energy.is_ahead_of(&self.energy) {
            let since_wh = energy.total().saturating_sub(self.energy.total());
            self.credit.consume(WattHours(u32::try_from(since_wh.0).unwrap_or(u32::MAX)));
            self.energy = energy;
        }
    }
}
