//! What the office sees of the desk: sales, shifts, takings.

/// What a shift and a day at the desk come to.
pub mod figures {
    pub use crate::store::desk::figures::{
        ChannelDay, DayEnd, ShiftReport, Subject, day_end, shift_report, takings,
    };
}

/// What a receipt says besides its sale.
pub mod receipts {
    pub use crate::store::desk::receipts::paid;
}

/// Sales of electricity.
pub mod sales {
    pub use crate::store::desk::sales::{Sale, StepRow, get, latest, steps};
}

/// Shifts at the cash desk.
pub mod shifts {
    pub use crate::store::desk::shifts::{Filter, Shift, get, last_float_minor, list, open_of, people};
}

/// Sales and voids by quarter of an hour.
pub mod takings {
    pub use crate::store::desk::takings::{Quarter, quarters};
}
