//! What the office sees of papers: documents and the letterhead.

/// Documents that were issued.
pub mod documents {
    pub use crate::store::papers::documents::{
        Issued, Listed, Original, count, get, latest, number_of, of_operation, originals, range,
    };
}

/// What stands at the head of everything printed.
pub mod letterhead {
    pub use crate::store::papers::letterhead::get;
}
