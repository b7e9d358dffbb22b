//! The strict link against a peer that loses, delays, doubles and bends what it answers.

#![allow(clippy::unwrap_used, missing_docs)]

mod basics;
mod faults;
mod peer;
mod random;
