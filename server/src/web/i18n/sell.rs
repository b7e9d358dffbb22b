//! Texts: sell.
