//! Dates and times in a language: the pattern is the folder's, and so are the names of the months.

use jiff::civil::DateTime;

use crate::Lang;

impl Lang {
    /// A date or time by one of the patterns of the catalogue (`…_form`), which are strftime's.
    #[must_use]
    pub fn written(self, form: &str, at: DateTime) -> String {
        let name = |names: &'static str| {
            let index = usize::try_from(at.month() - 1).unwrap_or(0);
            names.split(' ').nth(index).unwrap_or_default()
        };
        // A name with a sign of strftime in it would be one; no language has that.
        let form = form.replace("%B", name(self.month_names())).replace("%b", name(self.month_short_names()));
        at.strftime(&form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_language_has_twelve_months_of_its_own() {
        for lang in Lang::ALL {
            for names in [lang.month_names(), lang.month_short_names()] {
                assert_eq!(names.split(' ').count(), 12, "{lang:?}: {names}");
            }
        }
        let moment = date(2026, 9, 5).at(7, 30, 0, 0);
        assert_eq!(Lang::En.written(Lang::En.moment_form(), moment), "5 Sep 2026, 07:30");
        assert_eq!(Lang::Zh.written(Lang::Zh.moment_form(), moment), "2026年9月5日 07:30");
    }
}
