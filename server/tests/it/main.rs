//! The server's integration tests: one binary, so that it is linked once.

#![allow(clippy::unwrap_used)]

mod link_basics;
mod link_faults;
mod link_peer;
mod link_random;
