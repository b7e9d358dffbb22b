//! The emulated machine (QEMU's mps2-an386): its start, its timer, and text out by semihosting.

use core::arch::{asm, global_asm};
use core::fmt;

/// First timer of the board: value and reload, counting down at 25 MHz.
const TIMER: *mut u32 = 0x4000_0000 as *mut u32;
/// One instruction takes 8 ns (`-icount shift=3`), one tick 40.
const INSTRUCTIONS_A_TICK: u32 = 5;

// The stack, the start, and the floating point unit, which is off at first.
global_asm!(
    ".section .vectors, \"a\"",
    ".word 0x203ff000",
    ".word reset",
    ".text",
    ".thumb_func",
    ".global reset",
    "reset:",
    "movw r0, #0xED88",
    "movt r0, #0xE000",
    "ldr r1, [r0]",
    "orr r1, r1, #0xF00000",
    "str r1, [r0]",
    "dsb",
    "isb",
    "bl main",
    "b .",
);

/// Starts the timer.
pub fn start() {
    for (register, value) in [(2, u32::MAX), (1, u32::MAX), (0, 1)] {
        // SAFETY: a register of the timer, which nothing else uses.
        unsafe { TIMER.add(register).write_volatile(value) };
    }
}

/// Instructions since the start; wraps after 2^32.
pub fn instructions() -> u32 {
    // SAFETY: as above; reading the value changes nothing.
    let left = unsafe { TIMER.add(1).read_volatile() };
    (u32::MAX - left).wrapping_mul(INSTRUCTIONS_A_TICK)
}

fn semihosting(operation: usize, argument: usize) {
    // SAFETY: the emulator takes the call, reads what `argument` says, and answers in r0.
    unsafe { asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument) };
}

/// Ends the emulation.
pub fn exit(sound: bool) -> ! {
    const APPLICATION_EXIT: usize = 0x20026;
    semihosting(0x18, if sound { APPLICATION_EXIT } else { 0 });
    loop {}
}

/// What is written goes to the emulator's terminal.
pub struct Terminal;

impl fmt::Write for Terminal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            semihosting(3, &raw const byte as usize);
        }
        Ok(())
    }
}
