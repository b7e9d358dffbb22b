//! Modbus over a real loopback socket, byte for byte, without faults.
#![allow(clippy::unwrap_used)]

mod common;

use common::{READ_TWO, READ_VERSION, TWO_REPLY, VERSION_REPLY, Wire, bench, mbap, opening, rtu};
use simulator::collector::{Mode, OnSilence};
use std::time::Duration;
use tokio_modbus::client::{Client, Reader, Writer, tcp};
use tokio_modbus::slave::{Slave, SlaveContext};

const AT_ONCE: Mode = Mode::ModbusTcp(OnSilence::Exception { after: Duration::ZERO });

#[tokio::test]
async fn modbus_tcp_answers_with_the_transaction_and_unit_of_the_request() {
    let bench = bench(2, AT_ONCE).await;
    let mut wire = Wire::connect(&bench).await;
    wire.send(&mbap(0xBEEF, 2, &READ_VERSION)).await;
    wire.expect(&mbap(0xBEEF, 2, &VERSION_REPLY)).await;
    let serial = [&[4, 8][..], &bench.serials()[1].get().to_be_bytes()].concat();
    wire.send(&mbap(1, 2, &[4, 0, 1, 0, 4])).await;
    wire.expect(&mbap(1, 2, &serial)).await;
}

#[tokio::test]
async fn a_request_in_pieces_and_two_in_one_piece() {
    let bench = bench(1, AT_ONCE).await;
    let mut wire = Wire::connect(&bench).await;
    let requests = [mbap(1, 1, &READ_VERSION), mbap(2, 1, &READ_TWO)].concat();
    wire.send(&requests[..9]).await;
    wire.send(&requests[9..]).await;
    wire.expect(&[mbap(1, 1, &VERSION_REPLY), mbap(2, 1, &TWO_REPLY)].concat()).await;
}

#[tokio::test]
async fn an_unknown_unit_is_the_gateways_exception() {
    let bench = bench(1, AT_ONCE).await;
    let mut wire = Wire::connect(&bench).await;
    for unit in [0, 2, 255] {
        wire.send(&mbap(7, unit, &READ_VERSION)).await;
        wire.expect(&mbap(7, unit, &[0x83, 0x0B])).await;
    }
}

#[tokio::test]
async fn a_gateway_may_stay_silent_too() {
    let bench = bench(1, Mode::ModbusTcp(OnSilence::NoAnswer)).await;
    let mut wire = Wire::connect(&bench).await;
    wire.send(&mbap(7, 9, &READ_VERSION)).await;
    wire.send(&mbap(8, 1, &READ_VERSION)).await;
    wire.expect(&mbap(8, 1, &VERSION_REPLY)).await;
}

#[tokio::test]
async fn what_is_not_modbus_ends_the_connection() {
    let bench = bench(1, AT_ONCE).await;
    let mut wire = Wire::connect(&bench).await;
    wire.send(b"GET / HTTP/1.1\r\n\r\n").await;
    wire.expect_dropped().await;
    let mut next = Wire::connect(&bench).await;
    next.send(&mbap(8, 1, &READ_VERSION)).await;
    next.expect(&mbap(8, 1, &VERSION_REPLY)).await;
}

#[tokio::test]
async fn rtu_over_tcp_passes_frames_and_silence() {
    let bench = bench(2, Mode::RtuOverTcp).await;
    let mut wire = Wire::connect(&bench).await;
    let (open, _) = opening(bench.serials()[0], 0, 1, 100);
    let mut damaged = rtu(1, &READ_TWO);
    damaged[4] ^= 1;
    wire.send(&rtu(9, &READ_TWO)).await;
    wire.send(&rtu(0, &open)).await;
    wire.send(&damaged).await;
    wire.send(&rtu(2, &READ_VERSION)).await;
    wire.expect(&rtu(2, &VERSION_REPLY)).await;
    let taken = bench.bus().with_meter(1, |meter| meter.meter().envelopes().taken);
    assert_eq!(taken, Some(0), "a broadcast command is not obeyed");
}

#[tokio::test]
async fn rtu_refuses_an_unknown_function_after_silence() {
    let bench = bench(1, Mode::RtuOverTcp).await;
    let mut wire = Wire::connect(&bench).await;
    wire.send(&rtu(1, &[0x64, 1, 2, 3])).await;
    wire.expect(&rtu(1, &[0xE4, 1])).await;
}

#[tokio::test]
async fn many_connections_share_one_line() {
    let bench = bench(3, AT_ONCE).await;
    let mut wires = Vec::new();
    for _ in 0..20 {
        wires.push(Wire::connect(&bench).await);
    }
    for (wire, transaction) in wires.iter_mut().zip(1..) {
        wire.send(&mbap(transaction, 1 + (transaction % 3) as u8, &READ_VERSION)).await;
    }
    for (wire, transaction) in wires.iter_mut().zip(1..) {
        wire.expect(&mbap(transaction, 1 + (transaction % 3) as u8, &VERSION_REPLY)).await;
    }
}

#[tokio::test]
async fn a_client_that_we_did_not_write_reads_and_sells() {
    let bench = bench(2, AT_ONCE).await;
    let mut client = tcp::connect(bench.address()).await.unwrap();
    client.set_slave(Slave(2));
    let (open, _) = opening(bench.serials()[1], 3, 1, 1500);
    let words: Vec<u16> = open[6..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    client.write_multiple_registers(2048, &words).await.unwrap().unwrap();
    let remaining = client.read_holding_registers(30 * 4 + 10, 2).await.unwrap().unwrap();
    assert_eq!(remaining, [0, 1500]);
    assert!(client.read_input_registers(500, 1).await.unwrap().is_err());
    client.disconnect().await.unwrap();
}

#[tokio::test]
async fn a_stopped_collector_frees_its_port() {
    use simulator::collector::Collector;
    let bus = simulator::bus::Bus::new();
    let loopback = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let collector = Collector::start(loopback, bus.clone(), AT_ONCE).await.unwrap();
    let address = collector.address();
    assert!(Collector::start(address, bus.clone(), AT_ONCE).await.is_err());
    collector.stop().await;
    assert!(Collector::start(address, bus, AT_ONCE).await.is_ok());
}
