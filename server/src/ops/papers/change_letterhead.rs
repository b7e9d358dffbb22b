//! Changing what stands under the site's name on everything printed from now on.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::papers::letterhead;
use crate::store::places::site;

/// How many lines there are.
pub const LINES: usize = 4;
/// The longest line, in characters: what fits beside the number on A4.
pub const LONGEST: usize = 80;
/// The fields of the lines, as a form names them.
const FIELDS: [&str; LINES] = ["line1", "line2", "line3", "line4"];

/// The lines; empty ones are left out.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeLetterhead {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// At most [`LINES`].
    pub lines: Vec<String>,
}

/// Changes the lines.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::Invalid`] for a line that is too long, [`OpError::NotFound`] before the site has
/// been set up.
pub async fn change_letterhead(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: ChangeLetterhead,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetUpSite)?;
    for (field, line) in FIELDS.into_iter().zip(&request.lines) {
        if line.chars().count() > LONGEST {
            return Err(OpError::Invalid { field, problem: Problem::TooLong });
        }
        if line.chars().any(char::is_control) {
            return Err(OpError::Invalid { field, problem: Problem::Malformed });
        }
    }
    request.lines.truncate(LINES);
    request.lines.retain(|line| !line.trim().is_empty());
    let operation = Operation::new(clock, actor, "change-letterhead", &request.key, "site", &request)?;
    let actor = actor.id();
    operation
        .run(db, (request, actor), |operation, (request, actor), conn| {
            async move {
                let site = site::get(conn).await?.ok_or(OpError::NotFound("site"))?;
                letterhead::put(conn, &site.id, &request.lines, actor, operation.at_ms).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
