//! The two languages of the pages, and the catalogue: English and Simplified Chinese side by side for every text.
//!
//! A text is a method of [`Lang`], so a text that is missing in a language, or an argument that only one language
//! uses, doesn't compile.

/// `key => "English", "中文";` or, with arguments, `key(a, b) => "{a} of {b}", "…";`
macro_rules! catalogue {
    (@one $key:ident => $en:literal, $zh:literal) => {
        #[doc = $en]
        #[must_use]
        pub const fn $key(self) -> &'static str {
            match self { Self::En => $en, Self::Zh => $zh }
        }
    };
    (@one $key:ident ($($arg:ident),+) => $en:literal, $zh:literal) => {
        #[doc = $en]
        #[must_use]
        pub fn $key(self, $($arg: impl std::fmt::Display),+) -> String {
            match self {
                Self::En => format!($en, $($arg = $arg),+),
                Self::Zh => format!($zh, $($arg = $arg),+),
            }
        }
    };
    ($($key:ident $(($($arg:ident),+))? => $en:literal, $zh:literal;)+) => {
        impl crate::web::i18n::Lang {
            $(catalogue!(@one $key $(($($arg),+))? => $en, $zh);)+
        }
    };
}

mod account;
mod allowances;
mod board;
mod books;
mod departures;
mod desk;
mod documents;
mod equipment;
mod errors;
mod fields;
mod graduation;
mod history;
mod installation;
mod moves;
mod playground;
mod prices;
mod protection;
mod refunds;
mod reports;
mod room;
mod sell;
mod settings;
mod shell;
mod supply;
mod units;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Every language, for switches and tests.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// As stored, as sent by forms, and as in `<html lang>`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The language of that code: `en`, `zh`, `zh-CN`, `zh-Hans`, …
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The language's name in itself: what a switch shows to those who can't read the page they are on.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "中文",
        }
    }

    /// The language that a switch leads to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// The best of an `Accept-Language` header: the highest weight wins, the first among equals.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',').take(32) {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(|tag| Self::parse(tag.trim())) else { continue };
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(_, highest)| weight > highest) {
                best = Some((lang, weight));
            }
        }
        best.map(|(lang, _)| lang)
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_highest_weight_of_a_browser_wins() {
        for (header, lang) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Lang::Zh)),
            ("fr-FR, en;q=0.5, zh;q=0.7", Some(Lang::Zh)),
            ("de", None),
            ("en-GB", Some(Lang::En)),
            ("zh;q=0, en;q=0.1", Some(Lang::En)),
            ("", None),
            (";;;q=,,=", None),
        ] {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }

    #[test]
    fn a_code_reads_back() {
        assert_eq!(Lang::ALL.map(|lang| Lang::parse(lang.code())), Lang::ALL.map(Some));
        assert_eq!(Lang::parse("zh_Hans"), Some(Lang::Zh));
        assert_eq!(Lang::parse(""), None);
    }

    #[test]
    fn arguments_stand_in_both_languages() {
        assert_eq!(Lang::En.minutes_ago(3), "3 min ago");
        assert_eq!(Lang::Zh.minutes_ago(3), "3 分钟前");
    }
}
