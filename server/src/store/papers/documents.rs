//! Documents that were issued: numbered without gaps, never changed.

use domain::ids::{OperationId, UserId};
use paper::parts::Moment;
use paper::{Document, Kind};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use words::Lang;

use crate::db::{DbError, sql, sql_as};

/// The layout that documents are issued in now. What was issued in another keeps it.
pub const LAYOUT: i64 = 1;

/// A document about to be issued.
#[derive(Clone, Debug)]
pub struct NewDocument<'a> {
    /// The operation it belongs to.
    pub operation: &'a OperationId,
    /// Its content; says its kind.
    pub content: &'a Document,
    /// The language it is written in.
    pub language: Lang,
    /// What it is about: the id of a sale, a settlement, a shift. One document of a kind each.
    pub subject: &'a str,
    /// For a person who looks through a list: room and names, a date.
    pub label: &'a str,
    /// Who issues it: a user, or a job's name.
    pub issued_by: &'a str,
    /// When.
    pub issued: Moment,
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its kind.
    pub kind: Kind,
    /// Its number among its kind.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// For a list.
    pub label: String,
    /// The language it is written in.
    pub language: Lang,
    /// The layout it is printed in.
    pub layout: i64,
    /// Its content.
    pub content: Document,
    /// SHA-256 of the content's JSON, in hex.
    pub sha256: String,
    /// When it was issued.
    pub issued: Moment,
    /// Who issued it.
    pub issued_by: String,
}

impl Issued {
    /// The number as it stands on paper.
    #[must_use]
    pub fn numbered(&self) -> String {
        self.kind.numbered(self.number)
    }
}

/// A line of a list of documents.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Its number among its kind.
    pub number: i64,
    /// For a person who looks through a list.
    pub label: String,
    /// When it was issued, site time.
    pub issued_ms: i64,
    /// Who issued it.
    pub issued_by: String,
    /// 1 once its original was handed out.
    pub handed_out: i64,
}

/// Issues a document within the operation's transaction and answers its number. A subject that has one of this kind
/// already keeps it: its number is the answer, whatever the content.
pub async fn issue(conn: &mut AnyConnection, new: &NewDocument<'_>) -> Result<i64, DbError> {
    let kind = new.content.kind();
    // The counter's row is locked first, so that two who issue for one subject come one after the other.
    let (number,) = sql_as!(
        (i64,),
        "INSERT INTO document_numbers (kind, last) VALUES ($1, 1)
         ON CONFLICT (kind) DO UPDATE SET last = document_numbers.last + 1 RETURNING last",
        kind.as_str(),
    )
    .fetch_one(&mut *conn)
    .await?;
    if let Some(earlier) = number_of(conn, kind, new.subject).await? {
        sql!("UPDATE document_numbers SET last = last - 1 WHERE kind = $1", kind.as_str())
            .execute(conn)
            .await?;
        return Ok(earlier);
    }
    let content = new.content.to_json().map_err(|error| DbError::Corrupt(error.to_string()))?;
    let sha256 = hash(&content);
    sql!(
        "INSERT INTO documents (kind, number, operation_id, subject, label, language, layout, content, sha256,
                                issued_ms, issued_offset_s, issued_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        kind.as_str(),
        number,
        new.operation.as_str(),
        new.subject,
        new.label,
        new.language.code(),
        LAYOUT,
        content.as_str(),
        sha256.as_str(),
        new.issued.ms,
        i64::from(new.issued.offset_s),
        new.issued_by,
    )
    .execute(conn)
    .await?;
    Ok(number)
}

/// SHA-256 in hex.
fn hash(content: &str) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The number of a subject's document of that kind.
pub async fn number_of(conn: &mut AnyConnection, kind: Kind, subject: &str) -> Result<Option<i64>, DbError> {
    let found = sql_as!(
        (i64,),
        "SELECT number FROM documents WHERE kind = $1 AND subject = $2",
        kind.as_str(),
        subject,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|(number,)| number))
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    subject: String,
    label: String,
    language: String,
    layout: i64,
    content: String,
    sha256: String,
    issued_ms: i64,
    issued_offset_s: i64,
    issued_by: String,
}

impl Row {
    fn issued(self, kind: Kind) -> Result<Issued, DbError> {
        let damaged = |what: &str| DbError::Corrupt(format!("{}: {what}", kind.numbered(self.number)));
        if hash(&self.content) != self.sha256 {
            return Err(damaged("its content is not what was issued"));
        }
        let content =
            Document::from_json(kind, &self.content).map_err(|error| damaged(&error.to_string()))?;
        Ok(Issued {
            kind,
            number: self.number,
            subject: self.subject,
            label: self.label,
            language: Lang::parse(&self.language).unwrap_or_default(),
            layout: self.layout,
            content,
            sha256: self.sha256,
            issued: Moment { ms: self.issued_ms, offset_s: i32::try_from(self.issued_offset_s).unwrap_or(0) },
            issued_by: self.issued_by,
        })
    }
}

