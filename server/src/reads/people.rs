//! What the office sees of people: residents and users.

/// Residents and the tenancies they share.
pub mod residents {
    pub use crate::store::people::residents::{Resident, kinds_of, open_tenancy, residents_of, room_of};
}

/// Finding a room by its name or by who lives there.
pub mod search {
    pub use crate::store::people::search::{Found, rooms_and_residents};
}

/// The people who sign in, and the one-time link that creates the first of them.
pub mod users {
    pub use crate::store::people::users::{all, get};
}
