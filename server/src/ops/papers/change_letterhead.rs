//! Changing what stands under the site's name on everything printed from now on.

use domain::actor::Actor;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
use crate::store::papers::letterhead;
use crate::store::places::site;

/// How many lines there are.
pub const LINES: usize = 4;
/// The longest line, in characters: what fits beside the number on A4.
pub const LONGEST: usize = 80;

/// The lines; empty ones are left out.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeLetterhead {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// At most [`LINES`].
    pub lines: Vec<String>,
}

/// Something is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {problem}")]
pub struct BadLine {
    /// Which, from 1.
    pub line: usize,
    /// What.
    pub problem: TextProblem,
}

refusals!(BadLine);

/// Changes the lines.
impl Verb for ChangeLetterhead {
    const NAME: &'static str = "change-letterhead";
    const WAKES: bool = false;
    type Refusal = BadLine;

    fn right(&self) -> Action {
        Action::SetUpSite
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), BadLine> {
        self.lines.truncate(LINES);
        for (line, typed) in (1..).zip(&mut self.lines) {
            *typed = text::optional(typed, LONGEST).map_err(|problem| BadLine { line, problem })?;
        }
        self.lines.retain(|line| !line.is_empty());
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, BadLine> {
        async move {
            let site = site::required(conn).await?;
            letterhead::put(conn, &site.id, &self.lines, &operation.by.id(), operation.at_ms).await?;
            Ok(())
        }
        .boxed()
    }
}
