//! What is built on the server for people who look at it: the demo, the measurements, and what both set up.

pub mod bench;
pub mod demo;
pub mod furnish;
pub mod scratch;

/// What stops a tool: whatever an operation, the database or the machine says, in words.
pub type ToolError = Box<dyn std::error::Error + Send + Sync>;
