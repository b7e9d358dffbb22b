//! The demo's cash desk: whoever sells for cash has a shift open; in the evening drawers are counted, not always right.

use domain::actor::Actor;
use fastrand::Rng;

use crate::ops::desk::close_shift::CloseShift;
use crate::ops::desk::open_shift::OpenShift;
use crate::ops::desk::sell::Payment;
use crate::ops::kit::Ops;
use crate::store::books::transfers::{Account, balance};
use crate::store::desk::shifts::{self, Shift};
use crate::tools::ToolError;

/// Change in a drawer, in minor units.
const FLOAT_MINOR: i64 = 20_000;

/// The desk and who works there.
pub struct Desk<'a> {
    /// What everything goes through.
    pub ops: &'a Ops,
    /// Who sells.
    pub cashiers: &'a [Actor],
}

impl Desk<'_> {
    /// How the next buyer pays: mostly in cash, into a drawer that is open from here on.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn take(&self, cashier: &Actor, rng: &mut Rng) -> Result<Payment, ToolError> {
        let channel = match rng.u8(0..20) {
            0 => "bank-transfer",
            1 => "telephone-bank",
            _ => {
                self.open(cashier).await?;
                return Ok(Payment::Cash);
            }
        };
        let reference = format!("{}-{:06}", self.ops.clock.now_ms() / 1000, rng.u32(0..1_000_000));
        Ok(Payment::Channel { channel: channel.to_owned(), reference })
    }

    /// Opens a shift for who has none.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn open(&self, cashier: &Actor) -> Result<(), ToolError> {
        if self.shift_of(cashier).await?.is_none() {
            let request = OpenShift { key: self.ops.key(), float_minor: FLOAT_MINOR };
            self.ops.perform(cashier, request).await?;
        }
        Ok(())
    }

    /// Everybody counts and goes home.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn close_all(&self, rng: &mut Rng) -> Result<(), ToolError> {
        for cashier in self.cashiers {
            self.close(cashier, rng).await?;
        }
        Ok(())
    }

    /// Counts the drawer of who has one open.
    ///
    /// # Errors
    /// Those of the operation.
    pub async fn close(&self, cashier: &Actor, rng: &mut Rng) -> Result<(), ToolError> {
        let Some(shift) = self.shift_of(cashier).await? else { return Ok(()) };
        let drawer = Account::Drawer(shift.id.clone());
        let expected_minor = -balance(&mut *self.ops.db.read().await?, &drawer).await?;
        let (off_minor, note) = match rng.u8(0..6) {
            0 => (-50, "A coin short, counted twice"),
            1 => (100, "多出一元，未找到原因"),
            _ => (0, ""),
        };
        let request = CloseShift {
            key: self.ops.key(),
            shift_id: shift.id,
            counted_minor: expected_minor + off_minor,
            next_float_minor: FLOAT_MINOR,
            note: note.to_owned(),
        };
        self.ops.perform(cashier, request).await?;
        Ok(())
    }

    async fn shift_of(&self, cashier: &Actor) -> Result<Option<Shift>, ToolError> {
        Ok(shifts::open_of(&mut *self.ops.db.read().await?, &cashier.id()).await?)
    }
}