/// A document by its number.
///
/// # Errors
/// The database's; [`DbError::Corrupt`] when its content is not what was issued.
pub async fn get(conn: &mut AnyConnection, kind: Kind, number: i64) -> Result<Option<Issued>, DbError> {
    Ok(range(conn, kind, number, number).await?.pop())
}

/// The documents of a kind from one number to another, both included, in order.
///
/// # Errors
/// As [`get`].
pub async fn range(conn: &mut AnyConnection, kind: Kind, from: i64, to: i64) -> Result<Vec<Issued>, DbError> {
    let rows = sql_as!(
        Row,
        "SELECT number, subject, label, language, layout, content, sha256, issued_ms,
                issued_offset_s, issued_by FROM documents
         WHERE kind = $1 AND number >= $2 AND number <= $3 ORDER BY number",
        kind.as_str(),
        from,
        to,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.issued(kind)).collect()
}

/// Looks at the next `limit` documents of a kind from a number on, and adds those that are not what was issued to
/// `damaged`. Answers the last number looked at; `None` at the end.
pub async fn damaged_from(
    conn: &mut AnyConnection,
    kind: Kind,
    from: i64,
    limit: i64,
    damaged: &mut Vec<String>,
) -> Result<Option<i64>, DbError> {
    let rows = sql_as!(
        (i64, String, String),
        "SELECT number, content, sha256 FROM documents WHERE kind = $1 AND number >= $2 ORDER BY number LIMIT $3",
        kind.as_str(),
        from,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let last = rows.last().map(|row| row.0);
    let wrong = rows.iter().filter(|(_, content, sha256)| hash(content) != *sha256);
    damaged.extend(wrong.map(|(number, ..)| kind.numbered(*number)));
    Ok(last)
}

/// The latest documents of a kind with a number below `before`, the newest first.
pub async fn latest(
    conn: &mut AnyConnection,
    kind: Kind,
    before: i64,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let rows = sql_as!(
        Listed,
        "SELECT d.number, d.label, d.issued_ms, COALESCE(u.display_name, d.issued_by) AS issued_by,
                CASE WHEN o.number IS NULL THEN 0 ELSE 1 END AS handed_out
         FROM documents d LEFT JOIN users u ON u.id = d.issued_by
         LEFT JOIN document_originals o ON o.kind = d.kind AND o.number = d.number
         WHERE d.kind = $1 AND d.number < $2 ORDER BY d.number DESC LIMIT $3",
        kind.as_str(),
        before,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many documents of a kind there are from one number to another, both included.
pub async fn count(conn: &mut AnyConnection, kind: Kind, numbers: (i64, i64)) -> Result<i64, DbError> {
    let (count,) = sql_as!(
        (i64,),
        "SELECT COUNT(*) FROM documents WHERE kind = $1 AND number >= $2 AND number <= $3",
        kind.as_str(),
        numbers.0,
        numbers.1,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The document that an operation issued, by kind and number.
pub async fn of_operation(
    conn: &mut AnyConnection,
    operation: &OperationId,
) -> Result<Option<(Kind, i64)>, DbError> {
    let found = sql_as!(
        (String, i64),
        "SELECT kind, number FROM documents WHERE operation_id = $1 ORDER BY kind, number LIMIT 1",
        operation.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    found
        .map(|(kind, number)| {
            let kind = kind.parse().map_err(|()| DbError::Corrupt(format!("document kind {kind:?}")))?;
            Ok((kind, number))
        })
        .transpose()
}

/// Who took an original, and when.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Original {
    /// The document's number among its kind.
    pub number: i64,
    /// The operation that took it.
    pub operation_id: OperationId,
    /// Who.
    pub actor_id: UserId,
    /// When, site time.
    pub at_ms: i64,
}

/// Who took the originals of the documents from one number to another, both included; those that nobody took are left
/// out.
pub async fn originals(
    conn: &mut AnyConnection,
    kind: Kind,
    numbers: (i64, i64),
) -> Result<Vec<Original>, DbError> {
    let rows = sql_as!(
        Original,
        "SELECT number, operation_id, actor_id, at_ms FROM document_originals
         WHERE kind = $1 AND number >= $2 AND number <= $3 ORDER BY number",
        kind.as_str(),
        numbers.0,
        numbers.1,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Takes the originals of those documents from one number to another that nobody has taken yet. `taken`: by which
/// operation, by whom, when.
pub async fn take_originals(
    conn: &mut AnyConnection,
    kind: Kind,
    numbers: (i64, i64),
    taken: (&OperationId, &UserId, i64),
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO document_originals (kind, number, operation_id, actor_id, at_ms)
         SELECT kind, number, $4, $5, $6 FROM documents WHERE kind = $1 AND number >= $2 AND number <= $3
         ON CONFLICT (kind, number) DO NOTHING",
        kind.as_str(),
        numbers.0,
        numbers.1,
        taken.0.as_str(),
        taken.1.as_str(),
        taken.2,
    )
    .execute(conn)
    .await?;
    Ok(())
}
