//! Independent clients read a meter by the documented register map: the manual's own commands, run as they stand there.

use std::process::Command;

use meter_core::credit::Totals;
use meter_core::envelope::{Command as MeterCommand, MAX_ENVELOPE, seal};
use meter_core::units::WattHours;
use simulator::collector::Mode;
use simulator::test_bench::TestBench;

const MANUAL: &str = include_str!("../../../docs/register-map.md");

/// The manual's `mbpoll` lines, for the port of this bench.
fn manual_commands(port: u16) -> Vec<Vec<String>> {
    let lines = MANUAL.lines().filter(|line| line.starts_with("mbpoll "));
    lines
        .map(|line| {
            line.replace("-p 5020", &format!("-p {port}")).split_whitespace().map(str::to_owned).collect()
        })
        .collect()
}

/// The values that mbpoll prints, as `[address]: value`.
fn values(command: &[String]) -> Vec<String> {
    let output = Command::new(&command[0])
        .args(&command[1..])
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; bin/test installs it", command[0]));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{command:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    let rows = text.lines().filter(|line| line.starts_with('['));
    rows.map(|line| line.split_once(':').unwrap().1.split_whitespace().next().unwrap().to_owned()).collect()
}

fn words(hex: &[String]) -> u64 {
    hex.iter()
        .fold(0, |sum, word| sum << 16 | u64::from_str_radix(word.trim_start_matches("0x"), 16).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mbpoll_reads_serial_credit_and_relay_by_the_manual() {
    let bench = TestBench::start(1, 7, &[9; 16], Mode::MODBUS_TCP).await.unwrap();
    let serial = bench.serials()[0];
    let credited = 123_456;
    bench.bus().with_meter(1, |meter| {
        let totals = Totals { epoch: 3, credited: WattHours(credited), debited: WattHours(0) };
        let mut envelope = [0; MAX_ENVELOPE];
        let open = MeterCommand::OpenEpoch { household: 1, totals };
        let length = seal(meter.key(), serial, &open, &mut envelope);
        meter.apply(&envelope[..length]).unwrap();
    });
    bench.advance_ms(3_000);

    let commands = manual_commands(bench.address().port());
    let [by_register, by_address, remaining, flags] = &commands[..] else {
        panic!("the manual has {} mbpoll commands", commands.len())
    };
    let read = |command: &Vec<String>| values(command);
    assert_eq!(words(&read(by_register)), serial.get());
    assert_eq!(words(&read(by_address)), serial.get());
    assert_eq!(read(remaining), [credited.to_string()]);
    assert_eq!(words(&read(flags)) & 0b11, 0b11, "commanded closed and read back as closed");
}
