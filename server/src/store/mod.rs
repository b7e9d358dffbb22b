//! SQL and nothing else: takes a connection, never commits, returns domain types.
