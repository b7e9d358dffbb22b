//! Moving in, moving out, moving over, and what is owed after.

pub mod change_room;
pub mod move_in;
pub mod move_in_list;
pub mod move_out;
pub mod refund_terms;
