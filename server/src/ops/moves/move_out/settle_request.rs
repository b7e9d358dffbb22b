//! What is asked when an account is settled, and what it came to.

use domain::books::settlement::{Sharing, Sums};
use domain::ids::{OperationId, ResidentId};
use serde::Serialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::store::people::residents::Resident;

/// Another debt, set off against the refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Debt {
    /// For what.
    pub text: String,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// How an account is to be settled.
#[derive(Clone, Debug, Serialize)]
pub struct SettleRequest {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// What is to be settled.
    pub departure_id: OperationId,
    /// Other debts.
    pub debts: Vec<Debt>,
    /// How the refund is shared.
    pub sharing: Sharing,
    /// Who gets it all, under [`Sharing::One`].
    pub payee: Option<ResidentId>,
    /// The language of the statement.
    pub language: Lang,
}

/// A settlement as it was worked out, before its statement has a number.
pub(super) struct Worked {
    pub(super) sums: Sums,
    /// Residents by number, and what each gets, in minor units.
    pub(super) shares: Vec<(Resident, i64)>,
    pub(super) needs_approval: bool,
}
