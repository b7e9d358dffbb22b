//! Statements whose bind count is checked while compiling.
//!
//! A forgotten bind is NULL without a word on SQLite, and a superfluous one is ignored on both engines.

/// The highest `$n` in a statement.
#[must_use]
pub const fn placeholders(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut highest) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'$' {
            let mut number = 0;
            while at + 1 < bytes.len() && bytes[at + 1].is_ascii_digit() {
                number = number * 10 + (bytes[at + 1] - b'0') as usize;
                at += 1;
            }
            if number > highest {
                highest = number;
            }
        }
        at += 1;
    }
    highest
}

/// `sql!("INSERT … VALUES ($1, $2)", a, b)`: a query of either engine with exactly as many binds as placeholders.
macro_rules! sql {
    ($text:expr $(, $bind:expr)* $(,)?) => {{
        const TEXT: &str = $text;
        const { assert!($crate::db::placeholders(TEXT) == 0 $(+ { let _ = stringify!($bind); 1 })*, "binds and placeholders differ") };
        sqlx::query::<sqlx::Any>(TEXT)$(.bind($bind))*
    }};
}

/// As [`sql!`], for rows that become `Row` (a tuple or a `FromRow` struct): `sql_as!(Row, "SELECT …", a)`.
macro_rules! sql_as {
    ($row:ty, $text:expr $(, $bind:expr)* $(,)?) => {{
        const TEXT: &str = $text;
        const { assert!($crate::db::placeholders(TEXT) == 0 $(+ { let _ = stringify!($bind); 1 })*, "binds and placeholders differ") };
        sqlx::query_as::<sqlx::Any, $row>(TEXT)$(.bind($bind))*
    }};
}

pub(crate) use {sql, sql_as};

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn the_highest_placeholder_counts_whatever_the_order() {
        assert_eq!(placeholders("SELECT 1"), 0);
        assert_eq!(placeholders("SELECT $2, $1, $1"), 2);
        assert_eq!(placeholders("VALUES ($9, $10)"), 10);
    }
}
