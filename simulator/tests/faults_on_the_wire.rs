//! Each fault as a master sees it. Silence is shown by the next request: its reply is the first to come.
#![allow(clippy::unwrap_used)]

mod common;

use common::{READ_TWO, READ_VERSION, TWO_REPLY, VERSION_REPLY, Wire, bench, mbap, opening, rtu};
use simulator::collector::{Mode, OnSilence};
use simulator::faults::{Fault, Rule};
use simulator::test_bench::TestBench;
use std::time::Duration;
use tokio::net::TcpStream;

const SILENT: Mode = Mode::ModbusTcp(OnSilence::NoAnswer);

fn taken(bench: &TestBench) -> u32 {
    bench.bus().with_meter(1, |meter| meter.meter().envelopes().taken).unwrap()
}

/// One request under a fault, in both framings; the replies must be exactly these, then the line is sound.
async fn check(fault: Fault, tcp_reply: &[u8], rtu_reply: &[u8]) {
    for (mode, reply) in [(SILENT, tcp_reply), (Mode::RtuOverTcp, rtu_reply)] {
        let framed = |transaction, pdu: &[u8]| match mode {
            Mode::RtuOverTcp => rtu(1, pdu),
            Mode::ModbusTcp(_) => mbap(transaction, 1, pdu),
        };
        let bench = bench(2, mode).await;
        bench.faults().add(Rule::new(fault.clone()).at_unit(1).next(1));
        let mut wire = Wire::connect(&bench).await;
        wire.send(&framed(1, &READ_TWO)).await;
        wire.expect(reply).await;
        wire.send(&framed(2, &READ_VERSION)).await;
        wire.expect(&framed(2, &VERSION_REPLY)).await;
        assert_eq!(bench.faults().pending(), 0);
    }
}

#[tokio::test]
async fn silence_of_all_kinds() {
    for fault in [Fault::Silent, Fault::LostRequest, Fault::LostReply, Fault::RestartBeforeReply] {
        check(fault, &[], &[]).await;
    }
}

#[tokio::test]
async fn a_delayed_reply_is_whole() {
    check(Fault::Delay(Duration::from_millis(5)), &mbap(1, 1, &TWO_REPLY), &rtu(1, &TWO_REPLY)).await;
}

#[tokio::test]
async fn a_duplicate() {
    check(Fault::DuplicateReply, &mbap(1, 1, &TWO_REPLY).repeat(2), &rtu(1, &TWO_REPLY).repeat(2)).await;
}

#[tokio::test]
async fn a_register_too_few() {
    let short = [3, 2, 0, 11];
    check(Fault::ShortReply, &mbap(1, 1, &short), &rtu(1, &short)).await;
}

#[tokio::test]
async fn noise_first() {
    let noise = vec![0x55, 0xAA, 0x00];
    let with_noise = |frame: Vec<u8>| [noise.clone(), frame].concat();
    let fault = Fault::Noise(noise.clone());
    check(fault, &with_noise(mbap(1, 1, &TWO_REPLY)), &with_noise(rtu(1, &TWO_REPLY))).await;
}

#[tokio::test]
async fn a_flipped_bit() {
    let mut function = TWO_REPLY;
    function[0] ^= 0x08;
    let mut damaged = rtu(1, &TWO_REPLY);
    damaged[4] ^= 0x10;
    check(Fault::CorruptReply, &mbap(1, 1, &function), &damaged).await;
}

#[tokio::test]
async fn the_neighbour_first() {
    let foreign = [3, 4, 0xFF, 0xF4, 0xFF, 0xFF];
    let tcp = [mbap(1, 2, &foreign), mbap(1, 1, &TWO_REPLY)].concat();
    check(Fault::OtherUnitFirst, &tcp, &[rtu(2, &foreign), rtu(1, &TWO_REPLY)].concat()).await;
}

#[tokio::test]
async fn a_late_reply_comes_after_the_next_ones() {
    for mode in [SILENT, Mode::RtuOverTcp] {
        let framed = |transaction, pdu: &[u8]| match mode {
            Mode::RtuOverTcp => rtu(1, pdu),
            Mode::ModbusTcp(_) => mbap(transaction, 1, pdu),
        };
        let bench = bench(1, mode).await;
        bench.faults().add(Rule::new(Fault::LateReply(Duration::from_millis(700))).next(1));
        let mut wire = Wire::connect(&bench).await;
        wire.send(&framed(1, &READ_TWO)).await;
        wire.send(&framed(2, &READ_VERSION)).await;
        wire.expect(&framed(2, &VERSION_REPLY)).await;
        wire.expect(&framed(1, &TWO_REPLY)).await;
    }
}

