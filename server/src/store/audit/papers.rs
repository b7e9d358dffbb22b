//! Where the register of documents disagrees with itself: numbers with gaps, contents that are not what was issued.

use paper::Kind;
use sqlx::AnyConnection;

use super::{Difference, LIMIT};
use crate::db::{DbError, sql_as};
use crate::store::papers::documents;

/// Documents looked at in one go, so that a register of a million takes no more memory than one of a thousand.
const PAGE: i64 = 500;

/// Kinds whose numbers have gaps: `expected` by the counter, `found` in the register.
pub async fn gaps(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let rows = sql_as!(
        Difference,
        "SELECT n.kind AS subject, n.kind AS label, n.last AS expected,
                (SELECT COUNT(*) FROM documents d WHERE d.kind = n.kind AND d.number <= n.last) AS found
         FROM document_numbers n
         WHERE n.last <> (SELECT COUNT(*) FROM documents d WHERE d.kind = n.kind AND d.number <= n.last)
         ORDER BY n.kind LIMIT $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Documents whose content is not what was issued: `expected` 1 whole, `found` 0.
pub async fn damaged(conn: &mut AnyConnection) -> Result<Vec<Difference>, DbError> {
    let mut damaged = Vec::new();
    for kind in Kind::ALL {
        let mut from = 1;
        while let Some(last) = documents::damaged_from(conn, kind, from, PAGE, &mut damaged).await? {
            from = last + 1;
        }
    }
    damaged.truncate(usize::try_from(LIMIT).unwrap_or(usize::MAX));
    let difference =
        |numbered: String| Difference { subject: numbered.clone(), label: numbered, expected: 1, found: 0 };
    Ok(damaged.into_iter().map(difference).collect())
}
