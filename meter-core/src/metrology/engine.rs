//! Puts the parts together: samples in; one channel of a finished cycle at a time out.

use super::calibration::Calibration;
use super::channel::{Channel, Moments};
use super::current_cycle::CurrentCycle;
use super::cycle_clock::{CycleClock, Span, frequency_of};
use super::energy::{EnergyRegister, NoLoad};
use super::harmonics::{Phasor, Spectrum};
use super::reading::Reading;
use super::samples::{Position, SAMPLE, Samples};
use super::sums::{Powers, Squares};
use super::wiring::{CHANNELS, MAX_CURRENTS, SampleSet, VOLTAGES, Wiring};
use super::{POINTS, SAMPLE_RATE_HZ, Wave};

/// Samples after a cycle's end before it is worked through: the largest delay, and one to read between.
const AHEAD: u8 = 9;
/// Samples of a cycle that may be waiting before the oldest are overwritten: all that are kept less the
/// longest cycle (153) and what is read before and after it.
const MAX_WAITING: u8 = 80;

/// Voltage or current of one channel over the latest cycle.
#[derive(Clone, Copy, Default)]
struct Measured {
    squares: Squares,
    mean: i64,
    fundamental: Phasor,
}

/// One current input.
#[derive(Clone, Default)]
struct Current {
    second: Squares,
    powers: Powers,
    energy: EnergyRegister,
    /// Sums of the latest whole second: a reading of them is made when it is asked for.
    latest: Squares,
    latest_powers: Powers,
}

/// A cycle being worked through: the next channel, and the cycle.
#[derive(Clone, Copy)]
struct Job {
    channel: usize,
    span: Span,
}

impl Job {
    /// Where its points begin, and how far they are apart.
    const fn points(&self) -> (Position, u32) {
        (self.span.start, self.span.period / POINTS as u32)
    }
}

impl Measured {
    fn of(moments: &Moments) -> Self {
        let Spectrum { harmonics, mean } = moments.spectrum;
        Self {
            squares: Squares::of(moments.variance, &harmonics, moments.clipped),
            mean,
            fundamental: harmonics.fundamental(),
        }
    }
}

/// The metrology of a whole meter, in as much memory as its inputs need: `INPUTS` currents, the first of the
/// wiring, and `ROW` channels with the voltages.
#[derive(Clone)]
pub struct Metrology<const INPUTS: usize = MAX_CURRENTS, const ROW: usize = CHANNELS> {
    wiring: Wiring,
    no_load: NoLoad,
    channels: [Channel; ROW],
    samples: Samples<ROW>,
    clock: CycleClock,
    /// Where the next sample goes.
    next_sample: u8,
    job: Option<Job>,
    voltage_waves: [Wave; VOLTAGES],
    voltages: [Measured; VOLTAGES],
    voltage_seconds: [Squares; VOLTAGES],
    current_wave: Wave,
    currents: [Current; INPUTS],
    /// Length of the cycles of the running second, 2^-24 samples, and their number.
    second_length: u64,
    second_cycles: u32,
    latest_voltages: [Squares; VOLTAGES],
    latest_frequency_mhz: u32,
    overruns: u32,
}

/// What a piece of work brought.
#[allow(clippy::large_enum_variant, reason = "there is nowhere to box it")]
pub enum Step<'a> {
    /// A voltage was worked through.
    Voltage,
    /// A current was worked through.
    Current(CurrentCycle<'a>),
    /// All channels of the cycle were.
    Cycle,
    /// They were, and with this cycle a second is complete: its readings are new.
    Second,
}

impl<const INPUTS: usize, const ROW: usize> Metrology<INPUTS, ROW> {
    /// A row has all voltages and currents, and no more than a meter can have.
    const FITS: () = assert!(ROW == VOLTAGES + INPUTS && INPUTS <= MAX_CURRENTS);

    /// A meter with nothing measured yet. `calibrations`: voltages first, then currents. Of the wiring's currents
    /// those beyond `INPUTS` are not measured.
    #[must_use]
    pub fn new(wiring: Wiring, calibrations: &[Calibration; CHANNELS], no_load: NoLoad) -> Self {
        const { Self::FITS };
        Self {
            wiring,
            no_load,
            channels: core::array::from_fn(|channel| Channel::new(calibrations[channel].bounded())),
            samples: Samples::EMPTY,
            // The first cycle starts late enough that what is read before it exists.
            clock: CycleClock::new(u32::from(AHEAD) * SAMPLE),
            next_sample: 0,
            job: None,
            voltage_waves: [[0; POINTS]; VOLTAGES],
            voltages: [Measured::default(); VOLTAGES],
            voltage_seconds: [Squares::default(); VOLTAGES],
            current_wave: [0; POINTS],
            currents: core::array::from_fn(|_| Current::default()),
            second_length: 0,
            second_cycles: 0,
            latest_voltages: [Squares::default(); VOLTAGES],
            latest_frequency_mhz: 0,
            overruns: 0,
        }
    }

    /// Changes the constants of a channel (voltages first) from its next cycle on.
    pub fn calibrate(&mut self, channel: usize, calibration: Calibration) {
        if let Some(channel) = self.channels.get_mut(channel) {
            channel.calibration = calibration.bounded();
        }
    }

    /// Takes one sample set: about one store a channel, fit for the interrupt.
    pub fn push(&mut self, set: &SampleSet) {
        self.samples.set(self.next_sample, set);
        self.next_sample = self.next_sample.wrapping_add(1);
        if self.job.is_none() {
            self.begin_job();
        }
    }

