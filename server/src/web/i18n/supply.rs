//! Texts: supply.
