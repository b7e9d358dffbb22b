//! Which language somebody reads: from a stored code, a form, or what the browser asks for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Lang;

/// Most languages of a browser's list that are looked at.
const MOST_ASKED: usize = 32;

impl Lang {
    /// The language of that code: `en`, `zh`, `zh-CN`, `zh-Hans`, … The one whose tag has most in common counts.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let mut best: Option<(Self, usize, usize)> = None;
        for lang in Self::ALL {
            let same = subtags(lang.code()).zip(subtags(code)).take_while(|(a, b)| a == b).count();
            let more = subtags(lang.code()).count() - same;
            if same > 0 && best.is_none_or(|(_, most, least)| same > most || (same == most && more < least)) {
                best = Some((lang, same, more));
            }
        }
        best.map(|(lang, ..)| lang)
    }

    /// The other languages, which a switch leads to.
    pub fn others(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |lang| *lang != self)
    }

    /// The best of an `Accept-Language` header: the highest weight wins, the first among equals.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',').take(MOST_ASKED) {
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

fn subtags(code: &str) -> impl Iterator<Item = String> {
    code.split(['-', '_']).map(str::to_ascii_lowercase)
}

/// Stored as its code.
impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A stored code whose folder is gone is read as the first language: a document must stay readable.
impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Ok(Self::parse(&code).unwrap_or_default())
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
    fn a_switch_leads_to_every_other_language() {
        for lang in Lang::ALL {
            assert_eq!(lang.others().count(), Lang::ALL.len() - 1);
            assert!(lang.others().all(|other| other != lang));
        }
    }

    #[test]
    fn arguments_stand_in_both_languages() {
        assert_eq!(Lang::En.minutes_ago(3), "3 min ago");
        assert_eq!(Lang::Zh.minutes_ago(3), "3 分钟前");
        assert_eq!((Lang::En.own_name(), Lang::Zh.own_name()), ("English", "中文"));
    }
}