    fn begin_job(&mut self) {
        let span = self.clock.current();
        let end = (span.end() >> 24) as u8;
        let waiting = self.next_sample.wrapping_sub(end);
        // Before the end the distance is that of a cycle or less, which wraps to more than this.
        if (AHEAD + 1..=MAX_WAITING).contains(&waiting) {
            self.job = Some(Job { channel: 0, span });
        }
    }

    /// Works through one channel of a finished cycle; `None` when nothing is waiting. Call it at least
    /// 30 times a cycle, or until it returns `None` after every sample set.
    pub fn step(&mut self) -> Option<Step<'_>> {
        let mut job = self.job?;
        while job.channel >= VOLTAGES
            && job.channel < ROW
            && self.wiring.phase(job.channel - VOLTAGES).is_none()
        {
            job.channel += 1;
        }
        let channel = job.channel;
        job.channel += 1;
        self.job = Some(job);
        if channel < VOLTAGES {
            self.step_voltage(channel, &job);
            return Some(Step::Voltage);
        }
        if channel < ROW {
            return Some(self.step_current(channel - VOLTAGES, &job));
        }
        Some(self.finish_cycle(&job))
    }

    fn step_voltage(&mut self, index: usize, job: &Job) {
        let wave = &mut self.voltage_waves[index];
        let moments = self.channels[index].measure((&self.samples, index), job.points(), None, wave);
        let measured = Measured::of(&moments);
        self.voltages[index] = measured;
        self.voltage_seconds[index].add(&measured.squares);
    }

    fn step_current(&mut self, index: usize, job: &Job) -> Step<'_> {
        let phase = self.wiring.phase(index).unwrap_or_default().index();
        let (voltage, channel) = (&self.voltages[phase], VOLTAGES + index);
        let other = Some((&self.voltage_waves[phase], voltage.mean));
        let moments = self.channels[channel].measure(
            (&self.samples, channel),
            job.points(),
            other,
            &mut self.current_wave,
        );
        let measured = Measured::of(&moments);
        let (volts, amperes) = (&self.channels[phase].calibration, &self.channels[channel].calibration);
        let power_uw = volts.product_micro(amperes, moments.covariance);
        let reactive_uvar = volts.product_micro(amperes, voltage.fundamental.cross(measured.fundamental));
        let current = &mut self.currents[index];
        current.second.add(&measured.squares);
        current.powers.add(&Powers::of(power_uw, reactive_uvar));
        current.energy.add_cycle(power_uw, reactive_uvar, job.span.period >> 8, &self.no_load);
        Step::Current(CurrentCycle {
            current: index,
            voltage_wave: &self.voltage_waves[phase],
            current_wave: &self.current_wave,
            harmonics: moments.spectrum.harmonics,
            power_uw,
            volts,
            amperes,
            sound: self.clock.locked() && !measured.squares.clipped && !voltage.squares.clipped,
            clipped: measured.squares.clipped || voltage.squares.clipped,
            voltage_square: voltage.squares.mean(),
            current_square: moments.variance,
            reactive_uvar,
            period: job.span.period,
        })
    }

    fn finish_cycle(&mut self, job: &Job) -> Step<'static> {
        self.clock.advance(&self.voltages.map(|voltage| voltage.fundamental));
        self.job = None;
        self.second_length += u64::from(job.span.period);
        self.second_cycles += 1;
        let late = self.next_sample.wrapping_sub((job.span.end() >> 24) as u8);
        if late > MAX_WAITING {
            self.overruns = self.overruns.saturating_add(1);
        }
        let second = self.second_length >= u64::from(SAMPLE_RATE_HZ) * u64::from(SAMPLE);
        if second {
            self.finish_second();
            return Step::Second;
        }
        Step::Cycle
    }

    fn finish_second(&mut self) {
        for current in &mut self.currents {
            (current.latest, current.latest_powers) = (current.second, current.powers);
            (current.second, current.powers) = (Squares::default(), Powers::default());
        }
        self.latest_voltages = self.voltage_seconds;
        self.latest_frequency_mhz = frequency_of(self.second_length, self.second_cycles);
        self.voltage_seconds = [Squares::default(); VOLTAGES];
        (self.second_length, self.second_cycles) = (0, 0);
    }

    /// Current input `current` over the latest whole second; zero if nothing is fitted there.
    #[must_use]
    pub fn reading(&self, current: usize) -> Reading {
        let Some(phase) = self.wiring.phase(current).map(super::Phase::index) else {
            return Reading::default();
        };
        let Some(input) = self.currents.get(current) else { return Reading::default() };
        let volts = (&self.latest_voltages[phase], &self.channels[phase].calibration);
        let amperes = (&input.latest, &self.channels[VOLTAGES + current].calibration);
        Reading::new(volts, amperes, &input.latest_powers, self.latest_frequency_mhz)
    }

    /// Energy of current input `current`.
    #[must_use]
    pub fn energy(&self, current: usize) -> EnergyRegister {
        self.currents.get(current).map(|current| current.energy).unwrap_or_default()
    }

    /// Whether the cycles of a living voltage are being followed.
    #[must_use]
    pub const fn locked(&self) -> bool {
        self.clock.locked()
    }

    /// Cycles that were worked through too late, so that their samples may have been overwritten: the
    /// caller gives the meter too little time.
    #[must_use]
    pub const fn overruns(&self) -> u32 {
        self.overruns
    }
}
