//! Which plural categories a language has, by CLDR's rules.

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

/// Counts up to here show every category that people meet; some languages have one more for whole millions.
const EVERYDAY: u32 = 110;
/// Counts beyond them at which a category of its own is known to begin.
const BEYOND: [u32; 4] = [200, 1_000, 100_000, 1_000_000];

/// The categories of a language.
pub struct Categories {
    /// Those that everyday counts fall into.
    pub everyday: Vec<&'static str>,
    /// Those and the ones that only large numbers have.
    pub all: Vec<&'static str>,
}

impl Categories {
    /// The categories of that tag, if its language is known.
    pub fn of(tag: &str) -> Option<Self> {
        let language: LanguageIdentifier = tag.parse().ok()?;
        let rules = [language.clone(), LanguageIdentifier::from_parts(language.language, None, None, &[])]
            .into_iter()
            .find_map(|tag| PluralRules::create(tag, PluralRuleType::CARDINAL).ok())?;
        let mut everyday: Vec<_> = (0..=EVERYDAY).filter_map(|n| rules.select(n).ok()).map(name).collect();
        tidy(&mut everyday);
        let beyond = BEYOND.iter().filter_map(|&n| rules.select(n).ok()).map(name);
        let mut all: Vec<_> = everyday.iter().copied().chain(beyond).chain(["other"]).collect();
        tidy(&mut all);
        Some(Self { everyday, all })
    }
}

fn tidy(names: &mut Vec<&'static str>) {
    names.sort_unstable();
    names.dedup();
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::ZERO => "zero",
        PluralCategory::ONE => "one",
        PluralCategory::TWO => "two",
        PluralCategory::FEW => "few",
        PluralCategory::MANY => "many",
        PluralCategory::OTHER => "other",
    }
}
