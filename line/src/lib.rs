//! The strict link: a Modbus master that never takes a wrong answer for a right one.
//!
//! A line that loses, delays, doubles or bends answers makes an ordinary master return the answer to another
//! request, or believe a write that never happened. So, over both transports: one request in flight; what still
//! lies in the transport is drained before each request; every answer is checked for length, unit, function, byte
//! count and echo; whatever goes wrong makes the line *suspect* until nothing of the old request can come any more
//! (quarantine on a serial line, a new connection on Modbus TCP); and one deadline holds for the whole transaction.
//! A dropped call leaves the line suspect as well, because suspicion is noted before the first byte leaves.
//!
//! A confirmed write still means only "the echo was right": reading back is the caller's.

mod answer;
mod config;
mod connector;
mod drain;
mod error;
mod identity;
mod link;
mod rtu;
mod tap;
mod tcp;
mod transaction;

pub use config::{LinkConfig, Transport, UnknownTransport};
pub use connector::{ByteStream, Connector};
pub use error::LinkError;
pub use identity::Identity;
pub use link::Link;
