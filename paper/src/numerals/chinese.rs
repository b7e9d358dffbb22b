//! Amounts in Chinese financial numerals: 人民币壹仟贰佰叁拾肆元伍角整.
//!
//! The rules are those for filling in bills and settlement vouchers (支付结算办法, annex 1): 零 once for any run of zeros
//! inside the number; 整 after 元 or 角, none after 分; a zero of 角 before 分 is said. Where the rules leave a choice (a
//! yuan ending in zero before 角) the 零 is written, as that leaves no room to insert a digit. Thousandths are 厘.

use domain::money::Currency;

use super::{currencies, split};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// Within four digits, from the highest.
const PLACES: [(u64, &str); 4] = [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")];
/// Names of the coins, from tenths on.
const COINS: [&str; 3] = ["角", "分", "厘"];

/// The amount in words, with the currency in front.
pub(super) fn amount(amount_minor: i64, currency: &Currency) -> String {
    let (whole, rest) = split(amount_minor, currency.digits);
    let sign = if amount_minor < 0 { "负" } else { "" };
    let name = currencies::chinese(&currency.code);
    let yuan = if whole > 0 { format!("{}元", number(whole)) } else { String::new() };
    let coins = coins(whole, rest, currency.digits);
    let text = if yuan.is_empty() && coins.is_empty() { "零元".to_owned() } else { yuan + &coins };
    let end = if text.ends_with(['元', '角']) { "整" } else { "" };
    format!("{name}{sign}{text}{end}")
}

fn digit(number: u64) -> char {
    usize::try_from(number % 10).map_or(DIGITS[0], |at| DIGITS[at])
}

/// 角, 分 and 厘; 零 wherever one before a coin is zero.
fn coins(whole: u64, rest: u64, digits: u32) -> String {
    let mut text = String::new();
    let mut skipped = whole > 0 && whole.is_multiple_of(10);
    for (at, coin) in (0..digits).zip(COINS) {
        let here = rest / 10_u64.pow(digits - 1 - at) % 10;
        if here == 0 {
            skipped |= whole > 0 || !text.is_empty();
            continue;
        }
        if skipped {
            text.push(DIGITS[0]);
        }
        skipped = false;
        text.push(digit(here));
        text.push_str(coin);
    }
    text
}

/// A whole number above zero. Eight digits and more are so many 亿 and the rest, four so many 万 and the rest.
fn number(number: u64) -> String {
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万")] {
        if number >= unit {
            let (high, low) = (number / unit, number % unit);
            let head = format!("{}{name}", self::number(high));
            // A zero anywhere around the seam is said once.
            let gap = low < unit / 10 || high.is_multiple_of(10);
            return match low {
                0 => head,
                low if gap => format!("{head}零{}", self::number(low)),
                low => head + &self::number(low),
            };
        }
    }
    below_ten_thousand(number)
}

fn below_ten_thousand(number: u64) -> String {
    let mut text = String::new();
    let mut skipped = false;
    for (unit, name) in PLACES {
        let here = number / unit % 10;
        if here == 0 {
            skipped = !text.is_empty();
            continue;
        }
        if skipped {
            text.push(DIGITS[0]);
        }
        skipped = false;
        text.push(digit(here));
        text.push_str(name);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(minor: i64, digits: u32) -> String {
        amount(minor, &Currency { code: "CNY".into(), digits }).replacen("人民币", "", 1)
    }

    /// The examples of the rules, and those that are most often got wrong.
    #[test]
    fn amounts_follow_the_rules_for_vouchers() {
        for (minor, text) in [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (55, "伍角伍分"),
            (100, "壹元整"),
            (140_950, "壹仟肆佰零玖元伍角整"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元零叁角贰分"),
            (10_700_053, "壹拾万零柒仟元零伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (1_000_000_000_000, "壹佰亿元整"),
            (1_000_000_100, "壹仟万零壹元整"),
            (10_001_000_000, "壹亿零壹万元整"),
            (-1_050, "负壹拾元零伍角整"),
        ] {
            assert_eq!(words(minor, 2), text, "{minor}");
        }
    }

    #[test]
    fn currencies_have_no_two_or_three_digits() {
        let yen = Currency { code: "JPY".into(), digits: 0 };
        assert_eq!(amount(1_980, &yen), "日元壹仟玖佰捌拾元整");
        let dinar = Currency { code: "KWD".into(), digits: 3 };
        assert_eq!(amount(12_305, &dinar), "科威特第纳尔壹拾贰元叁角零伍厘");
        assert_eq!(amount(20_005, &dinar), "科威特第纳尔贰拾元零伍厘");
    }

    /// Reads a sum back, by place values alone.
    fn read(text: &str) -> (u64, u64) {
        let (yuan, coins) = text.split_once('元').unwrap_or(("", text));
        let mut rest = 0;
        let mut last = 0;
        for sign in coins.chars() {
            match sign {
                '角' => rest += last * 100,
                '分' => rest += last * 10,
                '厘' => rest += last,
                other => last = value(other).unwrap_or(0),
            }
        }
        (read_whole(yuan), rest)
    }

    fn value(sign: char) -> Option<u64> {
        DIGITS.iter().position(|&digit| digit == sign).map(|at| at as u64)
    }

    fn read_whole(text: &str) -> u64 {
        for (name, unit) in [('亿', 100_000_000), ('万', 10_000)] {
            if let Some(at) = text.rfind(name) {
                return read_whole(&text[..at]) * unit + read_whole(&text[at + name.len_utf8()..]);
            }
        }
        let (mut sum, mut last) = (0, 0);
        for sign in text.chars() {
            match sign {
                '仟' => sum += last * 1000,
                '佰' => sum += last * 100,
                '拾' => sum += last * 10,
                other => {
                    last = value(other).unwrap_or(0);
                    continue;
                }
            }
            last = 0;
        }
        sum + last
    }

    proptest! {
        #[test]
        fn words_read_back_as_the_amount(
            minor in prop_oneof![0..200_000_000_i64, any::<i64>(), (0..20_u32).prop_map(|n| 10_i64.saturating_pow(n))],
            digits in 0..=3_u32,
        ) {
            let text = words(minor, digits);
            let plain = text.trim_start_matches('负').trim_end_matches('整');
            let (whole, rest) = split(minor, digits);
            prop_assert_eq!(read(plain), (whole, rest * 10_u64.pow(3 - digits)), "{}", text);
            prop_assert!(!text.contains("零零") && !text.contains("零万") && !text.contains("零亿"), "{}", text);
            prop_assert_eq!(text.ends_with('整'), !text.ends_with(['分', '厘']), "{}", text);
        }
    }
}
