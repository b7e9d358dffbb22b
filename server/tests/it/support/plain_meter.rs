//! A meter of another maker, and its driver: one outlet, no credit of its own, a relay by register, energy by register.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::set::Set;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wattwarden::db::DbError;
use wattwarden::field::driver::{Driver, Order, Plan, Step};
use wattwarden::field::observation::{Observation, OutletState, Relay};
use wattwarden::field::reading::{Reading, Unread};
use wattwarden::field::{Bus, Call, Halt};

/// Serial number and energy in two registers each, power in W, voltage in V, the relay: 1 is closed.
const REGISTERS: u16 = 7;
const RELAY: u16 = 6;

/// What the device holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registers {
    pub serial: u32,
    pub energy_wh: u32,
    pub power_w: u16,
    pub voltage_v: u16,
    pub relay: u16,
}

impl Registers {
    fn words(self) -> [u16; REGISTERS as usize] {
        let [s1, s2] = halves(self.serial);
        let [e1, e2] = halves(self.energy_wh);
        [s1, s2, e1, e2, self.power_w, self.voltage_v, self.relay]
    }
}

fn halves(value: u32) -> [u16; 2] {
    [(value >> 16) as u16, value as u16]
}

/// The device behind its own Modbus TCP port.
#[derive(Clone)]
pub struct PlainMeter {
    pub address: SocketAddr,
    registers: Arc<Mutex<Registers>>,
    /// Of 256 requests, how many end with the connection rather than with an answer.
    faults: Arc<AtomicU8>,
    requests: Arc<AtomicU64>,
}

impl PlainMeter {
    pub async fn start(serial: u32, energy_wh: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let registers = Registers { serial, energy_wh, voltage_v: 231, ..Registers::default() };
        let meter = Self {
            address: listener.local_addr().unwrap(),
            registers: Arc::new(Mutex::new(registers)),
            faults: Arc::default(),
            requests: Arc::default(),
        };
        let device = meter.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(device.clone().serve(stream));
            }
        });
        meter
    }

    pub fn registers(&self) -> Registers {
        *self.registers.lock().unwrap()
    }

    pub fn is_on(&self) -> bool {
        self.registers().relay == 1
    }

    /// How often it was asked.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Has so many of 256 requests end with the connection: some before the device does anything, some after.
    pub fn fail(&self, of_256: u8) {
        self.faults.store(of_256, Ordering::Relaxed);
    }

    /// So much is drawn, whether the relay is closed or not: what else would the test be about.
    pub fn draw_wh(&self, energy_wh: u32) {
        self.registers.lock().unwrap().energy_wh += energy_wh;
    }

    /// Another meter of the same kind and number is put in its place, with another running meter.
    pub fn begin_anew_at(&self, energy_wh: u32) {
        self.registers.lock().unwrap().energy_wh = energy_wh;
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut head = [0; 7];
        while stream.read_exact(&mut head).await.is_ok() {
            let length = usize::from(u16::from_be_bytes([head[4], head[5]])) - 1;
            let mut pdu = vec![0; length];
            if stream.read_exact(&mut pdu).await.is_err() {
                return;
            }
            self.requests.fetch_add(1, Ordering::Relaxed);
            let (faulty, luck) = (self.faults.load(Ordering::Relaxed), fastrand::u8(..));
            if luck < faulty / 2 {
                return;
            }
            let answer = self.answer(&pdu);
            if luck < faulty {
                return;
            }
            let length = u16::try_from(answer.len() + 1).unwrap().to_be_bytes();
            let frame = [&head[..4], &length[..], &head[6..], &answer[..]].concat();
            if stream.write_all(&frame).await.is_err() {
                return;
            }
        }
    }

    fn answer(&self, pdu: &[u8]) -> Vec<u8> {
        let word = |at: usize| u16::from_be_bytes([pdu[at], pdu[at + 1]]);
        let (address, count) = (word(1), word(3));
        match pdu[0] {
            3 if address + count <= REGISTERS => {
                let words = self.registers().words();
                let asked = &words[usize::from(address)..usize::from(address + count)];
                let bytes: Vec<u8> = asked.iter().flat_map(|word| word.to_be_bytes()).collect();
                [vec![3, u8::try_from(bytes.len()).unwrap()], bytes].concat()
            }
            16 if (address, count) == (RELAY, 1) => {
                self.registers.lock().unwrap().relay = word(6);
                pdu[..5].to_vec()
            }
            function => vec![function | 0x80, 2],
        }
    }
}

/// How it is driven.
#[derive(Clone, Copy, Debug)]
pub struct PlainDriver;

impl Driver for PlainDriver {
    type Seen = Vec<u16>;
    /// Whether the relay shall be closed.
    type Step = bool;
    type Memory = ();

    async fn read(&self, call: &Call<'_>, bus: &mut Bus<'_>) -> Result<Reading<Vec<u16>>, Unread> {
        let seen = bus.read(0, REGISTERS).await?;
        let serial = u64::from(whole(seen[0], seen[1]));
        if serial != call.serial() {
            return Err(Unread::WrongMeter(serial));
        }
        Ok(Reading { seen, read_ms: call.now_ms() })
    }

    fn observe(&self, seen: &Vec<u16>) -> Observation {
        let closed = seen[usize::from(RELAY)] == 1;
        let outlet = OutletState {
            relay: Relay { commanded: closed, closed, fault: false },
            signs: Set::new(),
            energy_total_wh: whole(seen[2], seen[3]).into(),
            power_mw: i64::from(seen[4]) * 1000,
            voltage_mv: [i64::from(seen[5]) * 1000, 0, 0],
            ..OutletState::default()
        };
        Observation { outlets: vec![outlet], ..Observation::default() }
    }

    fn next_step(&self, order: &Order<'_>, seen: &Vec<u16>) -> Result<Plan<bool>, DbError> {
        let closed = seen[usize::from(RELAY)] == 1;
        let wanted = order.relay.is_some_and(Set::is_empty);
        Ok(Plan { step: (wanted != closed).then_some(Step::Send(wanted)), anomaly: None })
    }

    async fn take(
        &self,
        _call: &Call<'_>,
        bus: &mut Bus<'_>,
        _order: &Order<'_>,
        closed: &bool,
        seen: &mut Vec<u16>,
    ) -> Result<(), Halt> {
        bus.write(RELAY, &[u16::from(*closed)]).await?;
        *seen = bus.read(0, REGISTERS).await?;
        Ok(())
    }
}

fn whole(high: u16, low: u16) -> u32 {
    u32::from(high) << 16 | u32::from(low)
}
