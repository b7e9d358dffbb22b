//! wattwarden
fn main() {}
