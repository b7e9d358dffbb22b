//! Signing in and out, and who a session belongs to.
//!
//! A session's token is 256 random bits; only its SHA-256 is stored. It ends at sign-out, when the user is disabled
//! or gets another password, after twelve hours without a request, and after seven days in any case.

use domain::actor::{Actor, Staff};
use domain::clock::Clock;
use domain::ids::UserId;
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::passwords::{Hasher, LONGEST, Verdict};
use super::throttle;
use crate::db::{Db, DbError};
use crate::store::people::{sessions, users};

/// A session ends after so long without a request.
pub const IDLE_MS: i64 = 12 * 3600 * 1000;
/// A session ends so long after the sign-in.
pub const ABSOLUTE_MS: i64 = 7 * 24 * 3600 * 1000;
/// A session's last request is noted at most this often: a page that refreshes itself shall not write each time.
const TOUCH_MS: i64 = 5 * 60 * 1000;
/// A longer name is nobody's.
const LONGEST_NAME: usize = 80;

/// An attempt to sign in.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// As typed.
    pub name: String,
    /// As typed.
    pub password: String,
    /// The client's address, for throttling.
    pub address: String,
    /// The token the browser already holds, if any: its session ends, so that none can be planted.
    pub previous: Option<String>,
}

/// What became of an attempt.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Signed in; the token is for the browser alone.
    SignedIn {
        /// 64 hexadecimal digits.
        token: String,
        /// Whose session it is.
        session: Session,
    },
    /// Too many failures before; nothing was looked at.
    Throttled {
        /// How long to wait.
        retry_ms: i64,
    },
    /// The name or the password is wrong, or the user is disabled: which of these is not said.
    Wrong,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person.
    pub actor: Actor,
    /// The language of their pages, once chosen.
    pub language: Option<String>,
}

/// Signs in.
///
/// # Errors
/// The database's; when the machine has no randomness.
pub async fn sign_in(
    db: &Db,
    clock: &dyn Clock,
    hasher: &Hasher,
    attempt: Attempt,
) -> Result<Outcome, DbError> {
    let name = super::new_user::canonical(&attempt.name);
    if name.chars().count() > LONGEST_NAME || attempt.password.chars().count() > LONGEST {
        return Ok(Outcome::Wrong);
    }
    if let Some(retry_ms) = admit(db, clock, &name, &attempt.address).await? {
        tracing::warn!(address = %attempt.address, retry_ms, "sign-in throttled");
        return Ok(Outcome::Throttled { retry_ms });
    }
    let credentials = users::credentials(&mut *db.read().await?, &name).await?;
    let stored = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let verdict = hasher.verify(&attempt.password, stored).await?;
    let user = credentials.filter(|credentials| credentials.disabled == 0).map(|credentials| credentials.id);
    let renewed = match (verdict, user) {
        (Verdict::Right, Some(user)) => (user, None),
        (Verdict::Renewed(hash), Some(user)) => (user, Some(hash)),
        _ => {
            refuse(db, clock, name, attempt.address).await?;
            return Ok(Outcome::Wrong);
        }
    };
    begin(db, clock, Beginning { name, attempt, user: renewed.0, renewed_hash: renewed.1 }).await
}

/// Counts an attempt; `Some` is how long to wait, in ms.
pub(crate) async fn admit(
    db: &Db,
    clock: &dyn Clock,
    name: &str,
    address: &str,
) -> Result<Option<i64>, DbError> {
    let context = (name.to_owned(), address.to_owned(), clock.wall_ms());
    db.write(context, |(name, address, wall_ms), conn| throttle::admit(conn, name, address, *wall_ms).boxed())
        .await
}

/// Counts a failure.
pub(crate) async fn refuse(db: &Db, clock: &dyn Clock, name: String, address: String) -> Result<(), DbError> {
    tracing::warn!(%address, "sign-in refused");
    let context = (name, address, clock.wall_ms());
    db.write(context, |(name, address, wall_ms), conn| {
        throttle::failed(conn, name, address, *wall_ms).boxed()
    })
    .await
}

