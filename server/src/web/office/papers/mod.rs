//! Documents, and whether a paper is genuine.

pub mod documents;
pub mod letterhead;
pub mod verify;
