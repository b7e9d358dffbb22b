//! Counts the instructions that a whole meter takes for each sample set on a Cortex-M4F: samples in, every
//! channel worked through, every loop watched for vicious loads and over-current, the meter ticked and its
//! energy saved each second. First while nothing is switched, then while something is switched in every loop at
//! once, at several intervals: the worst second and the worst cycle are what counts.
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
use meter_core::metered::{Metered, SingleLoops};
use meter_core::metrology::SAMPLE_RATE_HZ;

/// Clock of the core, Hz.
const CORE_HZ: u64 = 168_000_000;
/// Until the loops have settled.
const WARM_UP_S: u32 = 3;
const COUNTED_S: u32 = 3;
const SWITCHED_S: u32 = 4;

static mut SINGLE: MaybeUninit<SingleLoops<Fram<Ram>>> = MaybeUninit::uninit();
static mut DOUBLE: MaybeUninit<Metered<Fram<Ram>>> = MaybeUninit::uninit();

/// Instructions for the sample interrupt, and for the main loop.
#[derive(Clone, Copy, Default)]
struct Cost {
    push: u32,
    step: u32,
    /// For one cycle of all channels, which the main loop works through at one go.
    largest_cycle: u32,
    largest_second: u32,
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    machine::start();
    // SAFETY: there is one thread, and each is used here alone.
    tell(unsafe { (*(&raw mut SINGLE)).write(whole_meter(0)) }, 0);
    // SAFETY: as above.
    tell(unsafe { (*(&raw mut DOUBLE)).write(whole_meter(0xFF)) }, 0xFF);
    machine::exit(true)
}

fn tell<const INPUTS: usize, const ROW: usize>(
    meter: &mut Metered<Fram<Ram>, INPUTS, ROW>,
    second_loops: u8,
) {
    let ram = size_of::<Metered<Fram<Ram>, INPUTS, ROW>>() - size_of::<Ram>();
    let _ = writeln!(Terminal, "{} currents, {ram} bytes of RAM", currents(second_loops));
    run(meter, WARM_UP_S, 0);
    tell_cost("nothing switched", run(meter, COUNTED_S, 0));
    for every_cycles in [50, 25, 12, 5, 1] {
        let cost = run(meter, SWITCHED_S, every_cycles);
        tell_cost("all loops switched", cost);
        let _ =
            writeln!(Terminal, "    every {every_cycles} cycles; {} overruns", meter.metrology().overruns());
    }
}

fn tell_cost(name: &str, cost: Cost) {
    // Tenths of a per cent of the core, and µs, at 1.3 clock cycles an instruction.
    let share = |a_second: u32| u64::from(a_second) * 1300 / CORE_HZ;
    let micros = u64::from(cost.largest_cycle) * 13 * 100_000 / CORE_HZ;
    let second = share(cost.largest_second);
    let _ = writeln!(
        Terminal,
        "  {name}: worst second {} instructions, {}.{} % of 168 MHz at 1.3 clock cycles; worst cycle {} instructions, {micros} us of 12500",
        cost.largest_second,
        second / 10,
        second % 10,
        cost.largest_cycle,
    );
}

/// Runs for so many seconds; every so many cycles something is switched on or off in every loop at once, never if 0.
fn run<const INPUTS: usize, const ROW: usize>(
    meter: &mut Metered<Fram<Ram>, INPUTS, ROW>,
    seconds: u32,
    every_cycles: u32,
) -> Cost {
    let mut cost = Cost::default();
    let empty = instructions().wrapping_sub(instructions()).wrapping_neg();
    for _ in 0..seconds {
        let before_second = cost.push + cost.step;
        for sample in 0..SAMPLE_RATE_HZ {
            let more = (sample / 128).checked_div(every_cycles).map_or(1, |turn| 1 + turn % 2);
            // The compiler is not to know what comes.
            let set = black_box(house::sample(sample as usize, more as i32));
            let before = instructions();
            meter.push(&set);
            let pushed = instructions();
            while meter.step() {}
            let stepped = instructions();
            cost.push += pushed.wrapping_sub(before).saturating_sub(empty);
            let step = stepped.wrapping_sub(pushed).saturating_sub(empty);
            cost.step += step;
            cost.largest_cycle = cost.largest_cycle.max(step);
        }
        cost.largest_second = cost.largest_second.max(cost.push + cost.step - before_second);
    }
    cost
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Terminal, "{info}");
    machine::exit(false)
}
