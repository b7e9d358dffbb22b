//! Texts: equipment.
