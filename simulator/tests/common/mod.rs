//! A raw socket to a bench, and frames made byte by byte.
#![allow(dead_code, reason = "each test binary uses its part")]

use meter_core::credit::Totals;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, derive_meter_key, seal};
use meter_core::modbus::crc16::crc16;
use meter_core::serial::Serial;
use meter_core::units::WattHours;
use simulator::collector::Mode;
use simulator::test_bench::TestBench;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const MASTER_KEY: Key = *b"simulated master";
/// Far above what anything here needs; only a failing test waits for it.
const FAILS_AFTER: Duration = Duration::from_secs(20);

/// The map version: one register.
pub const READ_VERSION: [u8; 5] = [3, 0, 0, 0, 1];
pub const VERSION_REPLY: [u8; 4] = [3, 2, 0, 4];
/// Households and flags: two registers.
pub const READ_TWO: [u8; 5] = [3, 0, 6, 0, 2];
pub const TWO_REPLY: [u8; 6] = [3, 4, 0, 11, 0, 0];

pub async fn bench(units: u8, mode: Mode) -> TestBench {
    TestBench::start(units, 5, &MASTER_KEY, mode).await.unwrap()
}

pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    pub async fn connect(bench: &TestBench) -> Self {
        Self { stream: TcpStream::connect(bench.address()).await.unwrap() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    pub async fn expect(&mut self, bytes: &[u8]) {
        let mut got = vec![0; bytes.len()];
        timeout(FAILS_AFTER, self.stream.read_exact(&mut got)).await.expect("too few bytes came").unwrap();
        assert_eq!(got, bytes, "{got:02x?}");
    }

    /// Waits until the peer has dropped the connection.
    pub async fn expect_dropped(&mut self) {
        let got = timeout(FAILS_AFTER, self.stream.read(&mut [0; 1])).await.expect("still open");
        assert!(matches!(got, Ok(0) | Err(_)), "{got:?}");
    }
}

/// A Modbus TCP frame.
pub fn mbap(transaction: u16, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let length = u16::try_from(pdu.len() + 1).unwrap();
    [&transaction.to_be_bytes()[..], &[0, 0], &length.to_be_bytes(), &[unit], pdu].concat()
}

/// An RTU frame.
pub fn rtu(unit: u8, pdu: &[u8]) -> Vec<u8> {
    let content = [&[unit], pdu].concat();
    let crc = crc16(&content).to_le_bytes();
    [&content[..], &crc].concat()
}

/// The PDU that writes an envelope to the mailbox, and the echo that confirms it.
pub fn opening(serial: Serial, household: u8, epoch: u32, credited: u32) -> (Vec<u8>, [u8; 5]) {
    let totals = Totals { epoch, credited: WattHours(credited), debited: WattHours(0) };
    let mut envelope = [0; MAX_ENVELOPE];
    let key = derive_meter_key(&MASTER_KEY, serial);
    let length = seal(&key, serial, &Command::OpenEpoch { household, totals }, &mut envelope);
    let count = u8::try_from(length / 2).unwrap();
    let pdu = [&[16, 8, 0, 0, count, count * 2], &envelope[..length]].concat();
    (pdu, [16, 8, 0, 0, count])
}
