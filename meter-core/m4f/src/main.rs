//! Counts the instructions that a whole meter takes for each sample set on a Cortex-M4F: samples in, every
//! channel worked through, every loop watched for vicious loads and over-current, the meter ticked and its
//! energy saved each second. Nothing is switched on meanwhile.
#![no_std]
#![no_main]

mod house;
mod machine;

use core::fmt::Write;
use core::hint::black_box;
use core::mem::MaybeUninit;
use house::{Ram, currents, whole_meter};
use machine::{Terminal, instructions};
use meter_core::journal::Fram;
use meter_core::metered::Metered;
use meter_core::metrology::SAMPLE_RATE_HZ;

/// Clock of the core, Hz.
const CORE_HZ: u64 = 168_000_000;
/// Until the loops have settled.
const WARM_UP_S: u32 = 3;
const COUNTED_S: u32 = 3;

static mut METER: MaybeUninit<Metered<Fram<Ram>>> = MaybeUninit::uninit();

/// Instructions for the sample interrupt, and for the main loop.
#[derive(Clone, Copy, Default)]
struct Cost {
    push: u32,
    step: u32,
    largest_step: u32,
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    machine::start();
    let mut out = Terminal;
    for second_loops in [0, 0xFF] {
        // SAFETY: there is one thread, and the meter of the turn before is not used any more.
        let meter = unsafe { (*(&raw mut METER)).write(whole_meter(second_loops)) };
        run(meter, WARM_UP_S);
        let cost = run(meter, COUNTED_S);
        let sets = COUNTED_S * SAMPLE_RATE_HZ;
        let (push, step) = (cost.push / sets, cost.step / sets);
        let each = u64::from(push + step);
        let share =
            |cycles_in_tenths: u64| each * u64::from(SAMPLE_RATE_HZ) * cycles_in_tenths * 1000 / 10 / CORE_HZ;
        let _ = writeln!(
            out,
            "{} currents: {each} instructions a sample set ({push} interrupt, {step} main loop; longest step {}), {} a cycle: {}.{} % of 168 MHz at 1 clock cycle each, {}.{} % at 1.3",
            currents(second_loops),
            cost.largest_step,
            each * 128,
            share(10) / 10,
            share(10) % 10,
            share(13) / 10,
            share(13) % 10,
        );
    }
    machine::exit(true)
}

fn run(meter: &mut Metered<Fram<Ram>>, seconds: u32) -> Cost {
    let mut cost = Cost::default();
    let empty = instructions().wrapping_sub(instructions()).wrapping_neg();
    for sample in 0..seconds * SAMPLE_RATE_HZ {
        // The compiler is not to know what comes.
        let set = black_box(house::sample(sample as usize));
        let before = instructions();
        meter.push(&set);
        let pushed = instructions();
        while meter.step() {}
        let stepped = instructions();
        cost.push += pushed.wrapping_sub(before).saturating_sub(empty);
        let step = stepped.wrapping_sub(pushed).saturating_sub(empty);
        cost.step += step;
        cost.largest_step = cost.largest_step.max(step);
    }
    cost
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Terminal, "{info}");
    machine::exit(false)
}
