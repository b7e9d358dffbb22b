//! Lines of comma-separated values that a spreadsheet opens as text and numbers, never as formulas.

/// So that a spreadsheet reads what follows as UTF-8.
pub const START: &str = "\u{feff}";

/// A line, its end included.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(cell).collect();
    let mut line = cells.join(",");
    line.push_str("\r\n");
    line
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe in front, as OWASP recommends; a number stays
/// a number.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        assert_eq!(line(["101", "-1.5", "a,b", "say \"x\""]), "101,-1.5,\"a,b\",\"say \"\"x\"\"\"\r\n");
        for bomb in ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1"] {
            assert!(line([bomb]).trim_start_matches('"').starts_with('\''), "{bomb:?}");
        }
    }
}
