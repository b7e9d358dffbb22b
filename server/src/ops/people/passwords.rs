//! Passwords: what is taken as one, and how it is hashed: argon2id, a few at a time, off the runtime's threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::db::DbError;

/// Hashes at a time: each takes 19 MiB and a core.
const AT_A_TIME: usize = 2;
/// Shortest password, in characters.
pub const SHORTEST: usize = 10;
/// Longest password, in characters: hashing an essay would be an attack.
pub const LONGEST: usize = 128;
/// The commonest passwords of at least [`SHORTEST`] characters, lower case.
const COMMONEST: &str = include_str!("common_passwords.txt");

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer than [`SHORTEST`] characters.
    #[error("too short")]
    Short,
    /// More than [`LONGEST`] characters.
    #[error("too long")]
    Long,
    /// The same as the user name.
    #[error("the same as the user name")]
    IsName,
    /// Among those an attacker tries first.
    #[error("too common")]
    Common,
}

/// Whether `password` may be the password of the user of that name.
///
/// # Errors
/// Why not.
pub fn check(password: &str, user_name: &str) -> Result<(), Weakness> {
    let characters = password.chars().count();
    let lower = password.to_lowercase();
    if characters < SHORTEST {
        Err(Weakness::Short)
    } else if characters > LONGEST {
        Err(Weakness::Long)
    } else if lower == user_name.to_lowercase() {
        Err(Weakness::IsName)
    } else if all_the_same(&lower) || COMMONEST.lines().any(|common| common == lower) {
        Err(Weakness::Common)
    } else {
        Ok(())
    }
}

fn all_the_same(password: &str) -> bool {
    let mut characters = password.chars();
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

/// What a check of a password says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is wrong, or there is no such user.
    Wrong,
    /// It is right.
    Right,
    /// It is right, and stored with other parameters than today's: this is to be stored instead.
    Renewed(String),
}

/// Hashes and checks passwords; cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    argon2: Arc<Argon2<'static>>,
    places: Arc<Semaphore>,
}

impl Hasher {
    /// OWASP's minimum: argon2id with 19 MiB, two passes, one lane.
    ///
    /// # Errors
    /// Never with these parameters.
    pub fn new() -> Result<Self, argon2::Error> {
        Self::with_cost(19_456, 2)
    }

    /// With another cost: tests take a cheap one.
    ///
    /// # Errors
    /// For a cost that argon2 does not know.
    pub fn with_cost(memory_kib: u32, passes: u32) -> Result<Self, argon2::Error> {
        let params = Params::new(memory_kib, passes, 1, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { argon2: Arc::new(argon2), places: Arc::new(Semaphore::new(AT_A_TIME)) })
    }

    /// The PHC string of a password, with a salt of its own.
    ///
    /// # Errors
    /// When the machine has no randomness or no memory.
    pub async fn hash(&self, password: &str) -> Result<String, DbError> {
        let password = password.to_owned();
        self.run(move |argon2| hash(argon2, &password)).await?.ok_or_else(unhashable)
    }

    /// Checks a password. Without a stored hash it takes as long and says [`Verdict::Wrong`].
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<Verdict, DbError> {
        let password = password.to_owned();
        self.run(move |argon2| verify(argon2, &password, stored.as_deref())).await
    }

    async fn run<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&Argon2<'static>) -> T + Send + 'static,
    {
        let place = self.places.clone().acquire_owned().await.map_err(|_| unhashable())?;
        let argon2 = self.argon2.clone();
        let task = tokio::task::spawn_blocking(move || {
            let done = work(&argon2);
            drop(place);
            done
        });
        task.await.map_err(|_| unhashable())
    }
}

fn unhashable() -> DbError {
    DbError::Corrupt("a password could not be hashed".to_owned())
}

fn hash(argon2: &Argon2<'static>, password: &str) -> Option<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).ok()?;
    let hashed = argon2.hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hashed.to_string())
}

fn verify(argon2: &Argon2<'static>, password: &str, stored: Option<&str>) -> Verdict {
    let Some(stored) = stored.and_then(|stored| PasswordHash::new(stored).ok()) else {
        let _ = hash(argon2, password);
        return Verdict::Wrong;
    };
    if argon2.verify_password(password.as_bytes(), &stored).is_err() {
        return Verdict::Wrong;
    }
    let current = Params::try_from(&stored).is_ok_and(|params| same_cost(&params, argon2.params()));
    if current { Verdict::Right } else { hash(argon2, password).map_or(Verdict::Right, Verdict::Renewed) }
}

fn same_cost(one: &Params, other: &Params) -> bool {
    (one.m_cost(), one.t_cost(), one.p_cost()) == (other.m_cost(), other.t_cost(), other.p_cost())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named_as_what_they_are() {
        assert_eq!(check("nine char", "wang"), Err(Weakness::Short));
        assert_eq!(check("宿舍楼电费充值管理", "wang"), Err(Weakness::Short));
        assert_eq!(check("宿舍楼电费充值管理员", "wang"), Ok(()));
        assert_eq!(check(&"ab".repeat(65), "wang"), Err(Weakness::Long));
        assert_eq!(check("Wang.Fang.1", "wang.fang.1"), Err(Weakness::IsName));
        assert_eq!(check("Password123", "wang"), Err(Weakness::Common));
        assert_eq!(check("aaaaaaaaaaaaaa", "wang"), Err(Weakness::Common));
        assert_eq!(check("kettle sings at dusk", "wang"), Ok(()));
    }

    #[test]
    fn the_list_holds_only_what_the_length_lets_through() {
        for common in COMMONEST.lines() {
            assert!(common.chars().count() >= SHORTEST && common == common.to_lowercase(), "{common}");
        }
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_renewed() {
        let (cheap, dearer) = (Hasher::with_cost(64, 1).unwrap(), Hasher::with_cost(128, 1).unwrap());
        let stored = cheap.hash("kettle sings at dusk").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_eq!(cheap.verify("kettle sings at dusk", Some(stored.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(
            dearer.verify("kettle sings at dawn", Some(stored.clone())).await.unwrap(),
            Verdict::Wrong
        );
        let Verdict::Renewed(renewed) = dearer.verify("kettle sings at dusk", Some(stored)).await.unwrap()
        else {
            panic!("kept the old parameters");
        };
        assert_eq!(dearer.verify("kettle sings at dusk", Some(renewed)).await.unwrap(), Verdict::Right);
    }

    #[tokio::test]
    async fn nobody_and_rubbish_are_wrong() {
        let hasher = Hasher::with_cost(64, 1).unwrap();
        assert_eq!(hasher.verify("kettle sings at dusk", None).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify("x", Some("plain text".to_owned())).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn the_default_cost_is_owasps_minimum() {
        let stored = Hasher::new().unwrap().hash("kettle sings at dusk").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}
