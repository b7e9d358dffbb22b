//! Documents that were issued, and what stands at their head.

pub mod documents;
pub mod letterhead;