/// Forgets an account's failures.
pub(crate) async fn forgive(db: &Db, account: String) -> Result<(), DbError> {
    db.write(account, |account, conn| throttle::succeeded(conn, account, account).boxed()).await
}

/// A sign-in whose password was right.
struct Beginning {
    name: String,
    attempt: Attempt,
    user: UserId,
    renewed_hash: Option<String>,
}

async fn begin(db: &Db, clock: &dyn Clock, beginning: Beginning) -> Result<Outcome, DbError> {
    let token = new_token()?;
    let context = (beginning, token_hash(&token), clock.wall_ms());
    let session = db
        .write(context, |(beginning, hash, wall_ms), conn| {
            async move {
                throttle::succeeded(conn, &beginning.name, &beginning.attempt.address).await?;
                if let Some(renewed) = &beginning.renewed_hash {
                    users::set_password_hash(conn, &beginning.user, renewed).await?;
                }
                if let Some(previous) = &beginning.attempt.previous {
                    sessions::end(conn, &token_hash(previous)).await?;
                }
                sessions::add(conn, hash, &beginning.user, *wall_ms).await?;
                let row = sessions::get(conn, hash).await?;
                row.map(Session::try_from).transpose()
            }
            .boxed()
        })
        .await?;
    // Disabled between the check and the transaction.
    let Some(session) = session else { return Ok(Outcome::Wrong) };
    tracing::info!(user = %session.actor.id(), "signed in");
    Ok(Outcome::SignedIn { token, session })
}

/// Begins a session without a password: for who has just proved themselves otherwise.
///
/// # Errors
/// As [`sign_in`].
pub(crate) async fn begin_for(
    conn: &mut AnyConnection,
    token: &str,
    user: &UserId,
    wall_ms: i64,
) -> Result<(), DbError> {
    sessions::add(conn, &token_hash(token), user, wall_ms).await?;
    Ok(())
}

/// The session of a token, unless it has ended.
///
/// # Errors
/// The database's.
pub async fn session(db: &Db, clock: &dyn Clock, token: &str) -> Result<Option<Session>, DbError> {
    let (hash, wall_ms) = (token_hash(token), clock.wall_ms());
    let Some(row) = sessions::get(&mut *db.read().await?, &hash).await? else { return Ok(None) };
    if wall_ms - row.seen_ms > IDLE_MS || wall_ms - row.created_ms > ABSOLUTE_MS {
        return Ok(None);
    }
    if wall_ms - row.seen_ms > TOUCH_MS {
        db.write((hash, wall_ms), |(hash, wall_ms), conn| sessions::touch(conn, hash, *wall_ms).boxed())
            .await?;
    }
    Session::try_from(row).map(Some)
}

impl TryFrom<sessions::Row> for Session {
    type Error = DbError;

    fn try_from(row: sessions::Row) -> Result<Self, DbError> {
        let actor = Staff { user_id: row.user_id, display_name: row.display_name, role: row.role.parse()? };
        Ok(Self { actor: actor.into(), language: row.language })
    }
}

/// Ends the session of a token.
///
/// # Errors
/// The database's.
pub async fn sign_out(db: &Db, token: &str) -> Result<(), DbError> {
    db.write(token_hash(token), |hash, conn| sessions::end(conn, hash).boxed()).await
}

/// Forgets what has expired: sessions and failed sign-ins; how many rows. For housekeeping.
///
/// # Errors
/// The database's.
pub async fn forget_expired(db: &Db, clock: &dyn Clock) -> Result<u64, DbError> {
    db.write(clock.wall_ms(), |wall_ms, conn| {
        async move {
            let ended = sessions::forget(conn, wall_ms - IDLE_MS, wall_ms - ABSOLUTE_MS).await?;
            let old = throttle::forgotten_before_ms(*wall_ms);
            Ok(ended + crate::store::people::throttles::forget(conn, old).await?)
        }
        .boxed()
    })
    .await
}

/// 256 random bits as 64 hexadecimal digits.
pub(crate) fn new_token() -> Result<String, DbError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| DbError::Corrupt("the machine has no randomness".to_owned()))?;
    Ok(hex(&bytes))
}

/// What is stored of a token.
pub(crate) fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
