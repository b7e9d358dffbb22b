//! Texts: installation.
