//! Which wording a count takes in a language, by CLDR's rules as Fluent itself uses them.

use std::sync::LazyLock;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

use crate::{Count, Lang};

/// The rules of each language, in the order of [`Lang::ALL`].
static RULES: LazyLock<[Option<PluralRules>; Lang::ALL.len()]> = LazyLock::new(|| Lang::ALL.map(rules));

/// The rules of the very tag (Portugal's differ from Brazil's), else of its language.
fn rules(lang: Lang) -> Option<PluralRules> {
    let tag: LanguageIdentifier = lang.code().parse().ok()?;
    let language = LanguageIdentifier::from_parts(tag.language, None, None, &[]);
    [tag, language].into_iter().find_map(|tag| PluralRules::create(tag, PluralRuleType::CARDINAL).ok())
}

/// The count and its category in that language. The build has made sure that every language has rules.
pub fn of(lang: Lang, count: impl Count) -> (u64, PluralCategory) {
    let count = count.magnitude();
    let category = RULES[lang as usize].as_ref().and_then(|rules| rules.select(count).ok());
    (count, category.unwrap_or(PluralCategory::OTHER))
}

#[cfg(test)]
mod tests {
    use crate::Lang;

    #[test]
    fn one_room_is_no_plural() {
        assert_eq!(Lang::En.board_rooms(1), "1 room");
        assert_eq!(Lang::En.board_rooms(0_u64), "0 rooms");
        assert_eq!(Lang::En.board_rooms(-1_i64), "-1 room");
        assert_eq!(Lang::En.board_rooms(21_usize), "21 rooms");
        assert_eq!(Lang::Zh.board_rooms(1), "共 1 间");
    }
}
