//! Issuing documents and handing them out.

pub mod change_letterhead;
pub mod hand_out;
pub mod issue_document;
