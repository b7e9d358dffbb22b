//! Typed text, checked in one place: trimmed, of a length, without control characters.

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// It is empty.
    #[error("is missing")]
    Missing,
    /// It has more characters than fit.
    #[error("is too long")]
    TooLong,
    /// It is not of the right form.
    #[error("has the wrong form")]
    Malformed,
}

/// Trimmed text of 1 to `longest` characters without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn required(text: &str, longest: usize) -> Result<String, TextProblem> {
    let text = text.trim();
    if text.is_empty() {
        Err(TextProblem::Missing)
    } else if text.chars().count() > longest {
        Err(TextProblem::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(TextProblem::Malformed)
    } else {
        Ok(text.to_owned())
    }
}

/// As [`required`], but it may be empty.
///
/// # Errors
/// What is wrong with it.
pub fn optional(text: &str, longest: usize) -> Result<String, TextProblem> {
    match required(text, longest) {
        Err(TextProblem::Missing) => Ok(String::new()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_counted_in_characters_and_free_of_control() {
        assert_eq!(required("  北楼 101 ", 6), Ok("北楼 101".to_owned()));
        assert_eq!(required(" \u{3000} ", 6), Err(TextProblem::Missing));
        assert_eq!(required("北楼 1010", 6), Err(TextProblem::TooLong));
        assert_eq!(required("a\u{7}b", 6), Err(TextProblem::Malformed));
        assert_eq!(optional(" ", 6), Ok(String::new()));
        assert_eq!(optional("a\nb", 6), Err(TextProblem::Malformed));
    }
}