#[tokio::test]
async fn an_echo_of_another_address_though_the_command_was_taken() {
    let bench = bench(1, Mode::RtuOverTcp).await;
    let (open, echo) = opening(bench.serials()[0], 0, 1, 100);
    bench.faults().add(Rule::new(Fault::WrongEcho).next(1));
    let mut wire = Wire::connect(&bench).await;
    wire.send(&rtu(1, &READ_VERSION)).await;
    wire.expect(&rtu(1, &VERSION_REPLY)).await;
    wire.send(&rtu(1, &open)).await;
    wire.expect(&rtu(1, &[16, 8, 1, 0, echo[4]])).await;
    assert_eq!(taken(&bench), 1);
}

#[tokio::test]
async fn lost_requests_are_not_obeyed_and_lost_replies_were() {
    let bench = bench(1, SILENT).await;
    let (open, echo) = opening(bench.serials()[0], 0, 1, 100);
    let mut wire = Wire::connect(&bench).await;
    for (fault, taken_after) in [(Fault::LostRequest, 0), (Fault::Silent, 0), (Fault::LostReply, 1)] {
        bench.faults().add(Rule::new(fault).on_writes().next(1));
        wire.send(&mbap(1, 1, &open)).await;
        wire.send(&mbap(2, 1, &READ_VERSION)).await;
        wire.expect(&mbap(2, 1, &VERSION_REPLY)).await;
        assert_eq!(taken(&bench), taken_after);
    }
    wire.send(&mbap(3, 1, &open)).await;
    wire.expect(&mbap(3, 1, &echo)).await;
}

#[tokio::test]
async fn a_meter_that_restarts_before_its_reply_has_kept_the_command() {
    let bench = bench(1, SILENT).await;
    let (open, _) = opening(bench.serials()[0], 4, 9, 777);
    bench.faults().add(Rule::new(Fault::RestartBeforeReply).at_unit(1).next(1));
    let mut wire = Wire::connect(&bench).await;
    wire.send(&mbap(1, 1, &open)).await;
    wire.send(&mbap(2, 1, &[3, 0, 12, 0, 2])).await;
    wire.expect(&mbap(2, 1, &[3, 4, 0, 0, 0, 2])).await;
    let remaining = bench.bus().with_meter(1, |meter| meter.remaining_wh(4)).unwrap();
    assert_eq!(remaining, Some(777));
}

#[tokio::test]
async fn a_silent_unit_does_not_hide_the_others() {
    let bench = bench(2, SILENT).await;
    bench.faults().add(Rule::new(Fault::Silent).at_unit(1));
    let mut wire = Wire::connect(&bench).await;
    for transaction in [1, 3] {
        wire.send(&mbap(transaction, 1, &READ_VERSION)).await;
        wire.send(&mbap(transaction + 1, 2, &READ_VERSION)).await;
        wire.expect(&mbap(transaction + 1, 2, &VERSION_REPLY)).await;
    }
    bench.faults().clear_unit(1);
    wire.send(&mbap(5, 1, &READ_VERSION)).await;
    wire.expect(&mbap(5, 1, &VERSION_REPLY)).await;
}

#[tokio::test]
async fn a_collector_that_is_down_drops_and_refuses_until_it_is_up_again() {
    let bench = bench(1, SILENT).await;
    let mut wire = Wire::connect(&bench).await;
    wire.send(&mbap(1, 1, &READ_VERSION)).await;
    wire.expect(&mbap(1, 1, &VERSION_REPLY)).await;
    bench.faults().set_down(true);
    wire.expect_dropped().await;
    while TcpStream::connect(bench.address()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    bench.faults().set_down(false);
    while TcpStream::connect(bench.address()).await.is_err() {
        tokio::task::yield_now().await;
    }
    let mut wire = Wire::connect(&bench).await;
    wire.send(&mbap(2, 1, &READ_VERSION)).await;
    wire.expect(&mbap(2, 1, &VERSION_REPLY)).await;
}
