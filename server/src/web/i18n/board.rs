//! Texts: board.
