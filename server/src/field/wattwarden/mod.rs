//! Our own meter: what its registers say, and what it is told by sealed envelopes.

pub mod words;
